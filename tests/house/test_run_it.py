"""Below each shown snippet stands how to run it, and what its output came from."""

import platform
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup

from proof.project import House
from tools import run_it
from tools.site import SITE_URL

HOUSE = House()
LOCK = run_it.locked((HOUSE.root / "requirements-test.txt").read_text("utf-8"))
RUN = re.compile(r'<div class="run".*?</div>', re.DOTALL)
TITLE = re.compile(r'<span class="filename"><a [^>]*>(snippets/[^<]+)</a>')
NAME = "snippets/data/drift_threshold.py"
BLOCK = (
    f'<div class="highlight"><span class="filename"><a href="x">{NAME}</a>, demo</span><pre><code>'
    'print(1)\n<span class="c1">#&gt; 1</span>\n<span class="c1"># why</span></code></pre></div>'
)


def lines_of(page: Path) -> dict[str, str]:
    """Return what stands below each snippet of a built page, by the snippet that it runs."""
    found = {}
    for html in RUN.findall(page.read_text("utf-8")):
        tag = BeautifulSoup(html, "html.parser")
        command, said = tag.select_one("code"), tag.select_one("small")
        assert command is not None and said is not None
        assert tag.select_one("button")["data-clipboard-text"] == command.get_text()
        name = command.get_text().removeprefix(f"uv run {SITE_URL}")
        assert name not in found, f"{name} has two lines"
        target = (page.parent / tag.select_one("a")["href"]).resolve()
        assert target.read_bytes() == (HOUSE.root / name).read_bytes(), "downloads another file"
        found[name] = said.get_text()
    return found


def test_every_embedded_snippet_says_how_to_run_it(site: Path) -> None:
    shown = set()
    for page in sorted(site.rglob("index.html")):
        lines = lines_of(page)
        assert set(lines) == set(TITLE.findall(page.read_text("utf-8"))), page
        shown |= set(lines)
        for name in lines:
            assert (site / name).is_file(), f"uv run finds nothing at {name}"
    assert shown == {snippet.name for snippet in HOUSE.snippets}


def test_versions_are_those_of_the_lock_and_the_header(site: Path) -> None:
    said = {k: v for page in site.rglob("index.html") for k, v in lines_of(page).items()}
    for snippet in HOUSE.snippets:
        made, _, tested = said[snippet.name].partition(" · tested from ")
        needs = re.findall(r'"([\w-]+)>=([\w.]+)"', snippet.source.split("# ///")[1])
        assert made.endswith(", ".join(f"{name} {LOCK[name]}" for name, _ in needs))
        assert tested.startswith(", ".join(f"{name} {least}" for name, least in needs))
        assert said[snippet.name].endswith("not verified by a published run")


def test_the_lock_is_read_for_the_python_that_builds() -> None:
    text = "numpy==2.4.6 \\\n    --hash=sha256:0\na==1 ; python_version < '3' \\\na==2 ; python_version >= '3' \\\n"
    assert run_it.locked(text) == {"numpy": "2.4.6", "a": "2"}
    assert LOCK["numpy"] and LOCK["scikit-learn"]


def page_with(html: str) -> str:
    page = SimpleNamespace(url="data/drift-threshold/")
    return run_it.on_page_content(html, page=page, config={"site_url": "https://x.org/site/"})


def test_the_line_stands_below_the_last_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VERIFIED", raising=False)
    html = page_with(BLOCK + "<p>between</p>" + BLOCK + "<p>after</p>")
    assert html.count('class="run"') == 1
    assert html.index("between") < html.index('class="run"') < html.index("after")
    assert f"<code>uv run https://x.org/site/{NAME}</code>" in html
    assert f'<a href="../../{NAME}" download>' in html


def test_output_is_marked_and_comments_are_not() -> None:
    html = page_with(BLOCK)
    assert '<span class="out">#&gt; 1</span>' in html
    assert '<span class="c1"># why</span>' in html


def test_a_page_without_snippets_stays_as_it_is() -> None:
    html = '<p>Nothing.</p><div class="highlight"><pre><code>x</code></pre></div>'
    assert page_with(html) == html


def test_the_day_of_the_published_run_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERIFIED", "2026-11-23")
    html = page_with(BLOCK)
    python = ".".join(platform.python_version_tuple()[:2])
    made = f"Output: Python {python}, numpy {LOCK['numpy']} · tested from numpy 2.0"
    assert f"<small>{made} · verified 2026-11-23</small>" in html


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01"])
def test_a_day_that_is_none_stops_the_build(day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERIFIED", day)
    with pytest.raises(ValueError):
        page_with(BLOCK)
