//! Row-level security of PostgreSQL (manual, section 5.8): a second wall behind the account
//! condition that every statement over records carries. What forgets that condition finds no
//! rows of other accounts, changes none and makes none.
//!
//! Superusers and roles with BYPASSRLS are past all policies. Who connects as one of these works
//! as the role [`ROLE`] instead, and as himself only where tables are made and changed.

use snackbase_application::ports::StoreError;
use snackbase_rls::Dialect;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};

use super::classify;
use crate::driver::Stmt;
use crate::store::Work;

/// The role that statements run as where the login role is past all policies.
const ROLE: &str = "snackbase_rows";

/// The policy on every table of records. The subqueries are evaluated once for a statement.
const POLICY: &str = "snackbase_account";

/// The tables of collections, and whether they are behind the wall.
const TABLES: &str = "SELECT t.relname::text, t.relrowsecurity AND t.relforcerowsecurity
        AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = t.oid AND p.polname = 'snackbase_account')
    FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE n.nspname = current_schema() AND t.relkind = 'r' AND starts_with(t.relname, 'col_')
        AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'account_id')
    ORDER BY t.relname";

/// Makes the role and gives it what it may do. Nothing is written where nothing is missing,
/// so that nodes that start together do not meet.
const MAKE_ROLE: &str = "DO $make$
DECLARE
    place text := current_schema();
    found record;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'snackbase_rows') THEN
        BEGIN
            CREATE ROLE snackbase_rows NOLOGIN NOSUPERUSER NOBYPASSRLS;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- somebody else was faster
        END;
    END IF;
    IF (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = 'snackbase_rows') THEN
        RAISE EXCEPTION 'the role snackbase_rows is past all policies itself';
    END IF;
    IF NOT pg_has_role(session_user, 'snackbase_rows', 'MEMBER') THEN
        EXECUTE format('GRANT snackbase_rows TO %I', session_user);
    END IF;
    IF NOT has_schema_privilege('snackbase_rows', place, 'USAGE') THEN
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO snackbase_rows', place);
    END IF;
    FOR found IN SELECT t.relname, t.relkind FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE n.nspname = place AND pg_has_role(session_user, t.relowner, 'MEMBER') AND
            CASE t.relkind WHEN 'r' THEN NOT has_table_privilege('snackbase_rows', t.oid, 'DELETE')
                WHEN 'S' THEN NOT has_sequence_privilege('snackbase_rows', t.oid, 'UPDATE') ELSE FALSE END
    LOOP
        EXECUTE format('GRANT ALL ON %s %I.%I TO snackbase_rows',
            CASE found.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, place, found.relname);
    END LOOP;
    IF NOT EXISTS (SELECT 1 FROM pg_default_acl d JOIN pg_namespace n ON n.oid = d.defaclnamespace
        WHERE n.nspname = place AND d.defaclobjtype = 'r' AND d.defaclrole = session_user::regrole
            AND d.defaclacl::text LIKE '%snackbase_rows=%') THEN
        EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT ALL ON TABLES TO snackbase_rows', place);
        EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT ALL ON SEQUENCES TO snackbase_rows', place);
    END IF;
END $make$";

/// What PostgreSQL does about rows of other accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowSecurity {
    /// Nothing: SQLite, or the setting is off.
    #[default]
    Off,
    /// Tables have policies, and statements are bound by them.
    On,
    /// Tables have policies, but the role that the server connects as is past them, and no
    /// other could be made.
    Bypassed,
}

/// How the connections of a pool are bound.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wall {
    pub state: RowSecurity,
    /// Whether statements run as [`ROLE`].
    pub takes_role: bool,
}

impl Wall {
    /// Finds out how statements can be bound, and makes the role where one is needed.
    pub async fn prepare(connection: &mut PgConnection, wanted: bool) -> Result<Self, StoreError> {
        if !wanted {
            return Ok(Self::default());
        }
        let bypasses = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user";
        let row = connection.fetch_one(bypasses).await.map_err(classify)?;
        if !row.try_get::<bool, _>(0).map_err(classify)? {
            return Ok(Self { state: RowSecurity::On, takes_role: false });
        }
        match make_role(connection).await {
            Ok(()) => Ok(Self { state: RowSecurity::On, takes_role: true }),
            Err(StoreError::Unavailable(reason)) => Err(StoreError::Unavailable(reason)),
            Err(error) => {
                tracing::warn!(
                    %error,
                    "PostgreSQL's row security has no effect: the role that the server connects as is past \
                     it, and the role {ROLE} cannot be made. Connect as a role without SUPERUSER and BYPASSRLS"
                );
                Ok(Self { state: RowSecurity::Bypassed, takes_role: false })
            }
        }
    }

    /// Statements that make and change tables, to be run by the tables' owner.
    pub fn by_owner(self, sql: String) -> String {
        match self.takes_role {
            true => format!("SET LOCAL ROLE NONE;\n{sql};\nSET LOCAL ROLE {ROLE}"),
            false => sql,
        }
    }

    /// What a connection is opened with.
    pub fn role(self) -> Option<(&'static str, &'static str)> {
        self.takes_role.then_some(("role", ROLE))
    }

    /// Takes the owner's part for the rest of a transaction, and all rows into reach.
    pub fn owner(self) -> &'static str {
        match self.takes_role {
            true => "SELECT set_config('role', 'none', TRUE), set_config('snackbase.account_id', '*', TRUE)",
            false => "SELECT set_config('snackbase.account_id', '*', TRUE)",
        }
    }
}

async fn make_role(connection: &mut PgConnection) -> Result<(), StoreError> {
    let mut transaction = connection.begin().await.map_err(classify)?;
    // The lock of migrations: tables that are being made are not passed over.
    transaction.execute("SELECT pg_advisory_xact_lock(7305801)").await.map_err(classify)?;
    transaction.execute(sqlx::raw_sql(AssertSqlSafe(MAKE_ROLE))).await.map_err(classify)?;
    let take = format!("SET LOCAL ROLE {ROLE}");
    transaction.execute(sqlx::raw_sql(AssertSqlSafe(take))).await.map_err(classify)?;
    transaction.commit().await.map_err(classify)
}

/// Puts a table behind the wall.
pub(crate) fn raise(table: &str) -> Vec<String> {
    vec![
        format!("DROP POLICY IF EXISTS {POLICY} ON {table}"),
        format!(
            "CREATE POLICY {POLICY} ON {table} USING (
                CASE (SELECT current_setting('snackbase.account_id', TRUE))
                WHEN \"account_id\" THEN TRUE WHEN '*' THEN TRUE ELSE FALSE END)"
        ),
        format!("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"),
    ]
}

fn lower(table: &str) -> Vec<String> {
    vec![
        format!("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY"),
        format!("DROP POLICY IF EXISTS {POLICY} ON {table}"),
    ]
}

/// Brings the tables that are there in line with the setting, at the end of the migrations.
pub(crate) async fn align(work: &Work) -> Result<(), StoreError> {
    if work.session.dialect() == Dialect::Sqlite {
        return Ok(());
    }
    let wanted = work.transaction.has_row_security();
    let mut statements = Vec::new();
    for row in work.transaction.query(Stmt::new(TABLES, Vec::new())).await? {
        if let [sea_query::Value::String(Some(table)), sea_query::Value::Bool(Some(walled))] =
            row.values.as_slice()
            && *walled != wanted
        {
            let table = format!("\"{}\"", table.replace('"', "\"\""));
            statements.extend(if wanted { raise(&table) } else { lower(&table) });
        }
    }
    match statements.is_empty() {
        true => Ok(()),
        false => work.transaction.script(statements.join(";\n")).await,
    }
}

#[cfg(test)]
mod tests;
