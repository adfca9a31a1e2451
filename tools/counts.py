"""How many checks and tests there are: they become fewer only by an edit of tools/counts.txt.

`python -m tools.counts` writes it anew. A deleted file, a skipped module or a list cut short makes the
suite green and smaller; nothing else would tell.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath

from proof.problem import ROOT, Problem

LIST = "tools/counts.txt"
SLACK = 1.05  # more new tests than that are counted first, or as many could be lost again unseen
MEND = "python -m tools.counts"


def count(ids: Iterable[str]) -> Counter[str]:
    """Return how many checks and tests stand in each folder, by the ids that pytest collects."""
    files = [PurePosixPath(one.partition("::")[0]) for one in ids]
    # Without Chromium there are none of the browser; .ci/run and the workflows require them.
    return Counter(str(file.parent) for file in files if "browser" not in file.name)


def listed() -> dict[str, int]:
    """Return the committed counts."""
    rows = [line.rsplit(" ", 1) for line in (ROOT / LIST).read_text("utf-8").splitlines()]
    return {folder: int(number) for folder, number in rows}


def check(found: Counter[str], covered: Iterable[str]) -> list[Problem]:
    """Compare what was collected with the committed counts, in the folders that this run covers."""
    problems, known = [], listed()
    for line, (folder, wanted) in enumerate(known.items(), start=1):
        if folder in covered and not wanted <= found[folder] <= max(wanted + 3, wanted * SLACK):
            what = f"{found[folder]} checks and tests in {folder}, {wanted} are listed"
            why = "Fewer: something is not looked at any more. Many more: as many could be lost again unseen."
            problems.append(
                Problem(LIST, line, what, why, f"Find out which. If it is meant: {MEND}")
            )
    new = [folder for folder in covered if folder in found and folder not in known]
    return problems + [
        Problem(LIST, 1, f"{folder} is not listed", "What is not counted can be lost.", MEND) for folder in new
    ]  # fmt: skip


def main() -> None:
    """Write the counts of today."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stdout[-2000:] + done.stderr)
    found = count(line for line in done.stdout.splitlines() if "::" in line)
    text = "".join(f"{folder} {number}\n" for folder, number in sorted(found.items()))
    (ROOT / LIST).write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
