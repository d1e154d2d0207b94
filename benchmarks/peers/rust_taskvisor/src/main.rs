//! The benchmark protocol on the Rust crate taskvisor.

mod counters;
mod idle;
mod lifecycle;
mod restart;
mod seed;
mod seed_controller;
mod submit;
mod supervise;
mod timers;

use rust_protocol::{Args, Report, measure, unknown};
use std::sync::Arc;
use taskvisor::AdmissionPolicy;

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
        "seed_lifecycle_instant" => seed::lifecycle_instant().await,
        "seed_lifecycle_with_work" => seed::lifecycle_with_work(&args).await,
        "seed_throughput_batch" => seed::throughput_batch(&args).await,
        "seed_throughput_batch_work" => seed::throughput_batch_work(&args).await,
        "seed_fanout_subs" => seed::fanout_subs(&args).await,
        "seed_dynamic_add" => seed::dynamic_add(&args).await,
        "seed_dynamic_add_cancel" => seed::dynamic_add_cancel(&args).await,
        "seed_dynamic_list" => seed::dynamic_list(&args).await,
        "seed_dynamic_churn" => seed::dynamic_churn(&args).await,
        "seed_controller_queue" => seed_controller::queue(&args, 1).await,
        "seed_controller_multi_slot" => seed_controller::queue(&args, 8).await,
        "seed_controller_replace" => {
            seed_controller::submit_all(&args, AdmissionPolicy::Replace).await
        }
        "seed_controller_drop_if_running" => {
            seed_controller::submit_all(&args, AdmissionPolicy::DropIfRunning).await
        }
        "seed_controller_submit_hotpath" => seed_controller::submit_hotpath(&args).await,
        other => unknown(&format!("not a workload here: {other}")),
    }
}

fn main() {
    let args = Arc::new(Args::parse());
    measure("rust_taskvisor", args.clone(), run(args));
}
