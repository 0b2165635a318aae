//! Files: what is known of them beside their bytes.

mod kind;
mod metadata;
mod name;
mod path;
mod thumb;

use chrono::{DateTime, Utc};

pub use kind::{HEAD_BYTES, essence, fits_type};
pub use metadata::{FileMetadata, python_json};
pub use name::{clean_filename, suffix_of};
pub use path::{FilePath, Provider};
pub use thumb::{MOST_SIDE, ThumbFit, ThumbSize};

use crate::UserId;

/// A file that was uploaded whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    pub path: FilePath,
    /// Who uploaded it; users may be gone since.
    pub uploaded_by: UserId,
    /// The name it was sent with, cleaned.
    pub filename: String,
    /// In bytes.
    pub size: u64,
    /// `type/subtype` in lower case.
    pub mime_type: String,
    /// SHA-256 of the bytes, in hex digits.
    pub sha256: String,
    /// Where the bytes are now; the path tells where they were first.
    pub provider: Provider,
    pub created_at: DateTime<Utc>,
}

/// What the key of a small picture of a file begins with, after the file's own key.
pub const THUMBS: &str = ".thumbs/";
/// What the keys of the parts of resumable uploads begin with. No account's id is like this.
pub const PARTS: &str = ".parts/";
