//! Reading requests: bodies, query strings and path parameters, with every fault of their shape
//! reported in one 422 answer.
//!
//! ```ignore
//! async fn create(body: JsonBody, caller: Superadmin) -> Result<HttpResponse, HttpError> {
//!     let mut f = body.fields()?;
//!     let name = f.string("name").len(1, 255).required();
//!     let slug = f.string("slug").len(3, 32).pattern(r"^[a-z0-9-]+$", is_slug).optional();
//!     f.finish()?;
//!     …
//! }
//! ```
//!
//! Put [`JsonBody`] before the caller's extractor: text that is no JSON is then answered before the
//! credentials are looked at, and missing credentials before any fault that `fields()` finds.

mod body;
mod fault;
mod fields;
mod kept_file;
mod query;

pub use body::{BufferedBody, JsonBody};
pub use fault::{Fault, Faults, Loc};
pub use fields::{
    Boolean, Choice, Email, EmailAddress, Field, Fields, Integer, Items, Json, Kind, List, Nested, Number,
    Object, Objects, OneOf, Patch, Path, StringMap, Strings, Text, Time, parse_time,
};
pub use kept_file::received;
pub use query::{Form, Query, path_int};
