"""Mend what can be mended mechanically: `python -m tools.fix`, or `… fix my-page`.

Tidies text files, writes script headers from the imports, lets ruff mend and format what it
can, and regenerates what is generated. Everything else needs a thought: `python -m tools.check` says what.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from proof import outputs
from proof.project import House, Page, Problem, Snippet, page_named
from tools import door, formatting, tidy, update

HEADER = outputs.HEADER + "# dependencies = [{}]\n# ///\n"
WRITTEN = re.compile(r"\A# /// script\n(?:# .*\n)*?# ///\n")
GROUPS = ("snippets", "figures", "reference")


def bounds(root: Path) -> dict[str, str]:
    """Return the requirement of each library that a snippet may import, by its import name."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    requirements = [r for group in GROUPS for r in project["dependency-groups"][group]]
    names = {re.match(r"[\w-]+", r)[0]: r for r in requirements}  # type: ignore[index]
    return {
        name.replace("-", "_").replace("scikit_learn", "sklearn"): r for name, r in names.items()
    }


def with_header(snippet: Snippet, known: dict[str, str]) -> str:
    """Return a snippet's source with a script header that lists what it imports, in alphabetical order."""
    imported = set()
    for node in ast.walk(snippet.tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            imported.add(node.module.split(".")[0])
    wanted = sorted(known[name] for name in imported if name in known)
    written = WRITTEN.match(snippet.source)
    if (
        written
        and sorted(re.findall(r'"([^"]+)"', written[0].partition("dependencies")[2])) == wanted
    ):
        return snippet.source
    if snippet.fault:  # what it imports is not known
        return snippet.source
    header = HEADER.format(", ".join(f'"{requirement}"' for requirement in wanted))
    return header + snippet.source[written.end() if written else 0 :]


def headers(house: House) -> list[Path]:
    """Write the script header of every snippet; return the files that changed."""
    known, changed = bounds(house.root), []
    for snippet in house.snippets:
        fresh = with_header(snippet, known)
        if fresh != snippet.source:
            snippet.path.write_text(fresh, "utf-8", newline="\n")
            changed.append(snippet.path)
    return changed


def lint(root: Path) -> None:
    """Let ruff mend imports, old syntax and the like; what it cannot mend, the checks report."""
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--fix",
        "--exit-zero",
        "--quiet",
        "--no-cache",
        ".",
    ]
    subprocess.run(command, cwd=root, check=True, stdout=subprocess.DEVNULL)


def fix(house: House, page: Page | None = None) -> list[Path | Problem]:
    """Mend everything, and regenerate for one page or for all; return changes and what failed."""
    done: list[Path | Problem] = [
        *tidy.update(house),
        *door.update(house),
        *headers(House(house.root)),
    ]
    lint(house.root)
    done += formatting.update(House(house.root))
    fresh = House(house.root)
    return done + update.update(fresh, page and page_named(fresh, page.name))


def main(arguments: list[str]) -> int:
    """Fix the house, regenerating the named page or everything; return the exit code."""
    house = House()
    return update.tell(fix(house, page_named(house, arguments[0]) if arguments else None))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
