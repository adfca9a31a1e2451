"""What a reader sees first, and how much of a page is code: `python -m tools.measure SITE [PAGE …]`.

Prints one row a page: where its first claim and *Do it in your project* begin and where its height ends,
in screens of 1440×900; the share of that height that is code; and how far output reaches beyond its block
at 375 px.
"""

from __future__ import annotations

import argparse
import os
import shutil
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Page, sync_playwright

from proof.problem import ROOT
from proof.project import House

SCREEN, PHONE = {"width": 1440, "height": 900}, {"width": 375, "height": 812}
LAID_OUT = """() => {
  const article = document.querySelector("article"), top = (element) => element.getBoundingClientRect().top + scrollY
  const height = (element) => element.getBoundingClientRect().height
  const claim = article.querySelector(".claim"), doIt = article.querySelector("#do-it-in-your-project")
  const blocks = [...article.querySelectorAll("pre")].filter((pre) => pre.checkVisibility() && !pre.matches(".house-output"))
  return [claim ? top(claim) : null, doIt ? top(doIt) : null, document.documentElement.scrollHeight,
    blocks.reduce((sum, block) => sum + height(block), 0), height(article)]
}"""
BEYOND = """() => Math.max(0, ...[...document.querySelectorAll("article :is(.out, .house-output)")].filter((o) => o.checkVisibility()).map((output) => {
  const edge = output.closest("pre").getBoundingClientRect().right
  return Math.max(...[...output.getClientRects()].map((line) => line.right), output.scrollWidth > output.clientWidth + 1
    && output.clientWidth ? Infinity : 0) - edge
}))"""

# The shell draws no window of its own, and takes two thirds of the time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Measures:
    """How a page meets its reader."""

    first_claim: float | None  # in screens from the top
    do_it: float | None
    screens: float
    code: float  # share of the article's height


def measure(page: Page) -> Measures:
    """Measure an open page, as it opens: what is folded counts as folded."""
    page.set_viewport_size(SCREEN)
    claim, do_it, total, code, article = page.evaluate(LAID_OUT)
    height = SCREEN["height"]
    return Measures(
        claim and claim / height, do_it and do_it / height, total / height, code / article
    )


def output_beyond(page: Page) -> float:
    """Return how many pixels the output of an open page needs beyond its block on a phone."""
    page.set_viewport_size(PHONE)
    return float(page.evaluate(BEYOND))


def chromium() -> str | None:
    """Return the path of the first browser that is installed, None if none is."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def content_pages(house: House) -> list[str]:
    """Return the addresses of the pages that show snippets."""
    names = [page.name for page in house.pages if any(house.embedded(page))]
    return [n.removeprefix("docs/").removesuffix(".md").removesuffix("index") for n in names]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tools.measure", description=__doc__)
    parser.add_argument("site", help="address of the served site: http://127.0.0.1:8000/")
    parser.add_argument("pages", nargs="*", help="data/drift-threshold; without: all with snippets")
    arguments = parser.parse_args()
    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else [],
        )
        tab = browser.new_page()
        print(
            f"{'page':<40}{'first claim':>12}{'do it':>7}{'screens':>9}{'code':>7}{'output beyond':>15}"
        )
        for name in arguments.pages or content_pages(House(ROOT)):
            tab.goto(f"{arguments.site.rstrip('/')}/{name.strip('/')}/")
            found[name] = m = measure(tab)
            first, do_it = ("none" if n is None else f"{n:.1f}" for n in (m.first_claim, m.do_it))
            print(
                f"{name:<40}{first:>12}{do_it:>7}{m.screens:>9.1f}{m.code:>7.0%}{output_beyond(tab):>12.0f} px"
            )
        browser.close()
    claims = [m.first_claim for m in found.values() if m.first_claim is not None]
    print(f"{'median':<40}{median(claims):>12.1f}{'':>7}{median(m.screens for m in found.values()):>9.1f}"
          f"{median(m.code for m in found.values()):>7.0%}")  # fmt: skip


if __name__ == "__main__":
    main()
