"""Check 7 in Chromium: accessibility, no third parties, and everything that is clicked."""

import io
import itertools
import os
import re
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from statistics import median

import axe_playwright_python
import material
import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page

from proof.files import Page as SourcePage
from proof.project import House
from tests.house.chromium import Handler, file_at, open_tab
from tools import shown
from tools.measure import content_pages, measure, output_beyond
from tools.site import CHAPTER_BYTES, INDEX_BYTES, PAGE_BYTES, REQUESTS, Built, pages, weight

HOUSE = House()
EXAMPLE = "data/drift-threshold/"
TEXTS = {
    page.name.removeprefix("docs/")
    .removesuffix("index.md")
    .removesuffix(".md")
    .removesuffix(".py"): page
    for page in HOUSE.texts
}
ADDRESSES = sorted(TEXTS)
# One page of each kind. These are looked at, and what changed since BROWSE_BASE, the last commit if nothing is
# given; before publishing, with BROWSE=all, all pages, and these in every scheme at every width.
KINDS = [
    "",
    "data/",
    EXAMPLE.rstrip("/"),
    "story/",
    "story/3-money",
    "reference/catalogue",
    "404.html",
]
PHONE = {"width": 375, "height": 800}
SCHEMES = ("default", "slate")
ALL = os.environ.get("BROWSE") == "all"
VIEWS = [*itertools.product(SCHEMES, (320, 1280))] if ALL else [("default", 320), ("slate", 1280)]
OPEN_ALL = "document.querySelectorAll('details').forEach(d => d.open = true)"
SHOW_ITS_TAB = """block => {
  const tab = block.closest(".tabbed-block")
  if (!tab) return
  const place = [...tab.parentNode.children].indexOf(tab)
  tab.closest(".tabbed-set").querySelectorAll(":scope > input")[place].click()
}"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")
# Details of what passed would take most of the time.
AXE_OPTIONS = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
# Code is most of a page's elements; a test of its own compares the colours of its tokens.
CODE_COLOURS_APART = """
axe.configure({rules: [{id: "color-contrast", selector: "*:not(.highlight code *)"}]})
"""
# The theme makes code that overflows reachable by keyboard, some frames after a resize.
SETTLED = """async () => {
  const reachable = code => code.scrollWidth <= code.clientWidth || code.tabIndex >= 0
  for (let frame = 0; frame < 120; frame++) {
    if ([...document.querySelectorAll("pre > code")].every(reachable)) return
    await new Promise(requestAnimationFrame)
  }
}"""
ONE_TOKEN_OF_EACH = """classes => {
  const code = document.querySelector("article .highlight code")
  code.replaceChildren(...classes.map(name => {
    const token = document.createElement("span")
    token.className = name
    token.textContent = `token ${name} `
    return token
  }))
  code.id = "tokens"
}"""


def violations(tab: Page, within: str = "html") -> list[str]:
    """Return what axe finds below the selected element, in words."""
    if not tab.evaluate("Boolean(window.axe)"):
        tab.evaluate(AXE)
    result = tab.evaluate("([within, options]) => axe.run(within, options)", [within, AXE_OPTIONS])
    assert result["passes"], "axe had nothing to look at"
    return [
        f"{found['id']}: {found['help']} {[node['html'][:120] for node in found['nodes'][:3]]}"
        for found in result["violations"]
    ]


def show(tab: Page, scheme: str) -> None:
    """Switch the colours, as the button of the header does."""
    tab.evaluate("scheme => document.body.setAttribute('data-md-color-scheme', scheme)", scheme)


def changed_files() -> list[str]:
    """Return the files that differ from the commit that somebody named, or from the last one, and new ones."""
    changed = ["git", "diff", "--name-only", os.environ.get("BROWSE_BASE", "HEAD")]
    said = [
        subprocess.run(command, cwd=HOUSE.root, capture_output=True, text=True, check=True).stdout
        for command in (changed, ["git", "ls-files", "--others", "--exclude-standard"])
    ]
    return "".join(said).splitlines()


def files_of(page: SourcePage) -> set[str]:
    """Return the files that make a page: its own, and what it embeds."""
    shown = page.shown.relative_to(HOUSE.root).as_posix()
    return {page.name, shown, *(embed.path for embed in page.embeds)}


def ways() -> dict[str, list[tuple[str, int]]]:
    """Return how to look at each page: one of each kind in every way, the others in one way, in turn."""
    turn = itertools.cycle(VIEWS)
    others = {name: [next(turn)] for name in ADDRESSES if name not in KINDS}
    if not ALL:
        changed = {*changed_files()}
        others = {name: VIEWS for name in others if files_of(TEXTS[name]) & changed}
    return dict.fromkeys(KINDS, VIEWS) | others


WAYS = ways()


@pytest.mark.parametrize("name", WAYS)
def test_accessible_in_both_schemes_at_both_widths(
    name: str, browser: Browser, address: str
) -> None:
    found = []
    with open_tab(browser, address) as tab:
        tab.goto(name)
        tab.evaluate(OPEN_ALL)
        tab.evaluate(AXE)
        tab.evaluate(CODE_COLOURS_APART)
        for scheme, width in WAYS[name]:
            show(tab, scheme)
            tab.set_viewport_size({"width": width, "height": 900})
            tab.evaluate(SETTLED)
            found += [f"{scheme}, {width}px: {violation}" for violation in violations(tab)]
            if (overflow := tab.evaluate(OVERFLOW)) > 0:
                found.append(f"{scheme}, {width}px: scrolls sideways by {overflow}px")
    assert found == [], "\n".join(found)


def test_code_is_readable_in_every_colour(tab: Page, site: Path) -> None:
    """A token's colour depends on its class and the scheme, not on the page."""
    classes = {
        name
        for page in pages(site)
        for code in re.findall(r"<code>(.*?)</code>", page.text, re.DOTALL)
        for name in re.findall(r'<span class="([^"]+)"', code)
    }
    assert {"k", "s2", "c1"} <= classes
    tab.goto(EXAMPLE)
    tab.evaluate(OPEN_ALL)
    tab.evaluate(ONE_TOKEN_OF_EACH, sorted(classes))
    assert tab.locator("#tokens span").count() == len(classes)
    for scheme in SCHEMES:
        show(tab, scheme)
        assert violations(tab, "#tokens") == []


@pytest.mark.parametrize("name", KINDS)
def test_a_first_visit_is_light(name: str, tab: Page, site: Path) -> None:
    """All that the server was asked for, whoever in the browser asked."""
    Handler.served.clear()
    tab.goto(name, wait_until="networkidle")
    tab.locator("html.js").wait_for(state="attached")  # the theme's script has run
    tab.wait_for_timeout(500)  # and what it asked for has come
    served = [*Handler.served]
    assert 3 <= len(served) <= REQUESTS, served
    budget = CHAPTER_BYTES if name.startswith("story/") else PAGE_BYTES
    assert sum(weight(file_at(site, path)) for path in served) <= budget, served
    assert not [path for path in served if "search" in path or "sitemap" in path], served


MEANS_TO_SEARCH: dict[str, Callable[[Page], object]] = {
    "presses /": lambda tab: tab.keyboard.press("/"),
    "points at it": lambda tab: tab.hover(".md-search__form"),
    "follows a link": lambda tab: tab.goto("data/?h=drift"),
}


@pytest.mark.parametrize("how", MEANS_TO_SEARCH)
def test_the_index_comes_when_somebody_means_to_search(how: str, tab: Page, site: Path) -> None:
    tab.goto("")
    Handler.served.clear()
    with tab.expect_response("**/search_index.json"):
        MEANS_TO_SEARCH[how](tab)
    [path] = [path for path in Handler.served if "search_index" in path]
    assert weight(file_at(site, path)) <= INDEX_BYTES


def ask(tab: Page, question: str) -> None:
    """Open the search and type."""
    tab.keyboard.press("/")
    tab.locator(".md-search__input").fill(question)
    tab.locator(".md-search-result__item a").first.wait_for()


def test_search_finds_the_page_and_says_no_word_is_missing(tab: Page) -> None:
    tab.goto("")
    ask(tab, "watch calibration")
    hits = tab.locator(".md-search-result__item a")
    assert "data/calibration/" in (hits.first.get_attribute("href") or "")
    assert tab.locator(".md-search-result del").count() == 0
    assert tab.locator(".md-search-result__meta").get_attribute("aria-live") == "polite"
    addresses = hits.evaluate_all("links => links.map(link => link.href)")
    assert all(re.search(r"[?&]h=\w", address) for address in addresses[:5]), addresses[:5]
    hits.first.click()
    tab.wait_for_url("**/data/calibration/**")
    tab.locator("article mark").first.wait_for()


def test_search_forgives_a_typing_error_in_a_long_question(tab: Page) -> None:
    tab.goto("")
    assert (
        missed(
            tab, {"data leakege": ["beyond/hunt-leakage/"], "callibration": ["data/calibration/"]}
        )
        == []
    )


def test_escape_gives_the_focus_back(tab: Page) -> None:
    tab.goto(EXAMPLE)
    assert tab.evaluate("document.querySelector('.md-search__output').inert"), (
        "closed results take focus"
    )
    link = tab.locator("article a[href]").nth(3)
    link.focus()
    ask(tab, "drift")
    tab.keyboard.press("Escape")
    assert link.evaluate("link => link === document.activeElement")


def test_the_copy_button_gives_the_tested_bytes(tab: Page, site: Path) -> None:
    page = Built(site / EXAMPLE / "index.html", site)
    blocks = shown.blocks(page)
    assert len(blocks) >= 4
    tab.goto(EXAMPLE)
    tab.evaluate(OPEN_ALL)
    for number, (title, text) in enumerate(blocks):
        block = tab.locator("div.highlight").nth(number)
        block.evaluate(SHOW_ITS_TAB)
        block.hover()
        block.locator("button[data-md-type=copy]").click()
        copied = tab.evaluate("navigator.clipboard.readText()")
        assert copied.rstrip("\n") == text.rstrip("\n"), f"{title} is copied otherwise than shown"


def test_the_colour_switch_switches_and_is_remembered(tab: Page) -> None:
    tab.emulate_media(color_scheme="light")
    tab.goto(EXAMPLE)
    stroke = "(s => s.stroke + s.fill)(getComputedStyle(document.querySelector('.fig path[style*=fig-1]')))"
    before = tab.evaluate(stroke)
    tab.locator("label[title='Switch to dark colours']").click()
    assert tab.evaluate("document.body.dataset.mdColorScheme") == "slate"
    assert tab.evaluate(stroke) != before, "the figure does not follow the switch"
    tab.reload()
    assert tab.evaluate("document.body.dataset.mdColorScheme") == "slate"


def test_tabs_switch_by_mouse_and_keyboard(tab: Page) -> None:
    tab.goto("lifecycle/cheap-prediction/")
    tab.evaluate(OPEN_ALL)
    blocks = tab.locator(".tabbed-block")
    assert blocks.nth(0).is_visible() and not blocks.nth(1).is_visible()
    tab.locator(".tabbed-labels label").nth(1).click()
    assert blocks.nth(1).is_visible() and not blocks.nth(0).is_visible()
    tab.locator(".tabbed-set > input").nth(1).focus()
    tab.keyboard.press("ArrowLeft")
    assert blocks.nth(0).is_visible()


def test_a_snippet_downloads_as_the_tested_file(tab: Page) -> None:
    tab.goto(EXAMPLE)
    with tab.expect_download() as download:
        tab.get_by_role("link", name="Download drift_threshold.py").first.click()
    assert download.value.suggested_filename == "drift_threshold.py"
    expected = (HOUSE.root / "snippets/data/drift_threshold.py").read_bytes()
    assert Path(download.value.path()).read_bytes() == expected


@pytest.mark.parametrize("button", ["Copy whole file drift_threshold.py", "Copy page as Markdown"])
def test_a_whole_file_is_copied_to_the_byte(button: str, tab: Page) -> None:
    tab.goto(EXAMPLE)
    pressed = tab.get_by_role("button", name=button, exact=True)
    pressed.focus()
    tab.keyboard.press("Enter")
    tab.get_by_text("Copied", exact=True).wait_for()
    address = pressed.evaluate("button => button.nextElementSibling.href")
    copied = tab.evaluate("navigator.clipboard.readText()").encode()
    assert copied == tab.request.get(address).body()
    assert b"SPDX-License-Identifier: MIT" in copied or button.endswith("Markdown")


def test_the_sections_are_one_click_away_and_say_what_is_behind_them(tab: Page) -> None:
    tab.goto("")
    names = [text.strip() for text in tab.locator(".md-tabs__link").all_inner_texts()]
    assert len(names) < 10
    for word in ("latency", "leakage", "roll-out", "requirements", "fairness", "interpretability"):
        assert word in " ".join(names).lower()
    tab.locator(".md-tabs__link", has_text="Data").click()
    tab.wait_for_url("**/data/")


# Every place where the focus can be, unless the reader sees nothing there.
INVISIBLE_STOPS = """() => [...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")].filter((stop) => {
  if (stop.closest("[inert]") || stop.tabIndex < 0 || !stop.checkVisibility({ checkVisibilityCSS: true })) return false
  stop.focus()
  if (document.activeElement !== stop || stop.matches(".md-skip, [type=radio], [type=checkbox]")) return false
  const { left, right, width, height } = stop.getBoundingClientRect()
  return right <= 0 || left >= innerWidth || !width || !height
}).map((stop) => stop.outerHTML.slice(0, 90))"""


def test_menu_and_search_of_a_phone_are_buttons_that_give_the_focus_back(tab: Page) -> None:
    tab.set_viewport_size(PHONE)
    tab.goto(EXAMPLE)
    assert tab.evaluate(INVISIBLE_STOPS) == []
    for name, inside in {"Navigation": ".md-sidebar--primary", "Search": ".md-search"}.items():
        button = tab.get_by_role("button", name=name, exact=True)
        assert button.get_attribute("aria-expanded") == "false"
        button.focus()
        tab.keyboard.press("Enter")
        tab.locator(f"{inside} :focus").wait_for()
        assert button.get_attribute("aria-expanded") == "true"
        tab.keyboard.press("Escape")
        assert button.evaluate("button => button === document.activeElement"), name
        assert button.get_attribute("aria-expanded") == "false"


def test_what_is_read_aloud_says_of_what(tab: Page) -> None:
    tab.goto(EXAMPLE)
    headings = tab.get_by_role("heading").all()
    assert len(headings) > 5
    tab.get_by_role("heading", name="Set a drift threshold you can defend", exact=True).wait_for()
    tab.get_by_role("link", name="Link to Pitfalls", exact=True).wait_for()
    assert tab.get_by_role("group", name="Claim", exact=True).count() >= 3
    tab.evaluate(OPEN_ALL)
    names = "tags => tags.map(tag => tag.ariaLabel ?? tag.innerText).filter(name => /copy|download/i.test(name))"
    said = tab.locator("article :is(button, .run a)").evaluate_all(names)
    assert len(said) > 8 and len(said) == len({*said}), sorted(said)


# Contrast of an icon with the code's panel, computed as WCAG does; a transparent colour shows the panel.
CONTRAST = """icon => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number)
  const panel = numbers(getComputedStyle(icon.closest("pre").querySelector("code")).backgroundColor).slice(0, 3)
  const [r, g, b, alpha = 1] = numbers(getComputedStyle(icon).color)
  const shown = [r, g, b].map((value, n) => value * alpha + panel[n] * (1 - alpha))
  const [dark, light] = [panel, shown].map(colour => colour.map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, n) => sum + v * [.2126, .7152, .0722][n], 0)).sort((x, y) => x - y)
  return (light + .05) / (dark + .05)
}"""


def test_the_copy_icon_shows_and_covers_no_code(tab: Page) -> None:
    tab.set_viewport_size(PHONE)
    for name in (EXAMPLE, "story/3-money", "contributing/"):
        tab.goto(name)
        icon = tab.locator("button[data-md-type=copy]").locator("visible=true").first
        for scheme in SCHEMES:
            show(tab, scheme)
            assert icon.evaluate(CONTRAST) >= 3
        code = icon.locator("xpath=ancestor::pre[1]/code")
        first_line = code.evaluate(
            "c => c.getBoundingClientRect().top + parseFloat(getComputedStyle(c).paddingTop)"
        )
        assert icon.evaluate("i => i.getBoundingClientRect().bottom") <= first_line + 1, name


def test_no_output_needs_sideways_scrolling_on_a_phone(tab: Page) -> None:
    for name in {"data/input-contract": VIEWS, **WAYS}:
        tab.goto(name)
        tab.evaluate(OPEN_ALL)
        assert output_beyond(tab) <= 0, name


def test_the_measures_are_those_of_the_page(tab: Page) -> None:
    """Plant what each number counts, and see it move."""
    tab.goto(EXAMPLE)
    before, fits = measure(tab), output_beyond(tab)
    assert 0 < before.first_claim < before.do_it < before.screens and 0 < before.code < 1
    tab.evaluate("""() => {
      const article = document.querySelector("article"), space = document.createElement("pre")
      space.style.height = "1800px"
      article.prepend(space)
      document.querySelector(".out").style.whiteSpace = "pre"
      document.querySelector(".out").append("x".repeat(200))
    }""")
    after = measure(tab)
    assert after.first_claim - before.first_claim >= 2 <= after.screens - before.screens
    assert after.do_it - before.do_it >= 2
    assert after.code > before.code and output_beyond(tab) > 0 >= fits
    tab.evaluate("document.querySelectorAll('.claim').forEach(claim => claim.remove())")
    assert measure(tab).first_claim is None


def test_a_dead_address_leads_on(tab: Page) -> None:
    tab.goto("no/such/page/")
    links = tab.locator("article a").evaluate_all(
        "links => links.map(link => link.pathname + link.search)"
    )
    assert {"/?q=", "/reference/catalogue/", "/data/", "/beyond/"} <= {*links}
    tab.get_by_role("link", name="Search the site").click()
    tab.locator(".md-search__input:focus").wait_for()


def test_a_how_to_prints_on_six_pages_with_its_folds_shut(tab: Page) -> None:
    tab.goto(EXAMPLE)
    pdf = tab.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 6
    tab.emulate_media(media="print")
    tab.evaluate(OPEN_ALL)  # the theme opens them
    shows = "tags => tags.filter(tag => tag.checkVisibility()).length"
    assert tab.locator("details > :not(summary)").evaluate_all(shows) == 0
    assert tab.locator("article button, .headerlink").evaluate_all(shows) == 0
    assert tab.locator("summary").evaluate_all(shows) >= 4


def test_the_catalogue_is_filtered_by_keyboard(tab: Page) -> None:
    tab.goto("reference/catalogue/")
    cards = tab.locator(".catalogue li").locator("visible=true")
    everything = cards.count()
    tab.get_by_label("Filter by task").focus()
    tab.keyboard.type("Drift thresh")
    assert tab.get_by_role("status").inner_text() == f"{cards.count()} of {everything} snippets"
    assert 0 < cards.count() < 5 and all(
        "drift" in text.lower() for text in cards.all_inner_texts()
    )
    assert tab.locator(".catalogue h2").locator("visible=true").count() == 1
    tab.keyboard.type("zzz")
    assert cards.count() == 0
    tab.set_viewport_size(PHONE)
    tab.get_by_label("Filter by task").fill("")
    assert cards.count() == everything
    cut = "tags => tags.filter(tag => tag.scrollWidth > tag.clientWidth + 1).length"
    assert tab.locator(".catalogue li").evaluate_all(cut) == 0
    height = tab.evaluate("document.documentElement.scrollHeight / 812")
    assert height < 0.2 * everything, "a card takes less than a fifth of a screen"


SIZES = [PHONE, {"width": 1440, "height": 900}]
PICTURED = ["", EXAMPLE, "story/3-money", "reference/catalogue"]
PICTURES = (
    [*itertools.product(PICTURED, SIZES)] if ALL else [*zip(PICTURED, SIZES * 2, strict=True)]
)


@pytest.mark.parametrize(("name", "size"), PICTURES)
def test_the_purged_stylesheet_changes_no_picture(
    name: str, size: dict[str, int], tab: Page
) -> None:
    theirs = next(Path(material.__file__).parent.glob("templates/assets/stylesheets/main.*.css"))
    tab.set_viewport_size(size)
    pictures = []
    for path in (None, theirs):
        if path:
            tab.route("**/main.*.css", lambda route: route.fulfill(path=theirs))
        tab.goto(name)
        tab.evaluate(OPEN_ALL)
        tab.evaluate(SETTLED)
        picture = tab.screenshot(full_page=True, type="jpeg")  # in half the time of PNG
        pictures.append(Image.open(io.BytesIO(picture)).convert("L"))
    ours, other = pictures
    assert ours.size == other.size
    differing = sum(ImageChops.difference(ours, other).histogram()[8:])
    assert (
        differing <= 0.002 * ours.width * ours.height
    )  # a line at half a pixel may fall either way


def test_the_skip_link_comes_first_and_focus_shows(tab: Page) -> None:
    tab.goto(EXAMPLE)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.classList.contains('md-skip')")
    assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_reads_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=address)
    tab = context.new_page()
    tab.goto(EXAMPLE)
    assert len(tab.locator("article").inner_text()) > 3_000
    context.close()


TURNED = """knob => {
  const now = knob.querySelector("input").valueAsNumber
  const visible = part => getComputedStyle(part).visibility === "visible"
  const shown = [...knob.querySelector("svg").querySelectorAll("[data-stop]")].filter(visible)
  return {
    says: [...knob.querySelectorAll("[data-says]")].map(p => [p.dataset.says, p.textContent])[now],
    said: [knob.querySelector("input").getAttribute("aria-valuetext"), knob.querySelector("output").textContent],
    drawn: [...new Set(shown.map(part => Number(part.dataset.stop)))],
    now, height: document.documentElement.scrollHeight,
  }
}"""
WITH_KNOBS = [
    page.shown.relative_to(HOUSE.root / "docs").with_suffix("").as_posix().removesuffix("index")
    for page in HOUSE.texts
    if any(embed.path.endswith(".html") for embed in page.embeds)
]


def test_a_page_says_its_point_on_the_first_screen_and_its_knobs_turn(tab: Page) -> None:
    """By keyboard; each stop shows and says itself alone, and nothing on the page moves."""
    content = content_pages(HOUSE)
    found, turned = {}, 0
    for name in WAYS:
        if name in content or name in WITH_KNOBS:
            tab.goto(name)
        if name in content:
            found[name] = m = measure(tab)
            assert m.first_claim is None or m.first_claim <= 0.6, name
            assert m.do_it is None or m.do_it <= 4, name
            assert m.code <= 1 / 3 and m.screens <= 7.5, name
        if name in WITH_KNOBS:
            turn_through(tab, name)
            turned += 1
    claims = sum(m.first_claim is not None for m in found.values())
    assert (claims > 30 and turned >= 50) if ALL else (claims >= 2 and turned >= 3)
    if ALL:
        assert median(m.screens for m in found.values()) <= 6


def turn_through(tab: Page, name: str) -> None:
    """Turn each knob of an open page to each of its stops."""
    knobs = tab.locator(".knob").all()
    assert knobs, f"{name} has no knob"
    for knob in knobs:
        slider = knob.locator("input")
        null = knob.locator(".null").get_attribute("data-says") or ""
        assert f"Effect gone at: {null.removesuffix(' (effect gone)')}" in knob.inner_text(), name
        slider.focus()
        tab.keyboard.press("Home")
        height = knob.evaluate(TURNED)["height"]
        for stop in range(int(slider.get_attribute("max") or 0) + 1):
            found = knob.evaluate(TURNED)
            assert (found["now"], found["drawn"], found["height"]) == (stop, [stop], height), name
            assert found["said"] == found["says"], name
            tab.keyboard.press("ArrowRight")
        tab.keyboard.press("End")
        assert knob.evaluate(TURNED)["now"] == stop, name


def test_a_knob_turns_by_touch(browser: Browser, address: str) -> None:
    with browser.new_context(viewport=PHONE, has_touch=True) as context:
        tab = context.new_page()
        tab.goto(address + WITH_KNOBS[0])
        knob = tab.locator(".knob").first
        knob.locator("input").scroll_into_view_if_needed()
        before, box = knob.evaluate(TURNED), knob.locator("input").bounding_box()
        assert box is not None and box["height"] >= 24
        last = len(knob.locator("[data-says]").all()) - 1
        left, there = box["x"] + 2, 0
        if before["now"] == 0:  # tap the other end
            left, there = box["x"] + box["width"] - 2, last
        tab.touchscreen.tap(left, box["y"] + box["height"] / 2)
        after = knob.evaluate(TURNED)
        assert (after["now"], after["drawn"]) == (there, [there])
        assert tab.evaluate(OVERFLOW) <= 0


@pytest.mark.parametrize("how", ["no script", "print"])
def test_effect_and_null_of_a_knob_stand_side_by_side(
    how: str, browser: Browser, address: str
) -> None:
    with browser.new_context(java_script_enabled=how == "print") as context:
        tab = context.new_page()
        tab.goto(address + WITH_KNOBS[0])
        if how == "print":
            tab.emulate_media(media="print")
        knob = tab.locator(".knob").first
        boxes = [view.bounding_box() for view in knob.locator("svg").all()]
        assert boxes[0] and boxes[1] and boxes[0]["y"] == boxes[1]["y"], "two drawings in one row"
        assert min(box["width"] for box in boxes) >= 280, "a drawing is too small to read"
        for end in ("effect", "null"):
            assert knob.locator(f".knob-says .{end}").is_visible()
        assert not knob.locator(".knob-control").is_visible()


def test_every_address_is_a_page(site: Path) -> None:
    assert {
        f"{name}index.html" if name.endswith("/") or not name else f"{name}/index.html"
        for name in ADDRESSES
    } == {page.name for page in pages(site)}


def test_the_run_line_copies_its_command_by_keyboard(tab: Page) -> None:
    tab.goto(EXAMPLE)
    line = tab.locator("div.run").first
    line.locator("button").first.focus()
    tab.keyboard.press("Enter")
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied == line.locator("code").inner_text()
    assert copied.startswith("uv run http") and copied.endswith("/snippets/data/drift_threshold.py")


def test_a_term_of_the_glossary_explains_itself_by_keyboard(tab: Page) -> None:
    tab.goto(EXAMPLE)
    term = tab.locator("a.term").first
    sentence = term.get_attribute("title") or ""
    assert len(sentence) > 20
    term.focus()
    tooltip = tab.locator(".md-tooltip2", has_text=sentence)
    tooltip.wait_for(state="visible")
    term.click()
    tab.wait_for_url("**/reference/glossary/#*")


# Type each question; an answer is complete when the list has been at rest.
ASK = """async (questions) => {
  const [input, list, meta] = ["input", "result__list", "result__meta"].map((name) =>
    document.querySelector(`.md-search-${name}`) ?? document.querySelector(`.md-search__${name}`))
  const found = {}
  for (const question of questions) {
    const answered = new Promise((resolve) => {
      let timer = setTimeout(resolve, 3000)
      new MutationObserver((_, observer) => {
        clearTimeout(timer)
        timer = setTimeout(() => { observer.disconnect(); resolve() }, 30)
      }).observe(list.parentNode, { childList: true, characterData: true, subtree: true })
    })
    input.value = question
    input.dispatchEvent(new KeyboardEvent("keyup"))
    await answered
    found[question] = [...list.children].slice(0, 3).map((item) => item.querySelector("a").pathname)
  }
  return found
}"""


def missed(tab: Page, questions: dict[str, list[str]]) -> list[str]:
    """Ask the search of an open site; return the questions whose page is not among the first three."""
    tab.keyboard.press("/")
    tab.locator(".md-search__input").wait_for()
    answers = {
        q: [a.lstrip("/") for a in hits] for q, hits in tab.evaluate(ASK, [*questions]).items()
    }
    return [
        f"{question!r} finds {answers[question]}, not {' or '.join(expected)}"
        for question, expected in questions.items()
        if not {*expected} & {*answers[question]}
    ]


def test_search_answers_what_people_ask(tab: Page) -> None:
    tables = tomllib.loads((Path(__file__).parent / "search_questions.toml").read_text("utf-8"))
    questions = {question: pages for table in tables.values() for question, pages in table.items()}
    assert len(questions) >= 150
    expected = {page.rstrip("/") for pages in questions.values() for page in pages}
    assert expected <= {name.rstrip("/") for name in ADDRESSES}
    tab.goto("")
    wrong = missed(tab, questions)
    assert len(wrong) <= 0.05 * len(questions), (
        "\n".join(wrong)
        + "\nUse the words of the question in a heading, the first sentences or the "
        "tags of the page that answers it; the list stays as people ask."
    )


def test_a_question_that_finds_another_page_is_missed(tab: Page) -> None:
    tab.goto("")
    assert missed(tab, {"drift threshold": [EXAMPLE]}) == []
    assert "not fairness/" in missed(tab, {"drift threshold": ["fairness/"]})[0]
    assert "finds []" in missed(tab, {"zzqxv": [EXAMPLE]})[0]
