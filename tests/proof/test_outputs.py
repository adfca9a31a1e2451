"""Check 1: output lines are what the snippet printed, under the rules of the house."""

from pathlib import Path

import pytest

from proof import outputs, runner
from proof.problem import report
from proof.project import House
from proof.registry import everything

DEMO = '    print(f"rows above the limit: {share:.1%}")\n'
OUTPUT = "    #> rows above the limit: 75.0%\n"
NAME = "snippets/data/shift.py"


def test_accepts_the_small_house(small_house: House) -> None:
    assert everything(outputs, small_house) == []


FAULTS = {
    "stale": (OUTPUT, OUTPUT.replace("75", "74"), "the page shows"),
    "missing": (OUTPUT, "", "0 output lines are shown, the run printed 1"),
    "orphan": (OUTPUT, OUTPUT + "    #> more rows: 3\n", "the run printed 1"),
    "under a print that never runs": (
        OUTPUT,
        OUTPUT + '    if not share:\n        print("none")\n        #> none\n',
        "the run printed 1",
    ),
    "typed by hand": (
        OUTPUT, OUTPUT + '    print("more rows: 3")\n    #> more rows: 3\n', "prints 3, a number typed by hand",
    ),
    "typed by hand in an f-string": (DEMO, '    print(f"rows above the limit: {share:.1%}, of 99.3% before")\n', "prints 99.3, a number typed by hand"),
    "a verdict of a clock": (
        DEMO, "    import time\n    start = time.time()\n    took = time.time() - start\n    print(took < 5)\n",
        "which a clock has measured",
    ),
    "has no seed": (
        DEMO, '    print(f"rows above the limit: {np.random.default_rng().random():.9f}")\n', "seed every generator",
    ),
    "raises": (DEMO, '    raise KeyError("column")\n', "KeyError: 'column'"),
    "exits": (DEMO, "    raise SystemExit(0)\n", "SystemExit"),
    "interrupts": (DEMO, "    raise KeyboardInterrupt\n", "KeyboardInterrupt"),
    "dies": (DEMO, "    import os; os._exit(3)\n", "died without a word (exit code 3)"),
    "warns": (DEMO, '    import warnings; warnings.warn("old")\n', "UserWarning: old"),
    "does not parse": (DEMO, "    print(\n", "SyntaxError"),
    "reads the network": (
        DEMO,
        '    import urllib.request; urllib.request.urlopen("http://127.0.0.2:9")\n',
        "reads the network",
    ),
    "hides that it reads the network": (
        DEMO,
        "    import socket\n    try: socket.create_connection(('127.0.0.2', 9))\n    except Exception: pass\n" + DEMO,
        "reads the network",
    ),
    "writes a file": (DEMO, '    open("x.txt", "w").write("x")\n', "writes the file"),
    "runs a program": (DEMO, '    import subprocess; subprocess.run(["true"])\n', "starts another program"),
    "shows output that nobody printed": (
        OUTPUT,
        OUTPUT + "    '''\n    more rows: 3\n    '''\n",
        "a string that nothing uses",
    ),
    "imports a neighbour": (
        "import numpy as np\n",
        "import numpy as np\nfrom snippets.data import other\n",
        "imports 'snippets.data'",
    ),
    "imports what its header lacks": (
        "import numpy as np\n",
        "import numpy as np\nimport pandas\n",
        "imports 'pandas', which its header does not list",
    ),
    "lists what it does not import": (
        '["numpy>=2.0"]',
        '["numpy>=2.0", "scipy>=1.13"]',
        "lists 'scipy', which it never imports",
    ),
    "has no header": ("# /// script\n", "", "has no script header"),
    "prints two lines at once": (DEMO, '    print("a\\nb")\n', "more than one line"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_rejects(fault: str, broken) -> None:
    old, new, message = FAULTS[fault]
    house = broken(NAME, (old, new))
    problems = everything(outputs, house)
    assert message in report(problems)
    assert all(str(problem).startswith(f"{NAME}:") and problem.mend for problem in problems)


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


def test_an_empty_house_fails(tmp_path: Path) -> None:
    (tmp_path / "snippets").mkdir()
    assert "found no snippets to check" in report(everything(outputs, House(tmp_path)))
