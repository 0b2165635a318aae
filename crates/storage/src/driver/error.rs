//! Carries our classification of errors through sea-orm and back.

use sea_orm::DbErr;
use snackbase_application::ports::StoreError;

/// Separates the class of an error from its text. Not a character of any message.
const MARK: char = '\u{1f}';

/// Wraps an error of ours so that sea-orm passes it on.
pub(crate) fn to_orm(error: StoreError) -> DbErr {
    let (class, text) = match error {
        StoreError::Conflict { constraint } => ("conflict", constraint),
        StoreError::ForeignKey => ("foreign_key", String::new()),
        StoreError::NoTable => ("no_table", String::new()),
        StoreError::Outdated => ("outdated", String::new()),
        StoreError::Unavailable(text) => ("unavailable", text),
        StoreError::TimedOut => ("timed_out", String::new()),
        StoreError::TooLarge(text) => ("too_large", text),
        StoreError::Inconsistent(text) => ("inconsistent", text),
        StoreError::Macro(text) => ("macro", text),
        StoreError::Other(text) => ("other", text),
    };
    DbErr::Custom(format!("{class}{MARK}{text}"))
}

/// Unwraps it again; errors of sea-orm itself mean that entities and tables
/// don't fit.
pub(crate) fn from_orm(error: DbErr) -> StoreError {
    if let DbErr::Custom(text) = &error
        && let Some((class, text)) = text.split_once(MARK)
    {
        let text = text.to_owned();
        match class {
            "conflict" => return StoreError::Conflict { constraint: text },
            "foreign_key" => return StoreError::ForeignKey,
            "no_table" => return StoreError::NoTable,
            "outdated" => return StoreError::Outdated,
            "timed_out" => return StoreError::TimedOut,
            "too_large" => return StoreError::TooLarge(text),
            "unavailable" => return StoreError::Unavailable(text),
            "inconsistent" => return StoreError::Inconsistent(text),
            "macro" => return StoreError::Macro(text),
            _ => return StoreError::Other(text),
        }
    }
    StoreError::Other(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_survive_the_way_through_sea_orm() {
        for error in [
            StoreError::Conflict { constraint: "users.email".into() },
            StoreError::ForeignKey,
            StoreError::NoTable,
            StoreError::Outdated,
            StoreError::Unavailable("busy".into()),
            StoreError::TimedOut,
            StoreError::TooLarge("w".into()),
            StoreError::Inconsistent("x".into()),
            StoreError::Macro("z".into()),
            StoreError::Other("y".into()),
        ] {
            assert_eq!(from_orm(to_orm(error.clone())), error);
        }
    }
}
