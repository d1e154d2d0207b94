"""SVG plots over n, by gnuplot."""

import subprocess

HEAD = """set encoding utf8
set terminal svg size 720,480 background rgb 'white' dynamic
set output '{output}'
set title '{title}'
set xlabel 'tasks'
set ylabel '{unit}'
set logscale x
set yrange [0:*]
set format x '10^{{%L}}'
set grid
set key outside below
"""

# metric: unit, and what makes it of seconds or bytes for one item.
KINDS = {
    "cost": ("µs for one", lambda x: x * 1e6),
    "rate": ("thousand each second", lambda x: 1e-3 / x),
    "bytes": ("bytes for one", lambda x: x),
}


def _points(results, program, series, convert):
    for case in series.cases:
        x = results.median(program, case, series.metric)
        if x:
            yield f"{case.n} {convert(x):.6g}"


def _script(series, kind, results, programs, output):
    unit, convert = KINDS[kind]
    blocks, plots = [], []
    for i, (key, title) in enumerate(programs.items()):
        points = list(_points(results, key, series, convert))
        if points:
            blocks.append("\n".join([f"$data{i} << end", *points, "end\n"]))
            plots.append(f"$data{i} using 1:2 with linespoints lw 2 "
                         f"title '{title}' noenhanced")
    if not plots:
        return None
    head = HEAD.format(output=output, title=series.title, unit=unit)
    return head + "".join(blocks) + "plot " + ", \\\n  ".join(plots) + "\n"


def draw(all_series, results, programs, folder):
    """`programs`: titles by name. Returns the files."""
    files = []
    for series in all_series:
        kinds = ["bytes"] if series.metric == "bytes" else ["cost", "rate"]
        for kind in kinds:
            name = series.name if kind == "bytes" else f"{series.name}_{kind}"
            script = _script(series, kind, results, programs, f"{name}.svg")
            if script is None:
                continue
            (folder / f"{name}.gp").write_text(script)
            subprocess.run(["gnuplot", f"{name}.gp"], cwd=folder, check=True)
            files.append(folder / f"{name}.svg")
    return files
