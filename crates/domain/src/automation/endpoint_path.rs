//! Paths of custom endpoints: what they may look like, and which paths of requests they mean.

use std::cmp::Reverse;
use std::collections::HashSet;

use serde_json::{Map, Value};

/// Most characters of a path.
pub const MAX_PATH_CHARS: usize = 500;

/// First segments that mean the server's own routes.
const RESERVED: [&str; 26] = [
    "auth",
    "collections",
    "accounts",
    "users",
    "roles",
    "permissions",
    "macros",
    "groups",
    "invitations",
    "api-keys",
    "dashboard",
    "audit-logs",
    "migrations",
    "admin",
    "oauth",
    "saml",
    "collection-rules",
    "email-templates",
    "files",
    "realtime",
    "webhooks",
    "jobs",
    "hooks",
    "endpoints",
    "records",
    "x",
];

/// The path of a custom endpoint. `:name` stands for at least one character within a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointPath {
    segments: Vec<Segment>,
}

/// What stands between two slashes: text, and parameters that text follows, which may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Segment {
    prefix: String,
    parameters: Vec<(String, String)>,
}

/// How exact a path is: the greater, the more of it is literal, from the left.
pub type Exactness = Vec<usize>;

impl EndpointPath {
    /// Reads a path.
    ///
    /// # Errors
    /// Why it may not be one, in a sentence.
    pub fn parse(path: &str) -> Result<Self, String> {
        let Some(relative) = path.strip_prefix('/') else {
            return Err("Path must start with '/'".to_owned());
        };
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || "_/:.-".contains(c);
        if !path.chars().all(is_allowed) {
            return Err("Path may only contain alphanumeric characters, -, _, /, : and .".to_owned());
        }
        if path.len() > MAX_PATH_CHARS {
            return Err(format!("Path must be at most {MAX_PATH_CHARS} characters"));
        }
        let first = relative.split('/').next().unwrap_or_default().to_ascii_lowercase();
        if RESERVED.contains(&first.as_str()) {
            return Err(format!("Path '{path}' conflicts with a built-in route prefix '/{first}'"));
        }
        let segments: Vec<_> = relative.split('/').map(Segment::parse).collect();
        let mut names = HashSet::new();
        let mut all = segments.iter().flat_map(|segment| &segment.parameters);
        if let Some((name, _)) = all.find(|(name, _)| !names.insert(name.as_str())) {
            return Err(format!("Duplicate path parameter ':{name}'"));
        }
        Ok(Self { segments })
    }

    /// The parameters of a path, already decoded, if it is meant.
    pub fn matches(&self, path: &str) -> Option<Map<String, Value>> {
        let mut given = path.strip_prefix('/')?.split('/');
        let mut found = Map::new();
        for segment in &self.segments {
            segment.take(given.next()?, &mut found)?;
        }
        given.next().is_none().then_some(found)
    }

    /// How exact it is, to choose among several that mean the same path.
    pub fn exactness(&self) -> Exactness {
        let of = |segment: &Segment| match segment.parameters.is_empty() {
            true => usize::MAX,
            false => {
                segment.prefix.len() + segment.parameters.iter().map(|(_, text)| text.len()).sum::<usize>()
            }
        };
        self.segments.iter().map(of).collect()
    }

    /// The names of its parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().flat_map(|segment| segment.parameters.iter().map(|(name, _)| name.as_str()))
    }

    /// The path with something in place of each parameter.
    pub fn filled(&self, mut value: impl FnMut(&str) -> String) -> String {
        let mut path = String::new();
        for segment in &self.segments {
            path.push('/');
            path.push_str(&segment.prefix);
            for (name, after) in &segment.parameters {
                path.push_str(&value(name));
                path.push_str(after);
            }
        }
        path
    }
}

impl Segment {
    fn parse(text: &str) -> Self {
        let mut segment = Self::default();
        let mut rest = text;
        while let Some(colon) = rest.find(':') {
            let name: &str = {
                let after = &rest[colon + 1..];
                let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
                &after[..after.find(|c| !is_part(c)).unwrap_or(after.len())]
            };
            // A colon that no name follows is text.
            if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
                segment.push_text(&rest[..=colon]);
                rest = &rest[colon + 1..];
                continue;
            }
            segment.push_text(&rest[..colon]);
            segment.parameters.push((name.to_owned(), String::new()));
            rest = &rest[colon + 1 + name.len()..];
        }
        segment.push_text(rest);
        segment
    }

    fn push_text(&mut self, text: &str) {
        match self.parameters.last_mut() {
            Some((_, after)) => after.push_str(text),
            None => self.prefix.push_str(text),
        }
    }

    /// Finds the parameters in a segment. Earlier ones take as much as they can, so it is read from the
    /// end, each text at its last place.
    fn take(&self, given: &str, found: &mut Map<String, Value>) -> Option<()> {
        let Some((_, last)) = self.parameters.last() else {
            return (given == self.prefix).then_some(());
        };
        let mut rest = given.strip_suffix(last.as_str())?;
        for (position, (name, _)) in self.parameters.iter().enumerate().rev() {
            let value = if position == 0 {
                rest.strip_prefix(self.prefix.as_str()).filter(|value| !value.is_empty())?
            } else {
                let before = &self.parameters[position - 1].1;
                // One character is the parameter's own.
                let (own, _) = rest.char_indices().next_back()?;
                let start = rest[..own].rfind(before.as_str())?;
                let value = &rest[start + before.len()..];
                rest = &rest[..start];
                value
            };
            found.insert(name.clone(), value.into());
        }
        Some(())
    }
}

/// Of those that mean a path, the one that is most literal from the left; of equals the first.
pub fn most_exact<'e, T>(
    candidates: impl IntoIterator<Item = &'e T>,
    path: impl Fn(&T) -> &EndpointPath,
    asked: &str,
) -> Option<(&'e T, Map<String, Value>)> {
    let matching = candidates.into_iter().filter_map(|one| Some((one, path(one).matches(asked)?)));
    matching.min_by_key(|(one, _)| Reverse(path(one).exactness()))
}

/// Decodes `%41` and the like; bytes that are no UTF-8 become U+FFFD.
pub fn percent_decoded(text: &str) -> String {
    let hex = |digit: Option<&u8>| digit.and_then(|digit| char::from(*digit).to_digit(16));
    let bytes = text.as_bytes();
    let (mut decoded, mut position) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(position) {
        let digits = hex(bytes.get(position + 1)).zip(hex(bytes.get(position + 2)));
        match digits.filter(|_| *byte == b'%').and_then(|(high, low)| u8::try_from(high * 16 + low).ok()) {
            Some(meant) => {
                decoded.push(meant);
                position += 3;
            }
            None => {
                decoded.push(*byte);
                position += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn matched(path: &str, asked: &str) -> Option<Value> {
        EndpointPath::parse(path).unwrap().matches(asked).map(Value::Object)
    }

    #[test]
    fn paths_that_may_not_be_are_refused() {
        let long = format!("/{}", "a".repeat(MAX_PATH_CHARS));
        for (path, reason) in [
            ("", "Path must start with '/'"),
            ("p", "Path must start with '/'"),
            ("/a b", "Path may only contain alphanumeric characters, -, _, /, : and ."),
            ("/é", "Path may only contain alphanumeric characters, -, _, /, : and ."),
            ("/auth/x", "Path '/auth/x' conflicts with a built-in route prefix '/auth'"),
            ("/AUTH/me", "Path '/AUTH/me' conflicts with a built-in route prefix '/auth'"),
            ("/x", "Path '/x' conflicts with a built-in route prefix '/x'"),
            ("/records", "Path '/records' conflicts with a built-in route prefix '/records'"),
            ("/a/:id/:id", "Duplicate path parameter ':id'"),
            ("/a/:id-:id", "Duplicate path parameter ':id'"),
            (&long, "Path must be at most 500 characters"),
        ] {
            assert_eq!(EndpointPath::parse(path), Err(reason.to_owned()), "{path}");
        }
        for path in ["/", "/authx", "/a//b/", "/:1", "/a:", "/:a:b", &long[..MAX_PATH_CHARS]] {
            assert!(EndpointPath::parse(path).is_ok(), "{path}");
        }
    }

    #[test]
    fn whole_paths_match_and_nothing_else() {
        for (path, asked, found) in [
            ("/", "/", Some(json!({}))),
            ("/a/:x", "/a/1", Some(json!({ "x": "1" }))),
            ("/a/:x", "/a/é ü", Some(json!({ "x": "é ü" }))),
            ("/a/:x", "/a/", None),
            ("/a/:x", "/a", None),
            ("/a/:x", "/a/1/", None),
            ("/a/:x", "/a/1/2", None),
            ("/a/:x", "/A/1", None),
            ("/a/:x", "a/1", None),
            ("/a/", "/a", None),
            ("/a/", "/a/", Some(json!({}))),
            ("/:1", "/:1", Some(json!({}))),
            ("/:1", "/x", None),
            ("/a.b", "/axb", None),
        ] {
            assert_eq!(matched(path, asked), found, "{path} {asked}");
        }
    }

    #[test]
    fn parameters_may_be_parts_of_segments() {
        for (path, asked, found) in [
            ("/v:n.json", "/v12.json", Some(json!({ "n": "12" }))),
            ("/v:n.json", "/v.json", None),
            ("/v:n.json", "/v12.jsonx", None),
            ("/:from-:to", "/a-b-c", Some(json!({ "from": "a-b", "to": "c" }))),
            ("/:from-:to", "/a-b-", Some(json!({ "from": "a", "to": "b-" }))),
            ("/:from-:to", "/-a-b", Some(json!({ "from": "-a", "to": "b" }))),
            ("/:from-:to", "/ab", None),
            ("/:a:b", "/éü", Some(json!({ "a": "é", "b": "ü" }))),
            ("/:a:b", "/é", None),
            ("/:a:1", "/x:1", Some(json!({ "a": "x" }))),
        ] {
            assert_eq!(matched(path, asked), found, "{path} {asked}");
        }
    }

    #[test]
    fn the_most_literal_from_the_left_wins() {
        let paths: Vec<_> = ["/:any/fixed", "/late/:id", "/late/v:id", "/late/fixed", "/:other/fixed"]
            .into_iter()
            .map(|path| EndpointPath::parse(path).unwrap())
            .collect();
        for (asked, winner) in
            [("/late/fixed", 3), ("/late/else", 1), ("/late/v2", 2), ("/early/fixed", 0), ("/late/v", 1)]
        {
            let (found, _) = most_exact(&paths, |path| path, asked).unwrap();
            assert_eq!(found, &paths[winner], "{asked}");
        }
        assert!(most_exact(&paths, |path| path, "/none").is_none());
    }

    #[test]
    fn many_parameters_take_no_time() {
        let path: String = (10..100).map(|n| format!(":p{n}-")).collect();
        let path = EndpointPath::parse(&format!("/{path}x")).unwrap();
        assert!(path.matches(&format!("/{}", "-".repeat(10_000))).is_none());
        assert!(path.matches(&format!("/{}x", "a-".repeat(5000))).is_some());
    }

    #[test]
    fn a_path_is_written_with_other_values() {
        let path = EndpointPath::parse("/a/:id/v:n.json").unwrap();
        assert_eq!(path.parameters().collect::<Vec<_>>(), ["id", "n"]);
        assert_eq!(path.filled(|name| format!("{{{name}}}")), "/a/{id}/v{n}.json");
        assert_eq!(EndpointPath::parse("/").unwrap().filled(|_| String::new()), "/");
    }

    #[test]
    fn what_is_encoded_is_decoded_once() {
        for (text, decoded) in [
            ("/a%20b+c", "/a b+c"),
            ("%C3%a9", "é"),
            ("%2541", "%41"),
            ("100%", "100%"),
            ("%zz%4", "%zz%4"),
            ("%ff", "\u{fffd}"),
        ] {
            assert_eq!(percent_decoded(text), decoded);
        }
    }
}
