//! The scalar functions by table.

use crate::functions::{
    arithmetic, date_add, date_diff, instant_text, like, number_text, parse_date, parse_instant,
    parse_number, round, substring, trim,
};
use crate::{ArithOp, Unit};

#[test]
fn numbers_as_text() {
    for (number, expected) in [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-2.5, "-2.5"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e14, "100000000000000"),
        (123_456_789_012_345.0, "123456789012345"),
        (1e15, "1e+15"),
        (1e20, "1e+20"),
        (-1.5e300, "-1.5e+300"),
        (1e-4, "0.0001"),
        (1.25e-4, "0.000125"),
        (1e-5, "1e-05"),
        (5e-324, "5e-324"),
        (f64::MAX, "1.7976931348623157e+308"),
        // A decimal halfway between two doubles is not taken for either.
        (1e23, "9.999999999999999e+22"),
        (1e22, "1e+22"),
        // Of two decimals equally near the even one is taken.
        (92_120_621_876_822.0 + 0.625, "92120621876822.62"),
        (-1_742_583_372_653_405.0 - 0.25, "-1.7425833726534052e+15"),
        (9_007_199_254_740_993.0, "9.007199254740992e+15"),
    ] {
        assert_eq!(number_text(number), expected);
    }
}

#[test]
fn text_as_numbers() {
    for (text, expected) in [
        ("0", Some(0.0)),
        ("-12.50", Some(-12.5)),
        ("+.5", Some(0.5)),
        ("1.", Some(1.0)),
        ("1e+20", Some(1e20)),
        ("2E-3", Some(0.002)),
        ("0e-999", Some(0.0)),
        ("5e-324", Some(5e-324)),
        ("", None),
        (".", None),
        ("-", None),
        (" 1", None),
        ("1 ", None),
        ("1e", None),
        ("1e+", None),
        ("--1", None),
        ("0x10", None),
        ("inf", None),
        ("NaN", None),
        ("1e400", None),
        ("1e-400", None),
        ("1_000", None),
        ("١", None),
    ] {
        assert_eq!(parse_number(text), expected, "{text}");
    }
}

#[test]
fn rounding() {
    for (number, digits, expected) in [
        (2.5, 0.0, 3.0),
        (-2.5, 0.0, -3.0),
        (0.5, 0.0, 1.0),
        (0.4, 0.0, 0.0),
        (2.675, 2.0, 2.68),
        (1.005, 2.0, 1.01),
        (2.26, 1.0, 2.3),
        (2.26, 1.9, 2.3),
        (1250.0, -2.0, 1300.0),
        (49.0, -2.0, 0.0),
        (50.0, -2.0, 100.0),
        (999.0, -3.0, 1000.0),
        (0.1 + 0.2, 20.0, 0.3),
        (1e300, 2.0, 1e300),
        (1e-300, 2.0, 0.0),
    ] {
        assert_eq!(round(number, digits), Some(expected), "{number} {digits}");
    }
    assert_eq!(round(f64::MAX, 0.0), None);
}

#[test]
fn arithmetic_never_leaves_the_finite_numbers() {
    assert_eq!(arithmetic(ArithOp::Mul, 1e300, 1e300), None);
    assert_eq!(arithmetic(ArithOp::Mul, 1e-300, 1e-300), Some(0.0));
    assert_eq!(arithmetic(ArithOp::Add, f64::MAX, f64::MAX), None);
    assert_eq!(arithmetic(ArithOp::Div, 1.0, 0.0), None);
    assert_eq!(arithmetic(ArithOp::Div, 1e300, 1e-300), None);
    assert_eq!(arithmetic(ArithOp::Rem, -7.5, 2.9), Some(-1.0));
    assert_eq!(arithmetic(ArithOp::Rem, 7.0, 0.9), None);
    assert_eq!(arithmetic(ArithOp::Rem, 1e19, 7.0), None);
}

#[test]
fn patterns() {
    for (text, pattern, expected) in [
        ("abc", "abc", true),
        ("ABC", "abc", true),
        ("É", "é", false),
        ("abc", "a%", true),
        ("abc", "%c", true),
        ("abc", "%b%", true),
        ("abc", "a_c", true),
        ("a😀c", "a_c", true),
        ("abc", "_", false),
        ("", "", true),
        ("", "%", true),
        ("", "_", false),
        ("abc", "%%%", true),
        ("aaab", "%ab", true),
        ("abab", "%ab", true),
        ("a%b", "a\\%b", false),
        ("a\\xb", "a\\%b", true),
        ("abc", "", false),
        ("mississippi", "%iss%pi", true),
    ] {
        assert_eq!(like(text, pattern), expected, "{text} ~ {pattern}");
    }
}

#[test]
fn parts_of_text() {
    for (text, start, count, expected) in [
        ("héllo", 2.0, Some(2.0), "él"),
        ("héllo", 3.0, None, "llo"),
        ("héllo", 0.0, None, "héllo"),
        ("héllo", -1.0, Some(3.0), "h"),
        ("héllo", -5.0, Some(3.0), ""),
        ("héllo", 1.0, Some(-1.0), ""),
        ("héllo", 1.9, Some(1.9), "h"),
        ("héllo", 9.0, Some(1.0), ""),
        ("héllo", 1.0, Some(1e300), "héllo"),
        ("héllo", -1e300, Some(1e300), ""),
        ("héllo", 4.0, Some(0.0), ""),
    ] {
        assert_eq!(substring(text, start, count), expected, "{start} {count:?}");
    }
    assert_eq!(trim("  a\t "), "a\t");
}

#[test]
fn times_as_text_and_back() {
    for (text, expected) in [
        ("2024-01-12", Some("2024-01-12T00:00:00+00:00")),
        ("2024-01-12T10:11", Some("2024-01-12T10:11:00+00:00")),
        ("2024-01-12 10:11:12Z", Some("2024-01-12T10:11:12+00:00")),
        ("2024-01-12T10:11:12.5z", Some("2024-01-12T10:11:12.500000+00:00")),
        ("2024-01-12T10:11:12.123456789", Some("2024-01-12T10:11:12.123456+00:00")),
        ("2024-01-12T00:00:00+05:30", Some("2024-01-11T18:30:00+00:00")),
        ("2024-01-12T00:00-0800", Some("2024-01-12T08:00:00+00:00")),
        ("2024-01-12T00:00:00+02", Some("2024-01-11T22:00:00+00:00")),
        ("0001-01-01", Some("0001-01-01T00:00:00+00:00")),
        ("9999-12-31T23:59:59.999999Z", Some("9999-12-31T23:59:59.999999+00:00")),
        ("1969-12-31T23:59:59.5", Some("1969-12-31T23:59:59.500000+00:00")),
        ("0001-01-01T00:00:00+01:00", None),
        ("9999-12-31T23:59:59-01:00", None),
        ("0000-01-01", None),
        ("2023-02-29", None),
        ("2024-13-01", None),
        ("2024-1-1", None),
        ("2024-01-12T24:00", None),
        ("2024-01-12T10", None),
        ("2024-01-12T10:60", None),
        ("2024-01-12T10:11:60", None),
        ("2024-01-12T10:11:12.", None),
        ("2024-01-12T10:11:12.1234567890", None),
        ("2024-01-12T10:11:12+24:00", None),
        ("2024-01-12T10:11:12+5", None),
        ("2024-01-12T10:11:12+05:", None),
        ("2024-01-12Z", None),
        ("2024-01-12T", None),
        ("2024-01-12t10:11", None),
        (" 2024-01-12", None),
        ("2024-01-12\n", None),
        ("20240112", None),
        ("", None),
        ("２０２４-01-12", None),
    ] {
        assert_eq!(parse_instant(text).map(instant_text).as_deref(), expected, "{text}");
    }
}

#[test]
fn days() {
    assert_eq!(parse_date("1970-01-02"), Some(86_400_000_000));
    assert_eq!(parse_date("2024-02-29"), parse_instant("2024-02-29"));
    for text in ["2023-02-29", "2024-02-29T00:00", "24-02-29", ""] {
        assert_eq!(parse_date(text), None, "{text}");
    }
}

#[test]
fn moving_times() {
    for (from, amount, unit, expected) in [
        ("2024-01-31", 1.0, Unit::Months, Some("2024-02-29T00:00:00+00:00")),
        ("2023-03-31", -1.9, Unit::Months, Some("2023-02-28T00:00:00+00:00")),
        ("2024-02-29", 1.0, Unit::Years, Some("2025-02-28T00:00:00+00:00")),
        ("2024-02-29", -4.0, Unit::Years, Some("2020-02-29T00:00:00+00:00")),
        ("2024-02-28", 1.5, Unit::Days, Some("2024-02-29T12:00:00+00:00")),
        ("2024-01-01", -0.5, Unit::Seconds, Some("2023-12-31T23:59:59.500000+00:00")),
        ("2024-01-01", 90.0, Unit::Minutes, Some("2024-01-01T01:30:00+00:00")),
        ("2024-01-01", 25.0, Unit::Hours, Some("2024-01-02T01:00:00+00:00")),
        ("9999-12-31", 1.0, Unit::Days, None),
        ("0001-01-01", -1.0, Unit::Seconds, None),
        ("2024-01-01", 1e300, Unit::Days, None),
        ("2024-01-01", -1e11, Unit::Years, None),
        ("2024-01-01", 8000.0, Unit::Years, None),
    ] {
        let from = parse_instant(from).expect("a time");
        let moved = date_add(from, amount, unit).map(instant_text);
        assert_eq!(moved.as_deref(), expected, "{amount} {unit:?}");
    }
}

#[test]
fn distances_in_time() {
    let day = 86_400_000_000;
    assert_eq!(date_diff(day, 0, Unit::Days), 1.0);
    assert_eq!(date_diff(0, day, Unit::Hours), -24.0);
    assert_eq!(date_diff(45 * day, 0, Unit::Months), 1.5);
    assert_eq!(date_diff(73 * day, 0, Unit::Years), 0.2);
    assert_eq!(date_diff(1, 0, Unit::Seconds), 1e-6);
    assert_eq!(date_diff(90_000_000, 0, Unit::Minutes), 1.5);
}
