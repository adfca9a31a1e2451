"""Check 7 in the built files: links, structure, weight, third parties, repeatable builds."""

import contextlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from proof.problem import Problem, demand, report
from proof.project import House
from tools import built, safety
from tools import site as site_check
from tools.policy import policy

ROOT = House().root
of_the_site = site_check.built_from
POLICY = f'<meta http-equiv="Content-Security-Policy" content="{policy([])}">'
MINIMAL = f"""<!doctype html><html lang="en"><head><meta charset="utf-8">{POLICY}<title>t</title></head><body>
<article><h1 id="a">A</h1><h2 id="b">B</h2><p><a href="#b">b</a></p></article></body></html>"""


def test_the_site_can_be_built(build_log: Path) -> None:
    if wrong := build_log.read_text("utf-8"):
        pytest.fail(wrong, pytrace=False)


@pytest.mark.xdist_group("parsed pages")
def test_the_site_is_sound(site: Path) -> None:
    problems = site_check.check(site)
    demand(problems)


def test_every_page_of_the_docs_is_built(site: Path) -> None:
    built = {page.name for page in site_check.pages(site)}
    for page in House().texts:
        assert site_check.built_from(page.name, site).name in built


FAULTS: dict[str, tuple[str, str, str]] = {
    "dead link": ("#b", "other.html", "leads nowhere"),
    "dead anchor": ("#b", "#c", "leads to an anchor that is not there"),
    "dead image": ("<p>", '<p><img src="x.png" alt="' + "a long description " * 3 + '">', "leads nowhere"),
    "image without description": ("<p>", '<p><img src="index.html" alt="x">', "without a description"),
    "script from elsewhere": ("<p>", '<p><script src="https://x.org/a.js"></script>', "from another host"),
    "style from elsewhere": ("<title>", '<link rel="stylesheet" href="//x.org/a.css"><title>', "from another host"),
    "two titles": ("<h2 id=\"b\">B</h2>", '<h1 id="b">B</h1>', "has 2 first-level headings"),
    "no title": ('<h1 id="a">A</h1>', "", "has 0 first-level headings"),
    "skipped level": ("<h2 id=\"b\">B</h2>", '<h3 id="b">B</h3>', "skips from heading level 1 to 3"),
    "same id twice": ('id="b"', 'id="a"', "has the id 'a' 2 times"),
    "bad nesting": ("<p>", "<p><b><i></b></i>", "is not valid HTML"),
    "empty code": ("<p>", "<p><code> </code>", "shows an empty code block"),
    "scissors": ("<p>", '<p>--8&lt;-- "x.py"', "shows scissors"),
    "too many elements": ("<p>", "<p>" + "<i>x</i>" * 1_800, "elements; the budget is 1,800"),
    "too heavy": ("<p>", "<p>" + "".join(map(str, range(40_000))), "bytes of HTML, compressed"),
}  # fmt: skip


@pytest.fixture
def tiny(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        (tmp_path / "index.html").write_text(text, "utf-8")
        return tmp_path

    return write


def test_accepts_a_minimal_page(tiny) -> None:
    assert site_check.check(tiny(MINIMAL)) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_rejects(fault: str, tiny) -> None:
    old, new, message = FAULTS[fault]
    assert old in MINIMAL
    assert message in report(site_check.check(tiny(MINIMAL.replace(old, new, 1))))


def test_rejects_a_stylesheet_that_loads_from_elsewhere(tiny) -> None:
    folder = tiny(MINIMAL)
    (folder / "a.css").write_text("@font-face{src:url(https://x.org/f.woff2)}", "utf-8")
    assert "loads 'https://x.org/f.woff2'" in report(site_check.check(folder))


def test_an_empty_site_fails(tmp_path: Path) -> None:
    assert "found no built pages" in report(site_check.check(tmp_path))


# One page of each kind, built a second time.
AGAIN = ["index.md", "data/index.md", "data/drift-threshold.md", "story/3-money.ipynb", "reference/claims.md"]  # fmt: skip
STYLES = re.compile(r"assets/stylesheets/main\.\w+\.min\.css")  # holds what the pages use
SEARCH = "search/search_index.json"


def test_a_build_elsewhere_without_network_is_the_same_to_the_byte(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "5"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("WHOLE_PAGES", ":".join(AGAIN))
    offline = ["unshare", "-rn"] if shutil.which("unshare") else []
    if offline and subprocess.run([*offline, "true"], check=False).returncode:
        offline = []  # this machine does not let us cut the network off
    with contextlib.suppress(site_check.BuildFailed):  # of links to headings that are left out
        site_check.build(tmp_path / "again", safety.copy_to(tmp_path / "elsewhere"), within=offline)

    once, again = files(site), files(tmp_path / "again")
    assert once.keys() == again.keys()
    built_again = {of_the_site(f"docs/{name}", site).name for name in AGAIN}
    left_out = {page.name for page in site_check.pages(site)} - built_again
    of_all_pages = {name for name in once if name == SEARCH or STYLES.fullmatch(name)}
    assert {n for n in once if once[n] != again[n]} - left_out - of_all_pages == set()
    addresses = {name.removesuffix("index.html") for name in built_again}
    assert found_in(once, addresses) == found_in(again, addresses) != []


def files(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def found_in(built_files: dict[str, bytes], addresses: set[str]) -> list[object]:
    """Return what the search knows of pages."""
    entries = json.loads(built_files[SEARCH])["docs"]
    return [entry for entry in entries if entry["location"].partition("#")[0] in addresses]


def test_of_a_page_that_is_built_alone_only_its_own_faults_count(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House()
    page, other, *_ = house.pages
    own, foreign = (Problem(p.name, 1, "is wrong", "Why.", "Mend.") for p in (page, other))
    monkeypatch.setattr(site_check, "built_from", lambda name, _: of_the_site(name, site))

    def build(*_: object, **__: object) -> None:
        raise site_check.BuildFailed(failed)

    monkeypatch.setattr(site_check, "build", build)
    failed = [foreign]
    assert built.check_built(page, house) == []
    failed = [own, foreign]
    assert built.check_built(page, house) == [own]


def test_a_stale_chapter_stops_the_build(tmp_path: Path) -> None:
    house = safety.copy_to(tmp_path / "house")
    chapter = House(house).chapters[0]
    chapter.path.write_text(chapter.source.replace("Nora", "Cleo", 1), "utf-8")
    with pytest.raises(site_check.BuildFailed) as failed:
        site_check.build(tmp_path / "site", house)
    [problem] = failed.value.problems
    assert (problem.file, problem.line) == (chapter.name, 8)
    assert "docs/story/1-notebook.ipynb lacks this cell" in problem.what


@pytest.mark.parametrize(
    ("partial", "theirs", "ours"),
    [
        ("search.html", ' role="dialog">', ' role="dialog" aria-label="{{ lang.t(\'search\') }}">'),
        ("source.html", ' data-md-component="source"', ""),
        ("path.html", "aria-label=\"{{ lang.t('nav') }}\"", 'aria-label="Breadcrumbs"'),
    ],
)
def test_an_overridden_partial_is_the_themes_own_but_for_one_attribute(
    partial: str, theirs: str, ours: str
) -> None:
    import material

    original = (Path(material.__file__).parent / "templates/partials" / partial).read_text("utf-8")
    overridden = (ROOT / "theme/partials" / partial).read_text("utf-8")
    assert theirs in original
    assert overridden == original.replace(theirs, ours, 1), (
        f"the theme changed {partial}: copy it again and repeat the one edit"
    )


def test_a_section_leads_to_all_of_its_pages() -> None:
    house = House()
    for index in (page for page in house.pages if page.path.stem == "index"):
        beside = {page.path.name for page in house.pages if page.path.parent == index.path.parent}
        linked = set(re.findall(r"\]\(([\w-]+\.md)", index.source))
        assert beside - linked <= {"index.md"}, f"{index.name}: {beside - linked}"
