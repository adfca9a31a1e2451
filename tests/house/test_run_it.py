"""Below each shown snippet stands how to run it; below the page, what its output came from."""

import platform
import re
from html import escape
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup

from proof.project import House
from tools import catalogue, run_it
from tools.site import SITE_URL, built_from, pages

HOUSE = House()
LOCK = run_it.locked((HOUSE.root / "requirements-test.txt").read_text("utf-8"))
RUN = re.compile(r'<div class="run".*?</div>', re.DOTALL)
TITLE = re.compile(r'<span class="filename"><a [^>]*>(snippets/[^<]+)</a>')
NAME = "snippets/data/drift_threshold.py"
BLOCK = (
    f'<div class="highlight"><span class="filename"><a href="x">{NAME}</a>, demo</span><pre><code>'
    'print(1)\n<span class="c1">#&gt; 1</span>\n<span class="c1"># why</span></code></pre></div>'
)

HOME = "snippets/beyond/shuffled_labels.py"  # what home invites to run


def lines_of(page: Path) -> set[str]:
    """Return the snippets of a built page that have a line below them, with all that it needs."""
    found = set()
    for html in RUN.findall(page.read_text("utf-8")):
        tag = BeautifulSoup(html, "html.parser")
        command = tag.select_one("code")
        assert command is not None
        assert tag.select_one("button")["data-clipboard-text"] == command.get_text()
        assert tag.select_one("button.copies").find_next_sibling() == tag.select_one("a")
        name = command.get_text().removeprefix(f"uv run {SITE_URL}")
        assert name not in found, f"{name} has two lines"
        target = (page.parent / tag.select_one("a")["href"]).resolve()
        assert target.read_bytes() == (HOUSE.root / name).read_bytes(), "downloads another file"
        found.add(name)
    return found


def test_every_embedded_snippet_says_how_to_run_it(site: Path) -> None:
    shown = set()
    for page in sorted(site.rglob("index.html")):
        lines = lines_of(page)
        html = page.read_text("utf-8")
        # Home shows a command alone.
        assert lines == set(TITLE.findall(html)) | ({HOME} if page.parent == site else set()), page
        shown |= lines
    assert shown == {snippet.name for snippet in HOUSE.snippets}


def test_a_page_says_once_what_made_its_output(site: Path) -> None:
    for page in HOUSE.pages:
        snippets = [file for file in HOUSE.snippets if f'"{file.name}:' in page.source]
        if not snippets:
            continue
        html = built_from(page.name, site).path.read_text("utf-8")
        [said] = re.findall(r'<p class="made"[^>]*>Output of this page: (.*?)\. The header', html)
        made, _, day = said.partition(" · ")
        needs = sorted({name for file in snippets for name in file.needs})
        python = ".".join(platform.python_version_tuple()[:2])
        assert made.split(", ") == [f"Python {python}", *(f"{n} {LOCK[n]}" for n in needs)]
        assert day == "not verified by a published run"


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
    assert f'<a href="../../{NAME}" download aria-label="Download drift_threshold.py">' in html


def block_of(code: str) -> str:
    return BLOCK.replace("</a>, demo", "</a>").replace(
        'print(1)\n<span class="c1">#&gt; 1</span>\n<span class="c1"># why</span>', escape(code)
    )


SNIPPET = {s.name: s for s in HOUSE.snippets}[NAME]
FUNCTION = SNIPPET.sections["function"].code


def test_a_function_is_folded_and_its_line_stands_beside_it() -> None:
    html = page_with(block_of(FUNCTION) + "<hr>" + BLOCK)
    [fold] = BeautifulSoup(html, "html.parser").select("details.function:not([open])")
    assert fold.select_one("code:not(summary code)").get_text() == FUNCTION
    said = fold.summary.get_text()
    functions = [*catalogue.functions(SNIPPET)]
    assert functions and all(f"{f.name}{f.takes} → {f.returns} {f.says}" in said for f in functions)
    assert f"{len(FUNCTION.splitlines())} lines" in said
    assert html.index('</details><div class="run"') < html.index("<hr>")
    assert html.count('class="run"') == 1


@pytest.mark.parametrize(
    "code", [FUNCTION + "\nx = 1", FUNCTION.replace("bins", "bin"), "print(1)"]
)
def test_what_is_not_the_function_to_the_letter_is_not_folded(code: str) -> None:
    assert "<details" not in page_with(block_of(code))


@pytest.mark.xdist_group("parsed pages")
def test_every_function_of_the_site_is_folded(site: Path) -> None:
    code_of = {
        s.name: s.sections["function"].code for s in HOUSE.snippets if "function" in s.sections
    }
    folded, open_ = set[str](), set[str]()
    for page in pages(site):
        for block in page.article.select("div.highlight:has(span.filename)"):
            name = block.select_one("span.filename").get_text()
            if block.select_one("code").get_text().rstrip() == code_of.get(name):
                (folded if block.find_parent("details", class_="function") else open_).add(name)
    assert folded == set(code_of) and not open_


def test_a_further_demo_is_folded_and_its_output_is_not() -> None:
    soup = BeautifulSoup(page_with(BLOCK + "<hr>" + BLOCK), "html.parser")
    first, second = soup.select("div.highlight")
    assert not first.find_parent("details")
    fold = second.find_parent("details")
    assert fold.summary.get_text() == "Code that prints this, 2 lines" and "open" not in fold.attrs
    assert fold.find_next_sibling().get_text() == "1"


@pytest.mark.parametrize(
    "around",
    ["<details><summary>Solution</summary>{}</details>", '<div class="tabbed-set">{}</div>'],
)
def test_a_demo_that_is_folded_already_stays_as_it_is(around: str) -> None:
    html = page_with(BLOCK + around.format(BLOCK) + BLOCK.replace("#&gt; 1", "1"))
    assert "house-output" not in html


@pytest.mark.xdist_group("parsed pages")
def test_every_page_opens_one_demo(site: Path) -> None:
    counted = 0
    for page in pages(site):
        open_ = [
            block
            for block in page.article.select("div.highlight:has(span.filename):has(span.out)")
            if not block.find_parent("details") and not block.find_parent(class_="tabbed-set")
        ]
        assert len(open_) <= 1, page.name
        counted += len(page.article.select("details.demo + pre.house-output"))
    assert counted > 30


def test_output_is_marked_and_comments_are_not() -> None:
    html = page_with(BLOCK)
    assert '<span class="out">#&gt; 1</span>' in html
    assert '<span class="c1"># why</span>' in html


def test_a_page_without_snippets_stays_as_it_is() -> None:
    html = '<p>Nothing.</p><div class="highlight"><pre><code>x</code></pre></div>'
    assert page_with(html) == html


def test_the_day_of_the_published_run_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERIFIED", "2026-11-23")
    assert "· verified 2026-11-23. The header" in page_with(BLOCK)


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01"])
def test_a_day_that_is_none_stops_the_build(day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERIFIED", day)
    with pytest.raises(ValueError):
        page_with(BLOCK)
