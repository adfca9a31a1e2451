"""Shown is run: the code on a built page is the code of the snippet, and runs when pasted."""

from __future__ import annotations

import ast
import contextlib
import tempfile
from pathlib import Path

from proof import outputs
from proof.files import Snippet
from proof.problem import Problem, nothing_found
from proof.project import House
from proof.runner import run
from tools.site import Built


def blocks(page: Built) -> list[tuple[str, str]]:
    """Return title and text of every titled code block of a built page."""
    found = []
    for block in page.article.select("div.highlight"):
        title, code = block.select_one("span.filename"), block.select_one("code")
        if title is not None and code is not None:
            found.append((title.get_text(), code.get_text()))
    return found


def check_page(page: Built, files: dict[str, Snippet]) -> tuple[list[Problem], dict[str, str]]:
    """Compare each block with its section; return problems, and what a reader would paste.

    Returns
    -------
    problems : list of Problem
        Blocks that are not, to the letter, a section of the file that their title names.
    pasted : dict of str to str
        For each snippet, its blocks joined in the order of the page.
    """
    problems, pasted = [], dict[str, str]()
    for title, text in blocks(page):
        name = title.split(",")[0]
        sections = files[name].sections if name in files else {}
        match = [s for s in sections.values() if s.code.rstrip() == text.rstrip()]
        if not match:
            problems.append(
                page.problem(f"the block {title!r} is no section of {name}, to the letter",
                             "What is shown is what ran.",
                             "Embed the section, and nothing else, in its fence.", f'title="{title}"')
            )  # fmt: skip
        elif name.startswith("snippets/"):
            pasted[name] = pasted.get(name, "") + text.rstrip() + "\n\n\n"
    return problems, pasted


def same_program(pasted: str, source: str) -> bool:
    """Tell whether pasted blocks are, statement for statement, the program of the file.

    That is the file without its docstring, with the lines under the main guard moved out.
    """
    with contextlib.suppress(SyntaxError):  # running it says where
        return _program(source) == ast.dump(ast.parse(pasted))
    return False


def _program(source: str) -> str:
    file = ast.parse(source)
    if ast.get_docstring(file) is not None:
        del file.body[0]
    guard = file.body[-1] if file.body else None
    if isinstance(guard, ast.If) and ast.unparse(guard.test) == "__name__ == '__main__'":
        file.body[-1:] = guard.body
    return ast.dump(file)


def check_pasted(name: str, page: str, text: str) -> list[Problem]:
    """Run what a reader pastes from a page, and compare with the output it shows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "pasted.py")
        path.write_text(text, "utf-8")
        result = run(path)
    shown = [line for _, line in outputs.recorded(text)]
    if result.error:
        what = f"pasted from the page, {name} fails: {result.error}"
    elif [line.rstrip() for line in result.printed] != shown:
        what = (
            f"pasted from the page, {name} prints {result.printed[:3]}, the page shows {shown[:3]}"
        )
    else:
        return []
    return [
        Problem(page, 1, what, "Readers paste the blocks of a page one after the other.",
                "Show function before demo, and let the demo use only what they import.")
    ]  # fmt: skip


def check(pages: list[Built], house: House) -> list[Problem]:
    """Check every block of every built page."""
    files = {file.name: file for file in (*house.snippets, *house.figures)}
    problems, ran = [], 0
    for page in pages:
        found, pasted = check_page(page, files)
        problems += found
        for name, text in pasted.items():
            if not same_program(text, files[name].source):
                problems += check_pasted(name, page.source.name if page.source else page.name, text)
            ran += 1
    return problems if ran else [nothing_found("code blocks on built pages")]
