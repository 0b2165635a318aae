//! GET /files

use actix_web::HttpResponse;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use snackbase_application::files::Files;
use snackbase_application::ports::{FileQuery, FileSort};
use snackbase_domain::AccountId;
use snackbase_domain::file::StoredFile;
use utoipa::ToSchema;

use crate::http::error::ApiResult;
use crate::http::extract::SignedIn;
use crate::http::input::Query;

/// A file that was uploaded.
#[derive(Serialize, ToSchema)]
pub struct ListedFile {
    path: String,
    filename: String,
    mime_type: String,
    /// In bytes.
    size: u64,
    account_id: String,
    /// Id of a user.
    uploaded_by: String,
    created_at: DateTime<Utc>,
    /// local, s3, azure_blob or gcs.
    provider: &'static str,
    /// Whether a record holds it.
    held: bool,
}

impl From<(StoredFile, bool)> for ListedFile {
    fn from((file, held): (StoredFile, bool)) -> Self {
        Self {
            path: file.path.to_string(),
            filename: file.filename,
            mime_type: file.mime_type,
            size: file.size,
            account_id: file.path.account().to_string(),
            uploaded_by: file.uploaded_by.to_string(),
            created_at: file.created_at,
            provider: file.provider.name(),
            held,
        }
    }
}

/// A page of files.
#[derive(Serialize, ToSchema)]
pub struct FileList {
    items: Vec<ListedFile>,
    total: u64,
    skip: u64,
    limit: u64,
    /// What all files take that were asked for, not only those of the page.
    total_bytes: u64,
}

const STATES: [(&str, bool); 2] = [("held", true), ("unheld", false)];
const SORTS: [(&str, (FileSort, bool)); 6] = [
    ("created_at", (FileSort::CreatedAt, false)),
    ("-created_at", (FileSort::CreatedAt, true)),
    ("filename", (FileSort::Filename, false)),
    ("-filename", (FileSort::Filename, true)),
    ("size", (FileSort::Size, false)),
    ("-size", (FileSort::Size, true)),
];

/// Lists files: admins those of their account, superadmins those of all accounts or the one named.
#[utoipa::path(get, path = "/api/v1/files", tag = "files",
    params(
        ("skip" = Option<u64>, Query, description = "How many to leave out"),
        ("limit" = Option<u64>, Query, description = "1 to 100; 30 if absent"),
        ("search" = Option<String>, Query, description = "A part of the filename"),
        ("state" = Option<String>, Query, description = "`held` or `unheld` by a record"),
        ("sort" = Option<String>, Query, description = "`created_at`, `filename` or `size`, with `-` in front for descending; `-created_at` if absent"),
        ("account_id" = Option<String>, Query, description = "Of this account; for superadmins"),
    ),
    responses((status = 200, body = FileList), (status = 401), (status = 403), (status = 422)))]
pub async fn list(SignedIn(by): SignedIn, query: Query, files: Data<Files>) -> ApiResult {
    let mut fields = query.fields();
    let skip = fields.int("skip").ge(0).default(0).unsigned_abs();
    let limit = fields.int("limit").ge(1).le(100).default(30).unsigned_abs();
    let search = fields.string("search").len(0, 255).optional();
    let held = fields.choice("state", &STATES).optional();
    let sort = fields.choice("sort", &SORTS).optional();
    let named = fields.string("account_id").optional();
    fields.finish()?;
    let (sort, descending) = sort.unwrap_or((FileSort::CreatedAt, true));
    // What is no id is no account's.
    let account: Option<Option<AccountId>> = named.map(|id| id.parse().ok());
    let page = match account {
        Some(None) if by.is_superadmin() => Default::default(),
        account => {
            let account = account.flatten();
            let query = FileQuery { account, search, held, sort, descending, skip, limit };
            files.list(&by, query).await?
        }
    };
    Ok(HttpResponse::Ok().json(FileList {
        items: page.items.into_iter().map(ListedFile::from).collect(),
        total: page.total,
        skip,
        limit,
        total_bytes: page.bytes,
    }))
}
