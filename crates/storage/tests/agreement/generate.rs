//! Random schemas, rows and expressions.

use std::collections::BTreeMap;

use chrono::DateTime;
use snackbase_rules::functions::parse_instant;
use snackbase_rules::search::SearchQuery;
use snackbase_rules::{
    ArithOp, CompareOp, Expr, FieldDef, FieldKind, Literal, ReturnType, Row, Schema, Span, Value,
};

const TEXT_FIELDS: [&str; 4] = ["t", "u", "ref", "id"];
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

    fn field(&mut self, computed: bool) -> Expr {
        Expr::field(match self.below(if computed { 14 } else { 11 }) {
            0..4 => self.pick(&TEXT_FIELDS),
            4..6 => self.pick(&NUMBER_FIELDS),
            6..8 => self.pick(&BOOL_FIELDS),
            8..10 => self.pick(&TIME_FIELDS),
            10 => "j",
            _ => self.pick(&COMPUTED).0,
        })
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
            10 if self.chance(50) => {
                let query = Expr::text(self.search());
                Expr::compare(CompareOp::Matches, Expr::field(self.pick(&SEARCHABLE)), query)
            }
            10 => Expr::IsEmpty { expr: Box::new(sub(self)), negated: self.chance(50) },
            _ => self.call(depth, computed),
        }
    }

    /// An operand that may be comparable with `other`.
    fn partner(&mut self, other: &Expr) -> Expr {
        match other {
            Expr::Field { name, .. } if TIME_FIELDS.contains(&name.as_str()) => {
                if self.chance(50) {
                    Expr::text(self.time())
                } else {
                    Expr::field(self.pick(&TIME_FIELDS))
                }
            }
            Expr::Field { name, .. } if NUMBER_FIELDS.contains(&name.as_str()) => {
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

    pub fn row(&mut self) -> Record {
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
        Record(fields)
    }

    pub fn schema(&mut self) -> Schema {
        let mut fields = vec![FieldDef::new("j", FieldKind::Json)];
        fields.extend(["t", "u"].map(|name| FieldDef::new(name, FieldKind::Text)));
        fields.push(FieldDef::new("ref", FieldKind::Reference));
        fields.extend(NUMBER_FIELDS.map(|name| FieldDef::new(name, FieldKind::Number)));
        fields.extend(BOOL_FIELDS.map(|name| FieldDef::new(name, FieldKind::Boolean)));
        fields.push(FieldDef::new("at", FieldKind::Datetime));
        fields.push(FieldDef::new("d", FieldKind::Date));
        for (name, returns) in COMPUTED {
            fields.push(FieldDef::computed(name, returns, self.expr(3, false)));
        }
        Schema::new(fields).with_searchable(SEARCHABLE)
    }
}

/// A row of the table.
#[derive(Debug)]
pub struct Record(pub BTreeMap<&'static str, Value>);

impl Row for Record {
    fn get(&self, field: &str) -> Value {
        self.0.get(field).cloned().unwrap_or(Value::Null)
    }
}
