"""Check 1: output lines are what the snippet printed, under the rules of the house."""

import subprocess
import sys
from pathlib import Path

import pytest

from proof import outputs, runner
from proof.problem import ROOT, report
from proof.project import House
from proof.registry import everything

DEMO = '    print(f"rows above the limit: {share:.1%}")\n'
OUTPUT = "    #> rows above the limit: 75.0%\n"
NAME = "snippets/data/shift.py"


def test_rejects_a_slow_snippet(broken, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outputs, "CPU_BUDGET", 1.0)
    slow = "    import time\n    while time.process_time() < 1.1: pass\n"
    house = broken(NAME, (DEMO, slow + DEMO))
    assert "s of CPU, imports included; the budget is 1" in report(everything(outputs, house))


def test_one_failing_snippet_does_not_hide_the_others(broken) -> None:
    house = broken(NAME, (DEMO, "    raise KeyError\n"))
    second = house.root / "snippets/data/second.py"
    second.write_text((house.root / NAME).read_text("utf-8"), "utf-8")
    problems = everything(outputs, House(house.root))
    assert [problem.file for problem in problems] == ["snippets/data/second.py", NAME]
    line = (house.root / NAME).read_text("utf-8").splitlines().index("    raise KeyError") + 1
    assert {problem.line for problem in problems} == {line}


def test_a_hanging_snippet_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "hangs.py"
    path.write_text("import threading; threading.Event().wait()", "utf-8")
    assert runner.run(path, timeout=1).error == "killed after 1 s of wall time"


def test_a_snippet_may_talk_to_a_server_that_it_starts(tmp_path: Path) -> None:
    (tmp_path / "serves.py").write_text(
        "import http.server, threading, urllib.request\n"
        "class Here(http.server.BaseHTTPRequestHandler):\n"
        "    def do_GET(self): self.send_error(404)\n"
        "    def log_message(self, *args): pass\n"
        "server = http.server.HTTPServer(('127.0.0.1', 0), Here)\n"
        "threading.Thread(target=server.handle_request).start()\n"
        "try: urllib.request.urlopen(f'http://127.0.0.1:{server.server_port}/')\n"
        "except urllib.error.HTTPError as error: print(error.code)\n"
        "server.server_close()\n",
        "utf-8",
    )
    result = runner.run(tmp_path / "serves.py")
    assert (result.error, result.printed) == (None, ["404"])


def test_a_snippet_may_import_what_python_has_not_compiled_yet(tmp_path: Path) -> None:
    """Where an installer compiled nothing, Python would write its cache in the middle of a run."""
    (tmp_path / "lately.py").write_text("", "utf-8")
    code = (
        "import sys; from proof.runner import obey\n"
        "sys.dont_write_bytecode = False\n"
        f"forbidden = obey(''); sys.path.insert(0, {str(tmp_path)!r}); import lately\n"
        "sys.exit(str(forbidden) if forbidden else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_each_snippet_starts_afresh(tmp_path: Path) -> None:
    for name in ("first.py", "second.py"):
        (tmp_path / name).write_text(
            "import numpy as np\nprint(hasattr(np, 'left_behind'))\nnp.left_behind = 1\n", "utf-8"
        )
        assert runner.run(tmp_path / name).printed == ["False"]


def test_update_writes_what_was_printed(broken) -> None:
    house = broken(NAME, (OUTPUT, ""), ("limit=0.3", "limit=0.5"))
    assert outputs.update(house) == [house.root / NAME]
    assert "    #> rows above the limit: 50.0%\n" in (house.root / NAME).read_text("utf-8")
    assert outputs.update(House(house.root)) == []


def test_update_places_output_below_a_print_of_several_lines(tmp_path: Path) -> None:
    path = tmp_path / "long.py"
    path.write_text('value = 1\nprint(\n    f"a {value} "\n    f"b"\n)\n', "utf-8")
    assert (
        runner.run(path).updated == 'value = 1\nprint(\n    f"a {value} "\n    f"b"\n)\n#> a 1 b\n'
    )
