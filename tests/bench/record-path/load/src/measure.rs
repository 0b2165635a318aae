//! Runs an operation from many tasks for a while, and takes figures.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};

use crate::Outcome;

/// How much is asked at once, and for how long.
#[derive(Clone, Copy)]
pub struct Load {
    pub tasks: usize,
    pub seconds: u64,
}

/// What was measured.
#[derive(Clone, Copy)]
pub struct Figures {
    per_second: f64,
    /// Milliseconds that half of the operations took at most.
    p50: f64,
    /// Milliseconds that 99 in 100 took at most.
    p99: f64,
    /// Microseconds of CPU of this process for each operation, user and system.
    cpu: f64,
}

/// Operations a second, both latencies, CPU.
impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0} {:.3} {:.3} {:.1}", self.per_second, self.p50, self.p99, self.cpu)
    }
}

/// CPU time of this process so far.
fn cpu() -> Outcome<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    let micros = |time: nix::sys::time::TimeVal| {
        Duration::from_secs(time.tv_sec().unsigned_abs())
            + Duration::from_micros(time.tv_usec().unsigned_abs())
    };
    Ok(micros(usage.user_time()) + micros(usage.system_time()))
}

impl Load {
    /// Runs `operation`, which gets a number that no other call gets.
    ///
    /// # Errors
    /// The first error of an operation.
    pub async fn run<F, O>(&self, operation: F) -> Outcome<Figures>
    where
        F: Fn(u64) -> O + Clone + Send + 'static,
        O: Future<Output = Outcome> + Send + 'static,
    {
        // Connections are opened and caches filled before the clock starts.
        let warm = Instant::now() + Duration::from_secs(1);
        let mut first = 0;
        while Instant::now() < warm {
            operation(spread(first)).await?;
            first += 1;
        }
        let numbers = Arc::new(AtomicU64::new(first));
        let (start, before) = (Instant::now(), cpu()?);
        let end = start + Duration::from_secs(self.seconds);
        let tasks: Vec<_> = (0..self.tasks)
            .map(|_| {
                let (operation, numbers) = (operation.clone(), Arc::clone(&numbers));
                tokio::spawn(async move {
                    let mut took = Vec::new();
                    while Instant::now() < end {
                        let begun = Instant::now();
                        operation(spread(numbers.fetch_add(1, Ordering::Relaxed))).await?;
                        took.push(begun.elapsed());
                    }
                    Ok::<_, Box<dyn std::error::Error + Send + Sync>>(took)
                })
            })
            .collect();
        let mut took = Vec::new();
        for task in tasks {
            took.extend(task.await??);
        }
        let (elapsed, spent) = (start.elapsed(), cpu()? - before);
        took.sort_unstable();
        let at = |share: f64| {
            let place = (took.len() as f64 * share) as usize;
            took.get(place.min(took.len().saturating_sub(1))).map_or(f64::NAN, |t| t.as_secs_f64() * 1e3)
        };
        let count = took.len() as f64;
        Ok(Figures {
            per_second: count / elapsed.as_secs_f64(),
            p50: at(0.5),
            p99: at(0.99),
            cpu: spent.as_secs_f64() * 1e6 / count,
        })
    }
}

/// Numbers spread over all 64 bits, each once (splitmix64: Steele, Lea and Flood 2014).
fn spread(n: u64) -> u64 {
    let mut z = n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
