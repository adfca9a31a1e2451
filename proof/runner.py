"""Run one Python file in a process of its own, under the rules of the house.

Through pytest-examples, which records what each print says: warnings are errors; no network, no
files written, no programs started; the file stands alone; its CPU seconds are counted.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import multiprocessing
import os
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from proof.files import imports
from proof.problem import ROOT

KILL_AFTER = 60.0  # seconds of wall time
LINE_LENGTH = 100

# What a snippet must not do, by the name of Python's audit event.
LOOPBACK = "127.0.0.1"
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
    result = alone(_child, path, timeout)
    return Run(error=result) if isinstance(result, str) else result


def alone(child: Callable[[Path, str, Any], None], path: Path, timeout: float) -> Any:
    """Start a process that works on a file in an empty folder; return what it sends.

    Parameters
    ----------
    child : callable
        The body of the process: takes the file, the folder, and a connection for its result.
    path : Path
        The file.
    timeout : float
        Seconds of wall time after which the process is killed.

    Returns
    -------
    Any
        The result; a text that says why, if there is none.
    """
    # A fork server imports the libraries once; Windows has none and imports them every time.
    fork = "forkserver" in multiprocessing.get_all_start_methods()
    context: Any = multiprocessing.get_context("forkserver" if fork else "spawn")
    if fork:
        context.set_forkserver_preload(["proof.preload"])
    receiver, sender = context.Pipe(duplex=False)
    with tempfile.TemporaryDirectory() as folder:
        process = context.Process(target=child, args=(path.resolve(), folder, sender), daemon=True)
        process.start()
        sender.close()
        try:
            result = receiver.recv() if receiver.poll(timeout) else None
        except EOFError:
            process.join()
            code = process.exitcode
            result = f"the process died without a word (exit code {code})"
        process.kill()
        process.join()
    return result or f"killed after {timeout:.0f} s of wall time"


def _child(path: Path, folder: str, sender: Any) -> None:
    """Run a file and send what happened; the body of the process."""
    from pytest_examples import run_code as engine
    from pytest_examples.config import ExamplesConfig
    from pytest_examples.find_examples import CodeExample

    from proof import preload

    stand_alone(folder)
    # Upstream looks for the last line of a print by its last argument, and misses f-strings
    # that span lines; the parser knows where the call ends.
    engine.expr_last_line = lambda c: c.end_lineno or c.lineno
    source = path.read_text("utf-8")
    start = time.process_time()
    forbidden = obey(source)

    config = ExamplesConfig(line_length=2 * LINE_LENGTH)  # never wrap
    prints = engine.InsertPrintStatements(path, config, True, None, None)
    error, line = _execute(path, source, prints)
    if forbidden and not error:  # the file caught the error, but it did try
        error = forbidden[0]
    seconds = time.process_time() - start + preload.import_seconds(source)
    printed = [str(statement) for statement in prints.print_statements()]
    example = CodeExample.create(source, path=path)
    updated = None if error else prints.updated_print_statements(example)
    sender.send(Run(printed, updated, error, line, seconds))


def stand_alone(folder: str) -> None:
    """Work in an empty folder, without the snippets beside this one."""
    os.chdir(folder)
    sys.path[:] = [entry for entry in sys.path if entry and Path(entry).resolve() != ROOT]
    for name in [n for n in sys.modules if n.split(".")[0] == "snippets"]:
        del sys.modules[name]


def obey(source: str) -> list[str]:
    """Let the rules begin in this process, once the libraries of a source are imported.

    Returns
    -------
    list of str
        Grows with every attempt to do what is forbidden, also one that the file survives.
    """
    _import_libraries(source)
    forbidden: list[str] = []
    sys.dont_write_bytecode = True  # of what a library imports only when it is called
    warnings.simplefilter("error")
    sys.addaudithook(lambda event, args: _forbid(event, args, forbidden))
    return forbidden


def _execute(path: Path, source: str, prints: Any) -> tuple[str | None, int]:
    """Execute a source as the main module; return its error, if any, and where it happened."""
    try:
        compiled = compile(source, str(path), "exec", dont_inherit=True)
        module = type(sys)("__main__")
        module.__file__ = str(path)
        sys.modules["__main__"] = module
        with prints, seeded(source):
            exec(compiled, module.__dict__)
    except BaseException as error:  # noqa: BLE001 - whatever it raises is the result
        return failure(error, path)
    return None, 1


@contextlib.contextmanager
def seeded(source: str) -> Iterator[None]:
    """Raise if a source draws from numpy's global generator, which it does not seed.

    A run of luck shows only now and then, so the state is compared and not what comes out.
    """
    random = numpy.random if (numpy := sys.modules.get("numpy")) else None
    before = random.get_state() if random else None
    yield
    if random and before and "random.seed(" not in source:
        after = random.get_state()
        if before[2] != after[2] or (before[1] != after[1]).any():
            raise RuntimeError(
                "draws from numpy's global generator, which nothing seeds: random_state=0, or np.random.seed(0)"
            )


def failure(error: BaseException, path: Path) -> tuple[str, int]:
    """Return an error as text, with the innermost line of the file that led to it."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
    line = (frames[-1].lineno or 1) if frames else getattr(error, "lineno", None) or 1
    return f"{type(error).__name__}: {error}", line


def _import_libraries(source: str) -> None:
    """Import what a source imports, before its prints are recorded and the rules begin.

    What a library does at import is not the snippet's fault: shap 0.51 meets a warning of
    matplotlib, and its numba refuses to start beside a replaced ``print``.
    """
    with contextlib.suppress(SyntaxError):  # the run says where
        for _, name in imports(ast.walk(ast.parse(source))):
            if not name.startswith("."):
                with contextlib.suppress(ImportError), warnings.catch_warnings(action="ignore"):
                    importlib.import_module(name)


def _forbid(event: str, args: tuple[Any, ...], forbidden: list[str]) -> None:
    what = None if _stays_here(event, args) else FORBIDDEN.get(event)
    if event == "open" and len(args) > 2 and isinstance(args[2], int):
        writes = args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if writes and args[0] != os.devnull:
            what = f"writes the file {args[0]!r}"
    if what:
        forbidden.append(f"{what} ({event})")
        raise PermissionError(forbidden[-1])


def _stays_here(event: str, args: tuple[Any, ...]) -> bool:
    """Tell whether a connection ends on this machine, as that to a server that a snippet starts."""
    if event == "urllib.Request":
        return str(args[0]).startswith(f"http://{LOOPBACK}:")
    address = {"socket.connect": lambda: args[1][0], "socket.getaddrinfo": lambda: args[0]}
    return event in address and address[event]() == LOOPBACK
