"""Check 7 in Chromium: accessibility, no third parties, and everything that is clicked."""

import contextlib
import functools
import gzip
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tools import shown
from tools.house import House
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
SCHEMES = {"light": "default", "dark": "slate"}
OPEN_ALL = "document.querySelectorAll('details').forEach(d => d.open = true)"
SHOW_ITS_TAB = """block => {
  const tab = block.closest(".tabbed-block")
  if (!tab) return
  const place = [...tab.parentNode.children].indexOf(tab)
  tab.closest(".tabbed-set").querySelectorAll(":scope > input")[place].click()
}"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


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
    options = {"viewport": {"width": 1280, "height": 900}, "base_url": address} | options
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


def axe_options(scheme: str, width: int) -> dict[str, object]:
    """Return all rules where a browser is required, as in .ci/run.

    Elsewhere colours are compared at one width only, and the rest in one scheme only: a page
    has the same elements in both.
    """
    every = {"runOnly": {"type": "tag", "values": RULES}}
    if os.environ.get("BROWSER_TESTS") == "required" or (scheme, width) == ("light", 1280):
        return every
    if scheme == "dark" and width == 1280:
        return {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
    return every | {"rules": {"color-contrast": {"enabled": False}}}


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_accessible_at_both_widths(name: str, scheme: str, browser: Browser, address: str) -> None:
    found = []
    with open_tab(browser, address, color_scheme=scheme) as tab:
        tab.goto(name)
        tab.evaluate(OPEN_ALL)
        assert tab.evaluate("document.body.dataset.mdColorScheme") == SCHEMES[scheme]
        for width in (320, 1280):
            tab.set_viewport_size({"width": width, "height": 900})
            results = Axe().run(tab, options=axe_options(scheme, width))
            assert results.response["passes"]
            for violation in results.response["violations"]:
                nodes = [node["html"][:120] for node in violation["nodes"][:3]]
                found.append(f"{width}px: {violation['id']}: {violation['help']} {nodes}")
            overflow = tab.evaluate(OVERFLOW)
            if overflow > 0:
                found.append(f"{width}px: scrolls sideways by {overflow}px")
    assert found == [], "\n".join(found)


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
