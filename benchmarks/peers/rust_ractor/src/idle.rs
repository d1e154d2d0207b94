//! Tasks that idle: adding, holding, listing, cancelling, shutting down.

use crate::supervise::*;
use futures_util::future::join_all;
use ractor::{Actor, ActorProcessingErr, ActorRef, async_trait};
use ractor_supervisor::*;
use rust_protocol::{Args, Goal, Report, Section, absent, check_count, resident_bytes};
use std::sync::Arc;
use std::time::Instant;

#[derive(Clone)]
struct Idle {
    sup: Sup,
    idle: Arc<Goal>,
    over: Arc<Goal>,
}

impl Idle {
    async fn new(n: usize) -> Self {
        Self { sup: supervisor().await, idle: Goal::of(n), over: Goal::of(n) }
    }

    async fn add(&self, i: usize) {
        add_idle_task(&self.sup, format!("t{i}"), &self.idle, &self.over).await;
    }

    async fn of(n: usize) -> Self {
        let world = Self::new(n).await;
        for i in 0..n {
            world.add(i).await;
        }
        world.idle.reached().await;
        world
    }

    async fn terminate(&self, i: usize) {
        let name = format!("t{i}");
        TaskSupervisor::terminate_task(self.sup.clone(), name).await.expect("an answer");
    }
}

async fn add_share(world: Idle, share: Vec<usize>) -> Vec<u64> {
    let mut samples = Vec::with_capacity(share.len());
    for i in share {
        let begin = Instant::now();
        world.add(i).await;
        samples.push(begin.elapsed().as_nanos() as u64);
    }
    samples
}

/// The callers are Tokio tasks: what a service that uses the crate would have.
pub async fn add_single(args: &Args) -> Report {
    let threads = args.count("threads", 1);
    let world = Idle::new(args.n).await;
    let section = Section::begin();
    let callers: Vec<_> = (0..threads)
        .map(|t| (t..args.n).step_by(threads).collect())
        .map(|share| tokio::spawn(add_share(world.clone(), share)))
        .collect();
    let mut samples = Vec::with_capacity(args.n);
    for caller in callers {
        samples.extend(caller.await.expect("a caller's samples"));
    }
    let report = section.end().percentiles(samples);
    world.idle.reached().await;
    report
}

struct IdleActor;

#[async_trait]
impl Actor for IdleActor {
    type Msg = ();
    type State = ();
    type Arguments = Arc<Goal>;

    async fn pre_start(
        &self,
        _: ActorRef<()>,
        idle: Arc<Goal>,
    ) -> Result<(), ActorProcessingErr> {
        idle.hit();
        Ok(())
    }
}

async fn add_actor(world: &Idle, i: usize) {
    let idle = world.idle.clone();
    let spec = ChildSpec {
        id: format!("t{i}"),
        restart: Restart::Temporary,
        spawn_fn: SpawnFn::new(move |sup, id| {
            let idle = idle.clone();
            async move {
                let (actor, _) =
                    DynamicSupervisor::spawn_linked(id, IdleActor, idle, sup).await?;
                Ok(actor.get_cell())
            }
        }),
        backoff_fn: None,
        reset_after: None,
    };
    DynamicSupervisor::spawn_child(world.sup.clone(), spec).await.expect("an actor");
}

pub async fn idle(args: &Args) -> Report {
    let world = Idle::new(args.n).await;
    let before = resident_bytes();
    let section = Section::begin();
    for i in 0..args.n {
        match args.text("body", "coroutine") {
            "coroutine" => world.add(i).await,
            "actor" => add_actor(&world, i).await,
            other => absent(&format!("no body={other}")),
        }
    }
    world.idle.reached().await;
    let report = section.end();
    let growth = resident_bytes().saturating_sub(before);
    report.field("bytes_per_item", growth as f64 / args.n as f64)
}

pub async fn shutdown(args: &Args) -> Report {
    let world = Idle::of(args.n).await;
    let section = Section::begin();
    world.sup.stop_and_wait(None, None).await.expect("an end");
    world.over.reached().await;
    section.end()
}

pub async fn cancel(args: &Args) -> Report {
    let world = Idle::of(args.n).await;
    let section = Section::begin();
    join_all((0..args.n).map(|i| world.terminate(i))).await;
    world.over.reached().await;
    let report = section.end();
    check_count("left", children(&world.sup).await, 0);
    report
}

/// Its only list is a copy of the supervisor's whole state.
pub async fn list(args: &Args) -> Report {
    const TIMES: usize = 20;
    let world = Idle::of(args.n).await;
    let section = Section::begin();
    for _ in 0..TIMES {
        check_count("listed", children(&world.sup).await, args.n);
    }
    section.end().ops(TIMES)
}

/// Termination is only asked for: the end of the body is awaited here.
pub async fn by_name(args: &Args) -> Report {
    let times = args.n.min(1000);
    let world = Idle::of(args.n).await;
    let mut samples = Vec::with_capacity(times);
    let section = Section::begin();
    for i in 0..times {
        let begin = Instant::now();
        world.over.expect(1);
        world.terminate(i * (args.n / times)).await;
        world.over.reached().await;
        samples.push(begin.elapsed().as_nanos() as u64);
    }
    let report = section.end().ops(times).percentiles(samples);
    check_count("left", children(&world.sup).await, args.n - times);
    report
}
