"""Site: build it, and check the built files as a browser would meet them."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag
from justhtml import JustHTML

from proof.files import Page
from proof.problem import ROOT, Problem, nothing_found, report
from tools import build_problems, safety

# Budgets of a first visit: everything that the browser fetches, compressed. Nothing else is fetched
# than what the HTML names: tests/house/test_browser.py counts at the server.
PAGE_BYTES, HTML_BYTES, REQUESTS, ELEMENTS = 80_000, 30_000, 12, 1_800
CHAPTER = re.compile(r"story/\d[\w-]*/index\.html")  # with copies of snippets, outputs and figures
CHAPTER_BYTES = 110_000
INDEX_BYTES = 130_000  # of the search, fetched when somebody searches
SITE_URL = "http://127.0.0.1:8000/"


class BuildFailed(RuntimeError):
    """The site cannot be built; holds all that speaks against it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(report(problems))
        self.problems = problems


def build(
    destination: Path, root: Path = ROOT, within: Sequence[str] = (), page: Page | None = None
) -> str:
    """Build the site from scratch in strict mode.

    Parameters
    ----------
    destination : Path
        Where the site goes; emptied first.
    root : Path
        The checkout to build.
    within : sequence of str
        A command in which the build runs, such as one that cuts the network off.
    page : Page, optional
        Build the text of this page and of those at whose headings it points, of others nothing
        but a title: a quarter of the time.

    Returns
    -------
    str
        What MkDocs said.

    Raises
    ------
    BuildFailed
        If the build fails or warns.
    """
    # Neither -q nor -v: both switch off what --strict counts. The date makes builds repeatable.
    command = [*within, sys.executable, "-m", "mkdocs", "build", "--strict", "--clean"]
    command += ["-d", str(destination)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "1767225600"}
    environment |= {"SITE_URL": SITE_URL}
    if page:
        linked = re.findall(r"\]\(([^)#:]+)#", page.source)
        whole = [page.path, *(page.path.parent / link for link in linked)]
        environment["WHOLE_PAGES"] = ":".join(os.path.relpath(one, root / "docs") for one in whole)
    environment.pop("VERIFIED", None)  # only the publishing workflow may date a site
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BuildFailed(build_problems.problems(done.stdout + done.stderr, root))
    return done.stdout + done.stderr


@dataclass(frozen=True)
class Built:
    """A built HTML file."""

    path: Path
    site: Path
    root: Path = ROOT

    @property
    def source(self) -> Page | None:
        """The page that it was built from, None if there is none."""
        name = Path(self.name).parent
        for path in (self.root / "docs" / name / "index.md", self.root / "docs" / f"{name}.md"):
            if path.is_file():
                return Page(path, self.root)
        return None

    def problem(self, what: str, why: str, mend: str, near: str = "\0") -> Problem:
        """Return a problem of the page that it was built from, at the line that holds a text."""
        if self.source is None:
            return Problem(self.name, 1, what, why, mend)
        line = build_problems.line_of(self.source.source, near)
        return Problem(self.source.name, line, what, why, mend)

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


@cache
def _built(path: Path, site: Path) -> Built:
    """Return a built file; parsing one takes long, so all checks share it."""
    return Built(path, site)


def built_from(page: str, site: Path) -> Built:
    """Return the built HTML file of a page: docs/data/index.md, docs/data/calibration.md."""
    path = Path(page).relative_to("docs").with_suffix("")
    return _built(site / (path.parent if path.name == "index" else path) / "index.html", site)


def pages(site: Path) -> list[Built]:
    """Return every HTML page of a built site, except 404, whose links start at the root."""
    return [_built(path, site) for path in sorted(site.rglob("*.html")) if path.name != "404.html"]


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
                near = parts.fragment or Path(parts.path).stem
                yield page.problem(f"{attribute}={address!r} {wrong}", "A reader clicks it.",
                                   "Mend the link, or restore what it led to.", near)  # fmt: skip


def check_third_parties(page: Built) -> Iterator[Problem]:
    """Check that opening the page asks no other host for anything."""
    loading = {"script": "src", "img": "src", "iframe": "src", "link": "href", "source": "src",
               "video": "src", "audio": "src", "embed": "src", "object": "data", "use": "href"}  # fmt: skip
    for tag in page.soup.find_all(list(loading)):
        address = str(tag.get(loading[tag.name]) or "")
        loads = tag.name != "link" or not {"canonical", "prev", "next"} & set(tag.get("rel") or [])
        if loads and urlsplit(address).netloc:
            yield page.problem(f"loads {address!r} from another host",
                               "Readers are tracked, and the page breaks when the host does.",
                               "Keep the file in this repository, or do without.", address)  # fmt: skip


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
    problem = page.problem
    headings = page.article.find_all(re.compile("^h[1-6]$"))
    titles = [tag for tag in headings if tag.name == "h1"]
    if len(titles) != 1:
        yield problem(f"has {len(titles)} first-level headings", "A page has one title.",
                      "Begin the page with one `# Title`, and the other headings with `##`. Is it a comment in "
                      "code? Then its fence is not closed, or not indented below its tab by four spaces.",
                      f"# {_heading(titles[-1])}" if titles else "\0")  # fmt: skip
    for before, after in zip(headings, headings[1:], strict=False):
        if int(after.name[1]) > int(before.name[1]) + 1:
            yield problem(f"skips from heading level {before.name[1]} to {after.name[1]}",
                          "Screen readers navigate by level.",
                          f"Write `{'#' * (int(before.name[1]) + 1)} {_heading(after)}`.",
                          f"# {_heading(after)}")  # fmt: skip
    every_id = [str(tag["id"]) for tag in page.soup.find_all(id=True)]
    for name, count in Counter(every_id).items():
        if count > 1:
            yield problem(f"has the id {name!r} {count} times", "Links and labels hit the first one.",
                          "Rename one of the headings or figures.", name)  # fmt: skip
    for error in JustHTML(page.text, sanitize=False, collect_errors=True).errors:
        line = error.line or 1
        shown = page.text.splitlines()[line - 1].strip()[:60]
        yield problem(f"is not valid HTML: {error.code} at {shown!r}", "Browsers repair it, each in its own way.",
                      f"Mend the Markdown that becomes line {line} of {page.name}: often HTML typed by hand.")  # fmt: skip
    for code in page.article.find_all("code"):
        if not code.get_text().strip():
            yield problem("shows an empty code block", "An embed failed.",
                          "Give the path from the repository's root and the name of a section.", "--8<--")  # fmt: skip
    if re.search(r"-+8<-+", page.article.get_text()) and "contributing" not in page.name:
        yield problem("shows scissors", "An embed failed.",
                      'Write `--8<-- "snippets/section/file.py:name"` alone on its line.', "8<")  # fmt: skip
    for image in page.article.find_all("img"):
        if len(str(image.get("alt") or "")) < 40:
            yield problem(f"has an image without a description: {image.get('src')}",
                          "Who cannot see it reads the description.",
                          "Write 40 characters or more between the brackets: ![What it shows, with numbers](…).",
                          Path(str(image.get("src"))).name)  # fmt: skip


def _heading(tag: Tag) -> str:
    return tag.get_text().removesuffix("¶").strip()


def check_budget(page: Built) -> Iterator[Problem]:
    """Check bytes, requests and elements of a page."""
    visit = CHAPTER_BYTES if CHAPTER.fullmatch(page.name) else PAGE_BYTES
    sizes = {
        "bytes of HTML, compressed": (weight(page.path), HTML_BYTES),
        "bytes on the first visit, compressed": (sum(map(weight, page.assets)), visit),
        "requests": (len(page.assets), REQUESTS),
        "elements": (len(page.soup.find_all(True)), ELEMENTS),
    }
    for what, (size, budget) in sizes.items():
        if size > budget:
            yield page.problem(f"{size:,} {what}; the budget is {budget:,}",
                               "Speed is a feature.", "Split the page, or shorten snippets and figures.")  # fmt: skip


def check(site: Path) -> list[Problem]:
    """Check every page of a built site."""
    built = pages(site)
    if not built:
        return [nothing_found("built pages")]
    by_path = {page.path.resolve(): page for page in built}
    problems = list(check_styles(site))
    if (site / "404.html").exists():
        problems += safety.check_html(Built(site / "404.html", site))
    for page in built:
        problems += [
            *check_links(page, by_path),
            *check_third_parties(page),
            *check_structure(page),
            *check_budget(page),
            *safety.check_html(page),
        ]
    return problems
