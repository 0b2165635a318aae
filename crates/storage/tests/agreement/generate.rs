//! Random schemas, rows and expressions.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::DateTime;
use snackbase_rules::functions::parse_instant;
use snackbase_rules::search::SearchQuery;
use snackbase_rules::{
    ArithOp, CompareOp, Context, Expr, FieldDef, FieldKind, Literal, Operation, ReturnType, Row, Schema,
    Scope, Span, Target, Targets, Value, elaborate_condition,
};

/// The table, and the collection that `ref` leads to.
pub const TABLE: &str = "agreement_rows";
/// The moment of all evaluations, in microseconds since the epoch.
pub const NOW: i64 = 1_709_210_096_000_007;

const TEXT_FIELDS: [&str; 5] = ["t", "u", "ref", "id", "created_by"];
/// Text fields with a column for their words.
pub const SEARCHABLE: [&str; 2] = ["t", "u"];
const NUMBER_FIELDS: [&str; 2] = ["n", "m"];
const BOOL_FIELDS: [&str; 2] = ["ok", "flag"];
const TIME_FIELDS: [&str; 3] = ["at", "d", "created_at"];
const COMPUTED: [(&str, ReturnType); 4] = [
    ("c_text", ReturnType::Text),
    ("c_number", ReturnType::Number),
    ("c_bool", ReturnType::Boolean),
    ("c_time", ReturnType::Datetime),
];

const TEXTS: [&str; 46] = [
    "",
    "a",
    "A",
    "abc",
    "aBc%",
    "%",
    "_",
    "%b_",
    "a\\b",
    "\\",
    "'",
    "\"",
    "o'hara",
    "0",
    "1",
    "-5",
    "2.50",
    "1e3",
    "1e400",
    "1e-400",
    "+.5",
    "1.",
    ".",
    "false",
    "true",
    " x ",
    "  ",
    "\t",
    "héllo",
    "ÜBER",
    "straße",
    "ΑΣ",
    "İi",
    "ǆ",
    "漢字",
    "😀_%",
    "Z",
    "é",
    "2024-02-29",
    "2024-02-30",
    "2023-12-31T23:59:59.999999Z",
    "2024-03-10 02:30:00-05:00",
    "null",
    "a\nb",
    "Café-a Ολόγος, 42x!",
    "O'Hara X. The a of A",
];
const NUMBERS: [f64; 32] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    2.0,
    0.5,
    -0.5,
    2.5,
    -2.5,
    2.675,
    1.005,
    0.1,
    1e15,
    1e14,
    123_456.789,
    1e-5,
    1e-4,
    9_007_199_254_740_993.0,
    9e18,
    9.3e18,
    1e19,
    1e23,
    1e300,
    -1e300,
    1e-300,
    5e-324,
    1.797_693_134_862_315_7e308,
    7.0,
    12.0,
    100_000_000_000_000.5,
    365.0,
    -13.0,
];
const TIMES: [&str; 20] = [
    "1970-01-01",
    "2024-02-29T00:00:00Z",
    "2024-02-29",
    "2023-12-31T23:59:59.999999Z",
    "2024-03-10T02:30:00-05:00",
    "2024-03-31 01:30",
    "2024-10-27T02:30:00.5+02:00",
    "0001-01-01",
    "9999-12-31T23:59:59.999999999Z",
    "1999-12-31T24:00",
    "2000-02-29T12:00:00.000001z",
    "1900-02-28",
    "1969-12-31T23:59:59.5Z",
    "2024-01-31",
    "2024-05-31T10:11:12+0530",
    "2024-01-30T00:00-08",
    "0001-01-01T00:00:00+01:00",
    "2024-02-29T00:00:00+00:00",
    "1583-10-15",
    "2016-12-31T23:59:60Z",
];
const UNITS: [&str; 6] = ["days", "Hours", "minutes", "MONTHS", "seconds", "years"];

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).expect("less than a usize")
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    fn text(&mut self) -> String {
        if self.chance(80) {
            return self.pick(&TEXTS).to_owned();
        }
        if self.chance(5) {
            // As long as patterns may be, and longer.
            let length = self.pick(&[999, 1000, 1001]);
            return self.pick(&["a", "_", "%", "é"]).repeat(length);
        }
        let alphabet = ['a', 'B', 'é', 'ß', '%', '_', ' ', '\'', '"', '\\', '1', '😀', 'Σ', '-'];
        (0..self.below(8)).map(|_| self.pick(&alphabet)).collect()
    }

    /// What somebody may look for, and sometimes find.
    fn search(&mut self) -> String {
        format!("{}{}", self.text(), self.pick(&["", "", "*", " a", " o\"hara x"]))
    }

    pub fn query(&mut self) -> SearchQuery {
        SearchQuery::parse(&self.search())
    }

    fn number(&mut self) -> f64 {
        match self.below(10) {
            0..6 => self.pick(&NUMBERS),
            6 => (self.next() % 2001) as f64 / 8.0 - 125.0,
            7 => (self.next() % 200_001) as f64 / 1000.0 - 100.0,
            _ => Some(f64::from_bits(self.next())).filter(|n| n.is_finite()).unwrap_or(3.0),
        }
    }

    /// A text that is a time.
    fn time(&mut self) -> String {
        if self.chance(60) {
            let text = self.pick(&TIMES);
            if parse_instant(text).is_some() {
                return text.to_owned();
            }
        }
        let micros = i64::try_from(self.next() % 253_000_000_000_000_000).expect("fits") - 10_000_000;
        let time = DateTime::from_timestamp_micros(micros).expect("in the calendar");
        time.format(self.pick(&["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%.6fZ", "%Y-%m-%d %H:%M"])).to_string()
    }

    // Expressions ----------------------------------------------------------

    /// A variable or a macro, as rules may have them.
    fn variable(&mut self) -> Expr {
        let name = match self.below(7) {
            0 | 1 => "@request.auth.id".to_owned(),
            2 => "@request.auth.email".to_owned(),
            3 => "@request.auth.role".to_owned(),
            4 => "@request.auth.account_id".to_owned(),
            5 => "@owns_record".to_owned(),
            _ => format!("@request.data.{}", self.own_field(false)),
        };
        Expr::Variable { name, span: Span::default() }
    }

    fn macro_call(&mut self) -> Expr {
        let (name, args) = match self.below(6) {
            0 => ("owns_record", vec![Expr::field(self.pick(&["t", "ref", "ref.id", "ref.ref.u"]))]),
            1 => ("owns_record", vec![Expr::text("ref.t")]),
            2 => ("has_role", vec![self.field(true)]),
            3 => ("has_group", vec![self.field(true)]),
            4 => ("in_time_range", vec![self.field(true), Expr::Literal(Literal::Number(18.0))]),
            _ => ("has_permission", vec![Expr::text(self.pick(&["view", "list"])), Expr::text("x")]),
        };
        Expr::Macro { name: name.to_owned(), args, span: Span::default() }
    }

    /// A rule.
    pub fn rule(&mut self, depth: usize) -> Expr {
        let rule = self.expr(depth, true);
        match self.below(6) {
            0 => rule,
            1 => rule.and(self.macro_call()),
            2 => Expr::Or(vec![self.macro_call(), rule]),
            3 => Expr::Not(Box::new(rule)).and(self.macro_call()),
            _ => {
                let op = self.pick(&[CompareOp::Eq, CompareOp::Ne, CompareOp::Lt, CompareOp::Like]);
                let asked = Expr::compare(op, self.field(true), self.variable());
                if self.chance(50) { asked.and(rule) } else { Expr::Or(vec![rule, asked]) }
            }
        }
    }

    fn literal(&mut self) -> Expr {
        Expr::Literal(match self.below(12) {
            0 => Literal::Null,
            1 => Literal::Bool(self.chance(50)),
            2 => Literal::Json,
            3..6 => Literal::Number(self.number()),
            6 => Literal::Number(f64::from(u8::from(self.chance(50)))),
            7 => Literal::Text(self.pick(&TIMES).to_owned()),
            8 => Literal::Text(self.time()),
            _ => Literal::Text(self.text()),
        })
    }

    /// A field of the record or, in rules and filters, of one that references lead to.
    fn field(&mut self, computed: bool) -> Expr {
        if !computed {
            return Expr::field(self.own_field(false));
        }
        let references = if self.chance(75) { 0 } else { 1 + self.below(3) };
        let way = "ref.".repeat(references);
        Expr::field(format!("{way}{}", self.own_field(true)))
    }

    fn own_field(&mut self, computed: bool) -> &'static str {
        match self.below(if computed { 14 } else { 11 }) {
            0..4 => self.pick(&TEXT_FIELDS),
            4..6 => self.pick(&NUMBER_FIELDS),
            6..8 => self.pick(&BOOL_FIELDS),
            8..10 => self.pick(&TIME_FIELDS),
            10 => "j",
            _ => self.pick(&COMPUTED).0,
        }
    }

    pub fn expr(&mut self, depth: usize, computed: bool) -> Expr {
        if depth == 0 || self.chance(12) {
            return if self.chance(60) { self.field(computed) } else { self.literal() };
        }
        let sub = |random: &mut Self| random.expr(depth - 1, computed);
        match self.below(14) {
            0 => Expr::Not(Box::new(sub(self))),
            1 => Expr::Neg(Box::new(sub(self))),
            2 => {
                let op = self.pick(&[ArithOp::Add, ArithOp::Sub, ArithOp::Mul, ArithOp::Div, ArithOp::Rem]);
                Expr::Binary { op, left: Box::new(sub(self)), right: Box::new(sub(self)) }
            }
            3..6 => {
                let op = self.pick(&[
                    CompareOp::Eq,
                    CompareOp::Ne,
                    CompareOp::Lt,
                    CompareOp::Gt,
                    CompareOp::Le,
                    CompareOp::Ge,
                    CompareOp::Like,
                    CompareOp::NotLike,
                ]);
                let left = sub(self);
                // Two operands at random seldom have a type in common.
                let right = if self.chance(50) { self.partner(&left) } else { sub(self) };
                Expr::compare(op, left, right)
            }
            6 => Expr::And((0..2 + self.below(3)).map(|_| sub(self)).collect()),
            7 => Expr::Or((0..2 + self.below(3)).map(|_| sub(self)).collect()),
            8 => {
                let expr = sub(self);
                let list = (0..1 + self.below(4))
                    .map(|_| if self.chance(50) { self.partner(&expr) } else { sub(self) })
                    .collect();
                Expr::In { expr: Box::new(expr), list, negated: self.chance(40) }
            }
            9 => Expr::IsNull { expr: Box::new(sub(self)), negated: self.chance(50) },
            // Computed fields have no words to look for.
            10 if computed && self.chance(50) => {
                let query = Expr::text(self.search());
                let field = self.pick(&["t", "u", "t", "u", "ref.t", "ref.ref.u"]);
                Expr::compare(CompareOp::Matches, Expr::field(field), query)
            }
            10 => Expr::IsEmpty { expr: Box::new(sub(self)), negated: self.chance(50) },
            _ => self.call(depth, computed),
        }
    }

    /// An operand that may be comparable with `other`.
    fn partner(&mut self, other: &Expr) -> Expr {
        let of = |name: &str, fields: &[&str]| fields.contains(&name.rsplit('.').next().unwrap_or(name));
        match other {
            Expr::Field { name, .. } if of(name, &TIME_FIELDS) => {
                if self.chance(50) {
                    Expr::text(self.time())
                } else {
                    Expr::field(self.pick(&TIME_FIELDS))
                }
            }
            Expr::Field { name, .. } if of(name, &NUMBER_FIELDS) => {
                if self.chance(50) {
                    Expr::Literal(Literal::Number(self.number()))
                } else {
                    Expr::field(self.pick(&NUMBER_FIELDS))
                }
            }
            Expr::Field { .. } if self.chance(40) => other.clone(),
            _ => Expr::text(self.text()),
        }
    }

    fn call(&mut self, depth: usize, computed: bool) -> Expr {
        let (name, count) = self.pick(&[
            ("abs", 1),
            ("ceil", 1),
            ("floor", 1),
            ("round", 1),
            ("round", 2),
            ("length", 1),
            ("lower", 1),
            ("upper", 1),
            ("trim", 1),
            ("substring", 2),
            ("substring", 3),
            ("concat", 2),
            ("concat", 3),
            ("coalesce", 2),
            ("coalesce", 3),
            ("if", 3),
            ("nullif", 2),
            ("now", 0),
            ("date_diff", 3),
            ("date_add", 3),
            ("date_add", 3),
        ]);
        let mut args: Vec<Expr> = (0..count).map(|_| self.expr(depth - 1, computed)).collect();
        if matches!(name, "round" | "substring") {
            for arg in args.iter_mut().skip(1) {
                if self.chance(70) {
                    let small = self.below(13) as f64 / 2.0 - 2.0;
                    *arg = Expr::Literal(Literal::Number(small));
                }
            }
        }
        if name.starts_with("date_") {
            args[2] = Expr::text(self.pick(&UNITS));
            args[0] = Expr::field(self.pick(&TIME_FIELDS));
            if name == "date_diff" && self.chance(60) {
                args[1] = Expr::field(self.pick(&TIME_FIELDS));
            }
        }
        Expr::Call { name: name.to_owned(), args, span: Span::default() }
    }

    // Rows -----------------------------------------------------------------

    /// The rows of a table in which `ref` means a row, mostly.
    pub fn rows(&mut self, count: usize) -> Rows {
        let mut rows: Vec<_> = (0..count).map(|_| self.row()).collect();
        let mut ids = std::collections::BTreeSet::new();
        for row in &mut rows {
            let Some(Value::Text(id)) = row.get_mut("id") else { continue };
            while !ids.insert(id.clone()) {
                id.push('+');
            }
        }
        let ids: Vec<_> = ids.into_iter().collect();
        for row in &mut rows {
            row.insert("account_id", Value::Text(self.pick(&["one", "two"]).to_owned()));
            if !ids.is_empty() && self.chance(80) {
                row.insert("ref", Value::Text(ids[self.below(ids.len())].clone()));
            }
        }
        let id_of = |(index, row): (usize, &BTreeMap<_, _>)| match row.get("id") {
            Some(Value::Text(id)) => Some((id.clone(), index)),
            _ => None,
        };
        let by_id = rows.iter().enumerate().filter_map(id_of).collect();
        Rows { rows, by_id }
    }

    fn row(&mut self) -> BTreeMap<&'static str, Value> {
        let mut fields = BTreeMap::new();
        let mut add = |random: &mut Self, name: &'static str, value: &dyn Fn(&mut Self) -> Value| {
            let value = if random.chance(15) { Value::Null } else { value(random) };
            fields.insert(name, value);
        };
        for name in TEXT_FIELDS {
            add(self, name, &|r| Value::Text(r.text()));
        }
        for name in NUMBER_FIELDS {
            add(self, name, &|r| Value::Number(r.number()));
        }
        for name in BOOL_FIELDS {
            add(self, name, &|r| Value::Bool(r.chance(50)));
        }
        for name in TIME_FIELDS {
            add(self, name, &|r| {
                let text = r.time();
                let micros = parse_instant(&text).expect("made as a time");
                Value::Instant { micros, text: Some(text) }
            });
        }
        add(self, "j", &|_| Value::Json);
        fields
    }

    pub fn schema(&mut self) -> Schema {
        let mut fields = vec![FieldDef::new("j", FieldKind::Json)];
        fields.extend(["t", "u"].map(|name| FieldDef::new(name, FieldKind::Text)));
        fields.push(FieldDef::reference("ref", TABLE));
        fields.extend(NUMBER_FIELDS.map(|name| FieldDef::new(name, FieldKind::Number)));
        fields.extend(BOOL_FIELDS.map(|name| FieldDef::new(name, FieldKind::Boolean)));
        fields.push(FieldDef::new("at", FieldKind::Datetime));
        fields.push(FieldDef::new("d", FieldKind::Date));
        for (name, returns) in COMPUTED {
            fields.push(FieldDef::computed(name, returns, self.expr(3, false)));
        }
        let schema = Schema::new(fields).with_searchable(SEARCHABLE);
        // What is seen through references obeys a rule, sometimes.
        let mut targets = Targets::from([(TABLE.to_owned(), Target { schema: schema.clone(), guard: None })]);
        if self.chance(50) {
            let rule = self.expr(2, true);
            let schema = schema.clone().with_targets(Arc::new(targets.clone()));
            let guard = elaborate_condition(&rule, &schema, Scope::Rule(Operation::View));
            targets.get_mut(TABLE).expect("inserted").guard = guard.ok();
        }
        schema.with_targets(Arc::new(targets))
    }

    /// A caller; rules name his groups and roles by the same words.
    pub fn caller(&mut self, rows: &Rows) -> Caller {
        let text = |random: &mut Self| random.chance(85).then(|| random.text());
        // Mostly somebody whom some row names.
        let id = match rows.rows[self.below(rows.rows.len())].get("ref") {
            Some(Value::Text(id)) if self.chance(70) => Some(id.clone()),
            _ => text(self),
        };
        let data = (0..self.below(4)).filter_map(|_| match self.literal() {
            Expr::Literal(value) => Some((self.own_field(false).to_owned(), value)),
            _ => None,
        });
        let data = data.collect();
        let groups = (0..self.below(3)).map(|_| self.text()).collect();
        let account = self.chance(85).then(|| self.pick(&["one", "two"]).to_owned());
        let (email, role) = (text(self), text(self));
        Caller { id, email, role, account, groups, data, now: NOW }
    }
}

/// Who asks, and with which body.
#[derive(Debug)]
pub struct Caller {
    id: Option<String>,
    email: Option<String>,
    role: Option<String>,
    account: Option<String>,
    groups: Vec<String>,
    data: BTreeMap<String, Literal>,
    now: i64,
}

impl Context for Caller {
    fn auth_id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    fn auth_email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    fn auth_role(&self) -> Option<&str> {
        self.role.as_deref()
    }

    fn auth_account_id(&self) -> Option<&str> {
        self.account.as_deref()
    }

    fn groups(&self) -> &[String] {
        &self.groups
    }

    fn now_micros(&self) -> i64 {
        self.now
    }

    fn data(&self, field: &str) -> Literal {
        self.data.get(field).cloned().unwrap_or(Literal::Null)
    }

    fn has_permission(&self, operation: Operation, _collection: &str) -> bool {
        operation == Operation::View
    }

    fn has_stored_macro(&self, _name: &str) -> bool {
        false
    }
}

/// The rows of a table.
#[derive(Debug)]
pub struct Rows {
    pub rows: Vec<BTreeMap<&'static str, Value>>,
    by_id: HashMap<String, usize>,
}

impl Rows {
    /// Rows that refer to none.
    pub fn of(rows: Vec<BTreeMap<&'static str, Value>>) -> Self {
        Self { rows, by_id: HashMap::new() }
    }

    pub fn get(&self, index: usize) -> RowOf<'_> {
        RowOf { table: self, fields: &self.rows[index] }
    }
}

/// A row of a table, which references in it are looked up in.
pub struct RowOf<'a> {
    table: &'a Rows,
    fields: &'a BTreeMap<&'static str, Value>,
}

impl Row for RowOf<'_> {
    fn get(&self, field: &str) -> Value {
        self.fields.get(field).cloned().unwrap_or(Value::Null)
    }

    fn related(&self, field: &str) -> Option<Box<dyn Row + '_>> {
        let Value::Text(id) = self.get(field) else { return None };
        let fields = &self.table.rows[*self.table.by_id.get(&id)?];
        if fields.get("account_id") != self.fields.get("account_id") {
            return None;
        }
        Some(Box::new(RowOf { table: self.table, fields }))
    }
}
