"""Behind scripts/bench: measures, compares, and writes what came out."""

import argparse
import datetime
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
from dataclasses import replace

from . import catalogue, peers, plots, programs, report


def regex(text):
    try:
        return re.compile(text)
    except re.error as why:
        raise argparse.ArgumentTypeError(f"no regex: {text!r}, {why}") from None


def parse_arguments():
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", type=regex, default=re.compile(""))
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    args = parser.parse_args()
    if args.rounds < 1:
        parser.error(f"--rounds is {args.rounds}: at least 1 is needed")
    return args


def smaller(case):
    if case is None or case.n <= catalogue.SMALL:
        return case
    params = tuple((k, str(min(int(v), catalogue.SMALL)) if k == "slots" else v)
                   for k, v in case.params)
    return replace(case, n=catalogue.SMALL, params=params)


def smaller_row(row):
    floor = row.floor
    if isinstance(floor, tuple):
        floor = (floor[0], smaller(floor[1]))
    return replace(row, case=smaller(row.case), floor=floor,
                   others=smaller(row.others), less=smaller(row.less))


def without_twins(rows):
    """Of rows about the same, the last: that with a target."""
    return list({(x.case, x.metric, x.less): x for x in rows}.values())


def select(args):
    """The rows and series that are asked for."""
    rows = [x for x in catalogue.rows() if args.only.search(x.case.label())]
    series = [replace(x, cases=tuple(c for c in x.cases
                                     if args.only.search(c.label())))
              for x in catalogue.series()]
    if args.quick:
        rows = without_twins(map(smaller_row, rows))
        series = [replace(x, cases=tuple(c for c in x.cases
                                         if c.n <= catalogue.SMALL))
                  for x in series]
    seeds = [x for x in catalogue.seed_cases()
             if any(args.only.search(c.label()) for c in x)]
    return rows, [x for x in series if x.cases], seeds


def plan(rows, series, seeds, by_name, others):
    """The programs of each case, taskvisor first."""
    wanted = {}

    def want(case, *names):
        known = wanted.setdefault(case, [])
        known += [by_name[x] for x in names if by_name[x] not in known]

    for row in rows:
        want(row.case, "taskvisor")
        program, case = row.floor_of()
        if program:
            want(case, program)
        if row.less is not None:
            want(row.less, "taskvisor", "floor")
        if not row.own:
            want(row.counterpart(), *others)
    for x in series:
        for case in x.cases:
            want(case, "taskvisor", "floor", *others)
    for pair in seeds:
        for case in pair:
            want(case, "taskvisor", *others)
    return wanted


def first_match(pattern, text):
    found = re.search(pattern, text, re.MULTILINE)
    return found.group(1) if found else "unknown"


def read(path):
    try:
        return pathlib.Path(path).read_text()
    except OSError:
        return ""


def caf_version(cache):
    """0.17 is found by a module, 1.x by its own package configuration."""
    if "DETAILS_CAF" in cache:
        return first_match(r"DETAILS_CAF:.*\[v([\d.]+)\(", cache)
    folder = pathlib.Path(first_match(r"^CAF_DIR:PATH=(.*)$", cache))
    return first_match(r'^set\(PACKAGE_VERSION "(.*)"\)',
                       read(folder / "CAFConfigVersion.cmake"))


def conditions(args):
    """Where and when this was measured."""
    commit = subprocess.run(["git", "describe", "--always", "--dirty"],
                            capture_output=True, text=True).stdout.strip()
    cache = read(args.programs.parent / "CMakeCache.txt")
    memory = int(first_match(r"^MemTotal:\s+(\d+)", read("/proc/meminfo")) or 0)
    return {
        "date": datetime.datetime.now().astimezone().isoformat("T", "minutes"),
        "commit": commit,
        "caf": caf_version(cache),
        "cpu": first_match(r"^model name\s*:\s*(.*)$", read("/proc/cpuinfo")),
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 1e6, 1),
        "kernel": platform.release(),
        "load_before": os.getloadavg()[0],
        "rounds": args.rounds,
        "quick": args.quick,
    }


def write_report(args, where, table, series, seeds, results, titles):
    lines = ["# Benchmarks", "",
             f"{where['date']}, commit {where['commit']}, CAF {where['caf']}; "
             f"{where['cores']} cores of {where['cpu']}, "
             f"{where['memory_gb']} GB, load {where['load_before']:.1f} before; "
             f"medians of {where['rounds']} rounds."]
    if args.quick:
        lines.append("Quick: smaller sizes, no figures to quote.")
    lines += ["", "`ratio`: taskvisor in floors, smaller is better. Peers: "
              "their cost in that of taskvisor, larger is better for us.", ""]
    lines += table.lines()
    lines += ["", *table.notes.lines(), ""]
    lines += report.growth_lines(series, results, catalogue.GROWTH)
    if seeds:
        # Only the crate whose cases they are has them, too.
        have = {k: v for k, v in titles.items()
                if any(results.median(k, c, "time") for x in seeds for c in x)}
        lines += report.seed_lines(seeds, results, have)
        lines.append("")
    lines += ["CPU time of one item, peak memory of the process:", ""]
    lines += table.cost_lines(titles)
    (args.output / "results.md").write_text("\n".join(lines) + "\n")


def write_json(args, where, table, results):
    rows = []
    for row in table.rows:
        ours, floor, others, met = table.evaluate(row)
        rows.append({"case": row.case.label(), "title": row.title,
                     "metric": row.metric, "taskvisor": ours, "floor": floor,
                     "peers": others, "met": met,
                     "target": row.target.text() if row.target else None})
    content = {"conditions": where, "rows": rows,
               "measurements": list(results.to_json())}
    (args.output / "results.json").write_text(json.dumps(content, indent=1))


def main():
    args = parse_arguments()
    args.output.mkdir(parents=True, exist_ok=True)
    where = conditions(args)
    by_name = {x: programs.Program(x, [str(args.programs / f"bench_{x}")])
               for x in ("taskvisor", "floor")}
    found = peers.find_peers(pathlib.Path("benchmarks/peers")) if args.peers else []
    for x in found:
        x.build()
        by_name[x.key] = x.program()
    rows, series, seeds = select(args)
    if not rows and not series and not seeds:
        sys.exit(f"error: no workload matches --only {args.only.pattern!r}")
    wanted = plan(rows, series, seeds, by_name, [x.key for x in found])
    results = programs.measure(wanted, args.rounds)
    titles = {"taskvisor": "taskvisor", "floor": "bare CAF"}
    titles |= {x.key: x.title for x in found}
    table = report.Table(rows, results, found)
    write_report(args, where, table, series, seeds, results, titles)
    write_json(args, where, table, results)
    plots.draw(series, results, titles, args.output)
    print((args.output / "results.md").read_text(), end="")
    failed = [x for x in results.missing.values() if x.failed]
    print(f"\n{args.output}/: results.md, results.json, plots; "
          f"{len(failed)} measurements failed")


if __name__ == "__main__":
    main()
