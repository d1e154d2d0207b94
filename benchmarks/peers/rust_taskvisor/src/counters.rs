//! Subscribers that count removals, each task's last event.

use rust_protocol::{Goal, check_count};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use taskvisor::prelude::*;

struct Counter {
    name: String,
    capacity: NonZeroUsize,
    removed: Goal,
    lost: AtomicU64,
}

impl Subscribe for Counter {
    fn on_event(&self, event: &Event) {
        match event.kind {
            EventKind::TaskRemoved => self.removed.hit(),
            EventKind::SubscriberOverflow => {
                self.lost.fetch_add(event.dropped.unwrap_or(1).max(1), Ordering::Relaxed);
            }
            _ => {}
        }
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn queue_capacity(&self) -> NonZeroUsize {
        self.capacity
    }
}

pub struct Counters(Vec<Arc<Counter>>);

impl Counters {
    pub fn new(subscribers: usize, capacity: NonZeroUsize) -> Self {
        let counter = |i| Counter {
            name: format!("s{i}"),
            capacity,
            removed: Goal::default(),
            lost: AtomicU64::new(0),
        };
        Self((0..subscribers).map(counter).map(Arc::new).collect())
    }

    pub fn subscribers(&self) -> Vec<Arc<dyn Subscribe>> {
        self.0.iter().map(|counter| counter.clone() as Arc<dyn Subscribe>).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn expect(&self, n: usize) {
        self.0.iter().for_each(|counter| counter.removed.expect(n));
    }

    pub async fn all_seen(&self) {
        for counter in &self.0 {
            counter.removed.reached().await;
        }
    }

    pub fn seen(&self) -> usize {
        self.0.iter().map(|counter| counter.removed.count()).sum()
    }

    pub fn check(&self) {
        for counter in &self.0 {
            check_count("lost events", counter.lost.load(Ordering::Relaxed) as usize, 0);
        }
    }
}
