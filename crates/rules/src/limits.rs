//! How large an expression may be.

/// Most characters of its text.
pub const MAX_EXPRESSION_CHARS: usize = 8192;
/// How deep it may nest.
pub const MAX_EXPRESSION_DEPTH: usize = 100;
/// Most nodes once computed fields stand for their expressions: it bounds the size
/// of the SQL and the number of bound values.
pub const MAX_EXPRESSION_NODES: usize = 10_000;
/// Most items of a list after IN.
pub const MAX_LIST_ITEMS: usize = 1000;
/// Most characters of a pattern of `~`. A longer one that stands in the text is refused, one that a
/// field or a computation gives matches nothing.
pub const MAX_PATTERN_CHARS: usize = 1000;
/// Most bytes of what `concat` makes; what would have more is null.
pub const MAX_JOINED_BYTES: usize = 1_000_000;
