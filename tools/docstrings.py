"""Docstrings of snippets say what a copier needs: arguments, shapes, errors, page and source.

The style of the text is ruff's business (rules D); this module compares the text with the code.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator

from proof.files import Snippet
from proof.problem import Problem, nothing_found
from proof.project import House

SECTION = re.compile(r"^(?P<name>[A-Z][a-z]+)\n-{3,}\n", re.MULTILINE)
FIELD = re.compile(r"^(?P<names>\*{0,2}\w+(?:, \*{0,2}\w+)*) : (?P<type>.+)$")
ARRAY = re.compile(r"(?:tuple\[)?(?:np\.|pd\.)?(ArrayLike|NDArray|ndarray|DataFrame|Series)\b")
SHAPE = re.compile(r"\bshape \(|\bwith n rows\b")
WHY = "People import the function and read its docstring in their editor, without the page."

Faults = Iterator[tuple[int, str, str]]


def sections(docstring: str) -> dict[str, str]:
    """Return the sections of a NumPy docstring, by name."""
    _, *parts = SECTION.split(docstring)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def fields(section: str) -> dict[str, str]:
    """Return the documented names of a section and the type of each."""
    return {
        name.lstrip("*"): match["type"]
        for line in section.splitlines()
        if (match := FIELD.match(line))
        for name in match["names"].split(", ")
    }


def raised(function: ast.FunctionDef, functions: dict[str, ast.FunctionDef]) -> set[str]:
    """Return the names of the exceptions that a function raises, itself or in its helpers."""
    reached, waiting = set(), [function.name]
    names = set()
    while waiting:
        reached.add(name := waiting.pop())
        for node in ast.walk(functions[name]):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                names.add(ast.unparse(node.exc.func))
            elif isinstance(node, ast.Name) and node.id in functions.keys() - reached:
                waiting.append(node.id)
    return names


def _arguments(function: ast.FunctionDef) -> list[ast.arg]:
    of = function.args
    rest = [arg for arg in (of.vararg, of.kwarg) if arg]
    return [a for a in (*of.posonlyargs, *of.args, *of.kwonlyargs, *rest) if a.arg != "self"]


def _of_function(function: ast.FunctionDef, functions: dict[str, ast.FunctionDef]) -> Faults:
    line, docstring = function.lineno, ast.get_docstring(function) or ""
    parts = sections(docstring)
    documented, arguments = fields(parts.get("Parameters", "")), _arguments(function)
    names = [arg.arg for arg in arguments]
    if list(documented) != names:
        yield (
            line,
            f"{function.name} takes {', '.join(names) or 'nothing'}, its docstring documents "
            f"{', '.join(documented) or 'nothing'}",
            "Document every argument, in the order of the signature, as `name : type`.",
        )
    for arg in arguments:
        written, kind = documented.get(arg.arg, ""), ast.unparse(arg.annotation or ast.Name(""))
        if written and ARRAY.match(kind) and not SHAPE.search(written):
            yield (
                line,
                f"{function.name} does not say the shape of {arg.arg}",
                f"Write `{arg.arg} : array-like of shape (n,)`, with the names of its axes.",
            )
    answer = ast.unparse(function.returns or ast.Name("None"))
    if answer != "None" and not parts.keys() & {"Returns", "Yields"}:
        yield line, f"{function.name} does not say what it returns", "Add a section Returns."
    elif ARRAY.match(answer) and not SHAPE.search(parts.get("Returns", "")):
        yield (
            line,
            f"{function.name} does not say the shape that it returns",
            "Write `ndarray of shape (n,)` or `DataFrame of shape (features, 3)` under Returns.",
        )
    promised = set(re.findall(r"\b\w+(?:Error|Exception|Warning)\b", parts.get("Raises", "")))
    promised = {name for name in promised if hasattr(builtins, name)}  # a library may raise its own
    actual = raised(function, functions)
    if promised != actual:
        yield (
            line,
            f"{function.name} raises {', '.join(sorted(actual)) or 'nothing'}, its docstring says "
            f"{', '.join(sorted(promised)) or 'nothing'}",
            "Name under Raises what the function and its helpers raise, and nothing else.",
        )


def _unannotated(function: ast.FunctionDef) -> Faults:
    bare = [arg.arg for arg in _arguments(function) if arg.annotation is None]
    if function.returns is None:
        bare.append("its result")
    if bare:
        yield (
            function.lineno,
            f"{function.name} has no type for {', '.join(bare)}",
            "Annotate it: mypy holds typed code to its types, and skips the rest.",
        )


def _of_module(tree: ast.Module) -> Faults:
    docstring = ast.get_docstring(tree) or ""
    summary, _, rest = docstring.partition("\n\n")
    line = tree.body[0].lineno if tree.body else 1
    if not summary or "\n" in summary:
        yield line, "its docstring has no first line", "Say in one line what the file computes."
    for field in ("Page", "Source"):
        if not re.search(rf"^{field}: \S", rest, re.MULTILINE):
            yield line, f"its docstring has no {field}", f"Add `{field}: …` under the first line."


def _of_snippet(snippet: Snippet) -> list[Problem]:
    """Check the docstring of a file, and docstrings and types of the functions people import."""
    if snippet.fault:
        return []
    tree = snippet.tree
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    methods = [
        node
        for owner in tree.body
        if isinstance(owner, ast.ClassDef)
        for node in owner.body
        if isinstance(node, ast.FunctionDef)
    ]
    found = [*_of_module(tree)]
    for function in (*functions.values(), *methods):
        found += _unannotated(function)
    for name, function in functions.items():
        if not name.startswith("_"):
            found += _of_function(function, functions)
    return [Problem(snippet.name, line, what, WHY, mend) for line, what, mend in found]


def check(house: House) -> list[Problem]:
    """Check the docstrings of all snippets."""
    if not house.snippets:
        return [nothing_found("snippets")]
    return [problem for snippet in house.snippets for problem in _of_snippet(snippet)]
