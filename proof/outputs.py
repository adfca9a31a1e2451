"""Run snippets, each in a process of its own, and hold their `#>` lines to what they printed.

`run` executes a file through pytest-examples under the rules of the house: warnings
are errors, no network, no files written, no imports of neighbours, a CPU budget.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import multiprocessing
import os
import re
import sys
import tempfile
import traceback
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from proof.project import File, House, Problem, Snippet, nothing_found

# Seconds, imports included. Held under the lock; other versions and systems are asked for digits only.
CPU_BUDGET = float(os.environ.get("SNIPPET_CPU_BUDGET", "5"))
KILL_AFTER = 60.0  # seconds of wall time
LINE_LENGTH = 100
OUTPUT = re.compile(r"^ *#> ?(?P<text>.*)$")
UPDATE = "make update"
HEADER = '# /// script\n# requires-python = ">=3.11"\n'
MODULES = {"scikit-learn": "sklearn", "ipython": "IPython"}  # where package and module differ

# What a snippet must not do, by the name of Python's audit event.
FORBIDDEN = {
    "socket.connect": "reads the network",
    "socket.getaddrinfo": "reads the network",
    "urllib.Request": "reads the network",
    "subprocess.Popen": "starts another program",
    "os.system": "starts another program",
    "os.remove": "deletes a file",
    "os.rename": "renames a file",
    "os.mkdir": "writes a folder",
    "shutil.rmtree": "deletes a folder",
}


@dataclass(frozen=True)
class Run:
    """What happened when a file ran."""

    printed: list[str] = field(default_factory=list)
    updated: str | None = None  # the source with fresh output lines, None if nothing changed
    error: str | None = None  # what went wrong, None if nothing did
    error_line: int = 1
    cpu_seconds: float = 0.0  # its own work plus the imports it was spared


def run(path: Path, timeout: float = KILL_AFTER) -> Run:
    """Run a Python file alone, in an empty folder, and return what happened.

    Parameters
    ----------
    path : Path
        The file. Prints are recorded under the statement that made them.
    timeout : float
        Seconds of wall time after which the process is killed.

    Returns
    -------
    Run
        The run never raises: an error of the file is part of the result.
    """
    # A fork server imports the libraries once; Windows has none and imports them every time.
    fork = "forkserver" in multiprocessing.get_all_start_methods()
    context: Any = multiprocessing.get_context("forkserver" if fork else "spawn")
    if fork:
        context.set_forkserver_preload(["tools.preload"])
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    receiver, sender = context.Pipe(duplex=False)
    with tempfile.TemporaryDirectory() as folder:
        process = context.Process(target=_child, args=(path.resolve(), folder, sender), daemon=True)
        process.start()
        sender.close()
        try:
            result = receiver.recv() if receiver.poll(timeout) else None
        except EOFError:
            process.join()
            code = process.exitcode
            result = Run(error=f"the process died without a word (exit code {code})")
        process.kill()
        process.join()
    return result or Run(error=f"killed after {timeout:.0f} s of wall time")


def _child(path: Path, folder: str, sender: Any) -> None:
    import time

    from pytest_examples import run_code as engine
    from pytest_examples.config import ExamplesConfig
    from pytest_examples.find_examples import CodeExample

    from tools import preload

    os.chdir(folder)
    root = Path(__file__).resolve().parent.parent
    sys.path[:] = [p for p in sys.path if p and Path(p).resolve() != root]
    for name in [n for n in sys.modules if n.split(".")[0] == "snippets"]:
        del sys.modules[name]
    # Upstream looks for the last line of a print by its last argument, and misses f-strings
    # that span lines; the parser knows where the call ends.
    engine.expr_last_line = lambda c: c.end_lineno or c.lineno
    source = path.read_text("utf-8")
    start = time.process_time()
    _import_libraries(source)
    warnings.simplefilter("error")
    forbidden: list[str] = []
    sys.addaudithook(lambda event, args: _forbid(event, args, forbidden))

    example = CodeExample.create(source, path=path)
    config = ExamplesConfig(line_length=2 * LINE_LENGTH)  # never wrap
    prints = engine.InsertPrintStatements(path, config, True, None, None)
    error, line = None, 1
    try:
        compiled = compile(source, str(path), "exec", dont_inherit=True)
        module = type(sys)("__main__")
        module.__file__ = str(path)
        sys.modules["__main__"] = module
        with prints:
            exec(compiled, module.__dict__)
    except BaseException as exception:  # noqa: BLE001 - whatever it raises is the result
        frames = [
            f for f in traceback.extract_tb(exception.__traceback__) if f.filename == str(path)
        ]
        line = (frames[-1].lineno or 1) if frames else getattr(exception, "lineno", None) or 1
        error = f"{type(exception).__name__}: {exception}"
    if forbidden and not error:  # the file caught the error, but it did try
        error = forbidden[0]
    seconds = time.process_time() - start + preload.import_seconds(source)
    printed = [str(statement) for statement in prints.print_statements()]
    updated = None if error else prints.updated_print_statements(example)
    sender.send(Run(printed, updated, error, line, seconds))


def _import_libraries(source: str) -> None:
    """Import what a source imports, before its prints are recorded and the rules begin.

    What a library does at import is not the snippet's fault: shap 0.51 meets a warning of
    matplotlib, and its numba refuses to start beside a replaced ``print``.
    """
    with contextlib.suppress(SyntaxError):  # the run says where
        for node in ast.walk(ast.parse(source)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in names:
                with contextlib.suppress(ImportError), warnings.catch_warnings(action="ignore"):
                    importlib.import_module(name)


def _forbid(event: str, args: tuple[Any, ...], forbidden: list[str]) -> None:
    what = FORBIDDEN.get(event)
    if event == "open" and len(args) > 2 and isinstance(args[2], int):
        writes = args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if writes and args[0] != os.devnull and "__pycache__" not in str(args[0]):
            what = f"writes the file {args[0]!r}"
    if what:
        forbidden.append(f"{what} ({event})")
        raise PermissionError(forbidden[-1])


def recorded(source: str) -> list[tuple[int, str]]:
    """Return line number and text of every `#>` line of a source."""
    return [
        (number, match["text"])
        for number, text in enumerate(source.splitlines(), start=1)
        if (match := OUTPUT.match(text))
    ]


def failure(snippet: Snippet, result: Run) -> Problem:
    """Return the problem of a snippet that did not run to its end."""
    return Problem(
        snippet.name, result.error_line, f"the snippet fails: {result.error}",
        "Readers run this file as it stands: no warning, no network, no file written.",
        f"Mend this line; `.venv/bin/python -W error {snippet.name}` shows the whole traceback.",
    )  # fmt: skip


def check_run(snippet: Snippet) -> list[Problem]:
    """Run a snippet, and hold its recorded output lines to what it printed."""
    name = snippet.name
    result = run(snippet.path)
    for _ in range(2):  # a busy machine counts double now and then
        if result.cpu_seconds > CPU_BUDGET:
            result = min(result, run(snippet.path), key=lambda one: one.cpu_seconds)

    def problem(line: int, what: str, why: str, mend: str) -> Problem:
        return Problem(name, line, what, why, mend)

    if result.error:
        return [failure(snippet, result)]
    found = []
    if result.cpu_seconds > CPU_BUDGET:
        found.append(
            problem(
                1, f"took {result.cpu_seconds:.1f} s of CPU, imports included; the budget is {CPU_BUDGET:.0f}",
                "A reader waits for it, and the suite runs all of them.",
                "Use fewer rows, fewer repeats or a simpler model.",
            )
        )  # fmt: skip
    if any("\n" in text or len(text) > LINE_LENGTH - 12 for text in result.printed):
        long = next(t for t in result.printed if "\n" in t or len(t) > LINE_LENGTH - 12)
        return [
            *found,
            problem(
                1, f"prints more than one line, or a long one, at a time: {long[:60]!r}",
                "Output rides along as one `#>` comment under its print.",
                f"Print one line of at most {LINE_LENGTH - 12} characters a call.",
            ),
        ]  # fmt: skip
    lines = recorded(snippet.source)
    if [text for _, text in lines] == [text.rstrip() for text in result.printed]:
        return found
    pairs = zip(lines, result.printed, strict=False)
    stale = [(line, text, new) for (line, text), new in pairs if text != new.rstrip()]
    if stale:
        line, text, fresh = stale[0]
        what = f"the page shows {text!r}, the run printed {fresh!r}"
    else:
        line = lines[min(len(result.printed), len(lines) - 1)][0] if lines else 1
        what = f"{len(lines)} output lines are shown, the run printed {len(result.printed)}"
    why = "Output on a page is what the code printed, line by line, in the order of the file."
    mend = UPDATE
    if result.updated is None:
        mend = (
            "Delete output lines under prints that never run, and print in the order of the file."
        )
    return [*found, problem(line, what, why, mend)]


def check_source(snippet: File) -> list[Problem]:
    """Check what can be read: header, imports, and text or numbers that only look like output."""
    header = re.search(r"^# dependencies = \[(.*)\]$", snippet.source, re.MULTILINE)
    listed = re.findall(r'"([A-Za-z0-9_-]+)', header[1]) if header else []
    modules = {MODULES.get(name, name.replace("-", "_")) for name in listed}
    allowed = modules | set(sys.stdlib_module_names)
    found = []
    if not snippet.source.startswith(HEADER) or not header:
        found.append(
            Problem(
                snippet.name, 1, "has no script header (PEP 723) for Python 3.11",
                "`uv run` reads Python and libraries from it.",
                "make fix",
            )
        )  # fmt: skip
    tree = snippet.tree
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = ["." * node.level + (node.module or "")]
        else:
            continue
        for name in names:
            if name.split(".")[0] not in allowed:
                found.append(
                    Problem(
                        snippet.name, node.lineno, f"imports {name!r}, which its header does not list",
                        "A snippet is one file: no neighbours, and every library stands in its header.",
                        "A library of pyproject.toml: make fix writes it into the header. A neighbour: copy the code you need.",
                    )
                )  # fmt: skip
    nodes = list(ast.walk(tree))
    imported = {
        alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names
    }
    imported |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    used = {name.split(".")[0] for name in imported}
    for node in ast.walk(tree):
        statements = getattr(node, "body", None)
        for statement in statements[1:] if isinstance(statements, list) else ():
            value = getattr(statement, "value", None)
            if isinstance(statement, ast.Expr) and isinstance(getattr(value, "value", None), str):
                found.append(
                    Problem(
                        snippet.name, statement.lineno, "a string that nothing uses",
                        "It looks like output, and no print made it.", "Delete it.",
                    )
                )  # fmt: skip
    for call in ast.walk(tree):
        if (
            isinstance(call, ast.Call)
            and getattr(call.func, "id", "") == "print"
            and all(isinstance(argument, ast.Constant) for argument in call.args)
            and any(re.search(r"\d", str(getattr(text, "value", ""))) for text in call.args)
        ):
            found.append(
                Problem(
                    snippet.name, call.lineno, f"prints a number typed by hand: {ast.unparse(call)[:60]}",
                    "It looks computed, and nothing computes it.", "Print what the code has computed.",
                )
            )  # fmt: skip
    for unused in sorted(modules - used):
        found.append(
            Problem(
                snippet.name, 1, f"its header lists {unused!r}, which it never imports",
                "Everyone who runs it would install that for nothing.",
                "make fix",
            )
        )  # fmt: skip
    return found


def update(house: House) -> list[Path | Problem]:
    """Rewrite the output lines of all snippets; return the files that changed, and what failed."""
    done: list[Path | Problem] = []
    for snippet in house.snippets:
        result = run(snippet.path)
        if result.error:
            done.append(failure(snippet, result))
        elif result.updated is not None:
            snippet.path.write_text(result.updated, "utf-8", newline="\n")
            done.append(snippet.path)
    return done


def check(house: House) -> list[Problem]:
    """Check the source of every snippet, run it, and check its output."""
    if not house.snippets:
        return [nothing_found("snippets")]
    return [
        problem
        for snippet in house.snippets
        for problem in (*check_source(snippet), *check_run(snippet))
    ]
