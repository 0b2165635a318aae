//! How much memory the program takes.

use snackbase_application::ports::ProcessMemory;

/// Asks the system: `/proc/self/status` of Linux, none elsewhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct OwnMemory;

/// The number of kibibytes behind `VmRSS:` (proc_pid_status(5)), in bytes.
fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

impl ProcessMemory for OwnMemory {
    fn resident_bytes(&self) -> Option<u64> {
        resident(&std::fs::read_to_string("/proc/self/status").ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resident_set_is_read_in_bytes() {
        assert_eq!(resident("Name:\tx\nVmRSS:\t   52340 kB\nThreads:\t1\n"), Some(52_340 * 1024));
        assert_eq!(resident("Name:\tx\n"), None);
        assert!(OwnMemory.resident_bytes().is_none_or(|bytes| bytes > 1024 * 1024));
    }
}
