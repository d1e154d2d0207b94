//! One-shot tasks. A task has no outcome: it is over at its body's end.

use crate::supervise::*;
use rust_protocol::{Args, Goal, Report, Section, absent, check_count};
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Semaphore;

async fn turn(sup: &Sup, prefix: &str, n: usize, window: usize) {
    let over = Goal::of(n);
    let credits = Arc::new(Semaphore::new(window));
    for i in 0..n {
        credits.acquire().await.expect("an open semaphore").forget();
        let (over, credits) = (over.clone(), credits.clone());
        let body = move || {
            credits.add_permits(1);
            over.hit();
            async { Ok(()) }
        };
        add(sup, format!("{prefix}{i}"), body).await;
    }
    over.reached().await;
    check_count("bodies run", over.count(), n);
}

pub async fn window(args: &Args, window: usize) -> Report {
    if args.count("subscribers", 0) != 0 {
        absent("a supervisor publishes no events");
    }
    if args.text("api", "handle") != "handle" {
        absent("no call that runs a batch");
    }
    let sup = supervisor().await;
    turn(&sup, "w", args.warm_up(), window).await;
    let section = Section::begin();
    turn(&sup, "t", args.n, window).await;
    let report = section.end();
    all_forgotten(&sup).await;
    report
}

async fn single_turn(sup: &Sup, prefix: &str, n: usize) -> Vec<u64> {
    let mut samples = Vec::with_capacity(n);
    for i in 0..n {
        let begin = Instant::now();
        turn(sup, &format!("{prefix}{i}-"), 1, 1).await;
        samples.push(begin.elapsed().as_nanos() as u64);
    }
    samples
}

pub async fn single(args: &Args) -> Report {
    let sup = supervisor().await;
    single_turn(&sup, "w", args.warm_up()).await;
    let section = Section::begin();
    let samples = single_turn(&sup, "t", args.n).await;
    let report = section.end();
    all_forgotten(&sup).await;
    report.percentiles(samples)
}
