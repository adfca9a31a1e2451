"""Write a new page with its snippet, figure and tests: `python -m tools.scaffold data my-page`.

The files are those of tools/templates with the names replaced. They pass every check as they
stand, so that whoever edits them always knows which edit broke what.
"""

from __future__ import annotations

import keyword
import re
import sys
from pathlib import Path

from proof import registry
from proof.files import Page
from proof.problem import ROOT, Problem, report
from proof.project import House

TEMPLATES = Path(__file__).resolve().parent / "templates"
FILES = {
    "docs/my_section/my-page.md": "page.md",
    "docs/my_section/figures/my_page.py": "figure.py",
    "snippets/my_section/my_page.py": "snippet.py",
    "snippets/my_section/my_page_solution.py": "solution.py",
    "tests/my_section/test_my_page.py": "test.py",
}
INDEX = "docs/my_section/index.md"
NOT_FOR_SNIPPETS = {"assets", "contributing", "figures", "house", "reference", "story"}
# YAML reads these as true, false or nothing; Windows opens a device instead of a file.
SPECIAL = {"yes", "no", "on", "off", "true", "false", "null", "y", "n"}
SPECIAL |= {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)),
}
LIBRARIES = {"numpy", "scipy", "pandas", "sklearn", "matplotlib", "statsmodels"}


def title(name: str) -> str:
    """Return the heading of a name: drift-threshold -> Drift threshold."""
    return re.sub("[-_]", " ", name).capitalize()


def faults(root: Path, section: str, name: str) -> list[str]:
    """Return what speaks against a section and a page name, each with the way out."""
    found = []
    if not re.fullmatch("[a-z][a-z0-9]*", section):
        found.append(
            f"SECTION={section!r}: one lower-case word of letters a to z, such as data. "
            "Three folders and the Python imports carry it."
        )
    elif section in NOT_FOR_SNIPPETS | SPECIAL or keyword.iskeyword(section):
        found.append(
            f"SECTION={section!r} has another meaning here or in Python: take another word."
        )
    if not re.fullmatch("[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*", name):
        found.append(
            f"NAME={name!r}: lower-case words of letters a to z with hyphens between them, such as "
            "drift-threshold. It becomes the address of the page; write numbers as words."
        )
        return found
    module = name.replace("-", "_")
    if module in {"index", *SPECIAL, *LIBRARIES, *sys.stdlib_module_names} or keyword.iskeyword(
        module
    ):
        found.append(
            f"NAME={name!r} is also a word of Python, YAML or Windows, or a library that the other "
            f"snippets import: add a word, such as {name}-report."
        )
    same = [page for page in House(root).pages if page.path.stem == name]
    if same:
        found.append(
            f"NAME={name!r} is taken by {same[0].name}: edit that page, or take another name."
        )
    elif not found:
        taken = [path for path in targets(section, name) if (root / path).exists()]
        found += [f"{path} exists: take another NAME, or move that file first." for path in taken]
    return found


def targets(section: str, name: str) -> dict[str, str]:
    """Return the files to write, each with its template."""
    return {renamed(path, section, name): template for path, template in FILES.items()}


def renamed(text: str, section: str, name: str) -> str:
    """Put section and name in the place of the templates' names."""
    for old, new in (
        ("my_section", section),
        ("My section", title(section)),
        ("my-page", name),
        ("my_page", name.replace("-", "_")),
        ("My page", title(name)),
    ):
        text = text.replace(old, new)
    return text


def with_entry(config: str, section: str, name: str) -> str:
    """Return the text of mkdocs.yml with the page in the navigation, and nothing else changed.

    A page goes behind the last one of its section, a new section in front of *Reference*.
    """
    lines = config.splitlines(keepends=True)
    entry = f"      - {title(name)}: {section}/{name}.md\n"
    inside = [
        n for n, line in enumerate(lines) if re.match(rf" +- (?:.*: )?{section}/\S+\.md$", line)
    ]
    if inside:
        lines.insert(inside[-1] + 1, entry)
        return "".join(lines)
    heads = [n for n, line in enumerate(lines) if line.startswith("nav:")]
    before = [n for n, line in enumerate(lines) if re.match("  - Reference:$", line)]
    place = before[0] if before else heads[0] + 1
    lines.insert(place, f"  - {title(section)}:\n      - {section}/index.md\n{entry}")
    return "".join(lines)


def write(root: Path, section: str, name: str) -> list[str]:
    """Write the files, regenerate what is generated from them; return their names."""
    files = targets(section, name)
    if not (root / renamed(INDEX, section, name)).exists():
        files = {renamed(INDEX, section, name): "index.md", **files}
    for path, template in files.items():
        text = (TEMPLATES / template).read_text("utf-8")
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(renamed(text, section, name), "utf-8", newline="\n")
    config = root / "mkdocs.yml"
    config.write_text(with_entry(config.read_text("utf-8"), section, name), "utf-8", newline="\n")
    house = House(root)
    done = registry.update(house, Page(root / f"docs/{section}/{name}.md", root))
    problems = [problem for problem in done if isinstance(problem, Problem)]
    assert not problems, report(problems)
    return [*files, "mkdocs.yml"]


def main(arguments: list[str]) -> int:
    """Write one page; return the exit code."""
    section, name = (*arguments, "", "")[:2]
    if len(arguments) != 2 or not section or not name:
        print("Say where and what: make page SECTION=data NAME=drift-threshold", file=sys.stderr)
        print("Without make: python -m tools.scaffold data drift-threshold", file=sys.stderr)
        return 2
    if wrong := faults(ROOT, section, name):
        print("\n".join(wrong), file=sys.stderr)
        return 2
    for path in write(ROOT, section, name):
        print(f"wrote {path}")
    print(f"\nSee it: make serve, then open {section}/{name}/. Check it: make check PAGE={name}")
    print("Replace the example part by part; docs/contributing/index.md says what goes where.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
