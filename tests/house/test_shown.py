"""Check 3: the code that a reader sees and copies is what ran."""

from pathlib import Path

import pytest

from proof.files import Snippet
from proof.problem import demand, report
from proof.project import House
from tools import shown
from tools.site import Built, built_from

HOUSE = House()
FILES = {file.name: file for file in (*HOUSE.snippets, *HOUSE.figures)}
PAGES = sorted({snippet.page[1] for snippet in HOUSE.snippets if snippet.page})
FUNCTION = "import numpy as np\n\n\ndef double(x):\n    return 2 * x"
DEMO = 'print(f"twice: {double(2)}")\n#> twice: 4'


@pytest.mark.xdist_group("parsed pages")
@pytest.mark.parametrize("page", PAGES)
def test_blocks_are_what_ran_and_run_when_pasted(page: str, site: Path) -> None:
    problems, pasted = shown.check_page(built_from(page, site), FILES)
    assert pasted, f"{page} shows no snippet"
    for name, text in pasted.items():
        if not shown.same_program(text, FILES[name].source):  # else it ran, as the file
            problems += shown.check_pasted(name, page, text)
    demand(problems)


def test_pasted_blocks_run() -> None:
    snippet = FILES["snippets/data/drift_threshold.py"]
    text = "\n\n\n".join(section.code for section in snippet.sections.values())
    assert shown.same_program(text, snippet.source)
    assert shown.check_pasted(snippet.name, str(snippet.page), text) == []


@pytest.mark.parametrize(
    "old, new", [("import numpy as np\n", ""), ("seed", "seeds"), ("0.1", "0.2")]
)
def test_another_program_is_told_apart(old: str, new: str) -> None:
    snippet = FILES["snippets/data/drift_threshold.py"]
    text = "\n\n\n".join(section.code for section in snippet.sections.values())
    assert old in text
    assert not shown.same_program(text.replace(old, new), snippet.source)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Snippet]:
    path = tmp_path / "snippets/data/double.py"
    path.parent.mkdir(parents=True)
    lines = [
        "# --8<-- [start:function]",
        FUNCTION,
        "# --8<-- [end:function]",
        "if __name__ == '__main__':",
    ]
    lines += [
        "    # --8<-- [start:demo]",
        *("    " + line for line in DEMO.splitlines()),
        "    # --8<-- [end:demo]",
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return {"snippets/data/double.py": Snippet(path, tmp_path)}


def page_of(folder: Path, *blocks: str) -> Built:
    body = "".join(
        f'<div class="highlight"><span class="filename">snippets/data/double.py, demo</span>'
        f"<pre><code>{block}</code></pre></div>"
        for block in blocks
    )
    (folder / "index.html").write_text(f"<article>{body}</article>", "utf-8")
    return Built(folder / "index.html", folder)


def test_accepts_blocks_that_are_sections(files: dict[str, Snippet], tmp_path: Path) -> None:
    assert shown.check([page_of(tmp_path, FUNCTION, DEMO)], House(tmp_path)) == []


FAULTS = {
    "a changed letter": ((FUNCTION.replace("2 *", "3 *"), DEMO), "is no section of"),
    "a lost line": ((FUNCTION.replace("    return 2 * x", ""), DEMO), "is no section of"),
    "demo before function": ((DEMO, FUNCTION), "fails: NameError"),
    "demo alone": ((DEMO,), "fails: NameError"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_rejects(fault: str, files: dict[str, Snippet], tmp_path: Path) -> None:
    blocks, message = FAULTS[fault]
    (tmp_path / "docs").mkdir()
    assert message in report(shown.check([page_of(tmp_path, *blocks)], House(tmp_path)))


def test_rejects_output_that_pasted_code_does_not_print(tmp_path: Path) -> None:
    text = FUNCTION + "\n" + DEMO.replace("#> twice: 4", "#> twice: 5")
    assert "prints ['twice: 4'], the page shows ['twice: 5']" in report(
        shown.check_pasted("double.py", "docs/index.md", text)
    )


def test_an_empty_site_fails(small_house: House, tmp_path: Path) -> None:
    assert "found no code blocks" in report(shown.check([page_of(tmp_path)], small_house))
