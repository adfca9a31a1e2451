"""Print the budgets with today's figures: `make bench`, or of pages: `make bench PAGE="calibration rank"`."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from proof.problem import ROOT
from proof.project import House, page_named
from proof.runner import run
from proof.stated import test_file
from tools import site


def line(what: str, figure: str, budget: str) -> None:
    """Print one row of the table."""
    print(f"{what:<44}{figure:>22}   {budget}")


def cpu_of_children() -> float:
    """Return the CPU seconds of all finished child processes."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


DRAW = "import sys, pathlib, proof.figures as f; f.render(pathlib.Path(sys.argv[1]))"


def page_costs(name: str, house: House) -> None:
    """Print what a page adds to the suite: its snippets, its figures, its tests."""
    page = page_named(house, name)
    own = house.only(page)
    parts = {
        "its snippets": [[str(snippet.path)] for snippet in own.snippets],
        "its figures": [["-c", DRAW, str(figure.path)] for figure in own.figures],
        "its tests": [["-m", "pytest", "-q", "-n", "0", test_file(page.name)]],
    }
    total = 0.0
    for what, commands in parts.items():
        before = cpu_of_children()
        for command in commands:
            subprocess.run(
                [sys.executable, *command], cwd=ROOT, stdout=subprocess.DEVNULL, check=True
            )
        total += (used := cpu_of_children() - before)
        line(f"{page.name}, {what}", f"{used:.1f} s of CPU", f"{len(commands)} runs")
    line(f"{page.name}, together", f"{total:.1f} s of CPU", "imports included")


def main() -> None:
    """Run every snippet once and build the site once, or do what the named pages cost."""
    house = House()
    line("what", "today", "budget")
    for name in sys.argv[1:]:
        page_costs(name, house)
    if sys.argv[1:]:
        return
    runs = {snippet.name: run(snippet.path) for snippet in house.snippets}
    slowest = max(runs, key=lambda name: runs[name].cpu_seconds)
    line(
        "slowest snippet, imports included",
        f"{runs[slowest].cpu_seconds:.1f} s of CPU",
        f"5 s ({slowest})",
    )
    total = sum(run.cpu_seconds for run in runs.values())
    line(f"all {len(runs)} snippets", f"{total:.0f} s of CPU", "")
    with tempfile.TemporaryDirectory() as folder:
        before, start = cpu_of_children(), time.perf_counter()
        site.build(Path(folder))
        seconds = cpu_of_children() - before
        pages = site.pages(Path(folder))
        line("build", f"{seconds / len(pages):.2f} s of CPU a page", f"0.1 s ({len(pages)} pages)")
        line("edit to refreshed page: a whole build", f"{time.perf_counter() - start:.1f} s", "3 s")
        budgets: list[tuple[str, Callable[[site.Built], int], int]] = [
            (
                "largest first visit, compressed",
                lambda p: sum(map(site.weight, p.assets)),
                site.PAGE_BYTES,
            ),
            ("largest HTML, compressed", lambda p: site.weight(p.path), site.HTML_BYTES),
            ("most requests", lambda p: len(p.assets), site.REQUESTS),
            ("most elements", lambda p: len(p.soup.find_all(True)), site.ELEMENTS),
        ]
        for what, measure, budget in budgets:
            worst = max(pages, key=measure)
            line(what, f"{measure(worst):,}", f"{budget:,} ({worst.name})")


if __name__ == "__main__":
    main()
