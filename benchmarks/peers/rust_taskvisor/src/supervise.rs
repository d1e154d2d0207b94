//! The supervisor and the tasks that the workloads share.

use rust_protocol::{Goal, check};
use std::sync::Arc;
use std::time::Duration;
use taskvisor::prelude::*;
use tokio::time::sleep;

pub const DAY: Duration = Duration::from_secs(24 * 3600);

/// Count limits are off, since n exceeds their defaults of 1024. The rest is
/// the default, except that no deadline cuts a measured shutdown short.
pub fn config() -> SupervisorConfig {
    SupervisorConfig::default()
        .with_max_registered_tasks(None)
        .with_ownership_capacity(None)
        .with_grace(Duration::from_secs(600))
}

pub fn serve(config: SupervisorConfig) -> SupervisorHandle {
    Supervisor::new(config, vec![]).serve().expect("a served supervisor")
}

pub fn instant_task(name: String) -> TaskSpec {
    TaskSpec::once(name, TaskFn::arc(|_ctx| async { Ok(()) }))
}

/// Tells `idle` that it runs, then sleeps for a day.
pub fn idle_task(name: String, idle: &Arc<Goal>) -> TaskSpec {
    let idle = idle.clone();
    TaskSpec::once(
        name,
        TaskFn::arc(move |ctx: TaskContext| {
            let idle = idle.clone();
            async move {
                idle.hit();
                ctx.run_until_cancelled(sleep(DAY)).await
            }
        }),
    )
}

pub async fn add(handle: &SupervisorHandle, spec: TaskSpec) -> TaskWaiter {
    handle.add(spec).watch().execute().await.expect("an admitted task")
}

/// One by one, as the crate's own benchmarks do: many additions under way at
/// once took twice the time.
pub async fn add_all(handle: &SupervisorHandle, specs: Vec<TaskSpec>) -> Vec<TaskWaiter> {
    let mut waiters = Vec::with_capacity(specs.len());
    for spec in specs {
        waiters.push(add(handle, spec).await);
    }
    waiters
}

/// Adds n idle tasks and returns when all of them sleep.
pub async fn add_idle(handle: &SupervisorHandle, n: usize) -> Vec<TaskWaiter> {
    let idle = Goal::of(n);
    let specs = (0..n).map(|i| idle_task(format!("t{i}"), &idle)).collect();
    let waiters = add_all(handle, specs).await;
    idle.reached().await;
    waiters
}

pub async fn expect_completed(waiter: TaskWaiter) {
    let outcome = waiter.wait().await.expect("an outcome");
    check(matches!(outcome, TaskOutcome::Completed), &format!("{outcome:?}"));
}

pub async fn expect_canceled(waiter: TaskWaiter) {
    let outcome = waiter.wait().await.expect("an outcome");
    check(matches!(outcome, TaskOutcome::Canceled), &format!("{outcome:?}"));
}
