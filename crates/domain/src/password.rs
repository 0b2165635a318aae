//! Rules for passwords.

use crate::FieldFault;

/// Least length, in code points.
pub const MIN_CHARS: usize = 12;
/// Greatest length, in bytes: hashing cost must not be the sender's choice.
pub const MAX_BYTES: usize = 1024;

const SPECIAL: &str = "!@#$%^&*()_+-=[]{};':\"\\|,.<>/?`~";

/// All rules that `password` breaks, in the order in which people read them.
pub fn faults(password: &str) -> Vec<FieldFault> {
    let mut found = Vec::new();
    let mut rule = |holds: bool, message: &str, code| {
        if !holds {
            found.push(FieldFault::new("password", message, code));
        }
    };
    rule(
        password.chars().count() >= MIN_CHARS,
        "Password must be at least 12 characters",
        "password_too_short",
    );
    rule(
        password.bytes().any(|b| b.is_ascii_uppercase()),
        "Password must contain at least one uppercase letter",
        "password_no_uppercase",
    );
    rule(
        password.bytes().any(|b| b.is_ascii_lowercase()),
        "Password must contain at least one lowercase letter",
        "password_no_lowercase",
    );
    rule(
        password.chars().any(is_decimal_digit),
        "Password must contain at least one digit",
        "password_no_digit",
    );
    rule(
        password.chars().any(|c| SPECIAL.contains(c)),
        "Password must contain at least one special character",
        "password_no_special",
    );
    rule(password.len() <= MAX_BYTES, "Password must be at most 1024 bytes", "password_too_long");
    found
}

/// Unicode general category Nd. `char::is_numeric` also takes letters and
/// fractions, so the decimal digits of other scripts are asked for by regex class.
fn is_decimal_digit(c: char) -> bool {
    use std::sync::LazyLock;
    static DIGIT: LazyLock<regex::Regex> =
        LazyLock::new(|| regex::Regex::new(r"^\p{Nd}$").expect("a fixed pattern"));
    c.is_ascii_digit() || (!c.is_ascii() && DIGIT.is_match(c.encode_utf8(&mut [0; 4])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(password: &str) -> Vec<&'static str> {
        faults(password).into_iter().map(|f| f.code).collect()
    }

    #[test]
    fn a_good_password_has_no_faults() {
        assert!(faults("Str0ng!Passw0rd").is_empty());
        assert!(faults("Str\u{0661}ng!Password").is_empty(), "any decimal digit counts");
    }

    #[test]
    fn faults_come_all_at_once_and_in_order() {
        assert_eq!(
            codes("   "),
            [
                "password_too_short",
                "password_no_uppercase",
                "password_no_lowercase",
                "password_no_digit",
                "password_no_special"
            ]
        );
        assert_eq!(codes("Str0ng Passw0rd§"), ["password_no_special"]);
        assert_eq!(codes(&format!("Aa1!{}", "x".repeat(1024))), ["password_too_long"]);
    }
}
