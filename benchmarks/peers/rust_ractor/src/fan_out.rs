//! ractor's output port, in the variant that loses nothing.

use ractor::{Actor, ActorProcessingErr, ActorRef, OutputPort, async_trait};
use rust_protocol::{Args, Goal, Report, Section, check_count};
use std::sync::Arc;

struct Subscriber;

#[async_trait]
impl Actor for Subscriber {
    type Msg = usize;
    type State = Arc<Goal>;
    type Arguments = Arc<Goal>;

    async fn pre_start(
        &self,
        _: ActorRef<usize>,
        seen: Arc<Goal>,
    ) -> Result<Arc<Goal>, ActorProcessingErr> {
        Ok(seen)
    }

    async fn handle(
        &self,
        _: ActorRef<usize>,
        _event: usize,
        seen: &mut Arc<Goal>,
    ) -> Result<(), ActorProcessingErr> {
        seen.hit();
        Ok(())
    }
}

pub async fn fan_out(args: &Args) -> Report {
    let port = OutputPort::<usize>::default();
    let mut seen = Vec::new();
    for _ in 0..args.count("subscribers", 1) {
        let goal = Goal::of(args.n);
        let (actor, _) =
            Actor::spawn(None, Subscriber, goal.clone()).await.expect("an actor");
        port.subscribe(actor, Some);
        seen.push(goal);
    }
    let section = Section::begin();
    for event in 0..args.n {
        port.send(event);
    }
    for goal in &seen {
        goal.reached().await;
    }
    let report = section.end();
    for goal in &seen {
        check_count("events seen", goal.count(), args.n);
    }
    report
}
