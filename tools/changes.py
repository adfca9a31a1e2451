"""What a pull request changes: `python -m tools.changes files …` or `… pages …`. Standard library only.

`files BASE` prints `snippets=false` when only text changed since BASE, so that the matrix can rest.
`pages BEFORE AFTER` compares two built sites by what stands in their articles.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

ARTICLE = re.compile(rb"<article\b.*</article>", re.DOTALL)


def text_only(names: list[str]) -> bool:
    """Return whether all changed files are prose, which no snippet or test of a page reads."""
    return bool(names) and all(PurePosixPath(name).suffix == ".md" for name in names)


def changed_files(base: str, root: Path) -> list[str]:
    """Return the files that differ from where this branch left its base; renamed ones twice."""
    command = ["git", "diff", "--name-only", "--no-renames", f"{base}...HEAD"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def articles(site: Path) -> dict[str, bytes]:
    """Return the article of every page of a built site by the page's address."""
    found = {}
    for path in sorted(site.rglob("*.html")):
        html = path.read_bytes()
        article = ARTICLE.search(html)
        address = path.relative_to(site).as_posix().removesuffix("index.html")
        found[address] = article[0] if article else html
    return found


def changed_pages(before: Path, after: Path) -> list[dict[str, str]]:
    """Return address and kind of change of every page that differs between two built sites.

    Raises
    ------
    ValueError
        If one of the sites has no pages: comparing with nothing would list everything.
    """
    old, new = articles(before), articles(after)
    for site, pages in ((before, old), (after, new)):
        if not pages:
            raise ValueError(f"{site} holds no built page: build it first")
    kinds = {
        address: "removed" if address not in new else "added" if address not in old else "changed"
        for address in old.keys() | new.keys()
        if old.get(address) != new.get(address)
    }
    return [{"address": address, "kind": kind} for address, kind in sorted(kinds.items())]


def main() -> int:
    """Print what changed; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.changes", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    files = commands.add_parser("files")
    files.add_argument("base", help="commit to compare with")
    pages = commands.add_parser("pages")
    pages.add_argument("before", type=Path)
    pages.add_argument("after", type=Path)
    pages.add_argument("--pull-request", type=int, required=True)
    arguments = parser.parse_args()
    if arguments.command == "files":
        snippets = not text_only(changed_files(arguments.base, Path.cwd()))
        print(f"snippets={str(snippets).lower()}")
    else:
        found = changed_pages(arguments.before, arguments.after)
        print(json.dumps({"pull_request": arguments.pull_request, "pages": found}, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
