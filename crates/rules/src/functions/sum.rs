//! Sums that do not depend on the order of their terms.

use std::collections::BTreeMap;

use super::number::shortest;

/// A sum of doubles. Each term is taken as the shortest decimal that stands for
/// it (0.1 is a tenth), the decimals are added exactly, and the total is rounded
/// once: so it is the same in whatever order a database reads its rows, and
/// 0.1 + 0.2 is 0.3.
#[derive(Debug, Clone, Default)]
pub struct DecimalSum {
    /// For each power of ten the sum of the digits at it. A term has at most 17
    /// digits, so that 128 bits hold the sum of more terms than there can be.
    parts: BTreeMap<i32, i128>,
}

impl DecimalSum {
    /// Adds a finite term.
    pub fn add(&mut self, term: f64) {
        let (digits, power) = decimal(term);
        *self.parts.entry(power).or_default() += i128::from(digits);
    }

    /// The double nearest to the sum; infinite when none is near.
    pub fn total(&self) -> f64 {
        let (Some((lowest, _)), Some((highest, _))) =
            (self.parts.first_key_value(), self.parts.last_key_value())
        else {
            return 0.0;
        };
        let (magnitude, negative) = match self.digits(*lowest, *highest, 1) {
            Some(digits) => (digits, false),
            None => (self.digits(*lowest, *highest, -1).unwrap_or_default(), true),
        };
        let text: String = magnitude.iter().rev().map(|digit| char::from(b'0' + digit)).collect();
        let total = format!("{text}e{lowest}").parse().unwrap_or(0.0);
        if negative { -total } else { total }
    }

    /// The decimal digits of the sum times `sign`, the lowest first, from that of
    /// the power `lowest` on; none when that is negative.
    fn digits(&self, lowest: i32, highest: i32, sign: i128) -> Option<Vec<u8>> {
        // The digits of a part, at most 39, begin at its power.
        let length = usize::try_from(highest - lowest).unwrap_or(0) + 40;
        let mut places = vec![0_i128; length];
        for (power, part) in &self.parts {
            places[usize::try_from(power - lowest).unwrap_or(0)] += sign * part;
        }
        let mut carry = 0;
        let digits = places
            .into_iter()
            .map(|place| {
                let value = place + carry;
                carry = value.div_euclid(10);
                value.rem_euclid(10) as u8
            })
            .collect();
        (carry == 0).then_some(digits)
    }
}

/// The shortest decimal of a number: its digits and the power of ten they count.
fn decimal(number: f64) -> (i64, i32) {
    const EXACT: f64 = 1e15;
    if number.fract() == 0.0 && number.abs() < EXACT {
        return (number as i64, 0);
    }
    let text = shortest(number);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}").parse().unwrap_or(0);
    let power = exponent.parse::<i32>().unwrap_or(0) - i32::try_from(fraction.len()).unwrap_or(0);
    (digits, power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(terms: &[f64]) -> f64 {
        let mut sum = DecimalSum::default();
        terms.iter().for_each(|term| sum.add(*term));
        sum.total()
    }

    #[test]
    fn decimals_are_added_exactly() {
        for (terms, total) in [
            (&[][..], 0.0),
            (&[0.1, 0.2], 0.3),
            (&[0.1; 10], 1.0),
            (&[10.0, 20.0, 30.0, 2.5], 62.5),
            (&[1e300, 1.0, -1e300], 1.0),
            (&[-1e300, -1.0, 1e300], -1.0),
            (&[5e-324, 5e-324], 1e-323),
            (&[1e16, 1.0, 1.0], 10_000_000_000_000_002.0),
            (&[-0.5, 0.25], -0.25),
            (&[-0.0], 0.0),
            (&[1e-300, -1e-300], 0.0),
            (&[9_007_199_254_740_993.0, -1.5], 9_007_199_254_740_990.0),
            (&[f64::MAX], f64::MAX),
            (&[f64::MAX, f64::MAX, -f64::MAX], f64::MAX),
        ] {
            assert_eq!(sum(terms), total, "{terms:?}");
        }
        assert_eq!(sum(&[f64::MAX, f64::MAX]), f64::INFINITY);
        assert_eq!(sum(&[f64::MIN, f64::MIN]), f64::NEG_INFINITY);
    }

    #[test]
    fn the_order_does_not_matter() {
        let terms: Vec<f64> = (1..200).map(|n| (f64::from(n) / 7.0).powi(n % 90 - 45)).collect();
        let mut reversed = terms.clone();
        reversed.reverse();
        let forwards = sum(&terms);
        assert_eq!(forwards, sum(&reversed));
        let negated: Vec<_> = terms.iter().map(|term| -term).collect();
        assert_eq!(sum(&negated), -forwards);
    }
}
