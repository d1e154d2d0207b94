"""What becomes of a program's figures. Run by ctest where there is a Python."""

import json
import pathlib
import tempfile
import unittest

from . import __main__ as bench
from . import catalogue, peers, programs, report

CASE = catalogue.case("idle", 10)


def script(folder, name, text):
    path = pathlib.Path(folder) / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def printing(n=10, **figures):
    figures = {"workload": "idle", "n": n, "ops": 10, "wall_s": 1, "cpu_s": 1,
               "peak_bytes": 1} | figures
    return f"echo '{json.dumps(figures)}'"


class Programs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def run_once(self, text, **more):
        program = programs.Program("p", [script(self.folder, "p", text)], **more)
        results = programs.Results()
        results.add(program, CASE)
        return results

    def test_the_median_of_the_samples_counts(self):
        results = programs.Results()
        for wall in (30, 10, 20):
            program = programs.Program(
                "p", [script(self.folder, "p", printing(wall_s=wall))])
            results.add(program, CASE)
        self.assertEqual(results.median("p", CASE, "time"), 2)

    def test_a_failing_program_is_a_failed_figure_with_its_words(self):
        results = self.run_once("echo 'error: wrong count' >&2; exit 1")
        why = results.why_missing("p", CASE)
        self.assertTrue(why.failed)
        self.assertIn("wrong count", str(why))
        self.assertIsNone(results.median("p", CASE, "time"))

    def test_a_status_of_three_is_an_absent_figure(self):
        why = self.run_once("echo 'no clock' >&2; exit 3").why_missing("p", CASE)
        self.assertFalse(why.failed)
        self.assertEqual(str(why), "no clock")

    def test_what_is_no_measurement_is_a_failed_figure(self):
        for text in ("echo hello", "true", printing(n=11), printing(ops=0),
                     "echo '[1]'"):
            self.assertTrue(self.run_once(text).why_missing("p", CASE).failed)

    def test_a_program_that_hangs_is_ended_with_its_children(self):
        limit, programs.LIMIT = programs.LIMIT, 0.2
        try:
            why = self.run_once("sleep 60 & wait").why_missing("p", CASE)
        finally:
            programs.LIMIT = limit
        self.assertIn("not ready after", str(why))

    def test_a_peer_says_what_it_does_not_have(self):
        folder = pathlib.Path(self.folder)
        (folder / "catalogue.json").write_text(json.dumps({
            "name": "x", "version": "1", "workloads": ["idle", "list"],
            "absent": {"submit": "no slots"}, "max_n": {"list": 5},
            "absent_params": {"idle": {"body": {"actor": "no actors"},
                                       "subscribers": "no events"}}}))
        peer = peers.Peer(folder)
        self.assertIsNone(peer.why_absent(CASE))
        absent = {
            ("submit",): "no slots",
            ("cancel",): "not in its catalogue",
            ("idle", ("body", "actor")): "no actors",
            ("idle", ("body", "permit")): None,
            ("idle", ("subscribers", 1)): "no events",
            ("idle", ("subscribers", 0)): None,
        }
        for (workload, *params), reason in absent.items():
            with self.subTest(workload=workload, params=params):
                case = catalogue.case(workload, 10, **dict(params))
                self.assertEqual(peer.why_absent(case), reason)
        script(folder, "run", 'echo "$2" >&2; exit 3')
        with self.assertRaisesRegex(programs.Missing, "^5$"):
            peer.program().run(catalogue.case("list", 10))


class Verdicts(unittest.TestCase):
    def verdict(self, target, ours, floor, **others):
        return report.Table._verdict(target, ours, floor, others)

    def test_a_target_is_met_up_to_its_bound(self):
        target = catalogue.Target(floor=1.5)
        self.assertTrue(self.verdict(target, 1.5, 1))
        self.assertFalse(self.verdict(target, 1.6, 1))

    def test_each_peer_has_to_cost_more(self):
        target = catalogue.Target(peers=1, peer=("slow", 20))
        self.assertTrue(self.verdict(target, 1, None, slow=20, other=1))
        self.assertFalse(self.verdict(target, 1, None, slow=19, other=1))
        self.assertFalse(self.verdict(target, 1, None, slow=20, other=0.9))

    def test_without_anything_to_compare_with_there_is_no_verdict(self):
        self.assertIsNone(self.verdict(None, 1, 1))
        self.assertIsNone(self.verdict(catalogue.Target(floor=1), None, 1))
        self.assertIsNone(self.verdict(catalogue.Target(floor=1), 1, None))


class Plans(unittest.TestCase):
    def test_every_target_of_the_catalogue_has_something_to_compare(self):
        for row in catalogue.rows():
            if row.target and row.target.floor:
                self.assertIsNotNone(row.floor, row.case.label())

    def test_a_quick_run_is_small_and_keeps_the_targets(self):
        rows = bench.without_twins(map(bench.smaller_row, catalogue.rows()))
        self.assertTrue(all(x.case.n <= catalogue.SMALL for x in rows))
        plain = catalogue.case("shutdown", catalogue.SMALL)
        twins = [x for x in rows if x.case == plain]
        self.assertEqual(len(twins), 1)
        self.assertIsNotNone(twins[0].target)

    def test_the_others_run_what_stands_for_a_case_of_our_own(self):
        row = catalogue.Row(catalogue.case("list", 10, body="ours"),
                            others=catalogue.case("list", 10))
        names = {x: programs.Program(x, []) for x in ("taskvisor", "floor", "peer")}
        wanted = bench.plan([row], [], [], names, ["peer"])
        run = {x.name: c for c, found in wanted.items() for x in found}
        self.assertEqual(run, {"taskvisor": row.case, "floor": row.others,
                               "peer": row.others})


if __name__ == "__main__":
    unittest.main()
