//! How much a request about records and collections may ask for. Who asks for more is refused, and
//! told the limit.

pub use snackbase_rules::limits::{
    MAX_EXPRESSION_CHARS, MAX_EXPRESSION_DEPTH, MAX_EXPRESSION_NODES, MAX_JOINED_BYTES, MAX_LIST_ITEMS,
    MAX_PATTERN_CHARS,
};

/// Most records of a page.
pub const MAX_PAGE: u64 = 100;
/// Records of a page when the request does not say.
pub const DEFAULT_PAGE: u64 = 30;
/// Most keys of `sort`.
pub const MAX_SORT_KEYS: usize = 10;
/// Most paths of `expand`.
pub const MAX_EXPAND_PATHS: usize = 50;
/// Most references that a path of `expand` names. How many of them are followed is a
/// setting; those deeper stay ids.
pub const MAX_EXPAND_LEVELS: usize = 20;
/// Most aggregation functions.
pub const MAX_AGGREGATES: usize = 20;
/// Most fields of `group_by`.
pub const MAX_GROUP_FIELDS: usize = 10;
/// Most fields of a collection. SQLite keeps 2000 columns of a table and PostgreSQL 1600, and a row of
/// many fields no more than 8 KiB without what it can put aside.
pub const MAX_FIELDS: usize = 200;
/// Most indexes of a collection.
pub const MAX_INDEXES: usize = 16;
/// Most fields of an index, besides the account.
pub const MAX_INDEX_FIELDS: usize = 8;
/// Most bytes of the texts in an entry of an index, which they share evenly. PostgreSQL keeps
/// 2704 bytes; the rest is for account, id and what is no text.
pub const MAX_INDEXED_TEXT: usize = 2000;
/// Most groups of a reply.
pub const MAX_GROUPS: u64 = 10_000;

/// Most records that are deleted, or lose a reference, with one that is deleted.
pub const MAX_DELETED_TOGETHER: usize = 50_000;

/// The words for a limit that is passed, e.g. `At most 10 sort keys are allowed, got 11`.
pub fn exceeded(most: usize, what: &str, got: usize) -> String {
    format!("At most {most} {what} are allowed, got {got}")
}
