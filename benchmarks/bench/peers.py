"""The peers: each folder of benchmarks/peers with a catalogue.json."""

import json
import subprocess

from .programs import Program


class Peer:
    def __init__(self, folder):
        self.folder = folder
        self.key = folder.name
        catalogue = json.loads((folder / "catalogue.json").read_text())
        self.title = f"{catalogue['name']} {catalogue['version']}"
        self.workloads = set(catalogue["workloads"])
        self.reasons = catalogue.get("absent", {})
        # The same for a value of a parameter, or for any but 0.
        self.params = catalogue.get("absent_params", {})
        self.most = catalogue.get("max_n", {})
        self.broken = None

    def build(self):
        """Keeps the reason if that is not possible here."""
        done = subprocess.run([self.folder / "build"], text=True,
                              stdin=subprocess.DEVNULL, capture_output=True)
        if done.returncode != 0:
            lines = (done.stderr or done.stdout).strip().splitlines()
            words = lines[0 if done.returncode == 3 else -1] if lines else ""
            self.broken = f"not built: {words or 'without a word'}"

    def why_absent(self, case):
        if self.broken:
            return self.broken
        if case.workload not in self.workloads:
            return self.reasons.get(case.workload, "not in its catalogue")
        of_params = self.params.get(case.workload, {})
        for key, value in case.params:
            reason = of_params.get(key)
            if isinstance(reason, dict):
                reason = reason.get(value)
            if reason and value != "0":
                return reason
        return None

    def program(self):
        return Program(self.key, [str(self.folder / "run")], self.why_absent,
                       self.most)


def find_peers(folder):
    return [Peer(x.parent) for x in sorted(folder.glob("*/catalogue.json"))]
