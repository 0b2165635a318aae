//! Templates in the language of Jinja 2, by minijinja.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value as Filled};
use minijinja::{AutoEscape, Environment, Error, Output, State, UndefinedBehavior};
use serde_json::{Map, Value};
use snackbase_application::ports::{TemplateEngine, TemplateFault, TemplateTarget};

/// How much work one text may be: about one for each instruction and for each 64
/// bytes that are made, so that some megabytes and milliseconds are the most.
const FUEL: u64 = 50_000;
/// How deep calls and loops within each other may go.
const MAX_DEPTH: usize = 100;

/// Fills templates in the language of Jinja 2: variables, filters, tests, `if`,
/// `for` and `set`. They cannot include others, and see nothing but their
/// variables. Line breaks after block tags and blanks before these go away.
pub struct JinjaTemplates {
    html: Environment<'static>,
    text: Environment<'static>,
}

impl Default for JinjaTemplates {
    fn default() -> Self {
        Self { html: environment(AutoEscape::Html), text: environment(AutoEscape::None) }
    }
}

fn environment(escape: AutoEscape) -> Environment<'static> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()
        .expect("whitespace is no matter of contradiction");
    environment.set_syntax(syntax);
    environment.set_undefined_behavior(UndefinedBehavior::Lenient);
    environment.set_auto_escape_callback(move |_| escape.clone());
    environment.set_formatter(write_value);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(MAX_DEPTH);
    environment.add_filter("escape", escape_filter);
    environment.add_filter("e", escape_filter);
    environment
}

impl TemplateEngine for JinjaTemplates {
    fn render(
        &self,
        template: &str,
        variables: &Map<String, Value>,
        target: TemplateTarget,
    ) -> Result<String, TemplateFault> {
        let environment = match target {
            TemplateTarget::Html => &self.html,
            TemplateTarget::Text => &self.text,
        };
        let rendered = environment.render_named_str("template", template, Filled::from(Serde(variables)));
        rendered.map_err(|error| TemplateFault(reason(&error)))
    }
}

/// What is wrong, and where.
fn reason(error: &Error) -> String {
    let what = match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    };
    match error.line() {
        Some(line) => format!("{what} (line {line})"),
        None => what,
    }
}

/// Writes what `{{ … }}` gives. None is nothing, as what is not known is.
fn write_value(out: &mut Output, state: &mut State, value: &Filled) -> Result<(), Error> {
    if value.is_none() || value.is_undefined() {
        return Ok(());
    }
    let escaped = matches!(state.auto_escape(), AutoEscape::Html) && !value.is_safe();
    let written = match value.as_str() {
        Some(text) if escaped => out.write_str(&escape(text)),
        Some(text) => out.write_str(text),
        None if escaped => out.write_str(&escape(&value.to_string())),
        None => out.write_str(&value.to_string()),
    };
    written.map_err(Error::from)
}

fn escape_filter(value: &Filled) -> Filled {
    if value.is_safe() {
        return value.clone();
    }
    if value.is_none() || value.is_undefined() {
        return Filled::from_safe_string(String::new());
    }
    Filled::from_safe_string(escape(&value.to_string()))
}

/// Text as it stands in HTML, within an attribute in quotes too. Slashes stay, so
/// that links can be read in the source.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&#34;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn render_for(target: TemplateTarget, template: &str, variables: Value) -> Result<String, String> {
        let engine = JinjaTemplates::default();
        let variables = variables.as_object().unwrap();
        engine.render(template, variables, target).map_err(|fault| fault.to_string())
    }

    fn text(template: &str, variables: Value) -> String {
        render_for(TemplateTarget::Text, template, variables).unwrap()
    }

    #[test]
    fn the_language_is_that_of_jinja() {
        let table = [
            ("{{ a }}|{{ b|default('x') }}|{{ a|upper|lower|title }}", "ann|x|Ann"),
            ("{{ a|length }}{{ ' t '|trim }}{{ a|replace('n', 'm') }}", "3tamm"),
            ("{{ list|join('-') }} {{ list|first }} {{ list|last }}", "1-2-3 1 3"),
            ("{% if a == 'bob' %}B{% elif n > 1 and not x %}N{% else %}E{% endif %}", "N"),
            ("{% for i in list %}{{ loop.index }}:{{ i * 2 }} {% else %}none{% endfor %}", "1:2 2:4 3:6 "),
            ("{% for i in items %}{{ i }}{% else %}none{% endfor %}", "none"),
            ("{% set full = a ~ '!' %}{{ full }}{# not seen #}", "ann!"),
            ("{{ n + 1 }} {{ 7 // 2 }} {{ 7 % 4 }} {{ n >= 2 }}", "3 3 3 True"),
            ("{{ map.key }}{{ map['key'] }}{{ map.nothing }}{{ nothing }}{{ none }}", "vv"),
            ("a\n  {% if a %}\n b\n  {% endif %}\nc\n", "a\n b\nc"),
            ("{{ '<b>' }}", "<b>"),
            ("{{ '<b>'|escape }} {{ '<b>'|e|safe }}", "&lt;b&gt; &lt;b&gt;"),
        ];
        for (template, expected) in table {
            let variables = json!({ "a": "ann", "n": 2, "list": [1, 2, 3], "map": { "key": "v" } });
            assert_eq!(text(template, variables), expected, "{template}");
        }
    }

    #[test]
    fn values_are_escaped_in_html_only() {
        let variables = json!({ "n": "a & <b> \"q\" 'p' /x" });
        let html = render_for(TemplateTarget::Html, "{{ n }}|{{ n|safe }}|{{ n|e }}", variables.clone());
        let escaped = "a &amp; &lt;b&gt; &#34;q&#34; &#39;p&#39; /x";
        assert_eq!(html.unwrap(), format!("{escaped}|a & <b> \"q\" 'p' /x|{escaped}"));
        assert_eq!(text("{{ n }}", variables), "a & <b> \"q\" 'p' /x");
    }

    #[test]
    fn variables_are_never_read_as_templates() {
        let variables = json!({ "n": "{{ secret }}{% for %}", "secret": "s" });
        assert_eq!(text("{{ n }}", variables), "{{ secret }}{% for %}");
    }

    #[test]
    fn what_cannot_be_is_told_with_its_line() {
        for template in [
            "\n{{ broken",
            "\n{% if %}",
            "\n{{ nothing.at.all }}",
            "\n{{ ''.__class__.__mro__ }}",
            "\n{{ a|no_such_filter }}",
            "\n{{ no_such_function() }}",
            "\n{{ 1 / 'x' }}",
            "\n{% include 'x' %}",
            "\n{% import 'x' as y %}",
        ] {
            let fault = render_for(TemplateTarget::Text, template, json!({ "a": "x" })).unwrap_err();
            assert!(fault.contains("(line 2)"), "{template}: {fault}");
        }
        assert_eq!(text("{{ ''.__class__ }}", json!({})), "", "prints as nothing");
    }

    #[test]
    fn work_and_size_are_bounded() {
        let doubling = format!("{{% set x = 'aaaaaaaa' %}}{}", "{% set x = x ~ x %}".repeat(40));
        let replacing = format!("{{% set x = 'aaaaaaaa' %}}{}", "{% set x = x|replace('a', x) %}".repeat(8));
        let blocks =
            format!("{{% set x = 'aaaaaaaa' %}}{}", "{% set x %}{{ x }}{{ x }}{% endset %}".repeat(40));
        let nested = format!("{}1{}", "(".repeat(5000), ")".repeat(5000));
        let recursive = "{% macro f(x) %}{{ f(x ~ x) }}{% endmacro %}{{ f('aaaa') }}".to_owned();
        for template in [
            "{% for i in range(100000) %}{% for j in range(100000) %}x{% endfor %}{% endfor %}".to_owned(),
            "{{ 'x' * 1000000000 }}".to_owned(),
            "{{ range(100000)|list * 100000 }}".to_owned(),
            "{% for i in range(9999) %}{{ 'x' * 10000 }}{% endfor %}".to_owned(),
            doubling,
            replacing,
            blocks,
            recursive,
            format!("{{{{ {nested} }}}}"),
        ] {
            let start = std::time::Instant::now();
            let fault = render_for(TemplateTarget::Text, &template, json!({}));
            assert!(fault.is_err(), "{template:.60}");
            assert!(start.elapsed().as_secs() < 5, "{template:.60}");
        }
        let long = "x".repeat(1 << 20);
        assert_eq!(text("{{ n }}", json!({ "n": long })).len(), 1 << 20, "a long letter passes");
    }
}
