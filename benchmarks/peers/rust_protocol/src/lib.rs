//! What every Rust peer shares: arguments, the measured section, percentiles
//! of raw samples and the one line of JSON.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::exit;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

const KEYS: [&str; 9] = [
    "api",
    "backoff_ms",
    "body",
    "kind",
    "policy",
    "slots",
    "subscribers",
    "threads",
    "workers",
];

pub struct Args {
    pub workload: String,
    pub n: usize,
    params: BTreeMap<String, String>,
}

impl Args {
    /// `<workload> <n> [<key>=<value>]...`; exits with 2 if it is not that.
    pub fn parse() -> Self {
        let mut words = std::env::args().skip(1);
        let (Some(workload), Some(n)) = (words.next(), words.next()) else {
            unknown("usage: run <workload> <n> [<key>=<value>]...");
        };
        let Ok(n) = n.parse() else {
            unknown(&format!("n is not a count: {n}"));
        };
        let mut params = BTreeMap::new();
        for word in words {
            match word.split_once('=') {
                Some((key, value)) if KEYS.contains(&key) => {
                    params.insert(key.into(), value.into())
                }
                _ => unknown(&format!("not <key>=<value> with a known key: {word}")),
            };
        }
        Self { workload, n, params }
    }

    pub fn text<'a>(&'a self, key: &str, otherwise: &'a str) -> &'a str {
        self.params.get(key).map_or(otherwise, String::as_str)
    }

    pub fn count(&self, key: &str, otherwise: usize) -> usize {
        let text = self.text(key, "");
        if text.is_empty() {
            return otherwise;
        }
        text.parse().unwrap_or_else(|_| unknown(&format!("{key} is not a count: {text}")))
    }

    /// How many items the unmeasured first turn has.
    pub fn warm_up(&self) -> usize {
        (self.n / 10).min(1000)
    }
}

/// Ends the program: what was asked is not of the protocol.
pub fn unknown(what: &str) -> ! {
    eprintln!("{what}");
    exit(2)
}

/// Ends the program: the peer has no counterpart for these parameters.
pub fn absent(why: &str) -> ! {
    eprintln!("{why}");
    exit(3)
}

/// Ends the program: a wrong program has no speed.
pub fn wrong(what: &str) -> ! {
    eprintln!("wrong result: {what}");
    exit(1)
}

pub fn check(right: bool, what: &str) {
    if !right {
        wrong(what);
    }
}

pub fn check_count(what: &str, got: usize, expected: usize) {
    check(got == expected, &format!("{what}: {got} instead of {expected}"));
}

/// The measured section: begin() at its start, end() at its end.
pub struct Section {
    wall: Instant,
    cpu: Duration,
}

impl Section {
    pub fn begin() -> Self {
        Self { cpu: cpu_time(), wall: Instant::now() }
    }

    pub fn end(self) -> Report {
        Report {
            wall: self.wall.elapsed(),
            cpu: cpu_time() - self.cpu,
            ops: None,
            extra: String::new(),
        }
    }
}

pub struct Report {
    wall: Duration,
    cpu: Duration,
    ops: Option<usize>,
    extra: String,
}

impl Report {
    /// Operations of the section, where that is not n.
    pub fn ops(mut self, ops: usize) -> Self {
        self.ops = Some(ops);
        self
    }

    pub fn percentiles(self, mut samples: Vec<u64>) -> Self {
        if samples.is_empty() {
            return self;
        }
        samples.sort_unstable();
        let at = |q: f64| {
            samples[(samples.len() - 1).min((samples.len() as f64 * q) as usize)]
        };
        let (p50, p99) = (at(0.50), at(0.99));
        self.field("p50_s", p50 as f64 * 1e-9).field("p99_s", p99 as f64 * 1e-9)
    }

    pub fn field(mut self, key: &str, value: f64) -> Self {
        write!(self.extra, ",\"{key}\":{value:.9}").unwrap();
        self
    }

    pub fn print(self, implementation: &str, args: &Args) {
        let params: Vec<_> = args
            .params
            .iter()
            .map(|(key, value)| format!("\"{key}\":\"{value}\""))
            .collect();
        println!(
            "{{\"workload\":\"{}\",\"impl\":\"{implementation}\",\"n\":{},\"params\":{{{}}},\
             \"ops\":{},\"wall_s\":{:.9},\"cpu_s\":{:.6},\"peak_bytes\":{}{}}}",
            args.workload,
            args.n,
            params.join(","),
            self.ops.unwrap_or(args.n),
            self.wall.as_secs_f64(),
            self.cpu.as_secs_f64(),
            memory("VmHWM:"),
            self.extra,
        );
    }
}

/// The sample whose wall time is the median, with the mean of the CPU times.
pub fn median(mut samples: Vec<Report>) -> Report {
    let cpu =
        samples.iter().map(|sample| sample.cpu).sum::<Duration>() / samples.len() as u32;
    samples.sort_by_key(|sample| sample.wall);
    let middle = samples.swap_remove(samples.len() / 2);
    Report { cpu, ..middle }
}

pub fn resident_bytes() -> usize {
    memory("VmRSS:")
}

fn memory(field: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix(field))
        .and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<usize>().ok())
        .map_or(0, |kilobytes| kilobytes * 1024)
}

fn cpu_time() -> Duration {
    let mut usage = unsafe { std::mem::zeroed::<libc::rusage>() };
    unsafe { libc::getrusage(libc::RUSAGE_SELF, &mut usage) };
    let time = |t: libc::timeval| {
        Duration::from_secs(t.tv_sec as u64) + Duration::from_micros(t.tv_usec as u64)
    };
    time(usage.ru_utime) + time(usage.ru_stime)
}

/// One span per item: from its mark to its settling.
pub struct Moments {
    epoch: Instant,
    began: Vec<AtomicU64>,
    took: Vec<AtomicU64>,
}

impl Moments {
    pub fn new(n: usize) -> Self {
        let zeros = || (0..n).map(|_| AtomicU64::new(0)).collect();
        Self { epoch: Instant::now(), began: zeros(), took: zeros() }
    }

    pub fn mark(&self, i: usize) {
        self.began[i].store(self.now(), Ordering::Release);
    }

    pub fn settle(&self, i: usize) {
        let took = self.now() - self.began[i].load(Ordering::Acquire);
        self.keep(i, Duration::from_nanos(took));
    }

    pub fn keep(&self, i: usize, took: Duration) {
        self.took[i].store(took.as_nanos().max(1) as u64, Ordering::Release);
    }

    /// The spans of the items that settled, in nanoseconds.
    pub fn samples(&self) -> Vec<u64> {
        self.took
            .iter()
            .map(|took| took.load(Ordering::Acquire))
            .filter(|&t| t != 0)
            .collect()
    }

    fn now(&self) -> u64 {
        self.epoch.elapsed().as_nanos() as u64
    }
}

/// Counts up to a goal; one task waits until it is reached.
#[derive(Default)]
pub struct Goal {
    count: AtomicUsize,
    goal: AtomicUsize,
    reached: Notify,
}

impl Goal {
    pub fn of(goal: usize) -> Arc<Self> {
        let it = Self::default();
        it.expect(goal);
        Arc::new(it)
    }

    /// Starts anew. Nothing may hit it before the next goal is set.
    pub fn expect(&self, goal: usize) {
        self.count.store(0, Ordering::Release);
        self.goal.store(goal, Ordering::Release);
    }

    pub fn hit(&self) {
        let count = self.count.fetch_add(1, Ordering::AcqRel) + 1;
        if count == self.goal.load(Ordering::Acquire) {
            self.reached.notify_one();
        }
    }

    pub fn count(&self) -> usize {
        self.count.load(Ordering::Acquire)
    }

    /// Ends the program if the goal is not reached within 100 seconds.
    pub async fn reached(&self) {
        let goal = self.goal.load(Ordering::Acquire);
        while self.count() < goal {
            let waiting = self.reached.notified();
            if tokio::time::timeout(Duration::from_secs(100), waiting).await.is_err() {
                wrong(&format!("only {} of {goal} were seen", self.count()));
            }
        }
    }
}

/// Runs the measurement on a worker of Tokio's default scheduler, and prints its
/// line. workers=1 is the single-threaded scheduler.
pub fn measure<Fut>(implementation: &str, args: Arc<Args>, measurement: Fut) -> !
where
    Fut: Future<Output = Report> + Send + 'static,
{
    let mut builder = match args.count("workers", 0) {
        1 => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    if args.count("workers", 0) > 1 {
        builder.worker_threads(args.count("workers", 0));
    }
    let runtime = builder.enable_all().build().expect("a Tokio runtime");
    match runtime.block_on(async { tokio::spawn(measurement).await }) {
        Ok(report) => report.print(implementation, &args),
        Err(error) => wrong(&error.to_string()),
    }
    exit(0)
}
