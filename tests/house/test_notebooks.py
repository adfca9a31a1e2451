"""The story: chapters stand alone, run once, never go stale, and become light pages."""

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest

from proof import claims, figures
from proof import numbers as prose_numbers
from proof.project import Chapter, House, report
from proof.registry import everything
from tools import chapter_html, mirror, notebooks
from tools.site import Built, weight

HOUSE = House()
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
# --8<-- [start:demo]
print("rows above the limit: 75.0%")
#> rows above the limit: 75.0%
# --8<-- [end:demo]
'''
CHAPTER = f"""\
# /// script
# requires-python = ">=3.11"
# dependencies = ["ipython", "matplotlib>=3.10", "numpy>=2.0"]
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
print(f"rows above the limit: {{share:.1%}}")

# %% [markdown]
# ## How it looks

# %%
import matplotlib.pyplot as plt
from IPython.display import display

figure, axes = plt.subplots(figsize=(4, 2), layout="constrained")
axes.plot([0.2, 0.4, 0.6, 0.9], color="C0")
text = f"The share of rows above the limit is {{share:.1%}}, which the line shows."
display(figure, metadata={{"image/svg+xml": {{"alt": text}}}})
plt.close(figure)

# %%
import os

print("beside it:", os.listdir(), "passed on:", os.environ.get("HIDDEN"), "<b>")
"""
TEST = f'''\
"""{NAME}"""


def test_most(claim):
    """Most rows lie above a low limit."""
'''
Write = Callable[..., Chapter]


@pytest.fixture
def chapter(small_house: House) -> Chapter:
    """Return the chapter of a small house, which every check accepts."""
    (small_house.root / SNIPPET).write_text(FUNCTION, "utf-8")
    return write_story(small_house.root)


def write_story(root: Path) -> Chapter:
    for name, text in {NAME: CHAPTER, "tests/story/test_1_shares.py": TEST}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    claims.update(House(root))
    return House(root).chapters[0]


@pytest.fixture
def broken_chapter(chapter: Chapter) -> Write:
    """Return a function that replaces text in the chapter and returns it."""

    def break_it(old: str, new: str) -> Chapter:
        assert old in chapter.source
        chapter.path.write_text(chapter.source.replace(old, new, 1), "utf-8")
        return Chapter(chapter.path, chapter.root)

    return break_it


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Chapter, Any]:
    """Return the chapter and its notebook, executed in a real kernel."""
    root = tmp_path_factory.mktemp("house")
    files = {SNIPPET: FUNCTION, "docs/data/shift.md": "# Shift\n", House().settings.claims: ""}
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    chapter = write_story(root)
    return chapter, notebooks.load(notebooks.executed(chapter))


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, ran: tuple[Chapter, Any]) -> list[str]:
    """Count executions instead of starting kernels; each returns the outputs of the real one."""
    counted: list[str] = []

    def pretend(chapter: Chapter) -> Any:
        counted.append(chapter.name)
        notebook = notebooks.unexecuted(chapter)
        for cell, real in zip(notebook.cells, ran[1].cells, strict=False):
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = real.get("outputs", []), 1
        return notebook

    monkeypatch.setattr(notebooks, "_run", pretend)
    return counted


# The real story


def test_chapters_stand_alone_and_hold_what_they_copy() -> None:
    problems = notebooks.check(HOUSE)
    assert not problems, report(problems)


def test_cells_are_those_that_jupytext_reads() -> None:
    for chapter in HOUSE.chapters:
        cells = notebooks.unexecuted(chapter).cells
        assert [(c.cell_type == "markdown", c.source) for c in cells] == [
            (c.is_text, c.source) for c in chapter.cells
        ]
        for cell, read in zip(chapter.cells, cells, strict=True):
            assert bool(cell.held) == ("snippet" in read.metadata.get("tags", []))


def test_each_chapter_ends_with_a_number(story: list[Path]) -> None:
    for chapter in HOUSE.chapters:
        last = [cell.source for cell in chapter.cells if cell.is_text][-1]
        assert re.search(r"\*\*.*\d.*\*\*", last), f"{chapter.name}: no number in bold at the end"
        assert notebooks.printed(chapter)


def test_executed_chapters_are_valid_notebooks(story: list[Path]) -> None:
    assert len(story) == len(HOUSE.chapters) >= 1
    for path in story:
        notebook = notebooks.load(path)
        nbformat.validate(notebook)
        assert [c.execution_count for c in notebook.cells if c.cell_type == "code"] == list(
            range(1, sum(c.cell_type == "code" for c in notebook.cells) + 1)
        )


@pytest.mark.parametrize("chapter", HOUSE.chapters, ids=lambda chapter: chapter.path.stem)
def test_page_of_a_chapter(chapter: Chapter, site: Path) -> None:
    folder = site / "story" / chapter.path.stem
    page = Built(folder / "index.html", site)
    article = page.article
    assert not article.select("style, script, iframe, clipboard-copy, [style*='color:#']")
    assert not re.findall(
        r"jp-|cell-id|jupyter-wrapper|In \[|Copied!|\sid=\"[0-9a-f-]{36}", str(article)
    )
    assert not [a["href"] for a in article.select("a[href^=http]") if "127.0.0.1" not in a["href"]]
    shown = [code.get_text().strip("\n") for code in article.select(".language-python code")]
    cells = [cell for cell in chapter.cells if not cell.is_text and not cell.is_comment]
    assert shown == [cell.source for cell in cells]
    assert len(article.select("details.house-held[data-search-exclude]")) == sum(
        bool(c.held) for c in cells
    )
    assert len(page.soup.select("meta[name=description]")[0]["content"]) > 40
    for link in article.select("nav a, .headerlink, .md-nav a"):
        assert str(link["href"]).startswith("#")
    printed = " ".join(samp.get_text() for samp in article.select(".house-output"))
    assert all(line.strip() in printed for _, line in notebooks.printed(chapter) if "|" not in line)
    assert weight(folder / "index.html") < 40_000


@pytest.mark.parametrize("chapter", HOUSE.chapters, ids=lambda chapter: chapter.path.stem)
def test_downloads_of_a_chapter(chapter: Chapter, site: Path) -> None:
    beside = site / "story" / chapter.path.stem / chapter.path.stem
    page = Built(beside.parent / "index.html", site)
    assert beside.with_suffix(".py").read_bytes() == chapter.path.read_bytes()
    notebook = nbformat.read(beside.with_suffix(".ipynb"), as_version=4)
    nbformat.validate(notebook)
    assert any(cell.get("outputs") for cell in notebook.cells)
    assert not set(figures.CSS) & set(re.findall(r"#\w{6}", json.dumps(notebook)))
    links = {str(a["href"]) for a in page.article.select("a[download]")}
    assert {f"{chapter.path.stem}.py", f"{chapter.path.stem}.ipynb"} <= links
    assert (
        f"uv run http://127.0.0.1:8000/story/{beside.name}/{beside.name}.py"
        in page.article.get_text()
    )


# Execution


def test_a_chapter_runs_alone(ran: tuple[Chapter, Any]) -> None:
    chapter, notebook = ran
    printed = [line for _, line in notebooks.printed(chapter)]
    assert printed == ["rows above the limit: 75.0%", "beside it: [] passed on: None <b>"]
    where, _ = notebooks.printed(chapter)[0]
    line = int(where.split(":")[1])
    assert chapter.source.splitlines()[line - 1].startswith("share = ")


def test_a_chapter_runs_as_a_program(ran: tuple[Chapter, Any], tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", str(ran[0].path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.startswith("rows above the limit: 75.0%\nFigure(400x200)\nbeside it: []")


def test_two_runs_are_the_same_to_the_byte(
    ran: tuple[Chapter, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIDDEN", "1")
    monkeypatch.setenv("PYTHONHASHSEED", "5")
    assert nbformat.writes(notebooks._run(ran[0])) == nbformat.writes(ran[1])


def test_an_error_names_the_line_and_nothing_is_kept(broken_chapter: Write) -> None:
    chapter = broken_chapter("limit=0.3)", "limit=0.3)\n\n\nshare_above(None, 'x')")
    line = chapter.source.splitlines().index("share_above(None, 'x')") + 1
    with pytest.raises(notebooks.Broken) as error:
        notebooks.executed(chapter)
    # the innermost line of the chapter is in the copy of the snippet
    held = next(n for n, text in enumerate(chapter.source.splitlines(), 1) if "np.mean" in text)
    assert re.match(
        rf"{chapter.name}:({line}|{held}): the chapter fails: TypeError", str(error.value)
    )
    assert notebooks.cached(chapter) is None


OUTPUTS = {
    "a warning": ("stream", {"name": "stderr", "text": "FutureWarning: old"}, "writes to stderr"),
    "a figure without description": (
        "display_data", {"data": {notebooks.SVG: '<svg viewBox="0 0 1 1"></svg>'}, "metadata": {}},
        "a figure has no description",
    ),
    "a fixed colour": (
        "display_data",
        {
            "data": {notebooks.SVG: '<svg viewBox="0 0 1 1"><path fill="#ff0000"/></svg>'},
            "metadata": {notebooks.SVG: {"alt": "A sentence of many words with the number 12."}},
        },
        "has fixed colours: #ff0000",
    ),
    "a picture of dots": ("display_data", {"data": {"image/png": "aa"}, "metadata": {}}, "shows image/png"),
    "an estimator": (
        "display_data", {"data": {"text/html": "<style>a</style><div>model</div>"}, "metadata": {}},
        "HTML that is no table",
    ),
    "an address": ("stream", {"name": "stdout", "text": "<object at 0x7f81a2b3>"}, "an address in memory"),
}  # fmt: skip


@pytest.mark.parametrize("fault", OUTPUTS)
def test_rejects_the_output(fault: str, chapter: Chapter, ran: tuple[Chapter, Any]) -> None:
    kind, content, message = OUTPUTS[fault]
    _, notebook = ran
    cells = [nbformat.from_dict({**cell, "outputs": []}) for cell in notebook.cells]
    cells[3]["outputs"] = [nbformat.v4.new_output(kind, **content)]
    problems = list(notebooks._check_outputs(chapter, SimpleNamespace(cells=cells)))
    assert message in report(problems)
    assert {problem.line for problem in problems} == {chapter.cells[3].line}


# The cache


def test_runs_once(chapter: Chapter, runs: list[str]) -> None:
    first = notebooks.executed(chapter)
    assert notebooks.executed(Chapter(chapter.path, chapter.root)) == first
    assert runs == [NAME]


def another_byte(chapter: Chapter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chapter.path.write_text(chapter.source + "\n", "utf-8")


def another_library(chapter: Chapter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "numpy-9.9.9.dist-info").mkdir()
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])


def another_python(chapter: Chapter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "version", sys.version.replace("3.", "4.", 1))


def another_machine(chapter: Chapter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(notebooks.platform, "machine", lambda: "abacus")


def another_executor(chapter: Chapter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    changed = [shutil.copyfile(path, tmp_path / path.name) for path in notebooks.MACHINERY]
    changed[0].write_text(changed[0].read_text("utf-8") + "#", "utf-8")
    monkeypatch.setattr(notebooks, "MACHINERY", changed)


def another_style(chapter: Chapter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    changed = [shutil.copyfile(path, tmp_path / path.name) for path in notebooks.MACHINERY]
    changed[1].write_text(changed[1].read_text("utf-8") + "#", "utf-8")
    monkeypatch.setattr(notebooks, "MACHINERY", changed)


CHANGES = [another_byte, another_library, another_python, another_machine, another_executor, another_style]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_a_result_makes_it_run_again(
    change: Callable[..., None],
    chapter: Chapter,
    runs: list[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    before = notebooks.executed(chapter)
    change(chapter, monkeypatch, tmp_path_factory.mktemp("changed"))
    assert notebooks.cached(chapter) is None
    assert notebooks.executed(chapter) != before
    assert len(runs) == 2


def test_what_can_change_a_result_is_all_in_the_chapter() -> None:
    """A chapter imports nothing of this repository, so that its bytes say all that it runs.

    Its kernel starts in an empty folder with a fixed environment: test_a_chapter_runs_alone.
    """
    local = {path.stem for path in HOUSE.root.iterdir()} | {"snippets", "tools", "tests"}
    for chapter in HOUSE.chapters:
        for node in ast.walk(ast.parse(chapter.source)):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or "."] if isinstance(node, ast.ImportFrom) else []
            assert not {module.split(".")[0] for module in modules} & local


@pytest.mark.parametrize("damage", ["truncated", "one byte", "empty", "gone"])
def test_a_damaged_file_is_not_used(damage: str, chapter: Chapter, runs: list[str]) -> None:
    path = notebooks.executed(chapter)
    data = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        rest = {
            "truncated": data[: len(data) // 2],
            "one byte": data.replace(b"75", b"76", 1),
            "empty": b"",
        }
        path.write_bytes(rest[damage])
    assert notebooks.cached(chapter) is None
    assert notebooks.executed(chapter).read_bytes() == data
    assert len(runs) == 2


def test_a_run_that_is_cut_short_leaves_nothing_to_find(
    chapter: Chapter, runs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(notebooks.os, "replace", crash)
    with pytest.raises(KeyboardInterrupt):
        notebooks.executed(chapter)
    assert notebooks.cached(chapter) is None


def test_a_change_during_the_run_is_not_taken_for_its_cause(
    chapter: Chapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_and_change(one: Chapter) -> Any:
        notebook = notebooks.unexecuted(one)
        one.path.write_text(one.path.read_text("utf-8") + "\n# more\n", "utf-8")
        return notebook

    monkeypatch.setattr(notebooks, "_run", run_and_change)
    notebooks.executed(chapter)
    assert notebooks.cached(Chapter(chapter.path, chapter.root)) is None


def test_the_cache_keeps_a_few_versions(chapter: Chapter, runs: list[str]) -> None:
    for number in range(notebooks.KEPT + 3):
        chapter.path.write_text(f"{CHAPTER}# {number}\n", "utf-8")
        newest = notebooks.executed(Chapter(chapter.path, chapter.root))
    kept = list(newest.parent.glob("*.ipynb"))
    assert newest in kept and len(kept) == notebooks.KEPT


# Copies, imports, numbers, claims


def test_accepts_the_small_story(chapter: Chapter, runs: list[str]) -> None:
    house = House(chapter.root)
    problems = [*notebooks.check(house), *claims.check(house), *mirror.check(house), *everything(prose_numbers, house)]  # fmt: skip
    assert not problems, report(problems)
    assert notebooks.update(house) == []


FAULTS = {
    "another copy": ("np.mean(np.array", "np.median(np.array", "is not the code of snippets/data/shift.py:function"),
    "no such section": ("shift.py:function", "shift.py:method", "holds snippets/data/shift.py:method, which does not exist"),
    "no such snippet": ("shift.py:function", "gone.py:function", "which does not exist"),
    "name inside a cell": ("share = ", "# snippets/data/shift.py:function\nshare = ", None),
    "name below code": ("print(f\"rows", "# snippets/data/shift.py:demo\nprint(f\"rows", "not in the first line"),
    "import of a neighbour": ("import os\n", "import os\nimport proof.project\n", "imports 'proof.project'"),
    "relative import": ("import os\n", "import os\nfrom . import other\n", "imports '.'"),
    "library not listed": ("import os\n", "import os\nimport scipy\n", "imports 'scipy'"),
    "magic": ("import os\n", "import os\n%timeit 1\n", "is no Python program"),
    "footnote": ("as on", "as Doe[^doe] on", "has a footnote"),
    "wrong number": ("is 75.0%, as", "is 74.0%, as", "74.0% in"),
    "claim without test": ("a low limit.", "a high limit.", "no test holds the claim"),
    "claim without sentence": ("Most rows lie above a low limit.", "", "a claim without a sentence"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_rejects(fault: str, broken_chapter: Write, runs: list[str]) -> None:
    old, new, message = FAULTS[fault]
    chapter = broken_chapter(old, new)
    house = House(chapter.root)
    problems = [*notebooks.check(house), *claims.check(house)]
    if not problems:
        problems = everything(prose_numbers, house)
    assert (message or "is not the code of") in report(problems)
    lines = {problem.line for problem in problems if problem.file == NAME}
    assert lines and max(lines) <= len(chapter.source.splitlines())


def test_a_number_must_be_printed_by_this_run(
    chapter: Chapter, runs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notebooks, "_run", notebooks.unexecuted)
    assert "75.0% in" in report(prose_numbers.check_page(chapter, House(chapter.root)))


def test_update_mends_a_copy(chapter: Chapter) -> None:
    path = chapter.root / SNIPPET
    path.write_text(
        path.read_text("utf-8").replace("import numpy as np\n", "import numpy as np\n\nMORE = 1\n")
    )
    assert "is not the code of" in report(notebooks.check(House(chapter.root)))
    assert notebooks.update(House(chapter.root)) == [chapter.path]
    house = House(chapter.root)
    assert notebooks.check(house) == []
    assert "import numpy as np\n\nMORE = 1\n" in house.chapters[0].source
    assert notebooks.update(house) == []
    rest = CHAPTER.split("# %%", 3)[3]
    assert house.chapters[0].source.endswith(rest), "only the copy changes"


def test_update_fills_an_empty_copy(broken_chapter: Write) -> None:
    chapter = broken_chapter(HELD, '# %% tags=["snippet"]\n# snippets/data/shift.py:function\n')
    notebooks.update(House(chapter.root))
    assert chapter.path.read_text("utf-8") == CHAPTER


def test_a_chapter_needs_tests(chapter: Chapter) -> None:
    test = chapter.root / claims.test_file(NAME)
    assert claims.page_of(test.relative_to(chapter.root).as_posix(), House(chapter.root)) == NAME
    test.unlink()
    assert "there is no tests/story/test_1_shares.py" in report(mirror.check(House(chapter.root)))


def test_an_empty_story_fails(tmp_path: Path) -> None:
    assert notebooks.check(House(tmp_path)) == []
    (tmp_path / "docs/story").mkdir(parents=True)
    assert "found no chapters to check" in report(notebooks.check(House(tmp_path)))


# The page


@pytest.fixture(scope="module")
def rendered(ran: tuple[Chapter, Any]) -> str:
    """Return what mkdocs-jupyter makes of the text cells."""
    from mkdocs_jupyter.convert import nb2html

    return str(nb2html(str(notebooks.text_cells(ran[0])), allow_errors=False))


def test_a_page_is_light_and_described(ran: tuple[Chapter, Any], rendered: str) -> None:
    made = chapter_html.content(rendered, *ran, "https://example.org/story/1-shares/")
    assert len(rendered) > 500_000, "mkdocs-jupyter got light: is chapter_html still needed?"
    assert len(made.html) < 25_000
    assert made.title == "1 · The share"
    assert made.description == (
        "Two words lead. The share of rows above the limit is 75.0%, as on its page."
    )
    assert [(h["id"], h["children"][0]["id"]) for h in made.headings] == [
        ("1-the-share", "how-it-looks")
    ]
    assert not re.search(
        r"<style|<script|jp-|cell-id|Copied|https?://(?!example|www\.w3)", made.html
    )
    assert made.html.count("<h1") == 1
    assert '<div class="admonition claim">\n<p class="admonition-title">Most rows' in made.html
    assert "uv run https://example.org/story/1-shares/1-shares.py" in made.html
    assert "<samp>rows above the limit: 75.0%</samp>" in made.html
    assert "passed on: None &lt;b&gt;</samp>" in made.html
    assert "var(--fig-1)" in made.html and "#0000a1" not in made.html
    assert '<title id="figure-1-title">Figure: How it looks</title>' in made.html
    assert ">The share of rows above the limit is 75.0%, which the line shows.</desc>" in made.html
    assert "<summary><code>share_above</code></summary>" in made.html
    assert 'explained on <a href="../../data/shift/">Shift</a>' in made.html
    assert "requires-python" not in made.html
    assert "Not executed" not in made.html


def test_who_serves_does_not_wait_and_is_told(
    ran: tuple[Chapter, Any], rendered: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from tools import story_hooks

    def wait(*_: object) -> None:
        raise AssertionError("serving must not execute")

    chapter = ran[0]
    (tmp_path / "docs/story").mkdir(parents=True)
    changed = Chapter(shutil.copyfile(chapter.path, tmp_path / NAME), tmp_path)
    monkeypatch.setattr(notebooks, "_run", wait)
    monkeypatch.setattr(story_hooks, "_serving", False)
    story_hooks.on_startup(command="serve", dirty=False)
    drawn, bare = story_hooks.read([chapter, changed])
    assert drawn == ran[1]
    made = chapter_html.content(rendered, chapter, bare, "x/")
    assert "Not executed" in made.html and "house-output" not in made.html
    story_hooks.on_startup(command="build", dirty=False)
    with pytest.raises(AssertionError, match="serving must not execute"):
        story_hooks.read([changed])


def test_a_data_frame_becomes_a_plain_table() -> None:
    html = '<div><style scoped>x</style><table border="1" class="dataframe"><thead><tr style="text-align: right;"><th></th><th>a</th></tr></thead></table></div>'
    assert chapter_html._table(html) == "<table><thead><tr><td></td><th>a</th></tr></thead></table>"


def test_a_download_opens_elsewhere(ran: tuple[Chapter, Any]) -> None:
    text = notebooks.for_download(ran[1])
    assert "#0000a1" in json.dumps(ran[1]), "the page's own notebook is left alone"
    notebook = nbformat.reads(text, as_version=4)
    svg = next(o.data[notebooks.SVG] for c in notebook.cells for o in c.get("outputs", ()) if notebooks.SVG in o.get("data", {}))  # fmt: skip
    assert "#1d4f91" in svg and "background: #ffffff" in svg and "#0000a1" not in svg
    assert "var(" not in svg


def test_the_header_promises_the_bounds_of_pyproject() -> None:
    import tomllib

    groups = tomllib.loads((HOUSE.root / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    bounds = {*groups["snippets"], *groups["figures"], "ipython"}  # which comes with the kernel
    for chapter in HOUSE.chapters:
        listed = set(re.findall(r'"([^"]+)"', chapter.source.splitlines()[2]))
        assert listed <= bounds, f"{chapter.name}: {listed - bounds}"
