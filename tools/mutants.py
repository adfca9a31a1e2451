"""Break the functions of snippets on purpose, and count how many breaks their tests notice.

    make mutants ARGS="drift_threshold"   one snippet; or several, or a section: ARGS="data"

mutmut makes the faults and runs, for each, the tests that reach it. What survives is a line that could
be wrong without anybody knowing. Exit code 1 if fewer than 95 % are killed. What all snippets share to
the letter (tools/templates/door.py) is not broken a hundred times.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from proof.files import Snippet
from proof.project import House
from proof.stated import test_file
from tools import door
from tools.safety import copy_to

ENOUGH = 0.95
KILLED = {"killed", "timeout", "suspicious", "segfault", "caught by type check"}
# A broken text of an error is no fault of the function: its tests ask that it names the argument.
SETTINGS = """
[tool.mutmut]
source_paths = ["snippets"]
also_copy = ["."]
pytest_add_cli_args = ["-p", "no:xdist"]
do_not_mutate_patterns = ["raise "]
"""


def chosen(arguments: list[str], house: House) -> list[Snippet]:
    """Return the snippets with a function that are named by file or by section; all if none is named."""
    known = [s for s in house.snippets if "function" in s.sections and s.page]
    found = [
        s
        for s in known
        if not arguments or {s.path.stem, s.path.parent.name, s.name} & {*arguments}
    ]
    if not found:
        raise SystemExit(f"no snippet with a function is called {' '.join(arguments)}")
    return found


def functions(snippet: Snippet) -> list[str]:
    """Return mutmut's patterns for the functions of a snippet, but for those that all snippets share."""
    shared = door.idiom()
    module = snippet.name.removesuffix(".py").replace("/", ".")
    own = [node.name for node in snippet.tree.body if isinstance(node, ast.FunctionDef)]
    return [f"{module}.x_{name}__mutmut_*" for name in own if name not in shared] + [
        f"{module}.xǁ*"
    ]


def judge(snippet: Snippet) -> tuple[int, list[str]]:
    """Return how many faults were made in a snippet, and those that nobody noticed, as a diff each."""
    assert snippet.page is not None  # see chosen
    with tempfile.TemporaryDirectory() as folder:
        copy_to(Path(folder))  # mutmut works in the folder that it breaks
        with (Path(folder) / "pyproject.toml").open("a", encoding="utf-8") as project:
            test = test_file(snippet.page[1])
            selection = f"only_mutate = {json.dumps([snippet.name])}\npytest_add_cli_args_test_selection = {json.dumps([test])}\n"  # fmt: skip
            project.write(SETTINGS + selection)

        def mutmut(*arguments: str) -> str:
            command = [sys.executable, "-m", "mutmut", *arguments]
            return subprocess.run(
                command, cwd=folder, capture_output=True, text=True, check=False
            ).stdout

        said = mutmut("run", *functions(snippet))
        found = re.findall(r"^ *(\S+): (.+)$", mutmut("results", "--all", "true"), re.MULTILINE)
        made = [(name, state) for name, state in found if state != "not checked"]
        if not made:
            raise SystemExit(f"{snippet.name}: nothing was tried\n{said[-2000:]}")
        return len(made), [mutmut("show", name) for name, state in made if state not in KILLED]


def main(arguments: list[str]) -> int:
    """Break the chosen snippets; return the exit code."""
    made, missed = 0, 0
    for snippet in chosen(arguments, House()):
        faults, survivors = judge(snippet)
        made, missed = made + faults, missed + len(survivors)
        changed = [
            line for diff in survivors for line in diff.splitlines() if re.match(r"[-+] ", line)
        ]
        print(
            f"{snippet.name}: {faults - len(survivors)} of {faults} killed",
            *changed,
            sep="\n",
            flush=True,
        )
    share = 1 - missed / made
    print(f"\nall: {share:.1%} of {made} killed; at least {ENOUGH:.0%} is asked")
    return 0 if share >= ENOUGH else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
