"""The catalogue finds every snippet with a function, and says what the snippet says."""

from proof.problem import report
from proof.project import House
from tools import catalogue

SNIPPET = "snippets/data/shift.py"


def test_every_function_is_in_the_catalogue() -> None:
    text = (House().root / catalogue.PAGE).read_text("utf-8")
    snippets = catalogue.entries(House())
    assert len(snippets) > 60
    for snippet in snippets:
        assert text.count(f"`{snippet.name}`") == 1
        assert f"[{catalogue.task(snippet)}]" in text
        assert len([*catalogue.functions(snippet)]) > 0, f"{snippet.name} has no public function"


def test_accepts_the_small_house(small_house: House) -> None:
    text = (small_house.root / catalogue.PAGE).read_text("utf-8")
    card = "`share_above` (values, limit) → float<br>\n  `snippets/data/shift.py` · numpy\n"
    assert f"- [count the rows above a limit](../data/shift.md)<br>\n  {card}" in text
    assert "**scipy**: [count the rows above a limit](../data/shift.md)." in text


def test_names_the_libraries_of_the_function_not_of_the_demo(broken) -> None:
    house = broken(
        SNIPPET,
        ('"numpy>=2.0"', '"numpy>=2.0", "scikit-learn>=1.6", "pandas>=2.2.2"'),
        ("import numpy as np\n", "import numpy as np\nfrom sklearn.base import clone\n"),
        ("    share = share", "    import pandas as pd\n    share = share"),
    )
    assert catalogue.needs(house.snippets[0]) == ["numpy", "scikit-learn"]


def test_rejects_a_task_of_two_snippets(small_house: House) -> None:
    path = small_house.root / SNIPPET
    path.with_name("again.py").write_text(path.read_text("utf-8"), "utf-8")
    message = report(catalogue.check(House(small_house.root)))
    assert "its task is also that of snippets/data/again.py" in message
