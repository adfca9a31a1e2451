"""Regenerate what is generated and committed: `python -m tools.update`, or `… update my-page`."""

from __future__ import annotations

import sys
from pathlib import Path

from proof import claims, figures, outputs, sources
from proof.project import ROOT, House, Page, Problem, page_named, report
from tools import addresses, catalogue, story, topics

# Figures may depend on fresh outputs; chapters and ledgers on both.
RUNNING = (outputs, figures)
LEDGERS = (sources, claims, catalogue, topics, addresses)


def update(house: House, page: Page | None = None) -> list[Path | Problem]:
    """Run the snippets and figures of one page or of all, then write every ledger.

    Returns
    -------
    list of Path or Problem
        The files that changed, and what could not be regenerated.
    """
    done: list[Path | Problem] = []
    for step in RUNNING:
        fresh = House(house.root)  # an earlier step may have changed what this one reads
        done += step.update(fresh.only(page) if page else fresh)
    done += story.update(House(house.root), page)
    for ledger in LEDGERS:
        done += ledger.update(House(house.root))
    return done


def tell(done: list[Path | Problem]) -> int:
    """Print what changed and what failed; return the exit code."""
    for path in done:
        if isinstance(path, Path):
            print(f"updated {path.relative_to(ROOT).as_posix()}")
    problems = [problem for problem in done if isinstance(problem, Problem)]
    if problems:
        print(report(problems), file=sys.stderr)
    return 1 if problems else 0


def main(arguments: list[str]) -> int:
    """Update the named page, or everything; return the exit code."""
    house = House()
    return tell(update(house, page_named(house, arguments[0]) if arguments else None))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
