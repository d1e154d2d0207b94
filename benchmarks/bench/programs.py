"""Runs the programs in turn and takes medians."""

import json
import os
import signal
import statistics
import subprocess
import sys
from dataclasses import replace

LIMIT = 120  # seconds for one measurement
FIELDS = ("wall_s", "cpu_s", "peak_bytes", "p50_s", "p99_s", "bytes_per_item")


class Missing(Exception):
    """No figure, and why: `failed` is our business, otherwise it is absent."""

    def __init__(self, reason, failed=True):
        super().__init__(reason)
        self.failed = failed


class Program:
    """`absent` gives the reason why a case has no counterpart, if it has none;
    `most` the largest n that makes sense for a workload."""

    def __init__(self, name, command, absent=None, most=None):
        self.name = name
        self.command = command
        self.absent = absent or (lambda case: None)
        self.most = most or {}

    def run(self, case):
        """The measurement as a dict; raises Missing."""
        reason = self.absent(case)
        if reason:
            raise Missing(reason, failed=False)
        case = replace(case, n=min(case.n, self.most.get(case.workload, case.n)))
        code, out, err = _execute([*self.command, *case.arguments()])
        last = err.strip().splitlines()[:1] or ["without a word"]
        if code == 3:
            raise Missing(last[0], failed=False)
        if code != 0:
            raise Missing(f"status {code}: {last[0]}")
        return _parse(out, case)


def _execute(command):
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             text=True, start_new_session=True)
    try:
        out, err = child.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)  # its children, too
        child.communicate()
        raise Missing(f"not ready after {LIMIT} s") from None
    return child.returncode, out, err


def _parse(out, case):
    try:
        result = json.loads(out)
        matches = result["workload"] == case.workload and result["n"] == case.n
        complete = result["ops"] > 0 and result["wall_s"] >= 0
    except (ValueError, KeyError, TypeError):
        raise Missing(f"no measurement: {out[:80]!r}") from None
    if not matches or not complete:
        raise Missing(f"another measurement: {out[:80]!r}")
    return result


class Results:
    """The samples of every case and program."""

    def __init__(self):
        self.samples = {}
        self.missing = {}

    def add(self, program, case):
        key = (program.name, case)
        if key in self.missing:
            return  # it would only take its time again
        try:
            self.samples.setdefault(key, []).append(program.run(case))
        except Missing as why:
            self.missing[key] = why
            self.samples.pop(key, None)

    def why_missing(self, program, case):
        return self.missing.get((program, case))

    def median(self, program, case, metric):
        """Seconds or bytes for one item; None without a figure."""
        found = self.samples.get((program, case))
        if not found:
            return None
        if metric == "bytes":
            values = [x.get("bytes_per_item") for x in found]
        elif metric == "time":
            values = [x["wall_s"] / x["ops"] for x in found]
        elif metric == "cpu":
            values = [x["cpu_s"] / x["ops"] for x in found]
        elif metric == "peak":
            values = [x["peak_bytes"] for x in found]
        else:
            values = [x.get(f"{metric}_s") for x in found]
        if None in values:
            return None
        return statistics.median(values)

    def to_json(self):
        """One object a case and program, with its samples and medians."""
        for (program, case), samples in self.samples.items():
            medians = {
                name: statistics.median(x[name] for x in samples)
                for name in FIELDS
                if all(name in x for x in samples)
            }
            yield {"program": program, "workload": case.workload, "n": case.n,
                   "params": dict(case.params), "median": medians,
                   "samples": samples}
        for (program, case), why in self.missing.items():
            yield {"program": program, "workload": case.workload, "n": case.n,
                   "params": dict(case.params),
                   "failed" if why.failed else "absent": str(why)}


def measure(wanted, rounds):
    """`wanted`: the programs of each case. They take turns: A B C A B C ..."""
    results = Results()
    for number, (case, programs) in enumerate(wanted.items(), 1):
        if sys.stderr.isatty():
            print(f"\r\033[K[{number}/{len(wanted)}] {case.label()}", end="",
                  file=sys.stderr, flush=True)
        for _ in range(rounds):
            for program in programs:
                results.add(program, case)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)
    return results
