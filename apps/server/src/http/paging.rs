//! Pages by number.

use super::input::Fields;

/// A page that a request asks for.
#[derive(Clone, Copy, Debug)]
pub struct Paging {
    /// From 1.
    pub page: u64,
    pub page_size: u64,
}

impl Paging {
    /// Reads `page` and `page_size`.
    pub fn read(fields: &mut Fields<'_>) -> Self {
        let page = fields.int("page").ge(1).default(1).unsigned_abs();
        let page_size = fields.int("page_size").ge(1).le(100).default(25).unsigned_abs();
        Self { page, page_size }
    }

    /// How many items come before the page.
    pub fn skip(self) -> u64 {
        (self.page.saturating_sub(1)).saturating_mul(self.page_size).min(i64::MAX.unsigned_abs())
    }
}

/// How many pages hold `total` items.
pub fn total_pages(total: u64, page_size: u64) -> u64 {
    total.div_ceil(page_size.max(1))
}
