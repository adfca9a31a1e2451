"""Outputs: the `#>` lines of a snippet are what it printed, and nothing only looks like output."""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from proof import cache
from proof.files import File, Snippet, imports, names_in
from proof.problem import Problem, nothing_found, report, written
from proof.project import House
from proof.runner import LINE_LENGTH, Run, run

# Seconds, imports included. Held under the lock; other versions and systems are asked for digits only.
CPU_BUDGET = float(os.environ.get("SNIPPET_CPU_BUDGET", "5"))
OUTPUT = re.compile(r"^ *#> ?(?P<text>.*)$")
HEADER = '# /// script\n# requires-python = ">=3.11"\n'
MODULES = {"scikit-learn": "sklearn"}  # where package and module differ
DIGITS = re.compile(r"(?<![\w.#])\d+(?:[,_]\d{3})*(?:\.\d+)?(?:e-?\d+)?(?!\w)")


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


def check_snippet(snippet: Snippet, house: House) -> list[Problem]:
    """Run a snippet, unless it has been right as it stands, and compare what it printed."""
    return cache.unless_seen(_seen(), [snippet.path], lambda: _compare(snippet, _timed(snippet)))


def _seen() -> str:
    """Return what the cache knows of a snippet that was right, and quick enough."""
    return f"output within {CPU_BUDGET:g} s"


def _timed(snippet: Snippet) -> Run:
    """Run a snippet; a run over its budget gets two more tries, as a busy machine counts double."""
    result = run(snippet.path)
    for _ in range(2):
        if result.cpu_seconds > CPU_BUDGET:
            result = min(result, run(snippet.path), key=lambda one: one.cpu_seconds)
    return result


def _compare(snippet: Snippet, result: Run) -> list[Problem]:
    if result.error:
        return [failure(snippet, result)]
    found = list[Problem]()
    if result.cpu_seconds > CPU_BUDGET:
        found.append(
            Problem(
                snippet.name, 1,
                f"took {result.cpu_seconds:.1f} s of CPU, imports included; the budget is {CPU_BUDGET:.0f}",
                "A reader waits for it, and the suite runs all of them.",
                "Use fewer rows, fewer repeats or a simpler model.",
            )
        )  # fmt: skip
    longest = max(result.printed, key=lambda text: len(text) + 1000 * ("\n" in text), default="")
    if "\n" in longest or len(longest) > LINE_LENGTH - 12:
        found.append(
            Problem(
                snippet.name, 1, f"prints more than one line, or a long one, at a time: {longest[:60]!r}",
                "Output rides along as one `#>` comment under its print.",
                f"Print one line of at most {LINE_LENGTH - 12} characters a call.",
            )
        )  # fmt: skip
        return found
    return [*found, *_stale(snippet, result)]


def _stale(snippet: Snippet, result: Run) -> Iterator[Problem]:
    """Yield the first line that shows something else than the run printed."""
    lines, printed = recorded(snippet.source), [text.rstrip() for text in result.printed]
    if [text for _, text in lines] == printed:
        return
    pairs = zip(lines, printed, strict=False)
    line, what = next(
        ((line, f"the page shows {text!r}, the run printed {new!r}") for (line, text), new in pairs if text != new),
        (
            lines[min(len(printed), len(lines) - 1)][0] if lines else 1,
            f"{len(lines)} output lines are shown, the run printed {len(printed)}",
        ),
    )  # fmt: skip
    mend = "make update"
    if result.updated is None:
        mend = (
            "Delete output lines under prints that never run, and print in the order of the file."
        )
    elif [
        text.rstrip() for text in run(snippet.path).printed
    ] != printed:  # the cause, not the symptom
        mend = "It prints something else at every run: seed every generator, default_rng(0) or random_state=0."
    why = "Output on a page is what the code printed, line by line, in the order of the file."
    yield Problem(snippet.name, line, what, why, mend)


def check_source(snippet: File) -> list[Problem]:
    """Check what can be read: header, imports, and text or numbers that only look like output."""
    return [
        Problem(snippet.name, line, what, why, mend)
        for look in (_header, _imports, _loose_strings, _typed_numbers, _timings, _unseeded)
        for line, what, why, mend in look(snippet)
    ]


Fault = tuple[int, str, str, str]  # line, what, why, mend


def _header(snippet: File) -> Iterator[Fault]:
    if not snippet.source.startswith(HEADER) or "# dependencies = [" not in snippet.source:
        yield (1, "has no script header (PEP 723) for Python 3.11",
               "`uv run` reads Python and libraries from it.", "make fix")  # fmt: skip


def _imports(snippet: File) -> Iterator[Fault]:
    if snippet.fault:  # what it imports is not known
        return
    listed, used = {MODULES.get(n, n.replace("-", "_")) for n in snippet.needs}, set[str]()
    for line, name in imports(snippet.nodes):
        used.add(name.split(".")[0])
        if name.split(".")[0] not in listed | sys.stdlib_module_names:
            yield (line, f"imports {name!r}, which its header does not list",
                   "A snippet is one file: no neighbours, and every library stands in its header.",
                   "A library of pyproject.toml: make fix writes it into the header. "
                   "A neighbour: copy the code you need.")  # fmt: skip
    for name in sorted(listed - used):
        yield (1, f"its header lists {name!r}, which it never imports",
               "Everyone who runs it would install that for nothing.", "make fix")  # fmt: skip


def _loose_strings(snippet: File) -> Iterator[Fault]:
    for node in snippet.nodes:
        body = getattr(node, "body", None)
        for statement in body[1:] if isinstance(body, list) else ():
            value = getattr(getattr(statement, "value", None), "value", None)
            if isinstance(statement, ast.Expr) and isinstance(value, str):
                yield (statement.lineno, "a string that nothing uses",
                       "It looks like output, and no print made it.", "Delete it.")  # fmt: skip


def typed_numbers(file: File, texts: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield line and digits of every number in literal texts that no code of the file holds."""
    code = {
        round(scale * node.value, 12)
        for node in file.nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float))
        for scale in (1, 100)  # a text may write 0.05 as 5%
    }
    for line, text in texts:
        for digits in DIGITS.findall(text):
            if round(float(digits.replace(",", "")), 12) not in code:
                yield line, digits


def _typed_numbers(snippet: File) -> Iterator[Fault]:
    """Find digits in the literal parts of a print that no code of the file holds."""
    calls = [c for c in snippet.nodes if isinstance(c, ast.Call) and getattr(c.func, "id", "") == "print"]  # fmt: skip
    for line, digits in typed_numbers(snippet, ((c.lineno, " ".join(_literals(c))) for c in calls)):
        yield (line, f"prints {digits}, a number typed by hand",
               "It looks computed, and nothing computes it.",
               "Print what the code has computed: {value:.1%}, not the digits.")  # fmt: skip


def _literals(call: ast.Call) -> Iterator[str]:
    """Yield the texts that a print holds as they stand, format specifications left out."""
    for argument in call.args:
        parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
        for part in parts:
            if isinstance(part, ast.Constant):
                yield str(part.value)


def _timings(snippet: File) -> Iterator[Fault]:
    """Find prints that depend on a clock: digits and verdicts of timings differ on every machine."""
    clocks = {"time", "perf_counter", "process_time", "monotonic", "perf_counter_ns", "timeit"}
    tainted = set[str]()
    for node in snippet.nodes:
        if isinstance(node, ast.Assign) and names_in(node.value) & (clocks | tainted):
            tainted |= {name for target in node.targets for name in names_in(target)}
    for call in snippet.nodes:
        if not (isinstance(call, ast.Call) and getattr(call.func, "id", "") == "print"):
            continue
        if found := names_in(call) & tainted:
            yield (call.lineno, f"prints {sorted(found)[0]!r}, which a clock has measured",
                       "Another machine, or a busy one, prints something else.",
                       "Print what does not depend on the machine: a count of operations.")  # fmt: skip


def _unseeded(snippet: File) -> Iterator[Fault]:
    """Find generators of numpy that begin anywhere; what a library draws, the run itself shows."""
    for call in snippet.nodes:
        if not isinstance(call, ast.Call) or call.args or call.keywords:
            continue
        if getattr(call.func, "attr", "") == "default_rng":
            yield (call.lineno, "default_rng() has no seed", "It prints something else at every run.",
                   "Write default_rng(0), or hand the seed on.")  # fmt: skip


def update(house: House) -> list[Path | Problem]:
    """Rewrite the output lines of all snippets; return the files that changed, and what failed."""
    done: list[Path | Problem] = []
    for snippet in house.snippets:
        if cache.seen(_seen(), [snippet.path]):
            continue
        result = run(snippet.path)
        if result.error:
            done.append(failure(snippet, result))
        else:
            done += written(snippet.path, result.updated or snippet.source)
            fresh = Snippet(snippet.path, snippet.root)
            cache.unless_seen(_seen(), [fresh.path], partial(_compare, fresh, result))
    return done


def check(house: House) -> list[Problem]:
    """Check the source of every snippet."""
    if not house.snippets:
        return [nothing_found("snippets")]
    checks = (check_source, _set_apart)
    return [p for snippet in house.snippets for look in checks for p in look(snippet)]


def _set_apart(snippet: Snippet) -> Iterator[Problem]:
    """Find old output lines that a formatter has turned into comments, which nothing compares."""
    for line, text in enumerate(snippet.source.splitlines(), start=1):
        if text.lstrip().startswith("# > "):
            yield Problem(
                snippet.name, line, f"a comment that looks like output: {text.strip()[:60]!r}",
                "A formatter has set `#>` apart; nothing compares such a line with what is printed.",
                "Delete it, then make update.",
            )  # fmt: skip


if __name__ == "__main__":  # on other versions of the libraries, where the other checks cannot run
    wrong = [problem for one in House().snippets for problem in check_snippet(one, House())]
    sys.exit(report(wrong) if wrong else 0)
