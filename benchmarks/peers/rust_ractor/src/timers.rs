//! How late sleeps end while one worker never gives way.

use crate::supervise::*;
use rust_protocol::{Args, Goal, Moments, Report, Section, check_count};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::time::sleep_until;

const SPREAD: Duration = Duration::from_secs(5);

type Start = watch::Receiver<Option<Instant>>;

async fn begin(mut start: Start) -> Instant {
    start.wait_for(Option::is_some).await.unwrap().unwrap()
}

async fn add_busy(sup: &Sup, start: &Start, over: &Arc<Goal>) {
    let (start, over) = (start.clone(), over.clone());
    let body = move || {
        let (start, over) = (start.clone(), over.clone());
        async move {
            let begin = begin(start).await;
            while begin.elapsed() < SPREAD {
                std::hint::spin_loop();
            }
            over.hit();
            Ok(())
        }
    };
    add(sup, "busy".into(), body).await;
}

pub async fn accuracy(args: &Args) -> Report {
    let sup = supervisor().await;
    let (set, start) = watch::channel(None::<Instant>);
    let (ready, over) = (Goal::of(args.n), Goal::of(args.n + 1));
    let lateness = Arc::new(Moments::new(args.n));
    let n = args.n as u32;
    for i in 0..args.n {
        let (start, lateness) = (start.clone(), lateness.clone());
        let (ready, over) = (ready.clone(), over.clone());
        let body = move || {
            let (start, lateness) = (start.clone(), lateness.clone());
            let (ready, over) = (ready.clone(), over.clone());
            async move {
                ready.hit();
                let due = begin(start).await + SPREAD * i as u32 / n;
                sleep_until(due.into()).await;
                lateness.keep(i, due.elapsed());
                over.hit();
                Ok(())
            }
        };
        add(&sup, format!("t{i}"), body).await;
    }
    add_busy(&sup, &start, &over).await;
    ready.reached().await;
    let section = Section::begin();
    set.send(Some(Instant::now())).expect("waiting tasks");
    over.reached().await;
    let report = section.end();
    let samples = lateness.samples();
    check_count("sleeps", samples.len(), args.n);
    report.percentiles(samples)
}
