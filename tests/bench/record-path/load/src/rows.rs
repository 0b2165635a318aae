//! The rows that both ways read and write.

use uuid::Uuid;

/// The id of the account whose rows these are.
pub const ACCOUNT: Uuid = Uuid::from_u128(0x5eed);
/// Who made the rows.
pub const USER: Uuid = Uuid::from_u128(1);

/// The collection; its table has the six system columns and these.
pub const COLLECTION: &str = "bench_posts";
/// Fields and their types.
pub const FIELDS: [(&str, &str); 6] = [
    ("title", "text"),
    ("body", "text"),
    ("status", "text"),
    ("views", "number"),
    ("score", "number"),
    ("live", "boolean"),
];

/// The id of a seeded row.
pub fn seeded_id(n: u64) -> String {
    // Spread as random ids are: a multiplication by an odd number is one-to-one.
    let high = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    Uuid::from_u64_pair(high, n).to_string()
}

/// An id for a new row.
pub fn fresh_id() -> String {
    Uuid::new_v4().to_string()
}

/// The values of a row's fields.
pub struct Row {
    pub title: String,
    pub body: String,
    pub status: String,
    pub views: f64,
    pub score: f64,
    pub live: bool,
}

impl Row {
    /// The row with that number.
    pub fn new(n: u64) -> Self {
        Self {
            title: format!("Post {}", n % 1_000_000),
            body: "lorem ipsum ".repeat(12),
            status: ["draft", "live", "old"][(n % 3) as usize].to_owned(),
            views: (n % 1000) as f64,
            score: (n % 777) as f64 / 7.0,
            live: n.is_multiple_of(2),
        }
    }
}
