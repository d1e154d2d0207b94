//! From a failure to the next attempt's first line.

use crate::supervise::*;
use rust_protocol::{Args, Goal, Moments, Report, Section, check_count};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use taskvisor::prelude::*;
use tokio::sync::watch;
use tokio::time::sleep;

fn restarted(name: String, task: TaskRef, backoff: Duration) -> TaskSpec {
    TaskSpec::restartable(name, task).with_backoff(BackoffPolicy::constant(backoff))
}

/// Fails n times at once and then succeeds; returns when that is known.
async fn fail_often(handle: &SupervisorHandle, name: &str, n: usize) -> Vec<u64> {
    let moments = Arc::new(Moments::new(n));
    let (kept, attempts) = (moments.clone(), AtomicUsize::new(0));
    let task = TaskFn::arc(move |_ctx| {
        let attempt = attempts.fetch_add(1, Ordering::Relaxed);
        let moments = kept.clone();
        async move {
            if attempt > 0 {
                moments.settle(attempt - 1);
            }
            if attempt == n {
                return Ok(());
            }
            moments.mark(attempt);
            Err(TaskError::fail("as asked"))
        }
    });
    let waiter = add(handle, restarted(name.into(), task, Duration::ZERO)).await;
    expect_completed(waiter).await;
    moments.samples()
}

pub async fn one(args: &Args) -> Report {
    let handle = serve(config());
    fail_often(&handle, "w", args.warm_up()).await;
    let section = Section::begin();
    let samples = fail_often(&handle, "t", args.n).await;
    let report = section.end();
    check_count("restarts", samples.len(), args.n);
    report.percentiles(samples)
}

struct Storm {
    ready: Goal,
    running: Goal,
    gate: watch::Receiver<bool>,
    moments: Moments,
}

impl Storm {
    async fn attempt(
        &self,
        i: usize,
        first: bool,
        ctx: TaskContext,
    ) -> Result<(), TaskError> {
        if first {
            let mut gate = self.gate.clone();
            self.ready.hit();
            gate.wait_for(|open| *open).await.expect("a gate");
            self.moments.mark(i);
            return Err(TaskError::fail("as asked"));
        }
        self.moments.settle(i);
        self.running.hit();
        ctx.run_until_cancelled(sleep(DAY)).await
    }
}

pub async fn storm(args: &Args) -> Report {
    let handle = serve(config());
    let (open, gate) = watch::channel(false);
    let (ready, running) = (Goal::default(), Goal::default());
    ready.expect(args.n);
    running.expect(args.n);
    let storm = Arc::new(Storm { ready, running, gate, moments: Moments::new(args.n) });
    let backoff = Duration::from_millis(args.count("backoff_ms", 0) as u64);
    let task = |i: usize| {
        let (storm, first) = (storm.clone(), AtomicBool::new(true));
        TaskFn::arc(move |ctx: TaskContext| {
            let (storm, first) = (storm.clone(), first.swap(false, Ordering::Relaxed));
            async move { storm.attempt(i, first, ctx).await }
        })
    };
    add_all(
        &handle,
        (0..args.n).map(|i| restarted(format!("t{i}"), task(i), backoff)).collect(),
    )
    .await;
    storm.ready.reached().await;
    let section = Section::begin();
    open.send(true).expect("waiting tasks");
    storm.running.reached().await;
    let report = section.end();
    let samples = storm.moments.samples();
    check_count("restarts", samples.len(), args.n);
    report.percentiles(samples)
}
