"""The table in Markdown."""

UNITS = ((1, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))


def _time(x):
    unit, name = next((u for u in UNITS if x >= u[0]), UNITS[-1])
    return f"{x / unit:.3g} {name}"


def _value(x, metric):
    if metric in ("bytes", "peak"):
        return f"{x / 1e6:.1f} MB" if x >= 1e6 else f"{x:.0f} B"
    return _time(x)


class Notes:
    """Footnotes; the same text is one note."""

    def __init__(self):
        self.texts = []

    def mark(self, text):
        if text not in self.texts:
            self.texts.append(text)
        return f"[{self.texts.index(text) + 1}]"

    def lines(self):
        return [f"{i}. {text}" for i, text in enumerate(self.texts, 1)]


class Table:
    """One line a row of the catalogue; knows which targets are met."""

    def __init__(self, rows, results, peers):
        self.rows = rows
        self.results = results
        self.peers = peers
        self.notes = Notes()

    def _figure(self, program, row, case):
        value = self.results.median(program, case, row.metric)
        if value is None or row.less is None:
            return value
        less = self.results.median(program, row.less, row.metric)
        return None if less is None else max(value - less, 0)

    def _gap(self, program, case, reason=""):
        why = self.results.why_missing(program, case)
        if why is not None and why.failed:
            return f"failed {self.notes.mark(f'{program}, {case.label()}: {why}')}"
        text = str(why) if why is not None else reason
        return f"– {self.notes.mark(f'{program}: {text}')}" if text else "–"

    def evaluate(self, row):
        """(ours, floor, {peer: figure}, verdict) of a row."""
        ours = self._figure("taskvisor", row, row.case)
        program, case = row.floor_of()
        floor = self._figure(program, row, case) if program else None
        peers = {x.key: self._figure(x.key, row, row.counterpart())
                 for x in self.peers}
        return ours, floor, peers, self._verdict(row.target, ours, floor, peers)

    @staticmethod
    def _verdict(target, ours, floor, peers):
        """None: no target, or nothing to compare with."""
        if target is None or ours is None:
            return None
        checks = []
        if target.floor and floor is not None:
            checks.append(ours <= target.floor * floor)
        for key, figure in peers.items():
            own = target.peer[1] if key in target.peer else 0
            least = max(target.peers, own)
            if least and figure is not None:
                checks.append(figure >= least * ours)
        return all(checks) if checks else None

    def _cells(self, row):
        ours, floor, peers, verdict = self.evaluate(row)
        program, case = row.floor_of()
        title = f"`{row.case.label()}`"
        if row.title:
            title += f", {row.title}"
        yield title
        yield {"time": "one, wall", "bytes": "one, memory"}.get(
            row.metric, f"one, {row.metric}")
        yield (_value(ours, row.metric) if ours is not None
               else self._gap("taskvisor", row.case))
        if floor is not None:
            yield _value(floor, row.metric)
        else:
            yield self._gap(program or "floor", case or row.case,
                            row.floor_reason)
        yield f"{ours / floor:.2f}" if ours is not None and floor else "–"
        yield row.target.text() if row.target else ""
        yield {None: "", True: "yes", False: "**no**"}[verdict]
        for x in self.peers:
            yield self._peer_cell(x, row, ours, peers[x.key])

    def _peer_cell(self, peer, row, ours, figure):
        if row.own:
            return "–"
        case = row.counterpart()
        if not ours or figure is None:
            return self._gap(peer.key, case, "does not measure this")
        most = peer.most.get(case.workload, case.n)
        if most >= case.n:
            return f"{figure / ours:.2f}"
        note = self.notes.mark(f"{peer.key}: {case.workload} with n = {most}")
        return f"{figure / ours:.2f} {note}"

    def lines(self):
        head = ["workload", "of", "taskvisor", "floor", "ratio", "target", "met"]
        head += [x.title for x in self.peers]
        yield "| " + " | ".join(head) + " |"
        yield "|" + "---|" * len(head)
        for row in self.rows:
            yield "| " + " | ".join(self._cells(row)) + " |"

    def cost_lines(self, programs):
        """CPU time of one item and peak memory of the process."""
        cases = list(dict.fromkeys(row.case for row in self.rows))
        head = ["workload"]
        head += [f"{name}, {what}" for name in programs for what in ("CPU", "peak")]
        yield "| " + " | ".join(head) + " |"
        yield "|" + "---|" * len(head)
        for case in cases:
            cells = [f"`{case.label()}`"]
            for name in programs:
                for metric in ("cpu", "peak"):
                    x = self.results.median(name, case, metric)
                    cells.append("–" if x is None else _value(x, metric))
            yield "| " + " | ".join(cells) + " |"


def growth_lines(series, results, growth):
    """What an item costs at the larger size, in costs at the smaller one."""
    limit, large, small = growth

    def ratio(program, of):
        by_n = {c.n: results.median(program, c, of.metric) for c in of.cases}
        return by_n[large] / by_n[small] if by_n.get(large) and by_n.get(small) \
            else None

    lines = []
    for x in series:
        ours, floor = ratio("taskvisor", x), ratio("floor", x)
        if ours is None:
            continue
        cells = [x.title, f"{ours:.2f}", f"{floor:.2f}" if floor else "–"]
        met = "yes" if ours <= limit else "**no**"
        cells += [f"≤ {limit:g}", met] if x.of_tasks else ["", ""]
        lines.append("| " + " | ".join(cells) + " |")
    if lines:
        yield (f"| cost of one at {large:,} against {small:,} | taskvisor | floor "
               "| target | met |")
        yield "|---|---|---|---|---|"
        yield from lines
        yield ""


def seed_lines(pairs, results, programs):
    """The seed's cases: time of one item with one worker and with four."""
    head = [f"{title}, {workers}" for title in programs.values()
            for workers in ("one worker", "four")]
    yield "| the seed's case | " + " | ".join(head) + " |"
    yield "|---" * (len(head) + 1) + "|"
    for pair in pairs:
        cells = [f"`{pair[0].label().replace(' workers=1', '')}`"]
        for program in programs:
            cells += [_seed_cell(results, program, case) for case in pair]
        yield "| " + " | ".join(cells) + " |"


def _seed_cell(results, program, case):
    x = results.median(program, case, "time")
    if x is not None:
        return _time(x)
    why = results.why_missing(program, case)
    return f"failed: {why}" if why and why.failed else "–"
