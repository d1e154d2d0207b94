//! Those of the crate's own cases that submit to slots.

use crate::counters::Counters;
use crate::seed::seed_config;
use crate::submit::controller;
use crate::supervise::instant_task;
use rust_protocol::{Args, Report, Section, median};
use std::num::NonZeroUsize;
use std::time::Duration;
use taskvisor::prelude::*;
use tokio::time::sleep;

fn front(n: usize, counters: &Counters) -> SupervisorHandle {
    let commands = NonZeroUsize::new(n.max(1024)).unwrap();
    Supervisor::builder(seed_config())
        .with_subscribers(counters.subscribers())
        .with_controller(controller(n).with_queue_capacity(commands))
        .build()
        .serve()
        .expect("a served supervisor")
}

fn nobody() -> Counters {
    Counters::new(0, NonZeroUsize::MIN)
}

async fn end(handle: SupervisorHandle) {
    handle.shutdown().await.expect("a clean end");
}

/// From the first submission until a subscriber has seen the last removal.
pub async fn queue(args: &Args, slots: usize) -> Report {
    let mut reports = Vec::new();
    for _ in 0..10 {
        let counters = Counters::new(1, NonZeroUsize::new(65536).unwrap());
        counters.expect(args.n);
        let handle = front(args.n, &counters);
        let section = Section::begin();
        for i in 0..args.n {
            let spec = ControllerSpec::queue(instant_task(format!("t{i}")))
                .with_slot(format!("s{}", i % slots));
            handle.submit(spec).await.expect("an intake");
        }
        counters.all_seen().await;
        reports.push(section.end());
        counters.check();
        end(handle).await;
    }
    median(reports)
}

fn short_task(i: usize) -> TaskSpec {
    let task = TaskFn::arc(|ctx: TaskContext| async move {
        let _ = ctx.run_until_cancelled(sleep(Duration::from_millis(5))).await;
        Ok(())
    });
    TaskSpec::once(format!("t{i}"), task)
}

/// The submissions only: each is awaited, what follows is not.
pub async fn submit_all(args: &Args, policy: AdmissionPolicy) -> Report {
    let mut reports = Vec::new();
    for _ in 0..10 {
        let handle = front(args.n, &nobody());
        let section = Section::begin();
        for i in 0..args.n {
            let spec = ControllerSpec::new(policy, short_task(i)).with_slot("s");
            handle.submit(spec).await.expect("an intake");
        }
        reports.push(section.end());
        end(handle).await;
    }
    median(reports)
}

/// Calls that wait for nothing; their results are ignored.
pub async fn submit_hotpath(args: &Args) -> Report {
    let spec = ControllerSpec::drop_if_running(instant_task("t".into()));
    let mut reports = Vec::new();
    for _ in 0..20 {
        let handle = front(args.n, &nobody());
        let section = Section::begin();
        for _ in 0..args.n {
            let _ = handle.submit(spec.clone()).try_intake();
        }
        reports.push(section.end());
        end(handle).await;
    }
    median(reports)
}
