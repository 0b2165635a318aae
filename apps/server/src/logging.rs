//! Log lines: one JSON object each, or coloured text for people.

use std::fmt;
use std::fs::OpenOptions;
use std::io::{self, IsTerminal};
use std::sync::Arc;

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, MakeWriter};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt::layer};

use crate::settings::{Environment, LogFormat, LogLevel, Logging};

/// Starts logging to standard output, and to the file of the settings as well. Development always
/// has the console form. With `statements`, every SQL statement is logged, without its values.
///
/// # Errors
/// The file cannot be opened for appending. Logging that has been started before is kept.
pub fn init(settings: &Logging, environment: Environment, statements: bool) -> io::Result<()> {
    let format = match environment {
        Environment::Development => LogFormat::Console,
        Environment::Production | Environment::Testing => settings.format,
    };
    let file = match &settings.file {
        Some(path) => {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            Some(Arc::new(OpenOptions::new().create(true).append(true).open(path)?))
        }
        None => None,
    };
    let terminal = lines(format, io::stdout().is_terminal(), io::stdout);
    let kept = file.map(|file| lines(format, false, file));
    // A second start, as in tests, finds the first one's subscriber in place.
    let _ = tracing_subscriber::registry()
        .with(targets(settings.level, statements))
        .with(terminal)
        .with(kept)
        .try_init();
    Ok(())
}

/// The level counts for the server's own events; other crates speak from INFO on at most.
fn targets(level: LogLevel, statements: bool) -> Targets {
    let own = match level {
        LogLevel::Trace => LevelFilter::TRACE,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Warning => LevelFilter::WARN,
        LogLevel::Error | LogLevel::Critical => LevelFilter::ERROR,
    };
    let sql = if statements { LevelFilter::DEBUG } else { own };
    Targets::new()
        .with_default(own.min(LevelFilter::INFO))
        .with_target("snackbase", own)
        .with_target("snackbase::sql", sql)
}

fn lines<S, W>(format: LogFormat, colours: bool, writer: W) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    match format {
        LogFormat::Json => layer().event_format(JsonLines).with_writer(writer).boxed(),
        LogFormat::Console => layer().with_ansi(colours).with_writer(writer).boxed(),
    }
}

/// One JSON object a line: the event's own fields, then `level`, `logger`, `timestamp`, `message`.
struct JsonLines;

impl<S, N> FormatEvent<S, N> for JsonLines
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    N: for<'writer> FormatFields<'writer> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = Line::default();
        event.record(&mut line);
        let mut timestamp = String::with_capacity(32);
        SystemTime.format_time(&mut Writer::new(&mut timestamp))?;
        let metadata = event.metadata();
        let mut put = |key: &str, value: String| {
            line.fields.insert(key.to_owned(), Value::String(value));
        };
        put("level", level_name(*metadata.level()).to_owned());
        put("logger", metadata.target().to_owned());
        put("timestamp", timestamp);
        put("message", line.message);
        let text = serde_json::to_string(&line.fields).map_err(|_| fmt::Error)?;
        writeln!(writer, "{text}")
    }
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warning",
        Level::INFO => "info",
        Level::DEBUG => "debug",
        Level::TRACE => "trace",
    }
}

/// The fields of an event.
#[derive(Default)]
struct Line {
    fields: Map<String, Value>,
    message: String,
}

impl Line {
    fn put(&mut self, field: &Field, value: impl Into<Value>) {
        self.fields.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for Line {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            value.clone_into(&mut self.message);
        } else {
            self.put(field, value);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.message = format!("{value:?}");
        } else {
            self.put(field, format!("{value:?}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Mutex, PoisonError};

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Kept {
        fn text(&self) -> String {
            let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            String::from_utf8(kept.clone()).unwrap()
        }
    }

    impl Write for Kept {
        fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            kept.extend_from_slice(piece);
            Ok(piece.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(format: LogFormat, level: LogLevel, events: impl FnOnce()) -> String {
        let kept = Kept::default();
        let writer = kept.clone();
        let subscriber = tracing_subscriber::registry().with(targets(level, false)).with(lines(
            format,
            false,
            move || writer.clone(),
        ));
        tracing::subscriber::with_default(subscriber, events);
        kept.text()
    }

    #[test]
    fn a_json_line_has_the_fields_clients_of_the_log_expect() {
        let text = logged(LogFormat::Json, LogLevel::Info, || {
            let caller: Option<tracing::field::DisplayValue<&str>> = None;
            tracing::info!(
                target: "snackbase",
                method = "GET",
                path = "/a\"\nb",
                status_code = 200_u16,
                duration_ms = 1.25,
                user_id = caller,
                "Request completed"
            );
        });
        assert_eq!(text.lines().count(), 1);
        let line: Map<String, Value> = serde_json::from_str(&text).unwrap();
        let keys: Vec<_> = line.keys().map(String::as_str).collect();
        assert_eq!(
            keys,
            ["method", "path", "status_code", "duration_ms", "level", "logger", "timestamp", "message"]
        );
        assert_eq!(line["path"], "/a\"\nb");
        assert_eq!(line["status_code"], 200);
        assert_eq!(line["level"], "info");
        assert_eq!(line["logger"], "snackbase");
        assert_eq!(line["message"], "Request completed");
        assert!(line["timestamp"].as_str().unwrap().ends_with('Z'));
    }

    #[test]
    fn only_the_servers_own_events_are_logged_in_detail() {
        let events = || {
            tracing::debug!(target: "snackbase_storage::sqlite", "own");
            tracing::debug!(target: "sqlx::query", "other");
            tracing::warn!(target: "sqlx::query", "slow");
        };
        let text = logged(LogFormat::Console, LogLevel::Debug, events);
        assert!(text.contains("own") && !text.contains("other") && text.contains("slow"));
        assert_eq!(logged(LogFormat::Console, LogLevel::Error, events), "");
    }
}
