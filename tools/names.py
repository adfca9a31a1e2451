"""Names: what a text calls by name exists, spelt so: functions, arguments, files and commands.

On a page of a section, each word in `inline code` stands in a snippet, figure or test of that page,
is a function of another snippet, or belongs to a library that the tests ask for it. In the README
and the pages for contributors, each command and each path is one of this repository.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from proof.files import Chapter, Page
from proof.problem import Problem, nothing_found
from proof.project import House
from proof.stated import test_file

INLINE = re.compile(r"(?<!`)`([^`]+)`(?!`)")
WORD = re.compile(r"[A-Za-z_]\w{2,}")
DEFINITION = re.compile(r"^(?:def|class) ([A-Za-z]\w*)", re.MULTILINE)
# What pages name of a library and no snippet or test of theirs uses: where a test looks it up.
ELSEWHERE = {
    "CalibratedClassifierCV": "sklearn.calibration.CalibratedClassifierCV",
    "Pipeline": "sklearn.pipeline.Pipeline",
    "StratifiedGroupKFold": "sklearn.model_selection.StratifiedGroupKFold",
    "cross_validate": "sklearn.model_selection.cross_validate",
    "n_boot": "fairlearn.metrics.MetricFrame.n_boot",
    "n_jobs": "sklearn.ensemble.RandomForestClassifier.n_jobs",
    "predict": "sklearn.linear_model.LogisticRegression.predict",
    "reductions": "fairlearn.reductions",
}
PLAIN = {"run", "ipynb", "OMP_NUM_THREADS"}  # `uv run`, `.ipynb`, a variable of OpenMP
WHY = "A reader types it, and finds nothing."

MAKE = re.compile(r"(?:^|`)make ([\w-]+)")
MODULE = re.compile(r"-m tools\.(\w+)")
PATH = re.compile(r"(?<![\w/])(?:proof|tools|snippets|docs|tests|theme|\.github)[/\\][\w./\\-]+\.(?:py|md|yml|toml|css|js|svg|txt)\b")  # fmt: skip
IMPORT = re.compile(r"from (\w+) import (\w+)")
EXAMPLE = re.compile(r"my[-_]page|data[/\\]old")  # what the guide invents


def known(page: Page, house: House) -> set[str]:
    """Return every word that a page may call by name."""
    files = {file.name: file for file in (*house.snippets, *house.figures)}
    shown = [Path(embed.path).with_suffix(".py").as_posix() for embed in page.embeds]
    texts = [files[name].source for name in shown if name in files]
    test = house.root / test_file(page.name)
    texts += [test.read_text("utf-8")] if test.exists() else []
    texts += [page.source] if isinstance(page, Chapter) else []
    words = {word for text in texts for word in re.findall(r"\w+", text)}
    return words | {name for s in house.snippets for name in DEFINITION.findall(s.source)}


def _of_page(page: Page, house: House) -> Iterator[Problem]:
    """Check the inline code of a page of a section."""
    words = known(page, house) | ELSEWHERE.keys() | PLAIN
    for line, text, fenced in page.lines:
        for code in INLINE.findall(text) if fenced is None else ():
            if strange := [word for word in WORD.findall(code) if word not in words]:
                yield Problem(
                    page.name, line,
                    f"`{code}`: {strange[0]!r} stands in no snippet, figure or test of this page", WHY,
                    "Spell it as the code does; a name of a library goes into ELSEWHERE of tools/names.py.",
                )  # fmt: skip


def check_commands(file: Path, house: House) -> Iterator[Problem]:
    """Check the commands and paths in a text for contributors."""
    root, name = house.root, file.relative_to(house.root).as_posix()
    phony = re.search(r"^\.PHONY: (.*)$", (root / "Makefile").read_text("utf-8"), re.MULTILINE)
    targets = phony[1].split() if phony else []
    defined = {(s.path.stem, n) for s in house.snippets for n in DEFINITION.findall(s.source)}
    for number, text in enumerate(file.read_text("utf-8").splitlines(), start=1):
        wrong = [f"make {target}" for target in MAKE.findall(text) if target not in targets]
        wrong += [
            f"tools.{m}" for m in MODULE.findall(text) if not (root / f"tools/{m}.py").exists()
        ]
        paths = [match[0].replace("\\", "/") for match in PATH.finditer(text)]
        wrong += [p for p in paths if not EXAMPLE.search(p) and not (root / p).exists()]
        wrong += [f"{a}.{b}" for a, b in IMPORT.findall(text) if (a, b) not in defined]
        for what in wrong:
            yield Problem(name, number, f"there is no {what}", WHY, "Name what there is.")


def check(house: House) -> list[Problem]:
    """Check the pages of all sections, and the texts for contributors."""
    pages = [page for page in house.texts if page.path.parent.name in house.sections]
    if not pages:
        return [nothing_found("pages of sections")]
    guides = [house.root / "README.md", *sorted((house.root / "docs/contributing").glob("*.md"))]
    return [
        *(problem for page in pages for problem in _of_page(page, house)),
        *(p for file in guides if file.exists() for p in check_commands(file, house)),
    ]
