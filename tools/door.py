"""The door: what snippets check of their arguments, in one idiom that all share to the letter.

`tools/templates/door.py` holds the idiom. A snippet that defines a function of one of its names
holds the same text; `make fix` writes it anew.
"""

from __future__ import annotations

import ast
from pathlib import Path

from proof.files import File, Snippet
from proof.problem import ROOT, Problem, nothing_found, written
from proof.project import House

DOOR = "tools/templates/door.py"


def idiom() -> dict[str, str]:
    """Return the text of each function of the door by its name."""
    return {name: text for name, (text, _) in _functions(File(ROOT / DOOR, ROOT)).items()}


def _functions(file: File) -> dict[str, tuple[str, int]]:
    """Return text and first line of each function of a file."""
    lines = file.source.splitlines()
    return {
        node.name: ("\n".join(lines[node.lineno - 1 : node.end_lineno]), node.lineno)
        for node in file.tree.body
        if isinstance(node, ast.FunctionDef)
    }


def _strays(snippet: Snippet, door: dict[str, str]) -> dict[str, tuple[str, int]]:
    found = _functions(snippet)
    return {
        name: found[name] for name in found.keys() & door.keys() if found[name][0] != door[name]
    }


def fix(house: House) -> list[Path]:
    """Write every copy of the idiom anew; return the snippets that changed."""
    door, changed = idiom(), list[Path]()
    for snippet in house.snippets:
        source = snippet.source
        for name, (text, _) in _strays(snippet, door).items():
            source = source.replace(text, door[name])
        changed += written(snippet.path, source)
    return changed


def _copies(house: House, door: dict[str, str]) -> list[Problem]:
    """Find helpers that two snippets share and the idiom does not hold."""
    seen, found = dict[tuple[str, str], str](), []
    for snippet in house.snippets:
        for name, (text, line) in _functions(snippet).items():
            first = seen.setdefault((name, text), snippet.name)
            if name.startswith("_") and name not in door and first != snippet.name:
                found.append(
                    Problem(
                        snippet.name, line, f"{name} is a copy of that in {first}, and nothing holds them alike",
                        "A fault that is mended in one stays in the other.",
                        f"Copy it into {DOOR}, from where make fix brings it to every snippet.",
                    )
                )  # fmt: skip
    return found


def check(house: House) -> list[Problem]:
    """Check that each copy of the idiom is the idiom."""
    door = idiom()
    held = {n.name for s in house.snippets for n in s.tree.body if isinstance(n, ast.FunctionDef)}
    if house.snippets and not held & set(door):
        return [nothing_found("snippets that check their arguments by the shared idiom")]
    return _copies(house, door) + [
        Problem(
            snippet.name, line, f"{name} differs from {DOOR}",
            "Input is cast once, at the door, in one way: a private variant brings back another number for a uint8.",
            f"make fix copies it from {DOOR}; give a check of your own another name.",
        )
        for snippet in house.snippets
        for name, (_, line) in _strays(snippet, door).items()
    ]  # fmt: skip
