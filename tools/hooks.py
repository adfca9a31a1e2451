"""MkDocs hooks: publish the snippets as plain files, link shown blocks to them, name headings, feed the search.

What a page says never depends on this; another generator can leave it out.
"""

from __future__ import annotations

import gc
import os
import re
import sys
from html import escape, unescape
from pathlib import Path
from typing import Any

from mkdocs.plugins import event_priority

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import addresses  # noqa: E402

FILENAME = re.compile(
    r'<span class="filename">(?P<path>(?:snippets|docs)/[\w/-]+\.py)(?P<rest>[^<]*)</span>'
)
# Names, punctuation and the like keep the colour of their text: a span each would double the page.
PLAIN = re.compile(r'<span class="(?:n|nn|p|w|o|nb|si|sa|ow)">([^<]*)</span>')
# Neighbours of one colour need one span; each line of comment or output keeps its own.
RUN = re.compile(r'<span class="(?!c1)(\w+)">[^<]*</span>(?:\s*<span class="\1">[^<]*</span>)+')

# A heading is read without the sign of its link, and the link says where it leads.
HEADING = re.compile(
    r'<(?P<level>h[1-6]) id="(?P<id>[^"]+)">(?P<text>(?:(?!</h[1-6]>).)*?)<a class="headerlink"[^>]*>'
    r"(?P<sign>[^<]*)</a></(?P=level)>",
    re.DOTALL,
)
TAG = re.compile(r"<[^>]+>")
# Half of the index would be code and footnotes, which nobody asks for in words.
APART = re.compile(r'<div class="(?:(?:language-\w+ )?highlight|footnote)"')

# Ours holds back the request for the search index, which the theme's makes at once.
SCRIPTS = re.compile(
    r'(<script src="[^"]*/bundle\.[^"]*"></script>\s*)(<script src="[^"]*/house\.js"></script>)'
)
LEDGER = "reference/claims/#"

# The theme's palette file holds colours that assets/house.css replaces.
PALETTE = re.compile(r'<link rel="stylesheet" href="[^"]*/palette\.[^"]*">\s*')


def on_startup(command: str, **_: Any) -> None:
    """Build without the collector, in a fifth less time; a server that builds again and again needs it."""
    if command == "build":
        gc.disable()


def on_files(files: Any, config: Any) -> Any:
    """Add every snippet to the site under its own path."""
    from mkdocs.structure.files import File

    for old, new in addresses.listed(ROOT):
        if old != new:  # a snippet that moved still answers at its old address
            files.append(File.generated(config, old[1:], abs_src_path=str(ROOT / new[1:])))
    for path in sorted((ROOT / "snippets").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        files.append(File.generated(config, name, abs_src_path=str(path)))
    return files


def left_out(page: Any) -> bool:
    """Return whether nobody asked for the text of a page: `tools.site.build` of one page names those."""
    whole = os.environ.get("WHOLE_PAGES")
    return whole is not None and page.file.src_uri not in whole.split(":")


@event_priority(-100)  # after mkdocs-jupyter
def on_pre_page(page: Any, **_: Any) -> None:
    """Render a chapter that is left out as if it were Markdown, in a tenth of the time."""
    if left_out(page):
        vars(page).pop("render", None)


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Leave out the text of a page."""
    return "# Left out" if left_out(page) else markdown


def on_page_content(html: str, page: Any, **_: Any) -> str:
    """Link the title of a shown snippet to the file that was tested, and name headings and their links."""
    up = "../" * page.url.count("/")

    def link(match: re.Match[str]) -> str:
        path, rest = match["path"], match["rest"]
        if not path.startswith("snippets/"):
            return match[0]
        return f'<span class="filename"><a href="{up}{path}" download>{path}</a>{rest}</span>'

    html = PLAIN.sub(r"\1", FILENAME.sub(link, html))
    html = RUN.sub(lambda run: f'<span class="{run[1]}">{TAG.sub("", run[0])}</span>', html)
    html = APART.sub(r'\g<0> data-search-exclude="1"', html)  # the theme removes the mark later
    return HEADING.sub(named, html)


def named(heading: re.Match[str]) -> str:
    """Return a heading whose name is its text, and whose link names the place it leads to."""
    level, anchor, text = heading["level"], heading["id"], heading["text"]
    name = escape(" ".join(unescape(TAG.sub("", text)).split()))
    return (
        f'<{level} id="{anchor}" aria-label="{name}">{text}<a class="headerlink" href="#{anchor}" '
        f'aria-label="Link to {name}">{heading["sign"]}</a></{level}>'
    )


def on_page_context(context: Any, page: Any, config: Any, **_: Any) -> None:
    """Let the search find a page by the words of its front matter, in a field that it does not show."""
    index = config.plugins["material/search"].search_index
    # The ledger repeats every claim; whoever asks wants the page that states it.
    index.entries = [e for e in index.entries if not e["location"].startswith(LEDGER)]
    for entry in index.entries:
        if entry["location"] == page.url and page.meta.get("synonyms"):
            entry["synonyms"] = ", ".join(map(str, page.meta["synonyms"]))


def on_post_page(output: str, **_: Any) -> str:
    """Leave out the stylesheet that this site replaces, and let our script run before the theme's."""
    return SCRIPTS.sub(r"\2\1", PALETTE.sub("", output))


def on_post_template(output_content: str, **_: Any) -> str:
    """Do the same in the page for addresses that do not exist."""
    return on_post_page(output_content)
