"""What is measured, at which sizes, and what the project aims at."""

from dataclasses import dataclass

SMALL = 10_000  # what --quick makes of larger sizes


@dataclass(frozen=True)
class Case:
    """One measurement; every program is started with these arguments."""

    workload: str
    n: int
    params: tuple = ()

    def arguments(self):
        return [self.workload, str(self.n)] + [f"{k}={v}" for k, v in self.params]

    def label(self):
        return " ".join(self.arguments())


@dataclass(frozen=True)
class Target:
    """The most that taskvisor may cost in floors, or the least in peers."""

    floor: float = 0
    peers: float = 0  # every peer costs at least so many times as much
    peer: tuple = ()  # the same for one peer: its folder and the times

    def text(self):
        parts = []
        if self.floor:
            parts.append(f"≤ {self.floor:g} floors")
        if self.peers:
            parts.append("ahead of peers")
        if self.peer:
            parts.append("{0} ≥ {1:g} times".format(*self.peer))
        return ", ".join(parts)


@dataclass(frozen=True)
class Row:
    """One line of the table: a case and what of it is compared.

    metric: `time` is wall time for one item, `p50` the median latency of one,
    `bytes` the memory of one.
    floor: None if it has none, or the program and the case that stand for it.
    others: what the floor and the peers do where they know but one way.
    less: the case that is subtracted on both sides: what subscribers add.
    """

    case: Case
    metric: str = "time"
    target: Target = None
    floor: object = "same"
    floor_reason: str = ""
    others: Case = None
    less: Case = None
    title: str = ""
    own: bool = False  # nothing that a peer could do

    def counterpart(self):
        return self.others or self.case

    def floor_of(self):
        """The program and its case, or two times None."""
        if self.floor == "same":
            return "floor", self.counterpart()
        return self.floor or (None, None)


def case(workload, n, **params):
    return Case(workload, n, tuple(sorted((k, str(v)) for k, v in params.items())))


def _lifecycle():
    n = 100_000
    plain = case("lifecycle_batch", n)
    yield Row(plain, target=Target(floor=1.5, peers=1))
    for k in (1, 4, 16):
        with_k = case("lifecycle_batch", n, subscribers=k)
        yield Row(with_k, target=Target(peer=("rust_taskvisor", 20)))
        yield Row(with_k, less=plain, title=f"what {k} subscribers add",
                  target=Target(floor=1.5))
    yield Row(case("lifecycle_batch", n, api="run"), others=plain)
    for k in (0, 1, 4, 16):
        yield Row(case("lifecycle_window", n, subscribers=k))
    single = case("lifecycle_single", 10_000)
    yield Row(single, "p50")
    yield Row(case("lifecycle_single", 10_000, dedicated="no"), "p50",
              others=single)


def _idle():
    for n in (100_000, 1_000_000):
        yield Row(case("idle", n), title="start")
        yield Row(case("idle", n), "bytes", Target(floor=1.25, peers=1))
    for body in ("actor", "permit"):
        yield Row(case("idle", 100_000, body=body), "bytes")
    for workload in ("shutdown", "cancel"):
        target = Target(floor=1.5, peers=1)
        for n in (100_000, 1_000_000):
            plain = case(workload, n)
            yield Row(plain, target=target)
            yield Row(case(workload, n, stops_by="drop"), target=target,
                      others=plain)
    yield Row(case("add_single", 10_000, threads=1), "p50", Target(floor=1.5))
    yield Row(case("add_single", 10_000, threads=4), "p50",
              Target(floor=1.5, peer=("rust_taskvisor", 3)))


def _restart():
    plain = case("restart_one", 100_000)
    yield Row(plain, "p50", Target(floor=2, peers=1))
    yield Row(case("restart_one", 100_000, fails_by="yield"), "p50",
              Target(floor=2, peers=1), others=plain)
    yield Row(case("restart_storm", 100_000, backoff_ms=0))
    yield Row(case("restart_storm", 100_000, backoff_ms=0), "p50", floor=None,
              floor_reason="all its round trips queue up at one actor")
    yield Row(case("restart_storm", 100_000, backoff_ms=10), "p50", floor=None,
              floor_reason="CAF has no timer that can be cancelled and scales")


def _events():
    for k in (1, 4, 16):
        yield Row(case("fan_out", 100_000, subscribers=k))
    yield Row(case("hostile_subscribers", 20_000, hostile="yes"),
              floor=("taskvisor", case("hostile_subscribers", 20_000,
                                       hostile="no")),
              title="beside two quick ones, as the floor", own=True)


def _submit():
    no_policy = "bare CAF has no policies"
    for slots in (1, 1_000, 100_000):
        target = Target(floor=2, peer=("rust_taskvisor", 20))
        yield Row(case("submit", 100_000, slots=slots, policy="queue"),
                  target=target if slots == 1_000 else None)
        for policy in ("replace", "drop"):
            yield Row(case("submit", 100_000, slots=slots, policy=policy),
                      floor=None, floor_reason=no_policy)
    for workload in ("waiting_submissions", "idle_slots"):
        yield Row(case(workload, 100_000), "bytes", floor=None,
                  floor_reason="bare CAF has no slots", own=True)


def _timers():
    yield Row(case("timer_queue", 1_000_000), target=Target(floor=2), own=True)
    for kind in ("backoff", "timeout"):
        yield Row(case("timers", 1_000_000, kind=kind))
    yield Row(case("timer_accuracy", 10_000), "p50")
    yield Row(case("timer_accuracy", 10_000), "p99")


def _list():
    for n in (1_000, 100_000):
        yield Row(case("list", n))
        yield Row(case("by_name", n), "p50")


# The seed's groups with their sizes; a batch of adds is one sample there.
SEED = {
    "lifecycle_instant": (1,),
    "lifecycle_with_work": (100, 1_000, 10_000),
    "throughput_batch": (50, 200, 500),
    "throughput_batch_work": (10, 100, 500),
    "dynamic_add": (1_000,),
    "dynamic_add_cancel": (1_000,),
    "dynamic_list": (10, 100, 500),
    "dynamic_churn": (10, 100, 500),
    "controller_queue": (5, 20, 50),
    "controller_multi_slot": (8, 32, 64),
    "controller_replace": (5, 20, 50),
    "controller_drop_if_running": (5, 20, 50),
    "controller_submit_hotpath": (100, 500, 1_000),
}


def seed_cases():
    """Pairs: the case with one worker and with four."""
    def pair(workload, n, **params):
        return tuple(case(f"seed_{workload}", n, workers=workers, **params)
                     for workers in (1, 4))

    for workload, sizes in SEED.items():
        for n in sizes:
            yield pair(workload, n)
    for k in (0, 1, 4, 8):
        yield pair("fanout_subs", 100, subscribers=k)


def rows():
    for group in (_lifecycle, _idle, _restart, _events, _submit, _timers, _list):
        yield from group()


@dataclass(frozen=True)
class Series:
    """A plot over n."""

    name: str
    title: str
    metric: str
    cases: tuple
    of_tasks: bool = True  # what GROWTH is about


SIZES = (100, 1_000, 10_000, 100_000, 1_000_000)


def series():
    def over_n(workload):
        return tuple(case(workload, n) for n in SIZES)

    yield Series("lifecycle_batch", "one-shot tasks in batches", "time",
                 over_n("lifecycle_batch"))
    yield Series("idle", "starting tasks that then idle", "time", over_n("idle"))
    yield Series("idle_bytes", "memory of an idle task", "bytes", over_n("idle"))
    yield Series("shutdown", "shutdown of idle tasks", "time", over_n("shutdown"))
    yield Series("cancel", "cancelling idle tasks", "time", over_n("cancel"))
    yield Series("by_name", "cancelling by name", "time", over_n("by_name"))
    yield Series("timer_queue", "deadlines, set and fired", "time",
                 over_n("timer_queue"), of_tasks=False)
    yield Series("restart_storm", "tasks that fail once each", "time",
                 over_n("restart_storm"))


# What a task may cost at the first size, in costs at the second.
GROWTH = 1.3, 1_000_000, 10_000
