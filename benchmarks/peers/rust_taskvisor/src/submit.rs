//! Submissions to the controller's slots.

use crate::supervise::*;
use rust_protocol::{Args, Moments, Report, Section, absent, check, check_count};
use std::num::NonZeroUsize;
use std::sync::Arc;
use taskvisor::prelude::*;

struct Load {
    handle: SupervisorHandle,
    policy: AdmissionPolicy,
    slots: Vec<Arc<str>>,
}

/// Its limits are off: a queue may hold all that is submitted.
pub fn controller(n: usize) -> ControllerConfig {
    ControllerConfig::default()
        .with_max_slot_queue(n)
        .with_max_total_pending(None)
        .with_max_controller_slots(None)
        .with_admission_capacity(NonZeroUsize::new(n.max(1024)).unwrap())
}

impl Load {
    fn new(args: &Args) -> Self {
        let policy = match args.text("policy", "queue") {
            "queue" => AdmissionPolicy::Queue,
            "replace" => AdmissionPolicy::Replace,
            "drop" => AdmissionPolicy::DropIfRunning,
            other => absent(&format!("no policy={other}")),
        };
        let supervisor =
            Supervisor::builder(config()).with_controller(controller(args.n)).build();
        let slots = (0..args.count("slots", 1)).map(|i| format!("s{i}").into()).collect();
        Self { handle: supervisor.serve().expect("a served supervisor"), policy, slots }
    }

    /// Submits n tasks round robin; returns the latencies of those that ran.
    async fn turn(&self, prefix: &str, n: usize) -> Vec<u64> {
        let moments = Arc::new(Moments::new(n));
        let mut waiters = Vec::with_capacity(n);
        for i in 0..n {
            let starts = moments.clone();
            let task = TaskFn::arc(move |_ctx| {
                starts.settle(i);
                async { Ok(()) }
            });
            moments.mark(i);
            let spec = ControllerSpec::new(
                self.policy,
                TaskSpec::once(format!("{prefix}{i}"), task),
            )
            .with_slot(self.slots[i % self.slots.len()].clone());
            waiters.push(
                self.handle.submit(spec).watch().execute().await.expect("an intake"),
            );
        }
        self.outcomes(waiters, &moments).await
    }

    async fn outcomes(&self, waiters: Vec<TaskWaiter>, moments: &Moments) -> Vec<u64> {
        let (n, mut completed) = (waiters.len(), 0);
        for waiter in waiters {
            match waiter.wait().await.expect("an outcome") {
                TaskOutcome::Completed => completed += 1,
                TaskOutcome::Canceled | TaskOutcome::Rejected { .. }
                    if self.policy != AdmissionPolicy::Queue => {}
                other => check(false, &format!("{other:?}")),
            }
        }
        let started = moments.samples();
        check(completed <= started.len(), "more completed than started");
        if self.policy == AdmissionPolicy::Queue {
            check_count("completed", completed, n);
        }
        started
    }
}

pub async fn submit(args: &Args) -> Report {
    let load = Load::new(args);
    load.turn("w", args.warm_up()).await;
    let section = Section::begin();
    let samples = load.turn("t", args.n).await;
    section.end().percentiles(samples)
}
