//! The task supervisor and the tasks that the workloads share.

use ractor::{ActorProcessingErr, ActorRef, call};
use ractor_supervisor::*;
use rust_protocol::Goal;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

pub const DAY: Duration = Duration::from_secs(24 * 3600);

pub type Sup = ActorRef<TaskSupervisorMsg>;
pub type Ended = Result<(), ActorProcessingErr>;

/// The meltdown looks back over a window of nothing: it never trips, and does
/// not have to look through earlier restarts.
pub async fn supervisor() -> Sup {
    let options = TaskSupervisorOptions {
        max_children: None,
        max_restarts: usize::MAX,
        max_window: Duration::ZERO,
        reset_after: None,
    };
    let (sup, _) =
        TaskSupervisor::spawn("bench".into(), options).await.expect("a supervisor");
    sup
}

/// Returns when the supervisor confirmed the task.
pub async fn add<F, Fut>(sup: &Sup, name: String, body: F)
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Ended> + Send + 'static,
{
    add_as(sup, body, TaskOptions::new().name(name)).await
}

pub async fn add_as<F, Fut>(sup: &Sup, body: F, options: TaskOptions)
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Ended> + Send + 'static,
{
    TaskSupervisor::spawn_task(sup.clone(), body, options).await.expect("a task");
}

/// Hits when it is dropped: the end of a task that was killed is seen so.
struct HitOnDrop(Arc<Goal>);

impl Drop for HitOnDrop {
    fn drop(&mut self) {
        self.0.hit();
    }
}

/// Tells `idle` that it runs, sleeps for a day, and tells `over` when it ends.
pub async fn add_idle_task(sup: &Sup, name: String, idle: &Arc<Goal>, over: &Arc<Goal>) {
    let (idle, over) = (idle.clone(), over.clone());
    let body = move || {
        let (idle, over) = (idle.clone(), HitOnDrop(over.clone()));
        async move {
            let _over = over;
            idle.hit();
            sleep(DAY).await;
            Ok(())
        }
    };
    add(sup, name, body).await;
}

pub async fn children(sup: &Sup) -> usize {
    let state = call!(sup, DynamicSupervisorMsg::InspectState).expect("the state");
    state.active_children.len()
}

/// Waits, unmeasured, until the supervisor has forgotten all tasks.
pub async fn all_forgotten(sup: &Sup) {
    for _ in 0..10_000 {
        if children(sup).await == 0 {
            return;
        }
        sleep(Duration::from_millis(1)).await;
    }
    rust_protocol::wrong("children are left");
}
