//! What both programs of the record-path bench share.

mod measure;
pub mod rows;

pub use measure::{Figures, Load};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Errors end the program: a bench that goes on after one measures nothing.
pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Which database, which work, how much of it.
pub struct Job {
    /// `sqlite:` and a path, or the URL of a PostgreSQL database.
    pub database: String,
    pub work: String,
    /// Rows that the table is seeded with.
    pub rows: u64,
    pub load: Load,
}

impl Job {
    /// Reads `DATABASE WORK ROWS TASKS SECONDS`, the program's arguments.
    pub fn from_arguments() -> Outcome<Self> {
        let mut words = std::env::args().skip(1);
        let mut next = || words.next().ok_or("wanted: DATABASE WORK ROWS TASKS SECONDS");
        Ok(Self {
            database: next()?,
            work: next()?,
            rows: next()?.parse()?,
            load: Load { tasks: next()?.parse()?, seconds: next()?.parse()? },
        })
    }

    /// The file of a SQLite database.
    pub fn sqlite_file(&self) -> Option<&str> {
        self.database.strip_prefix("sqlite:")
    }
}
