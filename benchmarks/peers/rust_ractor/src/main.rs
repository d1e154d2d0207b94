//! The benchmark protocol on the Rust crate ractor-supervisor.

mod fan_out;
mod idle;
mod lifecycle;
mod restart;
mod supervise;
mod timers;

use rust_protocol::{Args, Report, measure, unknown};
use std::sync::Arc;

async fn run(args: Arc<Args>) -> Report {
    match args.workload.as_str() {
        "lifecycle_batch" => lifecycle::window(&args, args.n).await,
        "lifecycle_window" => lifecycle::window(&args, 1000).await,
        "lifecycle_single" => lifecycle::single(&args).await,
        "add_single" => idle::add_single(&args).await,
        "idle" => idle::idle(&args).await,
        "shutdown" => idle::shutdown(&args).await,
        "cancel" => idle::cancel(&args).await,
        "list" => idle::list(&args).await,
        "by_name" => idle::by_name(&args).await,
        "restart_one" => restart::one(&args).await,
        "restart_storm" => restart::storm(&args).await,
        "fan_out" => fan_out::fan_out(&args).await,
        "timer_accuracy" => timers::accuracy(&args).await,
        other => unknown(&format!("not a workload here: {other}")),
    }
}

fn main() {
    let args = Arc::new(Args::parse());
    measure("rust_ractor", args.clone(), run(args));
}
