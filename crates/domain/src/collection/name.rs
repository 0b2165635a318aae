//! Names that may become SQL identifiers. Only values of these types do.

use std::fmt;

use super::{ACCOUNT_NAME, SYSTEM_FIELDS};

/// Letters, digits and `_` in ASCII, a letter first.
fn is_identifier(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic())
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

macro_rules! name {
    ($(#[$doc:meta])* $type:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $type(String);

        impl $type {
            /// Takes a valid name; `None` for anything else.
            pub fn parse(text: &str) -> Option<Self> {
                is_identifier(text).then(|| Self(text.to_owned()))
            }

            /// The name.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name!(
    /// Name of a collection, as it stands in URLs.
    CollectionName
);
name!(
    /// Name of a field.
    FieldName
);
name!(
    /// Name of an index within its collection.
    IndexName
);

impl CollectionName {
    /// The table of a collection of this name. Names that differ in case only
    /// would share a table, so they count as the same name.
    pub fn table(&self) -> TableName {
        TableName(format!("col_{}", self.0.to_ascii_lowercase()))
    }

    /// Whether both names stand for the same table.
    pub fn same_table(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl FieldName {
    /// Whether the name is taken by a system field, in any case.
    pub fn is_reserved(text: &str) -> bool {
        SYSTEM_FIELDS.iter().chain([&ACCOUNT_NAME]).any(|f| f.eq_ignore_ascii_case(text))
    }
}

/// Name of a collection's table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TableName(String);

impl TableName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_identifiers_are_names() {
        for good in ["a", "Posts", "a_1", "order"] {
            assert!(FieldName::parse(good).is_some(), "{good}");
        }
        for bad in ["", "_a", "1a", "a-b", "ä", "a b", "a\"; DROP TABLE users; --", "a\0"] {
            assert!(FieldName::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn reserved_in_any_case() {
        assert!(FieldName::is_reserved("Account_ID"));
        assert!(FieldName::is_reserved("account_name"));
        assert!(!FieldName::is_reserved("name"));
    }
}
