"""Break the functions of snippets on purpose, and count how many breaks somebody notices.

    make mutants                           every snippet, every mutant
    make mutants ARGS="data --sample 12"   a section or a file, twelve mutants of each snippet

A mutant is a snippet with one small fault in its `function` section. It is killed if the demo
prints another line, or if a test that runs the faulty function fails. What survives is a line
that could be wrong without anybody knowing. Exit code 1 if fewer than 90 % are killed.

The faults are those of cosmic-ray, and a dropped statement. Not counted: annotations,
docstrings, the text of errors, and operators that can only end in a TypeError (`a @ b` for
`a + b`, `is` for `<`). Nothing else is excused, and no mutant is excused by name.
"""

from __future__ import annotations

import argparse
import ast
import builtins
import hashlib
import importlib
import importlib.metadata
import json
import multiprocessing
import os
import random
import resource
import select
import signal
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import parso.python.tree
import pytest
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.operators.operator import Operator
from cosmic_ray.operators.provider import OperatorProvider

from proof.files import Snippet
from proof.outputs import recorded
from proof.problem import ROOT
from proof.project import House

ENOUGH = 0.9
CACHE = ".cache/mutants"
SLOWER = 4  # a mutant that takes so many times the CPU of the original hangs
LEAST_SECONDS = 1
MEMORY = 12 * 2**30  # bytes of address space; a mutant may ask for the moon
DEMO = "demo"
LIBRARIES = ("numpy", "scipy", "pandas", "scikit-learn", "pytest", "hypothesis")

# For each operator the one that is most easily mistaken for it.
ARITHMETIC = {
    "Add": "Sub", "Sub": "Add", "Mul": "Div", "Div": "Mul", "FloorDiv": "Div", "Mod": "Mul",
    "Pow": "Mul", "RShift": "LShift", "LShift": "RShift", "BitAnd": "BitOr", "BitOr": "BitAnd",
    "BitXor": "BitAnd",
}  # fmt: skip
RELATIONS = ("Eq", "NotEq", "Lt", "LtE", "Gt", "GtE")


class DropStatement(Operator):  # type: ignore[misc]
    """Replace a statement by `pass`."""

    KINDS = ("expr_stmt", "raise_stmt", "return_stmt", "del_stmt", "atom_expr")

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """Yield the position of a simple statement."""
        if node.type in self.KINDS and node.parent.type == "simple_stmt":
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Return `pass` in the statement's place."""
        return parso.python.tree.Keyword("pass", node.start_pos, node.get_first_leaf().prefix)

    @classmethod
    def examples(cls) -> tuple[()]:
        """Return none; cosmic-ray asks for the method."""
        return ()


def operators() -> list[Operator]:
    """Return the faults to make."""
    provider = OperatorProvider()
    wanted = [f"ReplaceBinaryOperator_{old}_{new}" for old, new in ARITHMETIC.items()]
    wanted += [f"ReplaceComparisonOperator_{a}_{b}" for a in RELATIONS for b in RELATIONS if a != b]
    wanted += ["ReplaceComparisonOperator_Is_IsNot", "ReplaceComparisonOperator_IsNot_Is"]
    wanted += [f"ReplaceUnaryOperator_Delete_{name}" for name in ("USub", "Invert", "Not")]
    wanted += [
        "AddNot", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr",
        "ReplaceOrWithAnd", "ReplaceBreakWithContinue", "ReplaceContinueWithBreak",
        "ExceptionReplacer", "NumberReplacer", "RemoveDecorator", "ZeroIterationForLoop",
    ]  # fmt: skip
    return [*(provider[name]() for name in wanted), DropStatement()]


OPERATORS = operators()


@dataclass(frozen=True)
class Mutant:
    """A snippet with one fault."""

    file: str
    line: int
    was: str
    now: str
    source: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.was}\n{' ' * len(f'{self.file}:{self.line}')}→ {self.now}"


def mutants(snippet: Snippet) -> list[Mutant]:
    """Return every mutant of a snippet's `function` section, in the order of its lines."""
    if "function" not in snippet.sections:
        return []
    first = snippet.sections["function"].line
    last = first + snippet.sections["function"].code.count("\n") + 1
    excused = _excused(snippet.source)
    found, seen = [], {ast.dump(ast.parse(snippet.source))}
    for node in list(ast_nodes(get_ast(snippet.source))):
        for operator, index, start in _faults(node):
            if not first < start[0] <= last or any(a <= start < b for a, b in excused):
                continue
            source = _with_fault(snippet.source, node, operator, index)
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # `1 is 2` and the like
                    dump = ast.dump(ast.parse(source))
            except SyntaxError:
                continue
            if dump not in seen:
                seen.add(dump)
                was, now = snippet.source.splitlines(), source.splitlines()
                row = next(i for i, pair in enumerate(zip(was, now)) if pair[0] != pair[1])
                found.append(
                    Mutant(snippet.name, row + 1, was[row].strip(), now[row].strip(), source)
                )
    return sorted(found, key=lambda mutant: (mutant.line, mutant.now))


def _faults(node: Any) -> Iterator[tuple[Operator, int, tuple[int, int]]]:
    for operator in OPERATORS:
        for index, (start, _) in enumerate(operator.mutation_positions(node)):
            yield operator, index, start


def _with_fault(source: str, node: Any, operator: Operator, index: int) -> str:
    """Return the source with one node mutated, and the node as it was."""
    lines = source.splitlines(keepends=True)
    line, column = node.get_start_pos_of_prefix()
    begin, old = sum(map(len, lines[: line - 1])) + column, node.get_code()
    before = [
        (part, "children", list(part.children))
        if hasattr(part, "children")
        else (part, "value", part.value)
        for part in ast_nodes(node)
    ]
    new = operator.mutate(node, index).get_code()
    for part, name, value in before:
        setattr(part, name, value)
    return f"{source[:begin]}{new}{source[begin + len(old) :]}"


def _excused(source: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return where faults do not count: annotations, docstrings and the text of errors."""
    nodes: list[Any] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.arg | ast.AnnAssign):
            nodes.append(node.annotation)
        elif isinstance(node, ast.FunctionDef):
            nodes.append(node.returns)
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            nodes += node.exc.args
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            nodes.append(node)
    return [
        ((node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset))
        for node in nodes
        if node is not None
    ]


@dataclass
class Killer:
    """A test or the demo: what could notice a fault, and what it costs."""

    name: str
    run: Callable[[str], bool]  # takes the source of a mutant, returns whether it noticed
    seconds: float = 0.0
    lines: frozenset[int] = frozenset()  # first lines of the functions that it ran
    tries: int = 0
    kills: int = 0

    @property
    def price(self) -> float:
        """The seconds that a kill has cost so far; a new one is hoped to kill every other."""
        return self.seconds * (self.tries + 2) / (self.kills + 1)

    def reaches(self, line: int, blocks: list[tuple[int, int]]) -> bool:
        """Return whether it runs the function around a line; lines outside reach everything."""
        block = next(((a, b) for a, b in blocks if a <= line <= b), None)
        return block is None or any(block[0] <= first <= block[1] for first in self.lines)


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant: the name of its killer, or None."""

    mutant: Mutant
    killer: str | None


class Judge:
    """A pytest plugin that collects the tests of one snippet once, and forks for each mutant."""

    def __init__(self, snippet: Snippet, chosen: list[Mutant], cache: Path) -> None:
        self.snippet, self.chosen, self.cache = snippet, chosen, cache
        self.verdicts: list[Verdict] = []
        self.error: str | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Judge the mutants instead of running the tests."""
        self._judge([Killer(DEMO, self._demo), *map(self._test, session.items)])
        return True

    def _judge(self, killers: list[Killer]) -> None:
        for killer in killers:
            answer = in_fork(partial(self._measure, killer), 120)
            if not isinstance(answer, dict) or answer["noticed"]:
                self.error = f"{self.snippet.name}: {killer.name} fails without any fault"
                return
            killer.seconds, killer.lines = answer["seconds"], frozenset(answer["lines"])
        body = ast.parse(self.snippet.source).body
        blocks = [
            (min([node.lineno, *(d.lineno for d in node.decorator_list)]), node.end_lineno or 0)
            for node in body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
        ]
        known = json.loads(self.cache.read_text("utf-8")) if self.cache.exists() else {}
        evidence = self._evidence()
        for mutant in self.chosen:
            key = hashlib.sha256(mutant.source.encode()).hexdigest()
            state, old = known.get(key, (None, None))
            if state != evidence:
                able = [killer for killer in killers if killer.reaches(mutant.line, blocks)]
                able.sort(key=lambda killer: (killer.name != old, killer.price))
                old = self._killer(mutant.source, able)
                known[key] = evidence, old
            self.verdicts.append(Verdict(mutant, old))
        self.cache.parent.mkdir(parents=True, exist_ok=True)
        self.cache.write_text(json.dumps(known, indent=0), "utf-8")

    def _killer(self, source: str, able: list[Killer]) -> str | None:
        for killer in able:
            limit = max(LEAST_SECONDS, SLOWER * killer.seconds)
            killer.tries += 1
            if in_fork(partial(killer.run, source), limit) is not False:
                killer.kills += 1
                return killer.name
        return None

    def _evidence(self) -> str:
        """Return a hash of all that a verdict rests on but the mutant itself."""
        texts = [path.read_text("utf-8") for path in tests_of(self.snippet)]
        texts += [f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES]
        return hashlib.sha256("\0".join(texts).encode()).hexdigest()

    def _measure(self, killer: Killer) -> dict[str, Any]:
        lines: set[int] = set()
        vars(builtins)["mutants_reach"] = lines.add
        start = time.process_time()
        noticed = killer.run(_reporting(self.snippet.source))
        seconds = time.process_time() - start
        return {"noticed": noticed, "seconds": seconds, "lines": sorted(lines)}

    def _test(self, item: pytest.Item) -> Killer:
        def run(source: str) -> bool:
            try:
                replace(self.snippet, source)
            except BaseException:  # noqa: BLE001 - it does not even import
                return True
            failed: list[str] = []
            item.config.pluginmanager.register(Watch(failed))
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            return bool(failed)

        return Killer(item.name, run)

    def _demo(self, source: str) -> bool:
        expected = iter([text for _, text in recorded(self.snippet.source)])

        def compare(*values: object) -> None:
            if " ".join(map(str, values)).rstrip() != next(expected, None):
                raise AssertionError("another line")

        module = ModuleType("__main__")
        module.__dict__["print"] = compare
        sys.modules["__main__"] = module
        warnings.simplefilter("error")
        try:
            exec(compile(source, self.snippet.path, "exec", dont_inherit=True), module.__dict__)
        except BaseException:  # noqa: BLE001 - whatever it raises, somebody would see it
            return True
        return next(expected, None) is not None


def _reporting(source: str) -> str:
    """Return a source whose functions tell their line to `mutants_reach` when they are called."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.body[:0] = ast.parse(f"mutants_reach({node.lineno})").body
    return ast.unparse(tree)


class Watch:
    """A pytest plugin that collects the names of failed tests."""

    def __init__(self, failed: list[str]) -> None:
        self.failed = failed

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure of a test, its setup or its teardown."""
        if report.failed:
            self.failed.append(report.nodeid)


def replace(snippet: Snippet, source: str) -> None:
    """Put the code of a mutant into the imported snippet, wherever its functions already are."""
    old = sys.modules[module_name(snippet)]
    new: dict[str, Any] = {"__name__": old.__name__}
    exec(compile(source, snippet.path, "exec", dont_inherit=True), new)
    for name, value in new.items():
        _replace(vars(old), name, value)


def _replace(owner: dict[str, Any], name: str, value: Any) -> None:
    before = owner.get(name)
    if isinstance(before, FunctionType) and isinstance(value, FunctionType):
        before.__code__, before.__defaults__ = value.__code__, value.__defaults__
        before.__kwdefaults__ = value.__kwdefaults__
    elif isinstance(before, type) and isinstance(value, type):
        for attribute in set(vars(before)) & set(vars(value)):
            _replace(dict(vars(before)), attribute, vars(value)[attribute])
    elif before is not value:
        for module in list(sys.modules.values()):
            names = (
                [n for n, v in vars(module).items() if v is before] if before is not None else []
            )
            if "tests." in module.__name__ or vars(module) is owner:
                for other in names:
                    setattr(module, other, value)


def in_fork(work: Callable[[], Any], cpu_seconds: float) -> Any:
    """Return what a function returns in a forked process, None if it dies or takes too long."""
    reader, writer = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if not child:
        try:
            signal.setitimer(signal.ITIMER_PROF, cpu_seconds)  # kills by default
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            os.dup2(silence, 2)
            os.write(writer, json.dumps(work()).encode())
        finally:
            os._exit(0)
    os.close(writer)
    # A busy machine gives a process a fraction of its time; one that sleeps gets no CPU at all.
    ready, _, _ = select.select([reader], [], [], 30 + 20 * cpu_seconds)
    answer = b"".join(iter(lambda: os.read(reader, 65536), b"")) if ready else b""
    os.close(reader)
    if not ready:
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return json.loads(answer) if answer else None


def module_name(snippet: Snippet) -> str:
    """Return the name by which tests import a snippet."""
    return snippet.name.removesuffix(".py").replace("/", ".")


def tests_of(snippet: Snippet) -> list[Path]:
    """Return the test files that import a snippet."""
    name = module_name(snippet)
    return [
        path
        for path in sorted((snippet.root / "tests").rglob("test_*.py"))
        if f"from {name} import" in path.read_text("utf-8")
    ]


def judge(snippet: Snippet, chosen: list[Mutant]) -> list[Verdict]:
    """Return the verdicts on some mutants of a snippet, in their order.

    Raises
    ------
    RuntimeError
        If a test or the demo fails without any fault, or the tests can't be collected.
    """
    tests = tests_of(snippet)
    plugin = Judge(snippet, chosen, snippet.root / CACHE / f"{module_name(snippet)}.json")
    importlib.import_module(module_name(snippet))
    if tests:
        options = [
            "-p",
            "no:terminal",
            "-p",
            "no:xdist",
            "-p",
            "no:randomly",
            "--capture=no",
            "--assert=plain",
        ]
        code = pytest.main([*options, *map(str, tests)], plugins=[plugin])
        if code:
            plugin.error = plugin.error or f"{snippet.name}: pytest ends with {code!r}"
    else:
        plugin._judge([Killer(DEMO, plugin._demo)])
    if plugin.error:
        raise RuntimeError(plugin.error)
    return plugin.verdicts


@dataclass(frozen=True)
class Task:
    """A snippet to judge, and how many of its mutants."""

    snippet: Snippet
    sample: int | None
    seed: int

    def run(self) -> list[Verdict] | str:
        """Return the verdicts, or what went wrong."""
        chosen = mutants(self.snippet)
        if self.sample and len(chosen) > self.sample:
            draw = random.Random(f"{self.seed} {self.snippet.name}")
            chosen = sorted(draw.sample(chosen, self.sample), key=chosen.index)
        try:
            return judge(self.snippet, chosen)
        except Exception as error:  # noqa: BLE001 - travels to the parent as text
            return f"{self.snippet.name}: {error}"


def main(arguments: list[str] | None = None) -> int:
    """Judge the chosen snippets, print the survivors and the shares; return the exit code."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="sections or snippet files; all if none is named")
    parser.add_argument("--sample", type=int, metavar="N", help="at most N mutants of each snippet")
    parser.add_argument("--seed", type=int, default=0, help="which sample")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes at a time")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    house = House(given.root.resolve())
    os.chdir(house.root)
    sys.path.insert(0, str(house.root))
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    tasks = [
        Task(snippet, given.sample, given.seed)
        for snippet in house.snippets
        if "function" in snippet.sections
        and (
            {snippet.name, snippet.path.parent.name, snippet.path.stem} & set(given.names)
            or not given.names
        )
    ]
    if not tasks:
        print("found no snippet function to break: name a section or a file of snippets/")
        return 1
    if any("sklearn" in task.snippet.source for task in tasks):
        importlib.import_module("proof.preload")  # once, for all forks
    killed: Counter[str] = Counter()
    total: Counter[str] = Counter()
    failed = False
    start = time.perf_counter()
    with multiprocessing.get_context("fork").Pool(given.jobs, maxtasksperchild=1) as pool:
        for task, verdicts in zip(tasks, pool.imap(Task.run, tasks)):
            snippet = task.snippet
            if isinstance(verdicts, str):
                failed = True
                print(verdicts, flush=True)
                continue
            section = snippet.path.parent.name
            survivors = [verdict.mutant for verdict in verdicts if verdict.killer is None]
            total[section] += len(verdicts)
            killed[section] += len(verdicts) - len(survivors)
            share = 1 - len(survivors) / max(1, len(verdicts))
            print(f"{snippet.name}: {share:.0%} of {len(verdicts)} killed", flush=True)
            for mutant in survivors:
                print(mutant, flush=True)
    print()
    for section in total:
        print(f"{section}: {killed[section] / total[section]:.1%} of {total[section]:,} killed")
    everything = sum(total.values())
    share = sum(killed.values()) / everything if everything else 0.0
    seconds = time.perf_counter() - start
    print(
        f"all: {share:.1%} of {everything:,} killed, in {seconds:.0f} s; at least {ENOUGH:.0%} is asked"
    )
    return int(failed or share < ENOUGH)


if __name__ == "__main__":
    raise SystemExit(main())
