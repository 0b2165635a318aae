//! The scalar functions and conversions of the language, in Rust.
//!
//! The evaluator calls them directly and SQLite by registration; PostgreSQL has
//! functions of its own that give the same results.

mod number;
mod pattern;
mod sum;
mod text;
mod time;

pub use number::{arithmetic, number_text, parse_number, round};
pub use pattern::Pattern;
pub use sum::DecimalSum;
pub use text::{joined, length, like, lower, substring, trim, upper};
pub use time::{date_add, date_diff, instant_text, parse_date, parse_instant};
