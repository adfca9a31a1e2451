"""Check 7 in Chromium: accessibility, no third parties, and everything that is clicked."""

import contextlib
import functools
import gzip
import http.server
import os
import re
import shutil
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from proof.project import House
from tools import shown
from tools.site import PAGE_BYTES, REQUESTS, SEARCH_BYTES, Built, pages

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
if CHROMIUM is None and os.environ.get("BROWSER_TESTS") != "required":
    pytest.skip("Chromium is not installed; .ci/run installs it", allow_module_level=True)

HOUSE = House()
EXAMPLE = "data/drift-threshold/"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
ADDRESSES = sorted(
    page.name.removeprefix("docs/").removesuffix("index.md").removesuffix(".md").removesuffix(".py")
    for page in HOUSE.texts
)
SCHEMES = ("default", "slate")
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


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder compressed, as GitHub Pages does."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        body = gzip.compress(path.read_bytes(), 9)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    handler = functools.partial(Handler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Page]:
    """Open a tab that can reach nothing but the site and fails on any script error."""
    with open_tab(browser, address) as tab:
        yield tab


@contextlib.contextmanager
def open_tab(browser: Browser, address: str, **options: object) -> Iterator[Page]:
    """Open a tab of a new reader; afterwards assert that nothing failed and nobody else was asked."""
    options = {
        "viewport": {"width": 1280, "height": 900},
        "base_url": address,
        "reduced_motion": "reduce",  # no colour is measured halfway
    } | options
    context = browser.new_context(**options)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    errors: list[str] = []
    asked: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on("request", lambda request: asked.append(request.url))
    yield tab
    context.close()
    assert errors == []
    outside = [url for url in asked if not url.startswith(("data:", address))]
    assert outside == [], f"the page asks third parties: {outside}"


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


@pytest.mark.parametrize("name", ADDRESSES)
def test_accessible_in_both_schemes_at_both_widths(
    name: str, browser: Browser, address: str
) -> None:
    found = []
    with open_tab(browser, address) as tab:
        tab.goto(name)
        tab.evaluate(OPEN_ALL)
        tab.evaluate(AXE)
        tab.evaluate(CODE_COLOURS_APART)
        for scheme in SCHEMES:
            show(tab, scheme)
            for width in (320, 1280):
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
    tab.evaluate(ONE_TOKEN_OF_EACH, sorted(classes))
    assert tab.locator("#tokens span").count() == len(classes)
    for scheme in SCHEMES:
        show(tab, scheme)
        assert violations(tab, "#tokens") == []


def test_a_first_visit_is_light(tab: Page) -> None:
    sizes: dict[str, int] = {}
    tab.on("requestfinished", lambda r: sizes.update({r.url: r.sizes()["responseBodySize"]}))
    tab.goto(EXAMPLE, wait_until="networkidle")
    page = {url: size for url, size in sizes.items() if "search" not in url}  # comes after the page
    assert 3 <= len(page) <= len(sizes) <= REQUESTS
    assert sum(page.values()) <= PAGE_BYTES
    assert sum(sizes.values()) - sum(page.values()) <= SEARCH_BYTES


def test_search_finds_the_page(tab: Page) -> None:
    tab.goto("")
    tab.keyboard.press("/")
    tab.locator(".md-search__input").fill("drift threshold")
    first = tab.locator(".md-search-result__item a").first
    first.wait_for()
    assert EXAMPLE in (first.get_attribute("href") or "")
    assert tab.locator(".md-search-result__meta").get_attribute("aria-live") == "polite"
    first.click()
    tab.wait_for_url(f"**/{EXAMPLE}**")
    assert tab.locator("h1").inner_text().startswith("Set a drift threshold")


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
    stroke = "getComputedStyle(document.querySelector('.fig path[style*=fig-1]')).stroke"
    before = tab.evaluate(stroke)
    tab.locator("label[title='Switch to dark colours']").click()
    assert tab.evaluate("document.body.dataset.mdColorScheme") == "slate"
    assert tab.evaluate(stroke) != before, "the figure does not follow the switch"
    tab.reload()
    assert tab.evaluate("document.body.dataset.mdColorScheme") == "slate"


def test_tabs_switch_by_mouse_and_keyboard(tab: Page) -> None:
    tab.goto(EXAMPLE)
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
        tab.locator("span.filename a").first.click()
    assert download.value.suggested_filename == "drift_threshold.py"
    expected = (HOUSE.root / "snippets/data/drift_threshold.py").read_bytes()
    assert Path(download.value.path()).read_bytes() == expected


def test_the_five_sections_are_one_click_away(tab: Page) -> None:
    tab.goto("")
    names = [text.strip() for text in tab.locator(".md-tabs__link").all_inner_texts()]
    sections = ["Requirements", "Lifecycle", "Data", "Fairness", "Interpretability"]
    assert [name for name in names if name in sections] == sections
    tab.locator(".md-tabs__link", has_text="Data").click()
    tab.wait_for_url("**/data/")


def test_the_menu_opens_by_keyboard_on_a_phone(tab: Page) -> None:
    tab.set_viewport_size({"width": 375, "height": 800})
    tab.goto(EXAMPLE)
    for _ in range(6):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.getAttribute('for')") == "__drawer":
            break
    tab.keyboard.press("Enter")
    assert tab.locator("#__drawer").is_checked()


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


def test_every_address_is_a_page(site: Path) -> None:
    assert {
        f"{name}index.html" if name.endswith("/") or not name else f"{name}/index.html"
        for name in ADDRESSES
    } == {page.name for page in pages(site)}


def test_the_run_line_copies_its_command_by_keyboard(tab: Page) -> None:
    tab.goto(EXAMPLE)
    line = tab.locator("div.run").first
    line.locator("button").focus()
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
    assert len(questions) >= 60
    expected = {page.rstrip("/") for pages in questions.values() for page in pages}
    assert expected <= {name.rstrip("/") for name in ADDRESSES}
    tab.goto("")
    wrong = missed(tab, questions)
    assert not wrong, (
        "\n".join(wrong)
        + "\nUse the words of the question in a heading, the first sentences or the "
        "tags of the page that answers it; the list stays as people ask."
    )


def test_a_question_that_finds_another_page_is_missed(tab: Page) -> None:
    tab.goto("")
    assert missed(tab, {"drift threshold": [EXAMPLE]}) == []
    assert "not fairness/" in missed(tab, {"drift threshold": ["fairness/"]})[0]
    assert "finds []" in missed(tab, {"zzqxv": [EXAMPLE]})[0]
