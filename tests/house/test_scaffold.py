"""The scaffold: its page passes every check unedited, and a beginner's mistakes get an answer."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from proof import outputs, registry
from proof.problem import ROOT, Problem, demand, report
from proof.project import House, page_named
from tools import addresses, headers, scaffold, shown, site

SECTION, NAME = "example", "lucky-winner"
PAGE, INDEX = f"docs/{SECTION}/{NAME}.md", f"docs/{SECTION}/index.md"
SNIPPET = f"snippets/{SECTION}/lucky_winner.py"
FIGURE = f"docs/{SECTION}/figures/lucky_winner.py"
SECOND = "second-try"
GLOSSARY = """\
---
title: Glossary
description: Terms.
---

# Glossary

## Test set { #test-set }

The rows on which a model is judged.
"""
REFERENCE = """\
---
title: Reference
description: Ledgers.
---

# Reference

## Licence { #licence }

MIT.
"""
TEST = f"tests/{SECTION}/test_lucky_winner.py"
NEEDED = (".gitignore", "tools", "proof", "theme", "docs/assets", "docs/reference/sources.md", "pyproject.toml", "requirements-test.txt", "tests/conftest.py")  # fmt: skip


def empty_house(root: Path) -> Path:
    """Copy what every page needs: the machinery, the ledger of sources, and no page but the home."""
    for name in NEEDED:
        source, target = ROOT / name, root / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    (root / addresses.LIST).unlink()  # those of pages that are not here
    (root / "snippets").mkdir()
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)  # which files count, git says
    (root / "docs/index.md").write_text(
        "---\ntitle: Home\ndescription: Home.\n---\n\n# Home\n", "utf-8"
    )
    (root / "docs/reference/glossary.md").write_text(GLOSSARY, "utf-8")
    (root / "docs/reference/index.md").write_text(REFERENCE, "utf-8")
    config = (ROOT / "mkdocs.yml").read_text("utf-8").partition("\nnav:\n")[0]
    reference = ("sources", "claims", "glossary", "catalogue", "topics", "index")
    nav = "  - Home: index.md\n  - Reference:\n"
    nav += "".join(f"      - reference/{page}.md\n" for page in reference)
    (root / "mkdocs.yml").write_text(f"{config}\nnav:\n{nav}", "utf-8")
    # Keep of the ledger what the example cites: an entry that nobody cites is a problem.
    ledger = root / "docs/reference/sources.md"
    head, *entries = re.split(r"(?m)^(?=### )", ledger.read_text("utf-8"))
    page = (scaffold.TEMPLATES / "page.md").read_text("utf-8")
    cited = [entry for entry in entries if f"[^{re.search(r'{#([^}]+)}', entry)[1]}]" in page]
    head = re.sub(r"\[([^\]]+)\]\((?:sources-\w+|law)\.md\)", r"\1", head)
    ledger.write_text(head + cited[0].split("\n## ")[0].rstrip() + "\n", "utf-8", newline="\n")
    return root


@pytest.fixture(scope="module")
def scaffolded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small checkout with two pages made by the scaffold."""
    root = empty_house(tmp_path_factory.mktemp("scaffolded"))
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(root)  # figures import the snippets
        assert scaffold.faults(root, SECTION, NAME) == []
        scaffold.write(root, SECTION, NAME)
        scaffold.write(root, SECTION, SECOND)  # a topic leads from page to page
    return root


@pytest.fixture
def edited(
    scaffolded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., House]:
    """Return a function that replaces text in the scaffolded files and returns the house."""
    monkeypatch.syspath_prepend(tmp_path)

    monkeypatch.delitem(sys.modules, SNIPPET.removesuffix(".py").replace("/", "."), raising=False)

    def edit(*changes: tuple[str, str, str]) -> House:
        for floor in ("docs", "snippets", "tests", ".git"):
            shutil.copytree(scaffolded / floor, tmp_path / floor)
        (tmp_path / addresses.LIST).parent.mkdir()
        for name in (".gitignore", "mkdocs.yml", "pyproject.toml", addresses.LIST):
            shutil.copyfile(scaffolded / name, tmp_path / name)
        for name, old, new in changes:
            text = (tmp_path / name).read_text("utf-8")
            assert old in text, f"{name} does not hold {old!r}"
            (tmp_path / name).write_text(text.replace(old, new), "utf-8")
        return House(tmp_path)

    return edit


def mend(house: House) -> list[Path | Problem]:
    """Do what `make fix PAGE=…` does."""
    done = registry.fix(house)
    fresh = House(house.root)
    return done + registry.update(fresh, page_named(fresh, NAME))


def all_of(house: House) -> list[Problem]:
    """Return what `make check PAGE=…` says, but for the build and the tests."""
    return [*registry.read(house), *registry.run(house, page_named(house, NAME))]


def test_an_unedited_page_passes_every_check(edited, scaffolded: Path, tmp_path: Path) -> None:
    house = edited()
    demand(all_of(house))
    update_again = registry.update(house)
    assert update_again == [], "the scaffold left something for make update"
    site.build(tmp_path / "site", scaffolded)
    demand(site.check(tmp_path / "site"))
    demand(shown.check(site.pages(tmp_path / "site"), House(scaffolded)))


# What a beginner does, in which file and at which line it is found, what it says, what mends it.
CLAIM = "the best of a hundred guessing models looks clearly better than a coin"
DEMO = f'--8<-- "{SNIPPET}:demo"'
MISTAKES: dict[str, tuple[list[tuple[str, str, str]], str, str, str, str]] = {
    "a wrong digit": (
        [(PAGE, "in 67%", "in 76%")],
        PAGE, "in 76%", "the nearest is snippets/example/lucky_winner.py:", "Say it as the output line says it",
    ),
    "output typed by hand": (
        [(SNIPPET, "#> 100 guessing models, 100 rows: the best is right in 67%", "#> 100 guessing models, 100 rows: the best is right in 99%")],
        SNIPPET, "99%", "the run printed '100 guessing models, 100 rows: the best is right in 67%'", "make update",
    ),
    "a state that draws nothing": (
        [(FIGURE, "    axes.plot(", "    print(")],
        FIGURE, "", "draws nothing", "KNOB with measure, frame and draw",
    ),
    "an unknown footnote": (
        [(PAGE, "[^dodge-2019]", "[^dogde-2019]")],
        PAGE, "dogde-2019", "cites 'dogde-2019', which the ledger lacks", "mend the id",
    ),
    "code typed by hand": (
        [(PAGE, "## Pitfalls", "```python\nprint(1)\n```\n\n## Pitfalls")],
        PAGE, "```python", "Python typed by hand", "Put the code in a snippet",
    ),
    "a test that is no Python": (
        [(TEST, "bounds=bounds)", "bounds=bounds")],
        TEST, "names_bad_input(", "is no Python: '(' was never closed", "Mend this line",
    ),
    "a snippet that is no Python": (
        [(SNIPPET, "return float(right.max() / rows)", "return float(right.max() / rows  # größer")],
        SNIPPET, "return float", "is no Python: '(' was never closed", "Mend this line",
    ),
    "an error in the demo": (
        [(SNIPPET, "for rows in (100, 10_000):", "for rows in (100, 10_000, rows):")],
        SNIPPET, "for rows in", "NameError", "-W error",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", ["a test", "a snippet"])
def test_a_file_that_does_not_parse_is_one_problem_and_hides_no_other(what: str, edited) -> None:
    house = edited(*MISTAKES[f"{what} that is no Python"][0], *MISTAKES["a wrong digit"][0])
    problems = registry.read(house)
    seen = ["is no Python" in p.what or "76% in" in p.what for p in problems]
    assert seen == [True, True], report(problems)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_beginners_mistake_gets_an_answer(mistake: str, edited) -> None:
    changes, file, near, what, mend = MISTAKES[mistake]
    house = edited(*changes)
    runs = {file for file, _, _ in changes} & {SNIPPET, FIGURE}
    problems = all_of(house) if runs else registry.read(house)
    answers = [p for p in problems if p.file == file and what in p.what and mend in p.mend]
    assert answers, report(problems)
    assert near in (house.root / file).read_text("utf-8").splitlines()[answers[0].line - 1]
    assert len(problems) <= 6, f"one mistake, {len(problems)} messages:\n{report(problems)}"


def test_a_slow_snippet_gets_an_answer(edited, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outputs, "CPU_BUDGET", 0.0)
    (first, *_) = [p for p in all_of(edited()) if p.file == SNIPPET]
    assert "s of CPU, imports included; the budget is" in first.what and "fewer rows" in first.mend


def test_all_mistakes_of_one_change_are_shown_at_once(edited) -> None:
    """Each in another file or line, so that none hides behind another."""
    together = ["a wrong digit", "output typed by hand", "a state that draws nothing",
                "an unknown footnote", "code typed by hand"]  # fmt: skip
    message = report(all_of(edited(*(c for name in together for c in MISTAKES[name][0]))))
    for name in together[1:]:
        assert MISTAKES[name][3] in message
    assert "76% in" in message


def test_what_the_build_says_names_file_and_line(scaffolded: Path, tmp_path: Path) -> None:
    root = tmp_path / "house"
    shutil.copytree(scaffolded, root)
    page, config = root / PAGE, root / "mkdocs.yml"
    links = "[a](gone.md), [b](index.md#gone) and ![c](gone.png)\n"
    page.write_text(page.read_text("utf-8") + links, "utf-8")
    entry = f"      - Lucky winner: {SECTION}/{NAME}.md\n"
    assert entry in config.read_text("utf-8")
    nav = config.read_text("utf-8").replace(entry, f"      - Gone: {SECTION}/gone.md\n")
    config.write_text(nav, "utf-8")
    with pytest.raises(site.BuildFailed) as failed:
        site.build(tmp_path / "site", root)
    found = {(p.file, p.line, p.what) for p in failed.value.problems}
    last = len(page.read_text("utf-8").splitlines())
    gone = nav.splitlines().index(f"      - Gone: {SECTION}/gone.md") + 1
    assert found == {
        (PAGE, last, "the link 'gone.md' leads nowhere"),
        (PAGE, last, "the link 'index.md#gone' leads to no heading"),
        (PAGE, last, "the link 'gone.png' leads nowhere"),
        (PAGE, 1, "the navigation does not list this page"),
        ("mkdocs.yml", gone, f"lists {SECTION}/gone.md, which does not exist"),
    }
    assert f"- Its title: {SECTION}/{NAME}.md" in report(failed.value.problems)


def test_tests_pass_unedited_and_answer_a_claim_without_null_and_unchecked_input(
    scaffolded: Path, tmp_path: Path
) -> None:
    """Three pages in one run: one as the scaffold wrote it, one broken, one that does not parse."""
    root = tmp_path / "house"
    shutil.copytree(scaffolded, root)
    test, snippet = (
        root / f"tests/{SECTION}/test_second_try.py",
        root / f"snippets/{SECTION}/second_try.py",
    )
    test.write_text(
        re.sub(r"\n +claim\.effect\(.*?\n    \)", "", test.read_text("utf-8"), flags=re.DOTALL),
        "utf-8",
    )
    snippet.write_text(
        snippet.read_text("utf-8").replace('_whole("models", models, 1)\n', "None\n"), "utf-8"
    )
    (root / f"tests/{SECTION}/test_broken.py").write_text("import nothing_of_this_name\n", "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "tests"]
    said = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False).stdout
    assert "2 failed, 4 passed, 1 error" in said, said
    assert "No module named 'nothing_of_this_name'" in said
    assert re.search(
        rf"tests/{SECTION}/test_second_try\.py:\d+: .*never called claim\.effect", said
    )
    assert re.search(
        rf"snippets/{SECTION}/second_try\.py:\d+: best_of_guesses lets bad input in", said
    )
    assert "mend: Call claim.effect" in said
    assert "mend: Check models at its top and raise a ValueError that names it." in said


@pytest.mark.parametrize(
    ("section", "name", "message"),
    [
        ("Data", "my-page", "SECTION='Data': one lower-case word"),
        ("my-data", "my-page", "SECTION='my-data': one lower-case word"),
        ("../data", "my-page", "SECTION='../data'"),
        ("class", "my-page", "another meaning"),
        ("reference", "my-page", "another meaning"),
        ("data", "My Page", "NAME='My Page': lower-case words"),
        ("data", "my_page", "NAME='my_page': lower-case words"),
        ("data", "größe", "NAME='größe': lower-case words"),
        ("data", "top-10", "write numbers as words"),
        ("data", "random", "add a word, such as random-report"),
        ("data", "no", "add a word, such as no-report"),
        ("data", "con", "add a word, such as con-report"),
        ("data", "import", "add a word, such as import-report"),
        ("data", "index", "add a word, such as index-report"),
        ("data", "drift-threshold", "is taken by docs/data/drift-threshold.md"),
        ("lifecycle", "drift-threshold", "is taken by docs/data/drift-threshold.md"),
        ("data", "drift-report", "snippets/data/drift_report.py exists"),
    ],
)  # fmt: skip
def test_names_that_cannot_be_used_are_explained(section: str, name: str, message: str) -> None:
    assert message in "\n".join(scaffold.faults(ROOT, section, name))


def test_the_command_says_what_it_wants(capsys: pytest.CaptureFixture[str]) -> None:
    assert scaffold.main([]) == scaffold.main(["data", ""]) == 2
    assert "make page SECTION=data NAME=drift-threshold" in capsys.readouterr().err
    assert scaffold.main(["data", "index"]) == 2
    assert "index-report" in capsys.readouterr().err


def test_a_page_enters_the_navigation_behind_the_last_of_its_section() -> None:
    config = (ROOT / "mkdocs.yml").read_text("utf-8")
    fresh = scaffold.with_entry(config, "data", "my-page")
    before, after = config.splitlines(), fresh.splitlines()
    (added,) = [n for n, line in enumerate(after) if line not in before]
    assert after[added] == "      - My page: data/my-page.md"
    assert after[added - 1].strip().split(": ")[-1].startswith("data/")
    assert after[added + 1].startswith("  - ")
    assert after[:added] + after[added + 1 :] == before
    new = scaffold.with_entry(config, "example", "my-page").splitlines()
    place = new.index("  - Example:")
    assert new[place : place + 4] == ["  - Example:", "      - example/index.md",
                                      "      - My page: example/my-page.md", "  - Reference:"]  # fmt: skip


def test_fix_mends_what_needs_no_thought(edited) -> None:
    house = edited(
        (PAGE, "[^dodge-2019]: J. Dodge", "[^dodge-2019]: Dodge"),
        (SNIPPET, "#> 2 guessing", "#> two guessing"),
        (SNIPPET, '["numpy>=2.0"]', '["scipy>=1.13"]'),
        (
            TEST,
            "import numpy as np\nimport pytest\n",
            "import pytest\nimport numpy as np\nimport os\n",
        ),
        (FIGURE, "The best of many", "The finest of many"),
    )
    solution = house.root / SNIPPET.replace(".py", "_solution.py")
    solution.write_text(solution.read_text("utf-8").partition("# ///\n")[2], "utf-8")
    broken = House(house.root)
    assert len({p.file for p in all_of(broken)}) >= 4
    mended = mend(broken)
    names = {path.relative_to(house.root).as_posix() for path in mended}
    assert {PAGE, SNIPPET, FIGURE.replace(".py", ".html")} <= names
    fresh = House(house.root)
    demand(all_of(fresh))
    assert "import os" not in (house.root / TEST).read_text("utf-8")
    assert mend(fresh) == [], "fix changes what needs no mending"


def test_fix_reports_what_it_cannot_mend(edited) -> None:
    house = edited(*MISTAKES["an error in the demo"][0])
    assert [type(p) for p in mend(house)].count(Problem) >= 1


def test_the_headers_of_the_real_house_are_written() -> None:
    known = headers.bounds(ROOT)
    assert [s.name for s in House().snippets if headers.with_header(s, known) != s.source] == []


def test_a_page_is_named_in_three_ways(edited) -> None:
    house = edited()
    for name in (NAME, f"{SECTION}/{NAME}", PAGE, PAGE.replace("/", "\\")):
        assert page_named(house, name).name == PAGE
    with pytest.raises(SystemExit, match="Found: none"):
        page_named(house, "gone")
    with pytest.raises(
        SystemExit, match=r"docs/example/index.md, docs/index.md|docs/index.md, docs/example"
    ):
        page_named(house, "data/index.md")
