//! Tasks that idle: adding, holding, listing, cancelling, shutting down.

use crate::supervise::*;
use futures_util::future::join_all;
use rust_protocol::{
    Args, Goal, Report, Section, absent, check, check_count, resident_bytes,
};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Instant;
use taskvisor::prelude::*;

async fn add_share(
    handle: SupervisorHandle,
    idle: Arc<Goal>,
    names: Vec<String>,
) -> Vec<u64> {
    let mut samples = Vec::with_capacity(names.len());
    for name in names {
        let begin = Instant::now();
        handle.add(idle_task(name, &idle)).await.expect("an admitted task");
        samples.push(begin.elapsed().as_nanos() as u64);
    }
    samples
}

/// The callers are Tokio tasks: what a service that uses the crate would have.
pub async fn add_single(args: &Args) -> Report {
    let threads = args.count("threads", 1);
    let idle = Goal::of(args.n);
    let handle = serve(config());
    let name = |i| format!("t{i}");
    let shares: Vec<Vec<_>> =
        (0..threads).map(|t| (t..args.n).step_by(threads).map(name).collect()).collect();
    let section = Section::begin();
    let callers: Vec<_> = shares
        .into_iter()
        .map(|names| tokio::spawn(add_share(handle.clone(), idle.clone(), names)))
        .collect();
    let mut samples = Vec::with_capacity(args.n);
    for caller in callers {
        samples.extend(caller.await.expect("a caller's samples"));
    }
    let report = section.end().percentiles(samples);
    idle.reached().await;
    report
}

pub async fn idle(args: &Args) -> Report {
    match args.text("body", "coroutine") {
        "coroutine" => idle_for_a_day(args).await,
        "permit" => idle_for_a_permit(args).await,
        other => absent(&format!("no body={other}")),
    }
}

fn per_item(report: Report, before: usize, n: usize) -> Report {
    let growth = resident_bytes().saturating_sub(before);
    report.field("bytes_per_item", growth as f64 / n as f64)
}

async fn idle_for_a_day(args: &Args) -> Report {
    let handle = serve(config());
    let idle = Goal::of(args.n);
    let before = resident_bytes();
    let section = Section::begin();
    for i in 0..args.n {
        handle.add(idle_task(format!("t{i}"), &idle)).await.expect("an admitted task");
    }
    idle.reached().await;
    per_item(section.end(), before, args.n)
}

/// One more task holds the only permit.
async fn idle_for_a_permit(args: &Args) -> Report {
    let handle = serve(config().with_max_concurrent(NonZeroUsize::new(1)));
    let (holder, waiting) = (Goal::of(1), Goal::of(1));
    handle.add(idle_task("holder".into(), &holder)).await.expect("an admitted task");
    holder.reached().await;
    let before = resident_bytes();
    let section = Section::begin();
    for i in 0..args.n {
        handle.add(idle_task(format!("t{i}"), &waiting)).await.expect("an admitted task");
    }
    let report = per_item(section.end(), before, args.n);
    check_count("registered", handle.list().await.len(), args.n + 1);
    check_count("running", waiting.count(), 0);
    report
}

pub async fn shutdown(args: &Args) -> Report {
    let handle = serve(config());
    let waiters = add_idle(&handle, args.n).await;
    let section = Section::begin();
    let clean = handle.shutdown().await;
    let report = section.end();
    check(clean.is_ok(), &format!("{clean:?}"));
    for waiter in waiters {
        expect_canceled(waiter).await;
    }
    report
}

pub async fn cancel(args: &Args) -> Report {
    let handle = serve(config());
    let waiters = add_idle(&handle, args.n).await;
    let ids: Vec<_> = waiters.iter().map(TaskWaiter::id).collect();
    let section = Section::begin();
    for claimed in join_all(ids.into_iter().map(|id| handle.cancel(id).execute())).await {
        check(claimed.expect("an answer"), "an idle task was gone");
    }
    for waiter in waiters {
        expect_canceled(waiter).await;
    }
    section.end()
}

pub async fn list(args: &Args) -> Report {
    const TIMES: usize = 20;
    let handle = serve(config());
    add_idle(&handle, args.n).await;
    let section = Section::begin();
    for _ in 0..TIMES {
        check_count("listed", handle.list().await.len(), args.n);
    }
    section.end().ops(TIMES)
}

pub async fn by_name(args: &Args) -> Report {
    let times = args.n.min(1000);
    let handle = serve(config());
    add_idle(&handle, args.n).await;
    let mut samples = Vec::with_capacity(times);
    let section = Section::begin();
    for i in 0..times {
        let name = format!("t{}", i * (args.n / times));
        let begin = Instant::now();
        let claimed = handle.cancel(name).execute().await.expect("an answer");
        samples.push(begin.elapsed().as_nanos() as u64);
        check(claimed, "a named task was gone");
    }
    let report = section.end().ops(times).percentiles(samples);
    check_count("left", handle.list().await.len(), args.n - times);
    report
}
