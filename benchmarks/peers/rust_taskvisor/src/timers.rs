//! Many deadlines, and how late they are.

use crate::supervise::*;
use rust_protocol::{Args, Goal, Moments, Report, Section, absent, check, check_count};
use std::sync::Arc;
use std::time::{Duration, Instant};
use taskvisor::prelude::*;
use tokio::sync::watch;
use tokio::time::sleep_until;

fn failing_task(name: String, failed: &Arc<Goal>) -> TaskSpec {
    let failed = failed.clone();
    let task = TaskFn::arc(move |_ctx| {
        failed.hit();
        async { Err(TaskError::fail("as asked")) }
    });
    TaskSpec::restartable(name, task)
        .with_backoff(BackoffPolicy::constant(DAY).with_max(DAY))
}

/// n deadlines of a day are set and then cancelled by a shutdown.
pub async fn timers(args: &Args) -> Report {
    let pending = Goal::of(args.n);
    let specs: Vec<_> = match args.text("kind", "backoff") {
        "backoff" => {
            (0..args.n).map(|i| failing_task(format!("t{i}"), &pending)).collect()
        }
        "timeout" => (0..args.n)
            .map(|i| idle_task(format!("t{i}"), &pending).with_timeout(DAY))
            .collect(),
        other => absent(&format!("no kind={other}")),
    };
    let handle = serve(config());
    let section = Section::begin();
    let waiters = add_all(&handle, specs).await;
    pending.reached().await;
    let clean = handle.shutdown().await;
    let report = section.end();
    check(clean.is_ok(), &format!("{clean:?}"));
    for waiter in waiters {
        expect_canceled(waiter).await;
    }
    report
}

const SPREAD: Duration = Duration::from_secs(5);

/// Never gives its worker back while the sleeps end.
fn busy_task(start: watch::Receiver<Option<Instant>>) -> TaskSpec {
    let task = TaskFn::arc(move |_ctx| {
        let mut start = start.clone();
        async move {
            let begin = start.wait_for(Option::is_some).await.unwrap().unwrap();
            while begin.elapsed() < SPREAD {
                std::hint::spin_loop();
            }
            Ok(())
        }
    });
    TaskSpec::once("busy", task)
}

pub async fn accuracy(args: &Args) -> Report {
    let handle = serve(config());
    let (set, start) = watch::channel(None::<Instant>);
    let (ready, lateness) = (Goal::of(args.n), Arc::new(Moments::new(args.n)));
    let n = args.n as u32;
    let sleeper = |i: usize| {
        let (start, ready, lateness) = (start.clone(), ready.clone(), lateness.clone());
        TaskFn::arc(move |_ctx| {
            let (mut start, ready, lateness) =
                (start.clone(), ready.clone(), lateness.clone());
            async move {
                ready.hit();
                let begin = start.wait_for(Option::is_some).await.unwrap().unwrap();
                let due = begin + SPREAD * i as u32 / n;
                sleep_until(due.into()).await;
                lateness.keep(i, due.elapsed());
                Ok(())
            }
        })
    };
    let specs =
        (0..args.n).map(|i| TaskSpec::once(format!("t{i}"), sleeper(i))).collect();
    let mut waiters = add_all(&handle, specs).await;
    waiters.push(add(&handle, busy_task(start.clone())).await);
    ready.reached().await;
    let section = Section::begin();
    set.send(Some(Instant::now())).expect("waiting tasks");
    for waiter in waiters {
        expect_completed(waiter).await;
    }
    let report = section.end();
    let samples = lateness.samples();
    check_count("sleeps", samples.len(), args.n);
    report.percentiles(samples)
}
