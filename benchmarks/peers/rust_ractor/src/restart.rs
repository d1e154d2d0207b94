//! From a failure to the next attempt's first line. The crate's supervisor
//! sleeps for 10 ms before each restart, one after the other.

use crate::supervise::*;
use ractor_supervisor::*;
use rust_protocol::{Args, Goal, Moments, Report, Section, absent, check_count};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;

fn restarted(name: String) -> TaskOptions {
    TaskOptions::new().name(name).restart_policy(Restart::Transient)
}

/// More would take minutes.
fn check_size(args: &Args) {
    if args.n > 1000 {
        absent("it sleeps 10 ms before each restart: at most 1000 of them");
    }
}

async fn fail_often(sup: &Sup, name: &str, n: usize) -> Vec<u64> {
    let (moments, over) = (Arc::new(Moments::new(n)), Goal::of(1));
    let (kept, ended, attempts) = (moments.clone(), over.clone(), AtomicUsize::new(0));
    let body = move || {
        let attempt = attempts.fetch_add(1, Ordering::Relaxed);
        let (moments, over) = (kept.clone(), ended.clone());
        async move {
            if attempt > 0 {
                moments.settle(attempt - 1);
            }
            if attempt == n {
                over.hit();
                return Ok(());
            }
            moments.mark(attempt);
            Err("as asked".into())
        }
    };
    add_as(sup, body, restarted(name.into())).await;
    over.reached().await;
    moments.samples()
}

pub async fn one(args: &Args) -> Report {
    check_size(args);
    let sup = supervisor().await;
    fail_often(&sup, "w", args.warm_up()).await;
    let section = Section::begin();
    let samples = fail_often(&sup, "t", args.n).await;
    let report = section.end();
    check_count("restarts", samples.len(), args.n);
    report.percentiles(samples)
}

struct Storm {
    ready: Arc<Goal>,
    running: Arc<Goal>,
    gate: watch::Receiver<bool>,
    moments: Moments,
}

impl Storm {
    async fn attempt(&self, i: usize, first: bool) -> Ended {
        if first {
            let mut gate = self.gate.clone();
            self.ready.hit();
            gate.wait_for(|open| *open).await?;
            self.moments.mark(i);
            return Err("as asked".into());
        }
        self.moments.settle(i);
        self.running.hit();
        sleep(DAY).await;
        Ok(())
    }
}

pub async fn storm(args: &Args) -> Report {
    check_size(args);
    let sup = supervisor().await;
    let (open, gate) = watch::channel(false);
    let (ready, running) = (Goal::of(args.n), Goal::of(args.n));
    let storm = Arc::new(Storm { ready, running, gate, moments: Moments::new(args.n) });
    let backoff = Duration::from_millis(args.count("backoff_ms", 0) as u64);
    for i in 0..args.n {
        let (storm, first) = (storm.clone(), AtomicBool::new(true));
        let body = move || {
            let (storm, first) = (storm.clone(), first.swap(false, Ordering::Relaxed));
            async move { storm.attempt(i, first).await }
        };
        let mut options = restarted(format!("t{i}"));
        if !backoff.is_zero() {
            options =
                options.backoff_fn(ChildBackoffFn::new(move |_, _, _, _| Some(backoff)));
        }
        add_as(&sup, body, options).await;
    }
    storm.ready.reached().await;
    let section = Section::begin();
    open.send(true).expect("waiting tasks");
    storm.running.reached().await;
    let report = section.end();
    let samples = storm.moments.samples();
    check_count("restarts", samples.len(), args.n);
    report.percentiles(samples)
}
