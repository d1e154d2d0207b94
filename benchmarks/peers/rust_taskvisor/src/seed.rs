//! The cases of the crate's own benchmarks as of 0.7.0, with its sizes: n is the
//! case's parameter. All samples of a case are taken, each with a supervisor of
//! its own, and the median is given.

use crate::counters::Counters;
use crate::supervise::*;
use rust_protocol::{Args, Goal, Report, Section, check, check_count, median};
use std::hint::black_box;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;
use taskvisor::prelude::*;

pub const EVENTS: NonZeroUsize = NonZeroUsize::new(16384).unwrap();

pub fn seed_config() -> SupervisorConfig {
    config().with_bus_capacity(EVENTS).with_grace(Duration::from_secs(5))
}

/// Counts that it ran, so that a run can be checked.
fn working_task(name: String, additions: u64, ran: &Arc<Goal>) -> TaskSpec {
    let ran = ran.clone();
    let task = TaskFn::arc(move |_ctx| {
        ran.hit();
        async move {
            let mut sum = 0_u64;
            for i in 0..additions {
                sum = black_box(sum.wrapping_add(i));
            }
            Ok(())
        }
    });
    TaskSpec::once(name, task)
}

/// One `run`: start, attempts, cleanup, the full shutdown and the drain of
/// subscribers. On several workers that drain leaves events out: `lost` counts the
/// removals among them, in all samples.
async fn one_run(n: usize, subscribers: usize, additions: u64) -> (Report, usize) {
    let (ran, counters) = (Goal::of(n), Counters::new(subscribers, EVENTS));
    counters.expect(n);
    let specs = (0..n).map(|i| working_task(format!("t{i}"), additions, &ran)).collect();
    let supervisor = Supervisor::new(seed_config(), counters.subscribers());
    let section = Section::begin();
    supervisor.run(specs).await.expect("a clean end");
    let report = section.end().ops(n);
    check_count("tasks that ran", ran.count(), n);
    (report, n * subscribers - counters.seen())
}

async fn runs(samples: usize, n: usize, subscribers: usize, additions: u64) -> Report {
    let (mut reports, mut lost) = (Vec::new(), 0);
    for _ in 0..samples {
        let (report, missing) = one_run(n, subscribers, additions).await;
        reports.push(report);
        lost += missing;
    }
    median(reports).field("lost", lost as f64)
}

pub async fn lifecycle_instant() -> Report {
    runs(50, 1, 0, 0).await
}

pub async fn lifecycle_with_work(args: &Args) -> Report {
    runs(30, 1, 0, args.n as u64).await
}

pub async fn throughput_batch(args: &Args) -> Report {
    runs(20, args.n, 1, 0).await
}

pub async fn throughput_batch_work(args: &Args) -> Report {
    runs(15, args.n, 0, 1000).await
}

pub async fn fanout_subs(args: &Args) -> Report {
    runs(20, args.n, args.count("subscribers", 0), 0).await
}

fn worker(i: usize) -> TaskSpec {
    let task = TaskFn::arc(|ctx: TaskContext| async move {
        ctx.cancelled().await;
        Ok(())
    });
    TaskSpec::once(format!("t{i}"), task)
}

async fn add_workers(handle: &SupervisorHandle, n: usize) {
    for i in 0..n {
        handle.add(worker(i)).await.expect("an admitted task");
    }
}

async fn end(handle: SupervisorHandle) {
    let clean = handle.shutdown().await;
    check(clean.is_ok(), &format!("{clean:?}"));
}

pub async fn dynamic_add(args: &Args) -> Report {
    let mut reports = Vec::new();
    for _ in 0..50 {
        let handle = serve(seed_config());
        let section = Section::begin();
        for i in 0..args.n {
            handle.add(instant_task(format!("t{i}"))).await.expect("an admitted task");
        }
        reports.push(section.end());
        end(handle).await;
    }
    median(reports)
}

pub async fn dynamic_add_cancel(args: &Args) -> Report {
    let mut reports = Vec::new();
    for _ in 0..30 {
        let handle = serve(seed_config());
        let section = Section::begin();
        for i in 0..args.n {
            let id = handle.add(worker(i)).await.expect("an admitted task");
            check(handle.cancel(id).execute().await.expect("an answer"), "not canceled");
        }
        reports.push(section.end());
        end(handle).await;
    }
    median(reports)
}

pub async fn dynamic_list(args: &Args) -> Report {
    const TIMES: usize = 100;
    let mut reports = Vec::new();
    for _ in 0..30 {
        let handle = serve(seed_config());
        add_workers(&handle, args.n).await;
        let section = Section::begin();
        for _ in 0..TIMES {
            check_count("listed", handle.list().await.len(), args.n);
        }
        reports.push(section.end().ops(TIMES));
        end(handle).await;
    }
    median(reports)
}

pub async fn dynamic_churn(args: &Args) -> Report {
    let mut reports = Vec::new();
    for _ in 0..15 {
        let handle = serve(seed_config());
        let section = Section::begin();
        add_workers(&handle, args.n).await;
        end(handle).await;
        reports.push(section.end());
    }
    median(reports)
}
