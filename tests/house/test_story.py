"""The story: chapters stand alone, are committed executed, never go stale, and become light pages."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import nbformat
import pytest

from proof import cache, chapters, execution, figures, numbers, stated
from proof.files import Cell, Chapter, Snippet
from proof.problem import Problem, demand, report
from proof.project import House
from proof.registry import everything
from tools import mirror, story
from tools.site import Built, weight

HOUSE = House()
EACH = pytest.mark.parametrize("chapter", HOUSE.chapters, ids=lambda chapter: chapter.path.stem)
NAME, SNIPPET = "docs/story/1-shares.py", "snippets/data/shift.py"
HELD = '''\
# %% tags=["snippet"]
# snippets/data/shift.py:function
import numpy as np


def share_above(values: list[float], limit: float) -> float:
    """Return the share of values above a limit."""
    return float(np.mean(np.array(values) > limit))
'''
FUNCTION = f'''\
"""The share of rows above a limit.

Page: docs/data/shift.md
"""

# --8<-- [start:function]
{HELD.split(chr(10), 2)[2]}# --8<-- [end:function]
'''
CHAPTER = f"""\
# /// script
# requires-python = ">=3.11"
# dependencies = ["matplotlib>=3.10.7", "numpy>=2.0"]
# ///
# SPDX-License-Identifier: MIT

# %% [markdown]
# # 1 · The share
#
# Two words lead. The share of rows above the limit is 75.0%, as on [its page](../../data/shift/).
#
# > **Claim.** Most rows lie above a low limit.
# >
# > More in `share_above`.

{HELD}
# %%
share = share_above([0.2, 0.4, 0.6, 0.9], limit=0.3)
print(f"rows above the limit: {{share:.1%}} <b>")

# %%
import matplotlib.pyplot as plt

figure, axes = plt.subplots(figsize=(4, 2), layout="constrained")
axes.plot([0.2, 0.4, 0.6, 0.9], color="C0")
plt.show()

# %% [markdown]
# **Figure.** Rows by their value.
# The share of `rows` above the limit is 75.0%, which the line shows.
"""
TEST = f'"""{NAME}"""\n\n\ndef test_most(claim):\n    """Most rows lie above a low limit."""\n'
Write = Callable[..., Chapter]
RAN: dict[str, list[chapters.Shown] | Problem] = {}


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Count executions; the same code is executed once for all tests."""
    counted: list[str] = []
    execute = execution.execute

    def count(chapter: Chapter) -> list[chapters.Shown] | Problem:
        counted.append(chapter.name)
        code = str([cell.source for cell in chapter.cells if not cell.is_text])
        if code not in RAN:
            RAN[code] = execute(chapter)
        return RAN[code]

    monkeypatch.setattr(execution, "execute", count)
    monkeypatch.setattr(cache, "FOLDER", tmp_path / "cache")
    return counted


@pytest.fixture
def chapter(small_house: House, runs: list[str]) -> Chapter:
    """Return the chapter of a small house, which every check accepts."""
    for name, text in {SNIPPET: FUNCTION, NAME: CHAPTER, "tests/story/test_1_shares.py": TEST}.items():  # fmt: skip
        (small_house.root / name).parent.mkdir(parents=True, exist_ok=True)
        (small_house.root / name).write_text(text, "utf-8")
    story.update(House(small_house.root))
    stated.update(House(small_house.root))
    runs.clear()
    return House(small_house.root).chapters[0]


@pytest.fixture
def edit(chapter: Chapter) -> Write:
    """Return a function that replaces text in the chapter and returns it."""

    def replace(old: str, new: str) -> Chapter:
        assert old in chapter.source
        chapter.path.write_text(chapter.source.replace(old, new, 1), "utf-8")
        return Chapter(chapter.path, chapter.root)

    return replace


# The real story


@EACH
def test_a_notebook_is_valid_and_of_the_cells_that_jupytext_reads(chapter: Chapter) -> None:
    import jupytext

    notebook = nbformat.read(chapter.notebook, as_version=4)
    nbformat.validate(notebook)
    read = jupytext.reads(chapter.source, fmt="py:percent").cells
    assert [(c.cell_type, c.source) for c in notebook.cells] == [
        (c.cell_type, c.source) for c in read
    ]
    assert [c.metadata.get("tags") for c in notebook.cells] == [
        c.metadata.get("tags") for c in read
    ]


@EACH
def test_a_chapter_ends_with_a_number_and_promises_the_bounds(chapter: Chapter) -> None:
    last = [cell.source for cell in chapter.cells if cell.is_text][-1]
    assert re.search(r"\*\*.*\d.*\*\*", last), f"{chapter.name}: no number in bold at the end"
    groups = tomllib.loads((HOUSE.root / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    listed = set(re.findall(r'"([^"]+)"', chapter.source.splitlines()[2]))
    assert listed <= {*groups["snippets"], *groups["figures"]}


@EACH
def test_page_of_a_chapter(chapter: Chapter, site: Path) -> None:
    folder = site / "story" / chapter.path.stem
    page = Built(folder / "index.html", site)
    article = page.article
    assert not article.select("style, script, iframe, clipboard-copy, [style*='color:#']")
    assert not re.findall(r"jp-|jupyter-wrapper|In \[|#[0-9a-f]{6}\b", str(article))
    cells = [cell for cell in chapter.cells if not cell.is_text and not cell.is_comment]
    knobs = [Snippet(HOUSE.root / e.path, HOUSE.root) for e in chapter.embeds if e.section]
    drawing = [knob.sections["figure"].code.strip("\n") for knob in knobs]
    shown = [code.get_text().strip("\n") for code in article.select(".language-python code")]
    assert [code for code in shown if code not in drawing] == [cell.source for cell in cells]
    assert len(shown) == len(cells) + len(drawing) and len(article.select(".knob")) == len(knobs)
    held = article.select("details.house-held[data-search-exclude]")
    assert len(held) == sum(bool(cell.held) for cell in cells)
    printed = [samp.get_text().strip() for samp in article.select(".house-output samp")]
    assert printed == [s.printed.strip() for s in chapters.committed(chapter) if s.printed]
    drawn = [*chapters.drawings(chapter)]
    assert [title.get_text() for title in article.select("figure > svg title")] == [
        drawing.title for drawing in drawn
    ]
    captions = [
        caption.get_text() for caption in article.select("figure:not(:has(.knob)) > figcaption")
    ]
    assert [" ".join(text.split()) for text in captions] == [
        f"{drawing.title}. {drawing.description}" for drawing in drawn
    ]
    claimed = [tag.get_text() for tag in article.select(".claim > .admonition-title")]
    assert claimed == re.findall(r"^# > \*\*Claim\.\*\* (.*)$", chapter.source, re.MULTILINE)
    assert len(str(page.soup.select("meta[name=description]")[0]["content"])) > 40
    assert weight(folder / "index.html") < 24_000  # of which a knob takes two thousand


@EACH
def test_downloads_of_a_chapter(chapter: Chapter, site: Path) -> None:
    beside = site / "story" / chapter.path.stem / chapter.path.stem
    assert beside.with_suffix(".py").read_bytes() == chapter.path.read_bytes()
    assert beside.with_suffix(".ipynb").read_bytes() == chapter.notebook.read_bytes()
    article = Built(beside.parent / "index.html", site).article
    first = article.select("h1 ~ p")[0]
    assert [a["href"] for a in first.select("a[download]")] == [chapter.path.name, chapter.notebook.name]  # fmt: skip
    command = f"uv run http://127.0.0.1:8000/story/{beside.name}/{beside.name}.py"
    assert command in article.get_text()


def test_figures_have_the_colours_of_the_light_scheme() -> None:
    css = (HOUSE.root / "theme/assets/house.css").read_text("utf-8")
    light = dict(reversed(re.findall(r"--(fig-\w+): (#\w{6});", css)))  # it comes first
    assert {colour: f"var(--{name})" for name, colour in light.items()} == figures.CSS
    assert all(css.count(f"--{name}: #") == 2 for name in light), "the dark scheme has its own"


# A small story


def test_accepts_the_small_story(chapter: Chapter, runs: list[str]) -> None:
    house = House(chapter.root)
    checks = (chapters, story, stated, mirror, numbers)
    demand([problem for check in checks for problem in check.check(house)])
    demand(execution.check_chapter(chapter, HOUSE))
    assert story.update(house) == [] and runs == []


def test_a_chapter_runs_as_a_program(chapter: Chapter, tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", str(chapter.path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stderr, done.stdout) == ("", "rows above the limit: 75.0% <b>\n")


def test_a_notebook_opens_elsewhere(chapter: Chapter) -> None:
    svg = chapters.committed(chapter)[4].drawing
    assert figures.SERIES[0] in svg and "background: #ffffff" in svg and "var(" not in svg
    [drawing] = chapters.drawings(chapter)
    assert "var(--fig-1)" in drawing.themed(1) and "#" not in re.sub(r"[(\"]#", "", drawing.themed(1))  # fmt: skip
    assert '<title id="figure-1-title">Rows by their value</title>' in drawing.themed(1)
    assert ">The share of rows above the limit is 75.0%, which the line shows.</desc>" in drawing.themed(1)  # fmt: skip


FAULTS = {
    "another copy": ("np.mean(np.array", "np.median(np.array", "is not the code of snippets/data/shift.py:function"),
    "no such section": ("shift.py:function", "shift.py:method", "holds snippets/data/shift.py:method, which does not exist"),
    "name below code": ("print(f\"rows", "# snippets/data/shift.py:demo\nprint(f\"rows", "not in the first line"),
    "import of a neighbour": ("share = ", "import proof.project\nshare = ", "imports 'proof.project'"),
    "library not listed": ("share = ", "import scipy\nshare = ", "imports 'scipy'"),
    "magic": ("share = ", "%timeit 1\nshare = ", "is no Python program"),
    "footnote": ("as on", "as Doe[^doe] on", "has a footnote"),
    "wrong number": ("is 75.0%, as", "is 74.0%, as", "74.0% in"),
    "wrong number in a caption": ("is 75.0%, which", "is 74.0%, which", "74.0% in"),
    "claim without test": ("a low limit.", "a high limit.", "no test holds the claim"),
    "changed sentence": ("Two words lead", "Three words lead", "lacks this cell, or holds an earlier one"),
    "changed code": ("limit=0.3", "limit=0.5", "lacks this cell, or holds an earlier one"),
    "cell taken out": ("# %%\nimport matplotlib", "import matplotlib", "lacks this cell"),
    "no caption": ("**Figure.** Rows", "Rows", "a figure has no title"),
    "caption without numbers": ("is 75.0%, which", "is high, which", "a figure has no description with the numbers"),
    "caption without a figure": ("Two words", "x\n\n# %% [markdown]\n# **Figure.** A b. Two words", "a caption without a figure"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_rejects(fault: str, edit: Write) -> None:
    old, new, message = FAULTS[fault]
    chapter = edit(old, new)
    house = House(chapter.root)
    checks = (story, chapters, stated, numbers)
    problems = [p for check in checks for p in everything(check, house)]
    assert message in report(problems)
    lines = {problem.line for problem in problems if message in problem.what}
    assert lines and max(lines) <= len(chapter.source.splitlines())


TAMPERED = {
    "output of another kind": ('"name": "stdout"', '"name": "stderr"', "holds something else"),
    "html": ('"image/svg+xml"', '"text/html": "<script>", "image/svg+xml"', "holds something else"),
    "a count": ('"execution_count": null', '"execution_count": 1', "holds something else"),
    "no notebook any more": ('"cells"', '<<<<<<< "cells"', "lacks this cell"),
    "a fixed colour": ("fill: none", "fill: #ff0000", "a figure has fixed colours: #ff0000"),
    "a number": ("limit: 75.0%", "limit: 76.0%", "76.0% <b>', the run printed 'rows above the limit: 75.0% <b>'"),
    "a drawing": ("fill: none", "fill: red", "the figure in the notebook is not what the run draws"),
}  # fmt: skip


@pytest.mark.parametrize("fault", TAMPERED)
def test_rejects_the_notebook(fault: str, chapter: Chapter) -> None:
    old, new, message = TAMPERED[fault]
    text = chapter.notebook.read_text("utf-8")
    assert old in text
    chapter.notebook.write_text(text.replace(old, new, 1), "utf-8")
    house = House(chapter.root)
    assert message in report([*chapters.check(house), *execution.check_chapter(chapter, HOUSE)])
    story.update(house)
    assert chapter.notebook.read_text("utf-8") == text


def test_a_missing_notebook_and_an_empty_story_fail(chapter: Chapter) -> None:
    chapter.notebook.unlink()
    assert "there is no docs/story/1-shares.ipynb" in report(chapters.check(House(chapter.root)))
    chapter.path.unlink()
    assert "found no chapters to check" in report(chapters.check(House(chapter.root)))


def test_update_mends_a_copy_and_executes_what_it_changed(chapter: Chapter, runs: list[str]) -> None:  # fmt: skip
    path = chapter.root / SNIPPET
    path.write_text(path.read_text("utf-8").replace("as np\n", "as np\n\nMORE = 1\n"))
    assert story.update(House(chapter.root)) == [chapter.path, chapter.notebook]  # fmt: skip
    house = House(chapter.root)
    assert (story.check(house), chapters.check(house), runs) == ([], [], [NAME])
    assert house.chapters[0].source == CHAPTER.replace("as np\n", "as np\n\nMORE = 1\n", 1)


def test_update_fills_an_empty_copy(edit: Write) -> None:
    chapter = edit(HELD, '# %% tags=["snippet"]\n# snippets/data/shift.py:function\n')
    story.update(House(chapter.root))
    assert chapter.path.read_text("utf-8") == CHAPTER


# Execution


def test_a_changed_sentence_is_not_run_and_changed_code_is(edit: Write, runs: list[str]) -> None:
    story.update(House(edit("Two words lead", "Three words lead").root))
    assert runs == []
    story.update(House(edit("limit=0.3", "limit=0.1").root))
    assert runs == [NAME]


def test_another_library_python_or_machine_runs_it_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names = [cache._surroundings.__wrapped__()]
    (tmp_path / "numpy-9.9.9.dist-info").mkdir()
    (tmp_path / "numpy-9.9.9.dist-info/METADATA").write_text("Name: numpy\nVersion: 9.9.9\n")
    for target, value in {
        "sys.path": [*sys.path, str(tmp_path)], "sys.version": "4.0",
        "platform.machine": lambda: "abacus",
    }.items():  # fmt: skip
        monkeypatch.setattr(target, value)
        names.append(cache._surroundings.__wrapped__())
    assert len(set(names)) == 4


BREAKS = {
    "an error": ("share_above([0.2", "share_above([None", "TypeError", "np.mean"),
    "a warning": ("share = ", "import warnings\nwarnings.warn('old')\nshare = ", "UserWarning: old", "warnings.warn"),
    "luck": ("share = ", "np.random.random()\nshare = ", "draws from numpy's global generator", ""),
    "a file": ("share = ", "open('x', 'w')\nshare = ", "writes the file 'x'", "open("),
    "the network": ("share = ", "import socket\nsocket.create_connection(('x', 1))\nshare = ", "reads the network", "socket.create"),
    "a value": ("plt.show()", "axes.set_title('x')", "ends with a value, Text", "axes.set_title"),
}  # fmt: skip


@pytest.mark.parametrize("fault", BREAKS)
def test_an_error_names_its_line_and_nothing_is_kept(fault: str, edit: Write) -> None:
    old, new, message, at = BREAKS[fault]
    chapter = edit(old, new)
    before = {*cache.FOLDER.glob("*")}
    [problem] = execution.check_chapter(chapter, HOUSE)
    assert message in problem.what
    assert at in chapter.source.splitlines()[problem.line - 1]
    assert {*cache.FOLDER.glob("*")} == before


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import sys\nprint('old', file=sys.stderr)", "writes to stderr: 'old'"),
        ("print(hex(16**8))", "prints an address in memory"),
        ("from matplotlib.pyplot import subplots\na, b = subplots()\nc, d = subplots()", "two figures"),
    ],
)  # fmt: skip
def test_a_cell_is_refused(code: str, message: str) -> None:
    with pytest.raises(execution.Refused, match=message):
        execution._run_cell(Cell(7, False, code), Path("x.py"), ModuleType("x"))


def test_two_runs_are_the_same_to_the_byte(chapter: Chapter, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.undo()  # no cache between tests
    shown = execution.execute(chapter)
    assert json.dumps(shown, default=vars) == json.dumps(
        [s for s, c in zip(chapters.committed(chapter), chapter.cells) if not c.is_text], default=vars
    )  # fmt: skip
