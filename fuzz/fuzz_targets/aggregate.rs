//! Any text asks for an aggregate or is refused: functions, fields to group by and a condition about
//! groups, a line each. What is not refused can be elaborated, evaluated and lowered.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| snackbase_fuzz::aggregate::hold(text));
