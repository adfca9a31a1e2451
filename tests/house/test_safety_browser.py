"""The Content-Security-Policy in Chromium: nothing of ours is blocked, all that is foreign is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

EXAMPLE = "lifecycle/cheap-prediction/"  # it has tabs
LISTEN = """window.blocked = []
addEventListener("securitypolicyviolation", (event) => {
  blocked.push(`${event.effectiveDirective} ${event.blockedURI.replace(/(\\w)\\/.*/, "$1")}`)
})"""


@pytest.fixture(scope="module")
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """Return a reader of the site, with a list of what the policy blocked in each page."""
    with browser.new_context(base_url=address) as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.add_init_script(LISTEN)
        yield context


@pytest.fixture
def tab(context: BrowserContext) -> Iterator[Page]:
    """Open a tab that keeps what the policy blocked, and may reach for other hosts."""
    with context.new_page() as tab:
        yield tab


def test_nothing_of_ours_is_blocked(tab: Page) -> None:
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    for name in ("", "404.html", EXAMPLE):
        tab.goto(name, wait_until="networkidle")
        said = [text for text in said if not (name == "404.html" and "status of 404" in text)]
        assert tab.evaluate("blocked") == [] == said, f"/{name}: {said}"
        assert tab.evaluate("typeof __md_get") == "function", (
            "the theme's inline scripts do not run"
        )
    tab.locator(".tabbed-labels label").nth(1).click()
    tab.locator("label[title='Switch to dark colours']").click()
    tab.locator("button[data-md-type=copy]").locator("visible=true").first.click()
    tab.locator("button.copies").locator("visible=true").first.click()
    tab.get_by_text("Copied", exact=True).wait_for()  # it was fetched
    tab.keyboard.press("/")
    tab.locator(".md-search__input").press_sequentially("drift")  # the theme listens to keys
    tab.locator(".md-search-result__item a").first.wait_for()  # its worker and index were loaded
    assert tab.evaluate("blocked") == [] == said, said


ATTACKS = {
    "script-src-elem inline": "<script>window.ran = 1</script>",
    "script-src-attr inline": '<img src="x.png" onerror="window.ran = 1">',
    "script-src-elem https://a.example": '<script src="https://a.example/a.js"></script>',
    "frame-src https://a.example": '<iframe src="https://a.example/"></iframe>',
    "object-src https://a.example": '<object data="https://a.example/a"></object>',
    "img-src https://a.example": '<img src="https://a.example/a.png">',
    "style-src-elem inline": "<style>h1 { color: red }</style>",
    "style-src-elem https://a.example": '<link rel="stylesheet" href="https://a.example/a.css">',
    "base-uri https://a.example": '<base href="https://a.example/">',
    "media-src https://a.example": '<video src="https://a.example/a.mp4"></video>',
}
LATER = {
    "script-src-elem inline": """document.querySelector("h1").innerHTML =
        '<a id="a" href="javascript:window.ran = 1">a</a>'; document.querySelector("#a").click()""",
    "form-action https://a.example": """document.querySelector("h1").innerHTML =
        '<form id="f" action="https://a.example/"></form>'; document.querySelector("#f").submit()""",
    "connect-src https://a.example": "fetch('https://a.example/').catch(() => 0)",
    "script-src eval": "try { setTimeout('window.ran = 1') } catch {}",
}


def test_what_is_foreign_is_blocked(tab: Page, site: Path) -> None:
    html = (site / EXAMPLE / "index.html").read_text("utf-8")
    tampered = html.replace("</h1>", "</h1>" + "".join(ATTACKS.values()), 1)
    tab.route(f"**/{EXAMPLE}", lambda route: route.fulfill(body=tampered, content_type="text/html"))
    tab.goto(EXAMPLE, wait_until="load")
    for attack in LATER.values():
        tab.evaluate(f"() => {{ {attack} }}")
    wanted = {*ATTACKS, *LATER}
    try:
        tab.wait_for_function("n => new Set(blocked).size >= n", arg=len(wanted), timeout=5_000)
    finally:
        blocked = set(tab.evaluate("blocked"))
        assert wanted - blocked == set(), f"not blocked; blocked were {sorted(blocked)}"
    assert tab.evaluate("window.ran") is None
