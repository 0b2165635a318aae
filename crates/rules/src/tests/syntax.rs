//! Lexer, parser, printer.

use proptest::prelude::*;

use super::expr;
use crate::{ArithOp, CompareOp, Expr, Literal, Span, fields, parse, parse_condition, uses_variables};

fn error(text: &str) -> String {
    match parse(text) {
        Ok(expr) => panic!("{text} parses as {expr}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn patterns_have_a_longest_length() {
    let most = "é".repeat(1000);
    for text in [format!("t ~ '{most}'"), format!("t !~ ('{most}')"), format!("t = 'a{most}'")] {
        parse(&text).unwrap();
    }
    for (text, position) in [
        (format!("t ~ 'a{most}'"), 4),
        (format!("ok && !(u !~   \"{most}%\")"), 15),
        (format!("ok || u ~ ('{most}%')"), 10),
    ] {
        let refused = parse(&text).unwrap_err().to_string();
        let expected =
            format!("At most 1000 characters of a pattern are allowed, got 1001 at position {position}");
        assert_eq!(refused, expected);
    }
}

#[test]
fn errors_name_the_token_and_its_character_offset() {
    for (text, message) in [
        ("title =", "Unexpected token: EOF at position 7"),
        ("t = ", "Unexpected token: EOF at position 4"),
        ("", "Unexpected token: EOF at position 0"),
        ("title \"x\"", "Unexpected token after expression at position 6"),
        ("a = 1 = 2", "Unexpected token after expression at position 6"),
        ("(title = \"x\"", "Expected RPAREN, found EOF at position 12"),
        ("title = \"x\"; drop", "Invalid character ';' at position 11"),
        ("title & 1", "Unexpected character '&'. Did you mean '&&'? at position 6"),
        ("title | 1", "Unexpected character '|'. Did you mean '||'? at position 6"),
        ("title == \"x\"", "Unexpected token: EQ at position 7"),
        ("n IN ()", "Unexpected token: RPAREN at position 6"),
        ("n IN 1", "Expected LPAREN, found INTEGER at position 5"),
        ("n IN (1, 2", "Expected RPAREN, found EOF at position 10"),
        ("n IS 1.5", "Expected NULL, found FLOAT at position 5"),
        ("n ?= 1", "Expected NULL, found INTEGER at position 5"),
        ("n ? 1", "Invalid character '?' at position 2"),
        ("a <> b", "Unexpected token: GT at position 3"),
        ("1 +", "Unexpected token: EOF at position 3"),
        ("title = \"a\" AND n = 1", "Unexpected token after expression at position 12"),
        ("not ok = true", "Unexpected token after expression at position 4"),
        ("title = \"abc", "Unterminated string literal at position 12"),
        ("é = \"ü", "Unterminated string literal at position 6"),
        ("é;", "Invalid character ';' at position 1"),
        ("f(,)", "Unexpected token: COMMA at position 2"),
        ("f(1,)", "Unexpected token: RPAREN at position 4"),
        (".5", "Invalid character '.' at position 0"),
        ("1e5", "Unexpected token after expression at position 1"),
        ("IS NULL", "Unexpected token: IS at position 0"),
    ] {
        assert_eq!(error(text), message, "{text}");
    }
    let huge = "9".repeat(400);
    assert_eq!(error(&huge), "Number out of range at position 0");
}

#[test]
fn size_and_nesting_are_bounded() {
    let complex = "Expression is too complex";
    let nested =
        |open: &str, close: &str, depth: usize| format!("{}n{}", open.repeat(depth), close.repeat(depth));
    assert!(parse(&nested("(", ")", 100)).is_ok());
    assert!(parse(&nested("!", "", 99)).is_ok());
    for text in [
        nested("(", ")", 101),
        nested("!", "", 101),
        nested("-", "", 101),
        nested("abs(", ")", 101),
        nested("1 IN ((", "))", 51),
        vec!["n"; 200].join(" + "),
        "(".repeat(8192),
        format!("\"{}\"", "é".repeat(8191)),
    ] {
        assert_eq!(error(&text), complex);
        assert_eq!(parse(&text).expect_err("complex").position, None);
    }
    assert!(parse(&format!("\"{}\"", "é".repeat(8190))).is_ok());
    // Conjunctions, disjunctions, lists and arguments do not nest.
    assert!(parse(&vec!["ok"; 1000].join(" && ")).is_ok());
    let list = |items: usize| format!("n IN ({})", vec!["1"; items].join(", "));
    assert!(parse(&list(1000)).is_ok());
    assert!(parse(&list(1001)).is_err());
}

#[test]
fn words_and_operators() {
    assert_eq!(expr("n is not null"), expr("n IS NOT NULL"));
    assert_eq!(expr("n not in (1)"), expr("n NOT IN (1)"));
    assert_eq!(expr("TRUE"), Expr::bool(true));
    assert_eq!(expr("NuLL"), Expr::Literal(Literal::Null));
    assert_eq!(expr("not = 1"), Expr::compare(CompareOp::Eq, Expr::field("not"), number(1.0)));
    assert_eq!(expr("n=1&&ok=true"), expr("n = 1 && ok = true"));
    assert_eq!(expr("a || b && c"), expr("a || (b && c)"));
    assert_eq!(expr("!a = b"), expr("!(a = b)"));
    assert_eq!(expr("a !~ b"), Expr::compare(CompareOp::NotLike, Expr::field("a"), Expr::field("b")));
    assert_eq!(expr("1 - 2 - 3"), expr("(1 - 2) - 3"));
    assert_eq!(expr("1 + 2 * 3"), expr("1 + (2 * 3)"));
    assert_eq!(expr("1."), number(1.0));
    assert_eq!(expr("-5"), number(-5.0));
    assert_ne!(expr("- (5)"), number(-5.0));
    assert_eq!(expr("2 -1"), expr("2 - 1"));
    assert_eq!(expr("UPPER(a)"), expr("upper(a)"));
    assert_ne!(expr("\"12\""), expr("12"));
    assert_eq!(expr(r#"'it\'s \"\\\n'"#), Expr::text(r#"it's "\\n"#));
    let name = "@request.auth.id".to_owned();
    assert_eq!(expr("@request.auth.id"), Expr::Variable { name, span: Span::default() });
    assert!(matches!(expr("@m(1, a)"), Expr::Macro { name, args, .. } if name == "m" && args.len() == 2));
}

#[test]
fn spans_are_character_offsets() {
    match expr("'é' = title") {
        Expr::Compare { right, .. } => match *right {
            Expr::Field { span, .. } => assert_eq!((span.start, span.end), (6, 11)),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[test]
fn conditions_of_the_automation_engine() {
    let condition = |text: &str| parse_condition(text).expect(text);
    assert_eq!(condition("a == 1"), expr("a = 1"));
    assert_eq!(condition("a is empty"), expr("a ?= null"));
    assert_eq!(condition("a IS NOT EMPTY"), expr("a ?!= null"));
    assert!(parse("a IS EMPTY").is_err());
    assert!(parse_condition("a <> 1").is_err());
}

#[test]
fn what_an_expression_mentions() {
    let rule = expr("a = 1 && upper(b) IN (c, 'd') || @owns_record(e)");
    assert_eq!(fields(&rule).into_iter().collect::<Vec<_>>(), ["a", "b", "c", "e"]);
    assert!(uses_variables(&rule));
    assert!(uses_variables(&expr("@request.auth.id = a")));
    assert!(!uses_variables(&expr("a = '@request.auth.id'")));
}

#[test]
fn canonical_text() {
    for (text, canonical) in [
        ("a=1&&(b||c)", "a = 1 && (b || c)"),
        ("((a))", "a"),
        ("!(a=1)", "!a = 1"),
        ("(!a) = b", "(!a) = b"),
        ("a-(b-c)", "a - (b - c)"),
        ("(a*b)%c", "a * b % c"),
        ("-(5)", "-(5)"),
        ("--5", "-(-5)"),
        ("- 5.50", "-5.5"),
        ("- a", "-a"),
        ("-(a+b)", "-(a + b)"),
        (r#"'a"b\c'"#, r#""a\"b\\c""#),
        ("a not in (1,'x')", "a NOT IN (1, \"x\")"),
        ("a is not null", "a IS NOT NULL"),
        ("a ?!= NULL", "a ?!= null"),
        ("@m ( 1 ) || @n || f ()", "@m(1) || @n || f()"),
        ("(a && b) && c", "(a && b) && c"),
        ("(a = b) = c", "(a = b) = c"),
    ] {
        assert_eq!(expr(text).to_string(), canonical);
        assert_eq!(expr(canonical), expr(text));
    }
}

fn number(value: f64) -> Expr {
    Expr::Literal(Literal::Number(value))
}

fn any_name() -> impl Strategy<Value = String> {
    "[a-zA-Z_é][a-zA-Z0-9_.@é]{0,6}".prop_filter("no keyword or operator", |name| {
        !["true", "false", "null", "in", "is"].contains(&name.to_lowercase().as_str()) && !name.contains("@@")
    })
}

fn any_literal() -> impl Strategy<Value = Expr> {
    prop_oneof![
        Just(Literal::Null),
        any::<bool>().prop_map(Literal::Bool),
        (-1000_i32..1000).prop_map(|n| Literal::Number(f64::from(n) / 8.0)),
        any::<f64>().prop_filter("finite", |n| n.is_finite()).prop_map(Literal::Number),
        any::<String>().prop_map(Literal::Text),
        r#"[a'"\\% ]{0,6}"#.prop_map(Literal::Text),
    ]
    .prop_map(Expr::Literal)
}

fn any_expr() -> impl Strategy<Value = Expr> {
    let span = Span::default();
    let leaf = prop_oneof![
        any_literal(),
        any_name().prop_map(Expr::field),
        any_name().prop_map(move |name| Expr::Variable { name: format!("@{name}"), span }),
    ];
    leaf.prop_recursive(5, 40, 4, move |inner| {
        let boxed = inner.clone().prop_map(Box::new);
        let list = prop::collection::vec(inner.clone(), 1..4);
        let terms = prop::collection::vec(inner.clone(), 2..4);
        let args = prop::collection::vec(inner, 0..4);
        let arithmetic = prop_oneof![
            Just(ArithOp::Add),
            Just(ArithOp::Sub),
            Just(ArithOp::Mul),
            Just(ArithOp::Div),
            Just(ArithOp::Rem),
        ];
        let comparison = prop_oneof![
            Just(CompareOp::Eq),
            Just(CompareOp::Ne),
            Just(CompareOp::Lt),
            Just(CompareOp::Gt),
            Just(CompareOp::Le),
            Just(CompareOp::Ge),
            Just(CompareOp::Like),
            Just(CompareOp::NotLike),
        ];
        prop_oneof![
            boxed.clone().prop_map(Expr::Not),
            boxed.clone().prop_map(Expr::Neg),
            (arithmetic, boxed.clone(), boxed.clone()).prop_map(|(op, left, right)| Expr::Binary {
                op,
                left,
                right
            }),
            (comparison, boxed.clone(), boxed.clone()).prop_map(|(op, left, right)| Expr::Compare {
                op,
                left,
                right
            }),
            terms.clone().prop_map(Expr::And),
            terms.prop_map(Expr::Or),
            (boxed.clone(), list, any::<bool>()).prop_map(|(expr, list, negated)| Expr::In {
                expr,
                list,
                negated
            }),
            (boxed.clone(), any::<bool>()).prop_map(|(expr, negated)| Expr::IsNull { expr, negated }),
            (boxed, any::<bool>()).prop_map(|(expr, negated)| Expr::IsEmpty { expr, negated }),
            (any_name(), args.clone()).prop_map(move |(name, args)| Expr::Call {
                name: name.to_lowercase(),
                args,
                span
            }),
            (any_name(), args).prop_map(move |(name, args)| Expr::Macro { name, args, span }),
        ]
    })
}

proptest! {
    #[test]
    fn printed_text_parses_to_the_same_tree(tree in any_expr()) {
        let text = tree.to_string();
        prop_assume!(text.chars().count() <= 8192);
        prop_assert_eq!(parse(&text), Ok(tree), "{}", text);
    }

    #[test]
    fn any_text_parses_or_fails_without_panic(text in any::<String>()) {
        let _ = parse(&text);
    }

    #[test]
    fn any_tokens_parse_or_fail_without_panic(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "a", "1", "'x'", "(", ")", ",", "=", "!", "-", "+", "&&", "||", "IN", "NOT", "IS",
                "NULL", "@m", "f(", "?=", "~", "@@", "1.5", "true",
            ]),
            0..20,
        )
    ) {
        if let Ok(tree) = parse(&words.join(" ")) {
            prop_assert_eq!(parse(&tree.to_string()), Ok(tree));
        }
    }
}
