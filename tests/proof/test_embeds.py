"""Check 2: every embed shows something, and everything is shown."""

from proof import embeds
from proof.problem import report
from proof.project import House
from proof.registry import everything

PAGE, SNIPPET, FIGURE = "docs/data/shift.md", "snippets/data/shift.py", "docs/data/figures/shift.py"
FUNCTION = '--8<-- "snippets/data/shift.py:function"'


def test_an_orphan_snippet_is_found(small_house: House) -> None:
    (small_house.root / "snippets/data/orphan.py").write_text(
        "# --8<-- [start:a]\nx\n# --8<-- [end:a]\n"
    )
    assert "no page shows section 'a'" in report(everything(embeds, House(small_house.root)))
