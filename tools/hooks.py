"""MkDocs hooks: publish the snippets as plain files, and link each shown block to its file.

What a page says never depends on this; another generator can leave it out.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FILENAME = re.compile(
    r'<span class="filename">(?P<path>(?:snippets|docs)/[\w/-]+\.py)(?P<rest>[^<]*)</span>'
)
# Names, punctuation and the like keep the colour of their text: a span each would double the page.
PLAIN = re.compile(r'<span class="(?:n|nn|p|w|o|nb|si|sa|ow)">([^<]*)</span>')

# The theme's palette file holds colours that assets/house.css replaces.
PALETTE = re.compile(r'<link rel="stylesheet" href="[^"]*/palette\.[^"]*">\s*')


def on_files(files: Any, config: Any) -> Any:
    """Add every snippet to the site under its own path."""
    from mkdocs.structure.files import File

    for path in sorted((ROOT / "snippets").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        files.append(File.generated(config, name, abs_src_path=str(path)))
    return files


def on_page_content(html: str, page: Any, **_: Any) -> str:
    """Link the title of a shown snippet to the file that was tested."""
    up = "../" * page.url.count("/")

    def link(match: re.Match[str]) -> str:
        path, rest = match["path"], match["rest"]
        if not path.startswith("snippets/"):
            return match[0]
        return f'<span class="filename"><a href="{up}{path}" download>{path}</a>{rest}</span>'

    return PLAIN.sub(r"\1", FILENAME.sub(link, html))


def on_post_page(output: str, **_: Any) -> str:
    """Leave out the stylesheet that this site replaces."""
    return PALETTE.sub("", output)


def on_post_template(output_content: str, **_: Any) -> str:
    """Leave it out of the page for addresses that do not exist, too."""
    return PALETTE.sub("", output_content)
