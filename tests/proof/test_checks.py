"""Each check of proof/ accepts the small house, sees these faults in it, and fails where there is nothing."""

from pathlib import Path

import pytest

from proof import assertions, embeds, figures, numbers, outputs, sources, stated
from proof.problem import report
from proof.project import House
from proof.registry import everything
from tests.small_house import Fault, said, said_of_nothing

PAGE, SNIPPET, TEST = "docs/data/shift.md", "snippets/data/shift.py", "tests/data/test_shift.py"
FIGURE, DRAWING = "docs/data/figures/shift.py", "docs/data/figures/shift.svg"
LEDGER = "docs/reference/sources.md"
DEMO = '    print(f"rows above the limit: {share:.1%}")\n'
OUTPUT = "    #> rows above the limit: 75.0%\n"
EMBED = '--8<-- "snippets/data/shift.py:function"'
SENTENCE = "A lower limit lets more rows through."
HOLDS = """    claim.effect("share", share, knob="limit", on=1, off=0)
    claim.limit("With one row it does not.", "share", share, below=0.5)
"""
FAULTS = [
    Fault(outputs, "stale", SNIPPET, OUTPUT, "    #> rows above the limit: 74.0%\n", "the page shows"),
    Fault(outputs, "missing", SNIPPET, OUTPUT, "", "0 output lines are shown, the run printed 1"),
    Fault(outputs, "orphan", SNIPPET, OUTPUT, OUTPUT + "    #> more rows: 3\n", "the run printed 1"),
    Fault(outputs, "set apart by a formatter", SNIPPET, OUTPUT, OUTPUT + "    # > rows above the limit: 74.0%\n", "a comment that looks like output"),
    Fault(outputs, "under a print that never runs", SNIPPET, OUTPUT, OUTPUT + '    if not share:\n        print("none")\n        #> none\n', "the run printed 1"),
    Fault(outputs, "typed by hand", SNIPPET, OUTPUT, OUTPUT + '    print("more rows: 3")\n    #> more rows: 3\n', "prints 3, a number typed by hand"),
    Fault(outputs, "typed by hand in an f-string", SNIPPET, DEMO, '    print(f"rows above the limit: {share:.1%}, of 99.3% before")\n', "prints 99.3, a number typed by hand"),
    Fault(outputs, "a verdict of a clock", SNIPPET, DEMO, "    import time\n    start = time.time()\n    took = time.time() - start\n    print(took < 5)\n", "which a clock has measured"),
    Fault(outputs, "has no seed", SNIPPET, DEMO, '    print(f"rows above the limit: {np.random.default_rng().random():.9f}")\n', "seed every generator"),
    Fault(outputs, "a generator without a seed", SNIPPET, DEMO, "    np.random.default_rng()\n" + DEMO, "default_rng() has no seed"),
    Fault(outputs, "lets a library draw without a seed", SNIPPET, DEMO, "    np.random.shuffle([1, 2])\n" + DEMO, "draws from numpy's global generator"),
    Fault(outputs, "raises", SNIPPET, DEMO, '    raise KeyError("column")\n', "KeyError: 'column'"),
    Fault(outputs, "exits", SNIPPET, DEMO, "    raise SystemExit(0)\n", "SystemExit"),
    Fault(outputs, "interrupts", SNIPPET, DEMO, "    raise KeyboardInterrupt\n", "KeyboardInterrupt"),
    Fault(outputs, "dies", SNIPPET, DEMO, "    import os; os._exit(3)\n", "died without a word (exit code 3)"),
    Fault(outputs, "warns", SNIPPET, DEMO, '    import warnings; warnings.warn("old")\n', "UserWarning: old"),
    Fault(outputs, "does not parse", SNIPPET, DEMO, "    print(\n", "SyntaxError"),
    Fault(outputs, "reads the network", SNIPPET, DEMO, '    import urllib.request; urllib.request.urlopen("http://127.0.0.2:9")\n', "reads the network"),
    Fault(outputs, "hides that it reads the network", SNIPPET, DEMO, "    import socket\n    try: socket.create_connection(('127.0.0.2', 9))\n    except Exception: pass\n" + DEMO, "reads the network"),
    Fault(outputs, "writes a file", SNIPPET, DEMO, '    open("x.txt", "w").write("x")\n', "writes the file"),
    Fault(outputs, "writes a file by its number", SNIPPET, DEMO, '    import os; open(os.open("x.txt", os.O_WRONLY | os.O_CREAT), "w")\n', "writes the file 'x.txt'"),
    Fault(outputs, "runs a program", SNIPPET, DEMO, '    import subprocess; subprocess.run(["true"])\n', "starts another program"),
    Fault(outputs, "shows output that nobody printed", SNIPPET, OUTPUT, OUTPUT + "    '''\n    more rows: 3\n    '''\n", "a string that nothing uses"),
    Fault(outputs, "imports a neighbour", SNIPPET, "import numpy as np\n", "import numpy as np\nfrom snippets.data import other\n", "imports 'snippets.data'"),
    Fault(outputs, "imports what its header lacks", SNIPPET, "import numpy as np\n", "import numpy as np\nimport pandas\n", "imports 'pandas', which its header does not list"),
    Fault(outputs, "lists what it does not import", SNIPPET, '["numpy>=2.0"]', '["numpy>=2.0", "scipy>=1.13"]', "lists 'scipy', which it never imports"),
    Fault(outputs, "has no header", SNIPPET, "# /// script\n", "", "has no script header"),
    Fault(outputs, "prints two lines at once", SNIPPET, DEMO, '    print("a\\nb")\n', "more than one line"),
    Fault(figures, "another drawing", DRAWING, 'class="fig"', 'class="fig x"', "is not what docs/data/figures/shift.py draws"),
    Fault(figures, "another script", FIGURE, "[0.2, 0.4, 0.6, 0.9]", "[0.2, 0.4, 0.6, 0.8]", "is not what docs/data/figures/shift.py draws"),
    Fault(figures, "draws without a seed", FIGURE, "    values =", "    import numpy; numpy.random.shuffle([1, 2])\n    values =", "draws from numpy's global generator"),
    Fault(figures, "no numbers", FIGURE, "is {share:.1%}, which", "is large, which", "has no description with the numbers", redrawn=True),
    Fault(figures, "typed by hand", FIGURE, "{share:.1%}", "75.0%", "writes 75.0, a number typed by hand"),
    Fault(figures, "short title", FIGURE, 'The share of rows above the limit"', 'Share"', "has no title", redrawn=True),
    Fault(figures, "own colour", FIGURE, 'label="rows"', 'label="rows", color="#ff0000"', "has fixed colours: #ff0000", redrawn=True),
    Fault(figures, "script inside", DRAWING, "</svg>", "<script>1</script></svg>", "holds a script"),
    Fault(embeds, "no such file", PAGE, EMBED, '--8<-- "snippets/data/shft.py:function"', "does not exist"),
    Fault(embeds, "no such section", PAGE, EMBED, '--8<-- "snippets/data/shift.py:main"', "has no section 'main'"),
    Fault(embeds, "whole file", PAGE, EMBED, '--8<-- "snippets/data/shift.py"', "has no section None"),
    Fault(embeds, "line range", PAGE, EMBED, '--8<-- "snippets/data/shift.py:3:6"', "embeds lines '3:6'"),
    Fault(embeds, "typing error", PAGE, EMBED, '--8<- "snippets/data/shift.py:function"', "is no embed"),
    Fault(embeds, "trailing space", PAGE, EMBED, '--8<-- "snippets/data/shift.py:function" ', "is no embed"),
    Fault(embeds, "untitled fence", PAGE, '```python title="snippets/data/shift.py"', "```python", "does not name"),
    Fault(embeds, "section never shown", PAGE, EMBED, "", "no page shows section 'function'"),
    Fault(embeds, "figure never shown", PAGE, '--8<-- "docs/data/figures/shift.svg"', "", "no page shows its drawing"),
    Fault(embeds, "typed by hand", PAGE, "See below.", "```py\nx = 1\n```", "Python typed by hand"),
    Fault(embeds, "typed by hand, tildes", PAGE, "See below.", "~~~ {.python}\nx = 1\n~~~", "Python typed by hand"),
    Fault(embeds, "fence without an embed", PAGE, EMBED + "\n", "", "a fence without its embed"),
    Fault(embeds, "file of this machine", PAGE, EMBED, '--8<-- "/etc/hostname"', "embeds '/etc/hostname', which is no file of this repository"),
    Fault(figures, "own colour, not drawn yet", FIGURE, 'label="rows"', 'label="rows", color="#ff0000"', "has fixed colours: #ff0000"),
    Fault(embeds, "never ends", SNIPPET, "# --8<-- [end:function]\n", "", "section 'function' never ends"),
    Fault(embeds, "never starts", SNIPPET, "# --8<-- [start:function]\n", "", "section 'function' ends without a start"),
    Fault(embeds, "runs in secret", SNIPPET, "# --8<-- [end:demo]", "# --8<-- [end:demo]\n    print(share_above)", "runs what no section shows"),
    Fault(embeds, "runs at import", SNIPPET, "# SPDX", "np = None\n# SPDX", "runs what no section shows"),
    Fault(embeds, "starts twice", SNIPPET, "    share = share", "    # --8<-- [start:function]\n    share = share", "starts twice"),
    Fault(embeds, "marker after code", SNIPPET, "# --8<-- [end:function]", "x = 1  # --8<-- [end:function]", "is no section marker"),
    Fault(embeds, "empty section", SNIPPET, "# --8<-- [end:function]", "# --8<-- [end:function]\n# --8<-- [start:e]\n# --8<-- [end:e]", "section 'e' is empty"),
    Fault(sources, "unknown source", PAGE, "trial.[^doe-2020]", "trial.[^roe-2021]", "cites 'roe-2021'"),
    Fault(sources, "other wording", PAGE, "J. Doe, *Shares*", "Doe, *Shares*", "footnotes are not those of the ledger"),
    Fault(sources, "no figures", LEDGER, "- **Figures**: 12.5%\n", "", "has no line **Figures**"),
    Fault(sources, "another year", LEDGER, "*Shares*, 2020", "*Shares*, 2019", "not cited with the year 2020"),
    Fault(sources, "another address", LEDGER, "*Shares*, 2020.", "*Shares*, 2020, [arXiv 2001.12345](https://arxiv.org/abs/2001.12346).", "does not hold 12345 of 'arXiv 2001.12345'"),
    Fault(sources, "from the future", LEDGER, "2026-11-23, read", "2062-11-23, read", "was checked in the future"),
    Fault(sources, "no date", LEDGER, "2026-11-23, read", "Read", "has no date"),
    Fault(stated, "test that pytest does not see", TEST, "def test_lower_limit", "if None:\n  def test_lower_limit", "no test holds the claim"),
    Fault(stated, "another sentence in the test", TEST, SENTENCE, SENTENCE + " Always.", "no test holds the claim"),
    Fault(stated, "another sentence on the page", PAGE, SENTENCE, "A higher limit does.", "no page states the claim"),
    Fault(stated, "no fixture", TEST, "(claim)", "()", "no test holds the claim"),
    Fault(stated, "no sentence", PAGE, f'claim "{SENTENCE}"', "claim", "a claim without a sentence"),
    Fault(stated, "no full stop", PAGE, SENTENCE, SENTENCE[:-1], "the claim is no sentence"),
    Fault(stated, "stated twice", PAGE, "    See below.", f'    See below.\n\n!!! claim "{SENTENCE}"\n', "stands twice"),
    Fault(stated, "held twice", TEST, "def test_bad", f'def test_again(claim):\n    """{SENTENCE}"""\n\n\ndef test_bad', "two tests hold"),
    Fault(stated, "stale ledger", "docs/reference/claims.md", SENTENCE, "Something else.", "the claims page is stale"),
    Fault(assertions, "no assertion", TEST, HOLDS, "", "test_lower_limit asserts nothing"),
    Fault(assertions, "only a call", TEST, HOLDS, "    print(claim)\n", "test_lower_limit asserts nothing"),
    Fault(assertions, "helper without assertion", TEST, HOLDS, "    look()\n\n\ndef look():\n    look()\n", "test_lower_limit asserts nothing"),
    Fault(assertions, "skipped inside", TEST, HOLDS, '    pytest.skip("slow")\n' + HOLDS, "can be skipped: pytest.skip"),
    Fault(assertions, "skipped by a mark", TEST, "def test_lower", "@pytest.mark.skipif(True)\ndef test_lower", "can be skipped: pytest.mark.skipif"),
    Fault(assertions, "expected to fail", TEST, "def test_lower", "@pytest.mark.xfail\ndef test_lower", "can be skipped"),
    Fault(assertions, "skip by its own name", TEST, "def test_lower", "from pytest import skip\n\n\ndef test_lower", "can be skipped: from pytest import skip"),
    Fault(assertions, "looks away", TEST, HOLDS, "    demand(problems[:0])\n" + HOLDS, "a part of the problems only: problems[:0]"),
    Fault(assertions, "another fixture called claim", TEST, "def test_lower", '@pytest.fixture(name="claim")\ndef quiet():\n    ...\n\n\ndef test_lower', "`claim` of its own"),
    Fault(assertions, "another claim", TEST, "def test_lower", "def claim():\n    ...\n\n\ndef test_lower", "`claim` of its own"),
]  # fmt: skip
CHECKS = [*dict.fromkeys(fault.check for fault in FAULTS), numbers]


@pytest.mark.parametrize("check", CHECKS)
def test_accepts(check, small_house: House) -> None:
    assert report(everything(check, small_house)) == ""


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_rejects(fault: Fault, broken) -> None:
    assert fault.said in said(fault, broken)


@pytest.mark.parametrize("check", CHECKS)
def test_fails_where_there_is_nothing(check, tmp_path: Path) -> None:
    assert "found no " in said_of_nothing(check, tmp_path)
