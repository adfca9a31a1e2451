"""What was published stays: every listed address is a page, a snippet, or leads to its successor."""

from pathlib import Path

import pytest

from proof.project import House, report
from tools import addresses


def test_no_published_address_vanished() -> None:
    problems = addresses.check(House())
    assert not problems, report(problems)


def test_the_site_answers_at_every_published_address(site: Path) -> None:
    problems = addresses.check_built(site, House().root)
    assert not problems, report(problems)


@pytest.fixture
def published(tmp_path: Path) -> House:
    """Return a house of empty files whose addresses are listed."""
    for name in (
        "docs/data/shift.md", "docs/data/figures/shift.py", "docs/data/figures/shift.svg",
        "docs/reference/claims.md", "docs/reference/sources.md", "snippets/data/shift.py",
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    addresses.update(House(tmp_path))
    return House(tmp_path)


def listing(house: House, text: str) -> str:
    """Write the list of a house; return what the check says about it."""
    (house.root / addresses.LIST).write_text(text, "utf-8")
    return report(addresses.check(house))


STANDING = "/data/shift/\n/reference/claims/\n/reference/sources/\n/snippets/data/shift.py\n"


def test_the_list_names_pages_and_snippets_but_no_figures(published: House) -> None:
    assert (published.root / addresses.LIST).read_text("utf-8") == STANDING
    assert addresses.check(published) == []
    assert addresses.update(published) == []


def test_chapters_and_section_pages_have_addresses(published: House) -> None:
    for name in ("docs/index.md", "docs/story/index.md", "docs/story/1-notebook.py"):
        path = published.root / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert {"/", "/story/", "/story/1-notebook/"} < addresses.current(published)


def test_update_keeps_what_is_gone_and_where_it_went(published: House) -> None:
    (published.root / addresses.LIST).write_text("/a/ -> /data/shift/\n/gone/\n", "utf-8")
    assert addresses.update(published)
    text = (published.root / addresses.LIST).read_text("utf-8")
    assert text == "/a/ -> /data/shift/\n" + STANDING.replace("/ref", "/gone/\n/ref", 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("/data/shift/\n", ""), "/data/shift/ is not listed"),
        (("/data/", "/data/drift/\n/data/"), "addresses.txt:1: /data/drift/ is gone"),
        (("/snippets", "/snippets/data/a.py\n/snippets"), "/snippets/data/a.py is gone"),
        (("/data/shift/", "/data/shift/ -> /reference/claims/"), "has a successor and still stands"),
        (("/data/", "/a/ -> /data/drift/\n/data/"), "leads to /data/drift/, which is no page of today"),
        (("/data/", "/a/ -> /b/\n/b/ -> /data/shift/\n/data/"), "leads to /b/, which is no page of today"),
        (("/data/", "/a/ -> /snippets/data/shift.py\n/data/"), "which is no page of today"),
        (("/data/", "/a.py -> /data/shift/\n/data/"), "which is no snippet of today"),
        (("/data/", "/a/ -> https://a.example/\n/data/"), "which is no page of today"),
    ],
)  # fmt: skip
def test_rejects(change: tuple[str, str], message: str, published: House) -> None:
    assert message in listing(published, STANDING.replace(*change, 1))


def test_accepts_what_moved(published: House) -> None:
    moved = "/a/b/ -> /data/shift/\n/snippets/a.py -> /snippets/data/shift.py\n"
    assert listing(published, moved + STANDING) == ""


def test_a_renamed_page_is_missed_and_an_arrow_mends_it(published: House) -> None:
    page = published.root / "docs/data/shift.md"
    page.rename(page.with_name("drift.md"))
    house = House(published.root)
    addresses.update(house)
    said = report(addresses.check(house))
    assert "/data/shift/ is gone" in said and "`/data/shift/ -> /the/new/address/`" in said
    text = (house.root / addresses.LIST).read_text("utf-8")
    assert listing(house, text.replace("/shift/", "/shift/ -> /data/drift/")) == ""


def test_an_empty_list_fails(published: House, tmp_path: Path) -> None:
    assert "found no published addresses" in listing(published, "")
    assert "found no published addresses" in report(addresses.check_built(tmp_path, published.root))


def test_a_page_that_was_not_built_is_missed(published: House, tmp_path: Path) -> None:
    said = report(addresses.check_built(tmp_path / "site", published.root))
    assert "the site has nothing at /data/shift/" in said
    assert "the site has nothing at /snippets/data/shift.py" in said


def test_a_moved_page_leads_on_by_a_relative_link() -> None:
    page = addresses.page_of_a_move("/data/old/", "/data/drift-threshold/")
    assert (
        page.count('"../drift-threshold/"') == 2 and 'content="0; url=../drift-threshold/"' in page
    )
    assert '"../"' in addresses.page_of_a_move("/old/", "/")
