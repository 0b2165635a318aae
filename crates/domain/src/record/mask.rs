//! Masks of personal values.

use crate::collection::MaskType;

/// What a caller without the right sees of `text`.
pub fn mask(kind: MaskType, text: &str) -> String {
    match kind {
        MaskType::Email => email(text),
        MaskType::Ssn => ssn(text),
        MaskType::Phone => phone(text),
        MaskType::Name => name(text),
        MaskType::Full | MaskType::Custom => full(text),
    }
}

fn full(text: &str) -> String {
    "*".repeat(text.chars().count())
}

fn email(text: &str) -> String {
    match text.split_once('@') {
        Some((local, domain)) if !local.is_empty() => {
            let first: String = local.chars().take(1).collect();
            format!("{first}***@{domain}")
        }
        _ => full(text),
    }
}

fn stars_for_digits(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_digit() { '*' } else { c }).collect()
}

fn digits(text: &str) -> Vec<char> {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn ssn(text: &str) -> String {
    match digits(text).len() {
        0 => full(text),
        9 => "***-**-****".to_owned(),
        _ => stars_for_digits(text),
    }
}

fn phone(text: &str) -> String {
    let all = digits(text);
    if all.is_empty() {
        return full(text);
    }
    if all.len() < 4 {
        return stars_for_digits(text);
    }
    let last: String = all[all.len() - 4..].iter().collect();
    match text.strip_prefix('+') {
        Some(rest) => {
            let country: String = rest.chars().take_while(char::is_ascii_digit).take(3).collect();
            format!("+{country}-***-***-{last}")
        }
        None => format!("***-***-{last}"),
    }
}

fn name(text: &str) -> String {
    let words: Vec<_> = text
        .split_whitespace()
        .map(|word| {
            let first: String = word.chars().take(1).collect();
            format!("{first}***")
        })
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks() {
        for (kind, text, masked) in [
            (MaskType::Email, "john@example.com", "j***@example.com"),
            (MaskType::Email, "@example.com", "************"),
            (MaskType::Ssn, "123-45-6789", "***-**-****"),
            (MaskType::Ssn, "12-3", "**-*"),
            (MaskType::Ssn, "none", "****"),
            (MaskType::Phone, "+1-555-123-4567", "+1-***-***-4567"),
            (MaskType::Phone, "+123456", "+123-***-***-3456"),
            (MaskType::Phone, "555-1234567", "***-***-4567"),
            (MaskType::Phone, "1-2", "*-*"),
            (MaskType::Name, "John van  Doe", "J*** v*** D***"),
            (MaskType::Full, "héllo", "*****"),
            (MaskType::Full, "", ""),
        ] {
            assert_eq!(mask(kind, text), masked, "{kind:?} {text}");
        }
    }
}
