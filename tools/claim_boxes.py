"""Claims lead to their tests: each box says that it is a claim, and links the test that holds it.

A MkDocs hook. It adds apparatus, never content: the sentence stands on the page, the test in the
repository, and `proof.claims` matches them. The link goes to the line in the repository, whose
address the variable REPO_URL holds; without it, to a copy of the test file beside the site.
"""

from __future__ import annotations

import re
import sys
from html import unescape
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from proof import claims, stated  # noqa: E402
from proof.problem import ROOT  # noqa: E402
from proof.project import House  # noqa: E402

BOX = re.compile(
    r'<div class="admonition claim">\s*<p class="admonition-title">(?P<sentence>.*?)</p>', re.DOTALL
)
TAG = re.compile(r"<[^>]+>")
LIMITS = "where-it-stops"

_tests: dict[str, claims.Place] = {}


def plain(sentence: str) -> str:
    """Return a sentence without markup, be it Markdown or HTML."""
    return " ".join(re.sub(r"[`*_\\]", "", unescape(TAG.sub("", sentence))).split())


def on_files(files: Any, config: Any) -> Any:
    """Read which test holds which sentence; publish the tests if there is no repository to link."""
    _tests.clear()
    found = stated.in_tests(House(ROOT))
    _tests.update({plain(sentence): places[0] for sentence, places in found.items()})
    if not config["repo_url"]:
        for name in sorted({place.file for place in _tests.values()}):
            files.append(File.generated(config, name, abs_src_path=str(ROOT / name)))
    return files


def address(place: claims.Place, up: str, repository: str | None) -> str:
    """Return where a reader meets a test: its line in the repository, or the published file."""
    if repository:
        return f"{repository.rstrip('/')}/blob/main/{place.file}#L{place.line}"
    return up + place.file


def on_page_content(html: str, page: Any, config: Any, **_: Any) -> str:
    """Name each claim of a page, and link its test and its limits."""
    up, limits = "../" * page.url.count("/"), f'id="{LIMITS}"' in html

    def named(match: re.Match[str]) -> str:
        said = ["<b>Claim</b>"]
        if place := _tests.get(plain(match["sentence"])):
            link = address(place, up, config["repo_url"])
            said.append(f'tested by <a href="{link}"><code>{place.file}</code></a>')
        if limits:
            said.append(f'<a href="#{LIMITS}">where it stops</a>')
        return (
            f'<div class="admonition claim" role="group" aria-label="Claim">'
            f'<p class="held" data-search-exclude="1">{" · ".join(said)}</p>'
            f'<p class="admonition-title">{match["sentence"]}</p>'
        )

    counted = f'<p class="counted"><b>{len(_tests)} claims.</b> '
    return BOX.sub(named, html.replace('<p class="counted">', counted))
