//! The benchmark protocol on the Rust crate taskvisor.

mod idle;
mod lifecycle;
mod restart;
mod submit;
mod supervise;
mod timers;

use rust_protocol::{Args, Report, measure, unknown};
use std::sync::Arc;

async fn run(args: Arc<Args>) -> Report {
    match args.workload.as_str() {
        "lifecycle_batch" => lifecycle::batch(&args).await,
        "lifecycle_window" => lifecycle::window(&args).await,
        "lifecycle_single" => lifecycle::single(&args).await,
        "add_single" => idle::add_single(&args).await,
        "idle" => idle::idle(&args).await,
        "shutdown" => idle::shutdown(&args).await,
        "cancel" => idle::cancel(&args).await,
        "list" => idle::list(&args).await,
        "by_name" => idle::by_name(&args).await,
        "restart_one" => restart::one(&args).await,
        "restart_storm" => restart::storm(&args).await,
        "submit" => submit::submit(&args).await,
        "timers" => timers::timers(&args).await,
        "timer_accuracy" => timers::accuracy(&args).await,
        other => unknown(&format!("not a workload here: {other}")),
    }
}

fn main() {
    let args = Arc::new(Args::parse());
    measure("rust_taskvisor", args.clone(), run(args));
}
