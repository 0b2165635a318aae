use super::*;

fn read(text: &str) -> Result<Query, QueryProblem> {
    Query::read(text, &["a".to_owned(), "b".to_owned()])
}

#[track_caller]
fn refused(text: &str, problem: &str) {
    match read(text) {
        Ok(query) => panic!("{text} became {}", query.sql),
        Err(found) => assert_eq!(found.to_string(), format!("Macro query {problem}"), "{text}"),
    }
}

#[test]
fn the_checks_come_in_order() {
    for text in ["", "UPDATE x SET y=1", "WITH a AS (SELECT 1) SELECT 1", "SELECTED", "(SELECT 1)"] {
        refused(text, "must be a SELECT statement");
    }
    for (text, word) in [
        ("SELECT 1; DROP TABLE x", "DROP"),
        ("select 1; delete from x", "DELETE"),
        ("SELECT 1;DELETE\tFROM x; INSERT INTO y", "INSERT"),
        ("SELECT 1 FROM col_a WHERE UPDATE", "UPDATE"),
    ] {
        refused(text, &format!("cannot contain forbidden keyword: {word}"));
    }
    refused("SELECT 1; SELECT password_hash FROM users", "must be a single statement");
    refused("SELECT 1;;", "must be a single statement");
    for harmless in
        ["SELECT 'DROP; x'", "SELECT 1 -- DELETE\n", "SELECT 1 /* ALTER; */;", "SELECT dropped FROM col_a"]
    {
        assert!(read(harmless).is_ok(), "{harmless}");
    }
}

#[test]
fn queries_are_written_anew() {
    for (text, sql) in [
        ("SELECT 1", "SELECT 1 LIMIT 1"),
        (
            "  select :a || ' it''s ' || :b;",
            "SELECT ((\"sb_arguments\".\"p0\" || ' it''s ') || \"sb_arguments\".\"p1\") LIMIT 1",
        ),
        (
            "SELECT count(*) > 0 FROM col_m WHERE grp = $2 AND usr = @request.auth.id",
            "SELECT (count(*) > 0) FROM \"col_m\" AS \"col_m\" WHERE ((\"grp\" = \"sb_arguments\".\"p1\") AND \
             (\"usr\" = \"sb_arguments\".\"auth_id\")) LIMIT 1",
        ),
        (
            "SELECT u.email FROM users u LEFT JOIN col_x x ON x.o = u.id ORDER BY u.email DESC LIMIT 3",
            "SELECT \"u\".\"email\" FROM (SELECT \"id\", \"email\", \"account_id\", \"role_id\", \"is_active\" \
             FROM \"users\") AS \"u\" LEFT JOIN \"col_x\" AS \"x\" ON (\"x\".\"o\" = \"u\".\"id\") \
             ORDER BY \"u\".\"email\" DESC LIMIT 3",
        ),
        ("SELECT NOT 1 = 2", "SELECT (NOT (1 = 2)) LIMIT 1"),
        ("SELECT 'a\\'", "SELECT 'a\\' LIMIT 1"),
    ] {
        assert_eq!(read(text).map(|query| query.sql).as_deref(), Ok(sql), "{text}");
    }
    let query = read("SELECT :b, @request.auth.role, $2 WHERE now() IS NOT NULL").unwrap();
    assert_eq!(query.arguments, [Argument::Parameter(1), Argument::AuthRole]);
    assert!(query.uses_time);
}

#[test]
fn rules_ask_about_one_account() {
    let query = read("SELECT x.a FROM col_x x, groups WHERE EXISTS (SELECT 1 FROM col_y)").unwrap();
    for table in ["col_x", "col_y"] {
        let narrowed = format!(
            "(SELECT * FROM \"{table}\" WHERE \"account_id\" = \"sb_arguments\".\"auth_account_id\") AS "
        );
        assert!(query.within_account.contains(&narrowed), "{}", query.within_account);
        assert!(!query.sql.contains(&narrowed), "{}", query.sql);
    }
    assert_eq!(query.arguments, [Argument::AuthAccountId]);
}

#[test]
fn what_is_written_anew_reads_the_same_again() {
    for text in [
        "SELECT count(DISTINCT a) FILTER (WHERE b > 1.5e3) FROM col_x GROUP BY c, 2 HAVING count(*) > 1",
        "SELECT CASE WHEN a IN (1, 2) THEN 'x' ELSE CAST(b AS text) END FROM col_x WHERE b BETWEEN 1 AND 2",
        "SELECT EXISTS (SELECT 1 FROM col_y y WHERE y.k = x.k AND y.t NOT LIKE 'a%') FROM col_x x",
        "SELECT a FROM col_x UNION ALL SELECT b FROM col_y ORDER BY 1 LIMIT 1 OFFSET 2",
        "SELECT s.n FROM (SELECT count(*) AS n FROM groups g JOIN users_groups ug ON ug.group_id = g.id) s",
        "SELECT trim(a), substring(a from 2 for 3), coalesce(a, -b), a -> 'k' ->> 'l' FROM col_x",
    ] {
        let first = read(text).unwrap_or_else(|problem| panic!("{text}: {problem}"));
        // What stands for the derived tables of the system cannot be read again; all else can.
        if !text.contains("groups") {
            assert_eq!(read(&first.sql).map(|query| query.sql), Ok(first.sql), "{text}");
        }
    }
}

#[test]
fn closed_tables_stay_closed_wherever_they_are_named() {
    for (text, table) in [
        ("SELECT password_hash FROM users", "users"),
        ("SELECT u.password_hash FROM users u", "users"),
        ("SELECT users.password_hash FROM users, col_x", "users"),
        ("SELECT id FROM accounts WHERE account_code = 'x'", "accounts"),
        ("SELECT id FROM users WHERE id IN (SELECT external_id FROM users)", "users"),
        ("SELECT token_hash FROM refresh_tokens", "refresh_tokens"),
        ("SELECT 1 FROM col_x JOIN api_keys ON true", "api_keys"),
        ("SELECT (SELECT 1 FROM configurations)", "configurations"),
        ("SELECT s.x FROM (SELECT 1 AS x FROM sqlite_master) s", "sqlite_master"),
        ("SELECT 1 FROM col_x UNION SELECT 2 FROM pg_shadow", "pg_shadow"),
        ("SELECT 1 WHERE EXISTS (SELECT 1 FROM audit_log)", "audit_log"),
        ("SELECT 1 FROM public.col_x", "public.col_x"),
        ("SELECT 1 FROM pg_catalog.pg_authid", "pg_catalog.pg_authid"),
        ("SELECT 1 FROM \"Refresh_Tokens\"", "Refresh_Tokens"),
        ("SELECT 1 ORDER BY (SELECT 1 FROM roles)", "roles"),
        ("SELECT 1 LIMIT (SELECT 1 FROM roles)", "roles"),
        ("SELECT count(*) FILTER (WHERE EXISTS (SELECT 1 FROM roles))", "roles"),
    ] {
        refused(text, &format!("cannot read table '{table}'"));
    }
    // Where it cannot be told at once whose column it is, it is none of a closed one.
    let query = read("SELECT password_hash FROM users, col_x").unwrap();
    assert!(!query.sql.contains("FROM \"users\" "), "{}", query.sql);
    assert!(read("SELECT count(*) FROM accounts WHERE slug = 'x'").is_ok());
    assert!(read("SELECT * FROM users").unwrap().sql.contains("(SELECT \"id\", \"email\""));
}

#[test]
fn only_known_functions_are_called() {
    for (call, name) in [
        ("pg_read_file('/etc/passwd')", "pg_read_file"),
        ("pg_sleep(10)", "pg_sleep"),
        ("load_extension('x')", "load_extension"),
        ("lo_import('/etc/passwd')", "lo_import"),
        ("lo_get(1)", "lo_get"),
        ("dblink('host=x', 'y')", "dblink"),
        ("set_config('a', 'b', true)", "set_config"),
        ("current_setting('a')", "current_setting"),
        ("readfile('x')", "readfile"),
        ("writefile('x', 'y')", "writefile"),
        ("query_to_xml('SELECT 1', true, true, '')", "query_to_xml"),
        ("randomblob(1000000000)", "randomblob"),
        ("repeat('x', 1000000000)", "repeat"),
        ("nextval('x')", "nextval"),
        ("pg_catalog.lower('x')", "pg_catalog.lower"),
        ("\"lower\"('x')", "\"lower\""),
        ("sb_lower('x')", "sb_lower"),
        ("current_user", "current_user"),
        ("session_user", "session_user"),
    ] {
        refused(&format!("SELECT {call}"), &format!("cannot call function '{name}'"));
        refused(
            &format!("SELECT 1 WHERE (SELECT {call}) IS NULL"),
            &format!("cannot call function '{name}'"),
        );
    }
    refused("SELECT * FROM pg_ls_dir('/')", "cannot call function 'pg_ls_dir'");
    refused("SELECT * FROM generate_series(1, 1000000000)", "cannot call function 'generate_series'");
}

#[test]
fn what_is_not_known_is_refused() {
    for text in [
        "SELECT 1 INTO x",
        "SELECT 1 FROM col_x FOR SHARE",
        "SELECT (WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT 1 FROM r) SELECT 1 FROM r)",
        "SELECT 1 FROM col_x, LATERAL (SELECT 1) s",
        "SELECT 1 FROM col_x TABLESAMPLE SYSTEM (1)",
        "SELECT E'a\\'b'",
        "SELECT $$a$$",
        "SELECT U&'a'",
        "SELECT 'pg_shadow'::regclass",
        "SELECT a OPERATOR(pg_catalog.+) b FROM col_x",
        "SELECT x.y.z FROM col_x",
        "SELECT \"a\"\"b\" FROM col_x",
        "SELECT sb_arguments.p0 FROM col_x",
        "SELECT 1 FROM col_x AS sb_arguments",
        "SELECT (ROW(1, 2)).f1",
        "SELECT ARRAY[1]",
        "SELECT ?",
        "SELECT 1 FETCH FIRST 1 ROWS ONLY",
        "SELECT :c",
        "SELECT $3",
        "SELECT $0",
        "SELECT @request.auth.password",
        "SELECT @request.data.x",
        "SELECT 'a",
        "SELECT FROM WHERE",
        "SELECT 1 1",
        "TABLE users",
    ] {
        assert!(read(text).is_err(), "{text} became {:?}", read(text).map(|q| q.sql));
    }
}

#[test]
fn depth_and_length_are_bounded() {
    let deep = format!("SELECT {}1{}", "(".repeat(300), ")".repeat(300));
    let subqueries = format!("SELECT {}1{}", "(SELECT ".repeat(100), ")".repeat(100));
    let huge = format!("SELECT '{}'", "x".repeat(4096));
    assert!(read(&format!("SELECT {}1", "1+".repeat(2040))).is_ok());
    for text in [deep, subqueries, huge] {
        assert!(read(&text).is_err(), "{}", &text[..20]);
    }
}

#[test]
fn names_are_identifiers() {
    for (name, valid) in
        [("m", true), ("_m1", true), ("1m", false), ("a b", false), ("@x", false), ("", false), ("é", false)]
    {
        assert_eq!(is_name(name), valid, "{name}");
    }
    assert!(is_built_in("has_role"));
    assert!(!is_built_in("has_rolex"));
}
