"""Site: build it, and check the built files as a browser would meet them."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

import html5lib
from bs4 import BeautifulSoup, Tag

from tools.house import ROOT, Problem, nothing_found

# Budgets of a content page on its first visit; bytes are compressed.
PAGE_BYTES, HTML_BYTES, REQUESTS, ELEMENTS = 80_000, 40_000, 12, 1_500
LEDGER = "reference/sources/index.html"  # grows with every page that cites, and has no figures
LEDGER_BYTES = 100_000
SEARCH_BYTES = 250_000  # worker and index, which a browser loads once, after the page
SITE_URL = "http://127.0.0.1:8000/"


def build(destination: Path, root: Path = ROOT) -> str:
    """Build the site from scratch in strict mode.

    Parameters
    ----------
    destination : Path
        Where the site goes; emptied first.
    root : Path
        The checkout to build.

    Returns
    -------
    str
        What MkDocs said.

    Raises
    ------
    RuntimeError
        If the build fails or warns.
    """
    # Neither -q nor -v: both switch off what --strict counts. The date makes builds repeatable.
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--strict",
        "--clean",
        "-d",
        str(destination),
    ]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "1767225600"}
    environment |= {"SITE_URL": SITE_URL}
    environment.pop("VERIFIED", None)  # only the publishing workflow may date a site
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"mkdocs build --strict failed:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


@dataclass(frozen=True)
class Built:
    """A built HTML file."""

    path: Path
    site: Path

    @property
    def name(self) -> str:
        """Path from the site's root."""
        return self.path.relative_to(self.site).as_posix()

    @cached_property
    def text(self) -> str:
        """The whole file."""
        return self.path.read_text("utf-8")

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The parsed page."""
        return BeautifulSoup(self.text, "html5lib")

    @property
    def article(self) -> Tag:
        """What the author wrote, without the frame around it."""
        article = self.soup.find("article")
        assert isinstance(article, Tag), f"{self.name} has no <article>"
        return article

    @cached_property
    def ids(self) -> set[str]:
        """Every id of the page."""
        return {str(tag["id"]) for tag in self.soup.find_all(id=True)}

    @cached_property
    def assets(self) -> set[Path]:
        """The files that a browser loads with the page, the page itself included."""
        wanted = {self.path}
        for tag in self.soup.find_all(["link", "script", "img"]):
            rel = set(tag.get("rel") or [])
            address = tag.get("src") or (tag.get("href") if rel & {"stylesheet", "icon"} else None)
            parts = urlsplit(str(address or ""))
            if parts.path and not parts.scheme and not parts.netloc:
                wanted.add((self.path.parent / unquote(parts.path)).resolve())
        return {path for path in wanted if path.is_file()}


def pages(site: Path) -> list[Built]:
    """Return every HTML page of a built site, except 404, whose links start at the root."""
    return [Built(path, site) for path in sorted(site.rglob("*.html")) if path.name != "404.html"]


def weight(path: Path) -> int:
    """Return the compressed size of a file in bytes."""
    return len(gzip.compress(path.read_bytes(), 9))


def check_links(page: Built, by_path: dict[Path, Built]) -> Iterator[Problem]:
    """Check that every internal link, anchor and asset of a page resolves."""
    for tag in page.soup.find_all(True):
        for attribute in ("href", "src", "xlink:href"):
            address = str(tag.get(attribute) or "")
            parts = urlsplit(address)
            if address.startswith(SITE_URL):
                continue  # the canonical address of the page itself
            if not address or parts.scheme in ("http", "https", "mailto", "data"):
                continue
            target = (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path
            if parts.path.startswith("/"):
                target = (page.site / unquote(parts.path).lstrip("/")).resolve()
            if target.is_dir():
                target /= "index.html"
            wrong = None
            if not target.is_file():
                wrong = "leads nowhere"
            elif parts.fragment and target in by_path and parts.fragment not in by_path[target].ids:
                wrong = "leads to an anchor that is not there"
            if wrong and not (parts.fragment.startswith("__") and tag.name == "a"):
                yield Problem(page.name, tag.sourceline or 1, f"{attribute}={address!r} {wrong}",
                              "A reader clicks it.", "Mend the link, or restore what it led to.")  # fmt: skip


def check_third_parties(page: Built) -> Iterator[Problem]:
    """Check that opening the page asks no other host for anything."""
    loading = {"script": "src", "img": "src", "iframe": "src", "link": "href", "source": "src",
               "video": "src", "audio": "src", "embed": "src", "object": "data", "use": "href"}  # fmt: skip
    for tag in page.soup.find_all(list(loading)):
        address = str(tag.get(loading[tag.name]) or "")
        loads = tag.name != "link" or not {"canonical", "prev", "next"} & set(tag.get("rel") or [])
        if loads and urlsplit(address).netloc:
            yield Problem(page.name, tag.sourceline or 1, f"loads {address!r} from another host",
                          "Readers are tracked, and the page breaks when the host does.",
                          "Keep the file in this repository, or do without.")  # fmt: skip


def check_styles(site: Path) -> Iterator[Problem]:
    """Check that no stylesheet of the site loads anything from another host."""
    for path in sorted(site.rglob("*.css")):
        for match in re.finditer(
            r"(?:url\(|@import\s+)[\"']?((?:https?:)?//[^\"')]+)", path.read_text("utf-8")
        ):
            yield Problem(path.relative_to(site).as_posix(), 1, f"loads {match[1]!r} from another host",
                          "Readers are tracked, and the page breaks when the host does.",
                          "Keep the file in this repository, or do without.")  # fmt: skip


def check_structure(page: Built) -> Iterator[Problem]:
    """Check headings, ids, nesting, and that nothing of the machinery shows."""

    def problem(what: str, why: str, mend: str, line: int = 1) -> Problem:
        return Problem(page.name, line, what, why, mend)

    headings = [int(tag.name[1]) for tag in page.article.find_all(re.compile("^h[1-6]$"))]
    if headings.count(1) != 1:
        yield problem(f"has {headings.count(1)} first-level headings", "A page has one title.",
                      "Begin the page with one `# Title`.")  # fmt: skip
    for before, after in zip(headings, headings[1:], strict=False):
        if after > before + 1:
            yield problem(f"skips from heading level {before} to {after}",
                          "Screen readers navigate by level.", "Use the next level.")  # fmt: skip
    every_id = [str(tag["id"]) for tag in page.soup.find_all(id=True)]
    for name, count in Counter(every_id).items():
        if count > 1:
            yield problem(f"has the id {name!r} {count} times", "Links and labels hit the first one.",
                          "Rename one of the headings or figures.")  # fmt: skip
    parser = html5lib.HTMLParser()
    parser.parse(page.text)
    for (line, _), code, _ in parser.errors:
        yield problem(f"is not valid HTML: {code}", "Browsers repair it, each in its own way.",
                      "Mend the Markdown around this line of the built page.", line)  # fmt: skip
    for code in page.article.find_all("code"):
        if not code.get_text().strip():
            yield problem("shows an empty code block", "An embed failed.", "Mend the embed.")
    if re.search(r"-+8<-+", page.article.get_text()) and "contributing" not in page.name:
        yield problem("shows scissors", "An embed failed.", "Mend the embed or the section marker.")
    for image in page.article.find_all("img"):
        if len(str(image.get("alt") or "")) < 40:
            yield problem(f"has an image without a description: {image.get('src')}",
                          "Who cannot see it reads the description.", "Describe it.")  # fmt: skip


def check_budget(page: Built) -> Iterator[Problem]:
    """Check bytes, requests and elements of a page."""
    sizes = {
        "bytes of HTML, compressed": (weight(page.path), HTML_BYTES),
        "bytes on the first visit, compressed": (
            sum(map(weight, page.assets)),
            LEDGER_BYTES if page.name == LEDGER else PAGE_BYTES,
        ),
        "requests": (len(page.assets), REQUESTS),
        "elements": (len(page.soup.find_all(True)), ELEMENTS),
    }
    for what, (size, budget) in sizes.items():
        if size > budget:
            yield Problem(page.name, 1, f"{size:,} {what}; the budget is {budget:,}",
                          "Speed is a feature.", "Split the page, or shorten snippets and figures.")  # fmt: skip


def check(site: Path) -> list[Problem]:
    """Check every page of a built site."""
    built = pages(site)
    if not built:
        return [nothing_found("built pages")]
    by_path = {page.path.resolve(): page for page in built}
    problems = list(check_styles(site))
    for page in built:
        problems += [
            *check_links(page, by_path),
            *check_third_parties(page),
            *check_structure(page),
            *check_budget(page),
        ]
    return problems
