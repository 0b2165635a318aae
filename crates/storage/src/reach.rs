//! How a statement tells PostgreSQL whose rows it is about.
//!
//! Row security (`postgres/row_security.rs`) shows a statement the rows of the account that the
//! setting `snackbase.account_id` names, and none when it names none. Each statement over
//! records sets it for itself, in a condition without columns: the planner makes it a filter
//! that is evaluated once, before the first row is looked for, so it costs no round trip. The
//! setting ends with the statement or its transaction and never outlives it on a connection of
//! the pool. Were the order ever another, the statement would find nothing rather than too much.

use sea_query::Expr;
use snackbase_application::access::Tenant;
use snackbase_rls::Dialect;

/// What the setting holds for the rows of all accounts. No account's id is like this.
pub(crate) const ALL: &str = "*";

/// The condition that tells whose rows a statement is about; `None` where nobody asks. It
/// must stand in the outermost WHERE.
pub(crate) fn told(tenant: Tenant, dialect: Dialect) -> Option<Expr> {
    let account = match tenant {
        Tenant::All => ALL.to_owned(),
        Tenant::Account(account) => account.to_string(),
    };
    match dialect {
        Dialect::Sqlite => None,
        Dialect::Postgres => Some(Expr::cust_with_values(
            "(SELECT set_config('snackbase.account_id', $1, TRUE)) IS NOT NULL",
            [account],
        )),
    }
}

/// The same for fixed SQL over the rows of all accounts.
pub(crate) fn told_all(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "TRUE",
        Dialect::Postgres => "(SELECT set_config('snackbase.account_id', '*', TRUE)) IS NOT NULL",
    }
}
