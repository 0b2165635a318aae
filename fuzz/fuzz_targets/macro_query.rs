//! Any text is the query of a stored macro or is refused: nothing panics, and what is written anew
//! is one statement without comments that names no table but those it says.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| snackbase_fuzz::macro_query::hold(text));
