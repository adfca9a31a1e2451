"""Each claim of a built page says so, and leads to the test that holds it."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup

from proof import claims, stated
from proof.project import House
from tools import claim_boxes
from tools.site import built_from

HOUSE = House()
SENTENCE = "A *computed* threshold of `n` rows stays below 1 < 2."
BOX = (
    '<div class="admonition claim">\n<p class="admonition-title">A <em>computed</em> threshold of '
    "<code>n</code> rows stays below 1 &lt; 2.</p>\n<p>Why.</p></div>"
)


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> claims.Place:
    place = claims.Place("tests/data/test_x.py", 7)
    monkeypatch.setattr(claim_boxes, "_tests", {claim_boxes.plain(SENTENCE): place})
    return place


def page_with(html: str, repository: str | None = None) -> BeautifulSoup:
    page = SimpleNamespace(url="data/x/")
    html = claim_boxes.on_page_content(html, page=page, config={"repo_url": repository})
    return BeautifulSoup(html, "html.parser")


@pytest.mark.xdist_group("parsed pages")
def test_every_claim_of_the_site_links_its_test(site: Path) -> None:
    held = stated.in_tests(HOUSE)
    for page in HOUSE.texts:
        claims = stated.on_pages([page])
        boxes = built_from(page.name, site).article.select(".admonition.claim")
        linked = [str(box.select_one(".held a")["href"]).lstrip("./") for box in boxes]
        assert linked == [held[sentence][0].file for sentence in claims], page.name
        assert all(box["role"] == "group" and box["aria-label"] == "Claim" for box in boxes)


def test_the_link_leads_to_the_line_in_the_repository(place: claims.Place) -> None:
    link = page_with(BOX, "https://x.org/repo/").select_one(".held a")
    assert link["href"] == "https://x.org/repo/blob/main/tests/data/test_x.py#L7"


def test_without_a_repository_it_leads_to_the_published_test(
    place: claims.Place, site: Path
) -> None:
    assert page_with(BOX).select_one(".held a")["href"] == "../../tests/data/test_x.py"
    for name in {places[0].file for places in stated.in_tests(HOUSE).values()}:
        assert (site / name).read_bytes() == (HOUSE.root / name).read_bytes()


def test_says_where_it_stops_if_the_page_does(place: claims.Place) -> None:
    assert "where it stops" not in page_with(BOX).get_text()
    links = page_with(BOX + '<h2 id="where-it-stops">W</h2>').select(".held a")
    assert links[-1]["href"] == "#where-it-stops"


def test_a_sentence_that_no_test_holds_leads_nowhere(place: claims.Place) -> None:
    assert page_with(BOX.replace("stays", "is")).select(".held a") == []
