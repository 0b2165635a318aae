//! Any text is the query of a stored macro or is refused: nothing panics, and what is written anew
//! is one statement without comments that names no table but those it says.

use snackbase_domain::stored_macro::Query;

/// The text outside of quotes; `None` when a quote does not end.
fn outside(sql: &str) -> Option<String> {
    let mut rest = String::new();
    let mut quote = None;
    for c in sql.chars() {
        match quote {
            // A doubled quote ends and begins anew.
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if matches!(c, '\'' | '"') => {
                quote = Some(c);
                rest.push(' ');
            }
            None => rest.push(c),
        }
    }
    quote.is_none().then_some(rest)
}

fn sound(sql: &str) {
    let Some(plain) = outside(sql) else { panic!("a quote does not end: {sql}") };
    for part in [";", "--", "/*", "*/", "\\", "\0", "$$"] {
        assert!(!plain.contains(part), "{part} in {sql}");
    }
    let depth = plain.chars().try_fold(0_u32, |depth, c| match c {
        '(' => depth.checked_add(1),
        ')' => depth.checked_sub(1),
        _ => Some(depth),
    });
    assert_eq!(depth, Some(0), "brackets in {sql}");
    assert!(plain.trim_start().starts_with(['S', '(']), "no SELECT: {sql}");
}

/// What holds for each text.
///
/// # Panics
/// When it does not.
pub fn hold(text: &str) {
    let parameters = ["a".to_owned(), "b".to_owned()];
    if let Ok(query) = Query::read(text, &parameters) {
        sound(&query.sql);
        sound(&query.within_account);
        assert!(query.tables.iter().all(|table| table.starts_with("col_")), "{:?}", query.tables);
    }
}
