"""How keepd's cost grows with the number of its programs: a table, its slopes, and a plot.

    make bench-growth [COUNTS=1,10,100,1000,5000] [SVG=FILE]

A slope is what each further program costs between the two largest counts. Growth is linear where
it is as large between the two before.
"""

import argparse
import os
import pathlib
import statistics

import adapters
import bench
import machine
import processes
import scenarios

MEASURES = ["start, ms", "CPU, ms", "PSS, KiB", "anonymous, KiB", "descriptors", "status, ms"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("child", type=os.path.abspath)
    parser.add_argument("--counts", default="1,10,100,1000,5000")
    parser.add_argument("--svg")
    options = parser.parse_args()
    processes.become_subreaper()
    counts = [int(word) for word in options.counts.split(",")]
    for fact in ("processor", "kernel"):
        print(f"{fact}: {machine.facts()[fact]}")
    print(f"{'programs':>10}" + "".join(f"{name:>17}" for name in MEASURES))
    rows = []
    for count in counts:
        rows.append(measure(count, options.child))
        print_row(count, rows[-1])
    if len(counts) > 2:
        print_row("slope", slopes(counts, rows, -1))
        print_row("before", slopes(counts, rows, -2))
    if options.svg:
        pathlib.Path(options.svg).write_text(plot(counts, rows))


def measure(count, child):
    peer = adapters.Keepd()
    with bench.Bench(peer, child) as run:
        began = run.start(run.programs(count, "wait"))
        last = max(report.at for report in run.first_reports(count).values())
        processor_time = run.family.processor_time()
        scenarios.settle(run)
        pss, anonymous = run.family.memory()
        descriptors = len(os.listdir(f"/proc/{run.process.pid}/fd"))
        status = statistics.median(run.run(*peer.status(run)) for _ in range(5))
        return [(last - began) * 1000, processor_time, pss, anonymous, descriptors, status * 1000]


def slopes(counts, rows, end):
    """What each further program costs between two neighbouring counts."""
    more = counts[end] - counts[end - 1]
    return [(after - before) / more for before, after in zip(rows[end - 1], rows[end])]


def print_row(head, figures):
    print(f"{head:>10}" + "".join(f"{figure:17.4g}" for figure in figures))


def plot(counts, rows):
    """A small chart for each measure, both axes linear from 0."""
    width, height = 300, 200
    charts = []
    for index, name in enumerate(MEASURES):
        figures = [row[index] for row in rows]
        x0, y0 = 70 + index % 3 * (width + 90), 50 + index // 3 * (height + 90)
        points = [
            (x0 + width * count / max(counts), y0 + height * (1 - figure / max(*figures, 1e-9)))
            for count, figure in zip(counts, figures)
        ]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        charts += [
            f'<text x="{x0}" y="{y0 - 12}" font-weight="bold">{name}</text>',
            f'<rect x="{x0}" y="{y0}" width="{width}" height="{height}" class="frame"/>',
            f'<polyline points="{line}" class="line"/>',
            *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in points),
            f'<text x="{x0 - 6}" y="{y0 + 5}" text-anchor="end">{max(figures):.3g}</text>',
            f'<text x="{x0 - 6}" y="{y0 + height}" text-anchor="end">0</text>',
            f'<text x="{x0 + width}" y="{y0 + height + 18}" text-anchor="end">'
            f"{max(counts):,} programs</text>",
        ]
    return "\n".join([
        '<svg xmlns="http://www.w3.org/2000/svg" width="1180" height="600" '
        'font-family="sans-serif" font-size="12">',
        "<style>.frame{fill:none;stroke:#bbb}.line{fill:none;stroke:#1565c0;stroke-width:2}"
        "circle{fill:#1565c0}</style>",
        '<rect width="100%" height="100%" fill="white"/>',
        *charts, "</svg>",
    ]) + "\n"


if __name__ == "__main__":
    main()
