"""Front matter: every page has a title and a description, in YAML that parses."""

from __future__ import annotations

import yaml

from proof.project import House, Page, Problem, nothing_found

REQUIRED = {"title": str, "description": str, "level": str, "prerequisites": list}
ALWAYS = ("title", "description")


def _of_page(page: Page) -> list[Problem]:
    """Check the lines between the two rules at the top of a page."""

    def problem(line: int, what: str, mend: str) -> Problem:
        why = "Search engines, link previews and the head of the page show it."
        return Problem(page.name, line, what, why, mend)

    lines = page.source.splitlines()
    if not lines or lines[0] != "---" or "---" not in lines[1:]:
        return [problem(1, "has no front matter", "Begin the file with the lines ---, title: …, description: …, ---.")]  # fmt: skip
    text = "\n".join(lines[1 : lines.index("---", 1)])
    try:
        fields = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 2
        return [problem(line, f"its front matter is no YAML: {getattr(error, 'problem', error)}",
                        'Put the text between quotes: title: "Drift: a threshold".')]  # fmt: skip
    fields = fields if isinstance(fields, dict) else {}
    found = [
        problem(1, f"its front matter has no {name}", f"Add the line `{name}: …`.")
        for name in ALWAYS
        if not fields.get(name)
    ]
    for name, kind in REQUIRED.items():
        if name in fields and not isinstance(fields[name], kind):
            number = next(n for n, line in enumerate(lines, start=1) if line.startswith(f"{name}:"))
            mend = f"Write `{name}: [one, two]`." if kind is list else f'Write `{name}: "…"`.'
            found.append(problem(number, f"{name} is {fields[name]!r}", mend))
    return found


def check(house: House) -> list[Problem]:
    """Check every page."""
    if not house.pages:
        return [nothing_found("pages")]
    return [problem for page in house.pages for problem in _of_page(page)]
