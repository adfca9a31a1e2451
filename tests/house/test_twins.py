"""Every page has a twin in Markdown; its code is the tested code, to the letter."""

import re
import textwrap
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from proof.files import Page
from proof.project import House
from tools import shown, twins
from tools.site import SITE_URL, built_from

HOUSE = House()
FENCE = re.compile(
    r'^(?P<indent> *)```\w+ title="(?P<title>[^"]+)"\n(?P<code>.*?)^ *```$', re.M | re.S
)


def twin_of(page: Page, site: Path) -> Path:
    return site / page.path.relative_to(HOUSE.root / "docs").with_suffix(".md")


def code_in(text: str) -> list[tuple[str, str]]:
    return [(m["title"], textwrap.dedent(m["code"]).rstrip()) for m in FENCE.finditer(text)]


def test_the_code_of_every_twin_is_the_code_of_its_page(site: Path) -> None:
    compared = 0
    for page in HOUSE.pages:
        if page.name.startswith("docs/contributing/"):
            continue
        built = [
            (title, code.rstrip()) for title, code in shown.blocks(built_from(page.name, site))
        ]
        assert code_in(twin_of(page, site).read_text("utf-8")) == built, page.name
        compared += len(built)
    assert compared > 200


def test_a_twin_says_all_that_its_page_says(site: Path) -> None:
    for page in HOUSE.pages:
        twin = twin_of(page, site).read_text("utf-8")
        assert "--8<--" not in twin or page.name.startswith("docs/contributing/")
        for _, text, fenced in page.lines:
            if (
                fenced is None
                and "--8<--" not in text
                and ".py" not in text
                and ".ipynb" not in text
            ):
                assert text in twin, page.name


def test_the_twin_of_a_chapter_holds_its_cells_and_what_they_printed(site: Path) -> None:
    for chapter in HOUSE.chapters:
        twin = twin_of(chapter, site).read_text("utf-8")
        assert all(cell.source in twin for cell in chapter.cells if not cell.is_text)
        assert "```text\n" in twin and f"# {chapter.path.stem[0]} · " in twin


def test_every_link_between_twins_leads_to_one(site: Path) -> None:
    for twin in site.rglob("*.md"):
        for target in re.findall(
            r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", twin.read_text("utf-8"), flags=re.S)
        ):
            parts = urlsplit(target)
            if (
                not parts.scheme
                and parts.path.endswith((".md", ".py", ".ipynb"))
                and "contributing" not in str(twin)
            ):
                assert (twin.parent / parts.path).is_file(), f"{twin}: {target}"


def test_every_page_announces_its_twin_and_llms_lists_it(site: Path) -> None:
    listed = (site / "llms.txt").read_text("utf-8")
    for page in HOUSE.texts:
        built, twin = built_from(page.name, site), twin_of(page, site)
        [link] = built.soup.select('link[rel=alternate][type="text/markdown"]')
        assert (built.path.parent / str(link["href"])).resolve() == twin.resolve()
        assert f"]({SITE_URL}{twin.relative_to(site).as_posix()}): " in listed
    says = re.search(
        r"^description: (.+)$",
        (HOUSE.root / "docs/data/drift-threshold.md").read_text("utf-8"),
        re.M,
    )
    assert says and f"/data/drift-threshold.md): {says[1]}\n" in listed


@pytest.mark.parametrize("name", ["sitemap.xml", "search/search_index.json"])
def test_twins_are_in_no_index(name: str, site: Path) -> None:
    assert not re.search(r"(?:<loc>|location\":\")[^<\"]*\.md", (site / name).read_text("utf-8"))


def test_an_embed_in_a_tab_keeps_its_indentation(small_house: House) -> None:
    path = small_house.root / "docs/data/shift.md"
    path.write_text(
        '=== "A"\n\n    ```python title="x"\n    --8<-- "snippets/data/shift.py:demo"\n    ```\n',
        "utf-8",
    )
    [page] = [page for page in small_house.pages if page.path == path]
    code = small_house.snippets[0].sections["demo"].code
    twin = twins.of_page(page, small_house)
    assert textwrap.indent(code, "    ") in twin and code_in(twin) == [("x", code)]
