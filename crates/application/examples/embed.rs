//! SnackBase within a program: domain, rules and use cases, with neither a web
//! server nor a database. `cargo run -p snackbase-application --example embed`

use std::error::Error;
use std::sync::Arc;

use serde_json::json;
use snackbase_application::catalog::Catalog;
use snackbase_application::ports::Storage;
use snackbase_application::records::{Limits, ListRequest, Records};
use snackbase_testkit::builders::{account, collection, member};
use snackbase_testkit::{FixedClock, MemoryStorage, PlainCursors, SeededIds};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let storage = Arc::new(MemoryStorage::new());
    let catalog = Arc::new(Catalog::default());

    // An account, and a collection whose records only their authors see.
    let acme = account(1);
    let notes = collection(json!({
        "name": "notes",
        "fields": [
            {"name": "text", "type": "text", "required": true},
            {"name": "length", "type": "computed", "expression": "length(text)", "return_type": "number"},
        ],
        "create_rule": "",
        "list_rule": "created_by = @request.auth.id",
    }));
    let work = storage.begin().await?;
    work.repositories().accounts().insert(&acme).await?;
    work.repositories().collections().insert(&notes, "rules-of-notes").await?;
    work.repositories().tables().create(&notes).await?;
    work.commit().await?;
    catalog.reload(storage.read()).await?;

    let records = Records::new(
        storage,
        catalog,
        Arc::new(FixedClock::stepping(1_000_000)),
        Arc::new(SeededIds::new(7)),
        Arc::new(PlainCursors),
        Limits { max_expand_depth: 2, batch_max_size: 100 },
    );
    let (anna, ben) = (member(&acme, 1), member(&acme, 2));
    for (caller, text) in [(&anna, "buy milk"), (&ben, "sing"), (&anna, "rest")] {
        let body = json!({ "text": text }).as_object().cloned().unwrap_or_default();
        records.create(caller, "notes", &body).await?;
    }
    let request = ListRequest { limit: 10, filter: Some("length > 4".to_owned()), ..ListRequest::default() };
    for (name, caller) in [("Anna", &anna), ("Ben", &ben)] {
        let page = records.list(caller, "notes", &request).await?;
        println!(
            "{name} sees {}: [{}]",
            page.total.unwrap_or_default(),
            String::from_utf8_lossy(&page.items)
        );
    }
    Ok(())
}
