//! Templates: texts with placeholders, `{{ name }}`.
//!
//! A placeholder whose name is known is replaced by its value as text; one that is not known stays as
//! it is written, so that mistakes show. What is filled in is never looked through for placeholders.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use super::ActingUser;
use crate::AccountId;

/// Most bytes that are filled into one template, all placeholders together.
pub const MAX_FILLED_BYTES: usize = 4 * 1024 * 1024;

/// What placeholders may name.
pub trait Names {
    /// The value of a name. `None`: there is no such name, and the placeholder stays; null: there is
    /// nothing to be seen.
    fn value(&self, name: &str) -> Option<Cow<'_, Value>>;
}

/// A part of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part<'t> {
    Text(&'t str),
    /// A placeholder as it is written, and the name in it.
    Placeholder(&'t str, &'t str),
}

/// The parts of a text, in order. The last two braces before a closing open it.
fn parts(text: &str) -> Vec<Part<'_>> {
    let (mut parts, mut rest) = (Vec::new(), text);
    while let Some(close) = rest.find("}}") {
        let end = close + 2;
        match rest[..close].rfind("{{") {
            Some(open) => {
                parts.push(Part::Text(&rest[..open]));
                parts.push(Part::Placeholder(&rest[open..end], rest[open + 2..close].trim()));
            }
            None => parts.push(Part::Text(&rest[..end])),
        }
        rest = &rest[end..];
    }
    parts.push(Part::Text(rest));
    parts.retain(|part| *part != Part::Text(""));
    parts
}

/// Whether a text has placeholders.
pub fn is_template(text: &str) -> bool {
    parts(text).iter().any(|part| matches!(part, Part::Placeholder(..)))
}

/// The name in a text that is one placeholder and nothing else.
pub fn single(text: &str) -> Option<&str> {
    match parts(text.trim()).as_slice() {
        [Part::Placeholder(_, name)] => Some(name),
        _ => None,
    }
}

/// Fills in a text.
pub fn render(text: &str, names: &dyn Names) -> String {
    Filling::new(names).text(text)
}

/// Fills in a text that is JSON: what stands within a JSON string, after an odd number of unescaped
/// quotation marks, is escaped, so that no value ends the string.
pub fn render_json_text(text: &str, names: &dyn Names) -> String {
    let mut filling = Filling::new(names);
    let mut out = String::with_capacity(text.len());
    let mut within = false;
    for part in parts(text) {
        match part {
            Part::Text(text) => {
                within ^= quotation_marks(text) % 2 == 1;
                out.push_str(text);
            }
            Part::Placeholder(written, name) => match filling.value(name) {
                Some(value) if within => {
                    // A lone backslash before it would take the first character's escape away.
                    if trailing_backslashes(&out) % 2 == 1 {
                        out.push('\\');
                    }
                    let quoted = Value::String(value).to_string();
                    out.push_str(&quoted[1..quoted.len() - 1]);
                }
                Some(value) => out.push_str(&value),
                None => out.push_str(written),
            },
        }
    }
    out
}

fn trailing_backslashes(text: &str) -> usize {
    text.bytes().rev().take_while(|byte| *byte == b'\\').count()
}

/// How many quotation marks of a JSON text no backslash precedes.
fn quotation_marks(text: &str) -> usize {
    let (mut escaped, mut marks) = (false, 0);
    for c in text.chars() {
        marks += usize::from(c == '"' && !escaped);
        escaped = c == '\\' && !escaped;
    }
    marks
}

/// Fills in all texts of a value, at any depth; keys stay.
pub fn render_value(value: &Value, names: &dyn Names) -> Value {
    Filling::new(names).json(value)
}

/// The same for the members of an object.
pub fn render_members(members: &Map<String, Value>, names: &dyn Names) -> Map<String, Value> {
    Filling::new(names).members(members)
}

/// Fills in one template. What is filled in has a limit: else results that are put into the next
/// template twice would double from one to the next.
struct Filling<'a> {
    names: &'a dyn Names,
    /// How many bytes may still be filled in.
    room: usize,
}

impl<'a> Filling<'a> {
    fn new(names: &'a dyn Names) -> Self {
        Self { names, room: MAX_FILLED_BYTES }
    }

    /// What a name stands for. One that would go beyond the limit is like one that is not known.
    fn value(&mut self, name: &str) -> Option<String> {
        let text = text_of(&*self.names.value(name)?);
        self.room = self.room.checked_sub(text.len())?;
        Some(text)
    }

    fn text(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for part in parts(text) {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Placeholder(written, name) => match self.value(name) {
                    Some(value) => out.push_str(&value),
                    None => out.push_str(written),
                },
            }
        }
        out
    }

    fn json(&mut self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(items) => items.iter().map(|item| self.json(item)).collect(),
            Value::Object(members) => Value::Object(self.members(members)),
            other => other.clone(),
        }
    }

    fn members(&mut self, members: &Map<String, Value>) -> Map<String, Value> {
        members.iter().map(|(key, value)| (key.clone(), self.json(value))).collect()
    }
}

/// A value as text: objects and lists as JSON, whole numbers without a fraction, null empty.
pub fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.as_f64() {
            // Beyond that not every whole number can be told from its neighbours.
            Some(n) if !number.is_i64() && !number.is_u64() && n.fract() == 0.0 && n.abs() < 1e15 => {
                format!("{n:.0}")
            }
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}

/// What stands within a value at a path of keys and positions in lists, separated by dots; null where
/// there is nothing.
pub fn descend<'v>(value: &'v Value, path: &str) -> &'v Value {
    static NOTHING: Value = Value::Null;
    let step = |value: &'v Value, key: &str| match value {
        Value::Object(members) => members.get(key),
        Value::Array(items) => key.parse::<usize>().ok().and_then(|position| items.get(position)),
        _ => None,
    };
    path.split('.').try_fold(value, step).unwrap_or(&NOTHING)
}

/// The names that definitions know where they stand.
///
/// `now` and `auth.user_id`, `auth.email`, `auth.account_id` are known everywhere; the rest are roots
/// that are set: `record.title` looks into the root `record`. Where actions have results,
/// `actions[0].result` names them.
#[derive(Clone, Debug)]
pub struct Scope {
    now: Value,
    auth: Value,
    roots: BTreeMap<&'static str, Value>,
    /// What the actions so far came to.
    actions: Option<Vec<Value>>,
}

impl Scope {
    /// The names known everywhere.
    pub fn new(now: DateTime<Utc>, user: Option<&ActingUser>, account: AccountId) -> Self {
        let auth = json!({
            "user_id": user.map(|user| user.id.to_string()),
            "email": user.map(|user| user.email.clone()),
            "account_id": account.to_string(),
        });
        let now = now.to_rfc3339_opts(SecondsFormat::Micros, false).into();
        Self { now, auth, roots: BTreeMap::new(), actions: None }
    }

    /// With the results of actions.
    #[must_use]
    pub fn with_actions(self) -> Self {
        Self { actions: Some(Vec::new()), ..self }
    }

    /// Makes a root known.
    pub fn set(&mut self, root: &'static str, value: Value) {
        self.roots.insert(root, value);
    }

    /// Notes what the next action came to.
    pub fn push_action(&mut self, result: Value) {
        self.actions.get_or_insert_default().push(result);
    }

    fn action(&self, rest: &str) -> Option<Cow<'_, Value>> {
        let results = self.actions.as_ref()?;
        let (position, rest) = rest.strip_prefix('[')?.split_once(']')?;
        let result = position.parse::<usize>().ok().map(|position| results.get(position))?;
        let path = rest.strip_prefix(".result")?;
        let path = match path.strip_prefix('.') {
            None if path.is_empty() => "",
            None => return None,
            Some(path) => path,
        };
        Some(match result {
            None => Cow::Owned(Value::Null),
            Some(result) if path.is_empty() => Cow::Borrowed(result),
            Some(result) => Cow::Borrowed(descend(result, path)),
        })
    }
}

impl Names for Scope {
    fn value(&self, name: &str) -> Option<Cow<'_, Value>> {
        if name == "now" {
            return Some(Cow::Borrowed(&self.now));
        }
        if let Some(rest) = name.strip_prefix("actions")
            && rest.starts_with('[')
        {
            return self.action(rest);
        }
        let (root, path) = match name.split_once('.') {
            Some((root, path)) => (root, Some(path)),
            None => (name, None),
        };
        if root == "auth" {
            let path = path.filter(|path| self.auth.get(*path).is_some())?;
            return Some(Cow::Borrowed(descend(&self.auth, path)));
        }
        let value = self.roots.get(root)?;
        match path {
            Some(path) => Some(Cow::Borrowed(descend(value, path))),
            // Of objects parts are named, of what is none the whole.
            None => (!value.is_object()).then_some(Cow::Borrowed(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UserId;
    use uuid::Uuid;

    fn scope() -> Scope {
        let user = ActingUser { id: UserId::new(Uuid::nil()), email: "a@example.org".to_owned() };
        let now = DateTime::from_timestamp_micros(1_763_890_776_767_709).unwrap();
        let mut scope = Scope::new(now, Some(&user), AccountId::SYSTEM).with_actions();
        scope.set(
            "record",
            json!({ "title": "A \"b\"\n", "n": 2.0, "x": 1.5, "big": 12345678901234567890u64, "ok": true,
                "none": null, "tags": ["x", {"q": [7]}], "evil": "{{ record.title }}", "quote": "\"" }),
        );
        scope.push_action(json!([{ "title": "first" }]));
        scope
    }

    #[test]
    fn placeholders_become_values_as_text() {
        let scope = scope();
        for (template, text) in [
            ("{{record.n}}/{{ record.x }}/{{  record.ok}}", "2/1.5/true"),
            ("{{record.big}}", "12345678901234567890"),
            ("[{{record.none}}{{record.absent}}{{record.n.deeper}}]", "[]"),
            (
                "{{record.tags}} {{record.tags.0}} {{record.tags.1.q.0}} {{record.tags.9}}",
                "[\"x\",{\"q\":[7]}] x 7 ",
            ),
            (
                "{{ unknown }} {{record}} {{auth.password}} {{}}",
                "{{ unknown }} {{record}} {{auth.password}} {{}}",
            ),
            ("{{actions[0].result}}", "[{\"title\":\"first\"}]"),
            (
                "{{actions[0].result.0.title}}|{{actions[1].result}}|{{actions[x].result}}",
                "first||{{actions[x].result}}",
            ),
            ("{{auth.email}} {{now}}", "a@example.org 2025-11-23T09:39:36.767709+00:00"),
            ("{{{record.n}}} {{a {{record.n}}", "{2} {{a 2"),
            ("{{record.evil}}", "{{ record.title }}"),
            ("open {{record.n", "open {{record.n"),
            ("é{{record.n}}é", "é2é"),
        ] {
            assert_eq!(render(template, &scope), text, "{template}");
        }
    }

    #[test]
    fn nothing_that_is_filled_in_ends_a_json_string() {
        let scope = scope();
        for (template, text) in [
            ("{\"t\": \"{{record.title}}\", \"n\": {{record.n}}}", "{\"t\": \"A \\\"b\\\"\\n\", \"n\": 2}"),
            ("{\"\\\"{{record.title}}\": 1}", "{\"\\\"A \\\"b\\\"\\n\": 1}"),
            ("{{record.tags}}", "[\"x\",{\"q\":[7]}]"),
            ("\"\\{{record.quote}}\"", "\"\\\\\\\"\""),
        ] {
            assert_eq!(render_json_text(template, &scope), text, "{template}");
        }
    }

    #[test]
    fn values_are_filled_in_at_any_depth_and_keys_stay() {
        let value = json!({ "{{record.n}}": ["{{record.n}}", { "a": "{{record.ok}}" }], "k": 5 });
        let filled = json!({ "{{record.n}}": ["2", { "a": "true" }], "k": 5 });
        assert_eq!(render_value(&value, &scope()), filled);
    }

    #[test]
    fn a_single_placeholder_is_told_from_more() {
        assert_eq!(single(" {{ trigger.list }} "), Some("trigger.list"));
        for text in ["{{a}}{{b}}", "a {{b}}", "text", "", "{{a"] {
            assert_eq!(single(text), None, "{text}");
        }
        assert!(is_template("a {{b}}") && !is_template("a {b} }}{{"));
    }

    #[test]
    fn what_is_filled_in_has_a_limit() {
        let mut scope = scope();
        scope.set("record", json!({ "half": "x".repeat(MAX_FILLED_BYTES / 2), "one": "1" }));
        let filled = render("{{record.half}}{{record.half}}{{record.one}}", &scope);
        assert_eq!(filled.len(), MAX_FILLED_BYTES + "{{record.one}}".len());
        let list = render_value(&json!(["{{record.half}}", "{{record.half}}", "{{record.half}}"]), &scope);
        assert_eq!(list[2], "{{record.half}}");
    }

    #[test]
    fn hostile_texts_end() {
        let long = "{".repeat(100_000);
        assert_eq!(render(&long, &scope()), long);
        let pairs = "{{".repeat(50_000) + &"}}".repeat(50_000);
        assert_eq!(render(&pairs, &scope()).len(), pairs.len());
    }
}
