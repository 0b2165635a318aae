//! The `snackbase` program.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    prefer_small_pages();
    snackbase_server::cli::run()
}

/// Where the system gives huge pages to whoever touches one byte of them, the allocator's arena
/// takes twice the memory that is used (`PR_SET_THP_DISABLE`, prctl(2)). It works without, too.
fn prefer_small_pages() {
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}
