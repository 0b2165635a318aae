//! Any text is an expression or is refused: nothing panics, canonical text means the same
//! tree, and what passes the check can be bound, elaborated, evaluated and lowered.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| snackbase_fuzz::expression::hold(text));
