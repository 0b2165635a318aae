//! Numbers.

use crate::ast::ArithOp;

/// The greatest magnitude for which `%` is defined.
const MAX_REMAINDER: f64 = 9e18;
/// Digits after the point are clamped to plus or minus this by [`round`].
const MAX_DIGITS: f64 = 300.0;

/// Applies an operator; none for division by zero, remainders of magnitudes
/// beyond 9e18, and results that are not finite.
pub fn arithmetic(op: ArithOp, left: f64, right: f64) -> Option<f64> {
    let result = match op {
        ArithOp::Add => left + right,
        ArithOp::Sub => left - right,
        ArithOp::Mul => left * right,
        ArithOp::Div if right == 0.0 => return None,
        ArithOp::Div => left / right,
        ArithOp::Rem => {
            let (left, right) = (left.trunc(), right.trunc());
            if left.abs() > MAX_REMAINDER || right.abs() > MAX_REMAINDER || right == 0.0 {
                return None;
            }
            ((left as i64) % (right as i64)) as f64
        }
    };
    result.is_finite().then_some(result)
}

/// The shortest decimal text that reads back as the same double, as PostgreSQL
/// prints it: exponents below 1e-4 and from 1e15 (`1e+20`), no sign of zero.
///
/// As in PostgreSQL's variant of Ryū (Adams: Ryū, fast float-to-string conversion,
/// 2018) the text lies strictly between the midpoints to the neighbouring doubles:
/// 1e23 is such a midpoint, so the double nearest to it is `9.999999999999999e+22`.
pub fn number_text(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let scientific = shortest(number);
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    match exponent.parse::<i32>() {
        Ok(exponent) if !(-4..15).contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
        }
        Ok(exponent) => positional(mantissa, exponent),
        Err(_) => scientific,
    }
}

/// Scientific notation without exponent.
fn positional(mantissa: &str, exponent: i32) -> String {
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(mantissa) => ("-", mantissa),
        None => ("", mantissa),
    };
    let digits = mantissa.replace('.', "");
    match usize::try_from(exponent) {
        Ok(exponent) if exponent + 1 >= digits.len() => {
            format!("{sign}{digits}{}", "0".repeat(exponent + 1 - digits.len()))
        }
        Ok(exponent) => {
            let (whole, fraction) = digits.split_at(exponent + 1);
            format!("{sign}{whole}.{fraction}")
        }
        Err(_) => {
            let zeros = usize::try_from(-exponent - 1).unwrap_or(0);
            format!("{sign}0.{}{digits}", "0".repeat(zeros))
        }
    }
}

/// The shortest digits in scientific notation; of two equally near the even one.
pub(super) fn shortest(number: f64) -> String {
    let text = format!("{number:e}");
    let digits = text.bytes().take_while(|b| *b != b'e').filter(u8::is_ascii_digit).count();
    // Only at the limit of precision can a double lie halfway between two decimals
    // that stand for it, and only in these magnitudes can a decimal of few digits lie
    // halfway between two doubles (which is an odd number of 54 bits times a power
    // of two).
    if digits < 15 && !(1e15..1e41).contains(&number.abs()) {
        return text;
    }
    let mut candidates = (digits - 1..16).map(|places| format!("{number:.places$e}"));
    let found = candidates.find(|t| t.parse() == Ok(number) && inside(t, number));
    found.unwrap_or_else(|| format!("{number:.16e}"))
}

/// Whether a decimal is no midpoint: it still reads as `number` when it is a very
/// little larger or smaller.
fn inside(scientific: &str, number: f64) -> bool {
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return true;
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{}{fraction}", whole.trim_start_matches('-'));
    let (Ok(digits), Ok(exponent)) = (digits.parse::<u64>(), exponent.parse::<i32>()) else {
        return true;
    };
    let exponent = exponent - fraction.len() as i32;
    let larger = format!("{digits}.{}1e{exponent}", "0".repeat(40));
    let smaller = format!("{}.{}e{exponent}", digits.saturating_sub(1), "9".repeat(40));
    let magnitude = Ok(number.abs());
    larger.parse() == magnitude && smaller.parse() == magnitude
}

/// Reads a number: optional sign, decimal digits with an optional point, optional
/// exponent, nothing else. None for other text and for magnitudes that no finite
/// double comes close to (too large, or too small but not zero).
pub fn parse_number(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if !digits(whole) || !digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    if let Some(exponent) = exponent {
        let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if unsigned.is_empty() || !digits(unsigned) {
            return None;
        }
    }
    let number: f64 = text.parse().ok()?;
    let underflow = number == 0.0 && mantissa.bytes().any(|b| matches!(b, b'1'..=b'9'));
    (number.is_finite() && !underflow).then_some(number)
}

/// Rounds half away from zero at `digits` places after the point (before it when
/// negative), on the decimal form of 15 significant digits: 2.675 to 2 digits is
/// 2.68 although the double is a little less. None if the result is not finite.
pub fn round(number: f64, digits: f64) -> Option<f64> {
    let places = digits.trunc().clamp(-MAX_DIGITS, MAX_DIGITS) as i32;
    if number == 0.0 {
        return Some(0.0);
    }
    let decimal = format!("{:.14e}", number.abs());
    let (mantissa, exponent) = decimal.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let mantissa: u64 = mantissa.replace('.', "").parse().ok()?;
    // The number is mantissa * 10^(exponent - 14); keep this many of its 15 digits.
    let kept = exponent + 1 + places;
    let magnitude: f64 = match u32::try_from(kept) {
        Err(_) => 0.0,
        Ok(kept @ 0..15) => {
            let unit = 10_u64.pow(15 - kept);
            let rounded = (mantissa + unit / 2) / unit;
            format!("{rounded}e{}", -places).parse().ok()?
        }
        Ok(_) => decimal.parse().ok()?,
    };
    magnitude.is_finite().then_some(magnitude.copysign(number))
}
