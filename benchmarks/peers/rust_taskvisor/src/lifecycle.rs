//! One-shot tasks from their addition to their outcome.

use crate::counters::Counters;
use crate::supervise::*;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use rust_protocol::{Args, Goal, Report, Section, absent, check_count};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Instant;
use taskvisor::prelude::*;

const WINDOW: usize = 1000;
const EVENTS_PER_TASK: usize = 8;

struct World {
    handle: SupervisorHandle,
    counters: Counters,
}

impl World {
    /// The bus and the queues hold all events of the section: none is lost.
    fn new(args: &Args) -> Self {
        let capacity = NonZeroUsize::new(args.n.max(1024) * EVENTS_PER_TASK).unwrap();
        let counters = Counters::new(args.count("subscribers", 0), capacity);
        let mut config = config();
        if !counters.is_empty() {
            config = config.with_bus_capacity(capacity);
        }
        let supervisor = Supervisor::new(config, counters.subscribers());
        Self { handle: supervisor.serve().expect("a served supervisor"), counters }
    }
}

async fn turn_of_batch(world: &World, prefix: &str, n: usize) {
    let specs = (0..n).map(|i| instant_task(format!("{prefix}{i}"))).collect();
    for waiter in add_all(&world.handle, specs).await {
        expect_completed(waiter).await;
    }
    world.counters.all_seen().await;
}

pub async fn batch(args: &Args) -> Report {
    match args.text("api", "handle") {
        "handle" => {}
        "run" => return run(args).await,
        other => absent(&format!("no api={other}")),
    }
    let world = World::new(args);
    world.counters.expect(args.warm_up());
    turn_of_batch(&world, "w", args.warm_up()).await;
    world.counters.expect(args.n);
    let section = Section::begin();
    turn_of_batch(&world, "t", args.n).await;
    let report = section.end();
    world.counters.check();
    report
}

fn counted_task(name: String, ran: &Arc<Goal>) -> TaskSpec {
    let ran = ran.clone();
    let task = TaskFn::arc(move |_ctx| {
        ran.hit();
        async { Ok(()) }
    });
    TaskSpec::once(name, task)
}

/// A supervisor of its own from start to end: a batch has no waiters.
async fn run_batch(n: usize) -> Report {
    let ran = Goal::of(n);
    let supervisor = Supervisor::new(config(), vec![]);
    let section = Section::begin();
    let specs = (0..n).map(|i| counted_task(format!("t{i}"), &ran)).collect();
    supervisor.run(specs).await.expect("a clean end");
    let report = section.end();
    check_count("tasks that ran", ran.count(), n);
    report
}

async fn run(args: &Args) -> Report {
    if args.count("subscribers", 0) != 0 {
        absent("measured without subscribers only");
    }
    run_batch(args.warm_up()).await;
    run_batch(args.n).await
}

async fn turn_of_window(world: &World, prefix: &str, n: usize) {
    let mut outstanding = FuturesUnordered::new();
    for i in 0..n {
        if outstanding.len() == WINDOW {
            outstanding.next().await;
        }
        let waiter = add(&world.handle, instant_task(format!("{prefix}{i}"))).await;
        outstanding.push(expect_completed(waiter));
    }
    while outstanding.next().await.is_some() {}
    world.counters.all_seen().await;
}

pub async fn window(args: &Args) -> Report {
    let world = World::new(args);
    world.counters.expect(args.warm_up());
    turn_of_window(&world, "w", args.warm_up()).await;
    world.counters.expect(args.n);
    let section = Section::begin();
    turn_of_window(&world, "t", args.n).await;
    let report = section.end();
    world.counters.check();
    report
}

async fn turn_of_single(handle: &SupervisorHandle, prefix: &str, n: usize) -> Vec<u64> {
    let mut samples = Vec::with_capacity(n);
    for i in 0..n {
        let begin = Instant::now();
        expect_completed(add(handle, instant_task(format!("{prefix}{i}"))).await).await;
        samples.push(begin.elapsed().as_nanos() as u64);
    }
    samples
}

pub async fn single(args: &Args) -> Report {
    let handle = serve(config());
    turn_of_single(&handle, "w", args.warm_up()).await;
    let section = Section::begin();
    let samples = turn_of_single(&handle, "t", args.n).await;
    section.end().percentiles(samples)
}
