"""docs/story/index.md"""

import ast
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from proof.problem import ROOT
from snippets.story.loans import loan_applications
from tools.bad_input import ABOVE_ONE, names_bad_input

FREE = {
    "drift": {"default", "collection_calls"},
    "calls": {"collection_calls"},
    "gap": {"income", "history", "default", "collection_calls"},
    "interaction": {"default", "collection_calls"},
    "swing": {"default", "collection_calls"},
}


@pytest.mark.parametrize("knob", FREE)
def test_a_knob_moves_its_columns_and_nothing_else(knob: str) -> None:
    plain, turned = loan_applications(300), loan_applications(300, **{knob: 1.5})
    moved = {name for name in plain if not plain[name].equals(turned[name])}
    assert knob == "calls" or "default" in moved
    assert moved <= FREE[knob], moved - FREE[knob]
    if knob == "gap":  # group A is the same people, with the same outcomes
        same, kept = (loans[loans["group"] == "A"] for loans in (plain, turned))
        assert same.equals(kept)
    elif knob != "calls":  # where the outcome is the same, so are the calls
        same = plain["default"] == turned["default"]
        assert plain["collection_calls"][same].equals(turned["collection_calls"][same])


def test_months_and_people() -> None:
    applications = loan_applications(200, seed=3)
    assert applications["month"].value_counts().to_dict() == dict.fromkeys(range(13), 200)
    assert applications.equals(loan_applications(200, seed=3))
    assert not applications.equals(loan_applications(200, seed=4))
    assert not applications.isna().any(axis=None)
    assert (applications[["amount", "income"]] > 0).all(axis=None)


def test_drift_begins_in_month_seven() -> None:
    still, moving = loan_applications(2_000, drift=0.0), loan_applications(2_000)
    changed = (still["default"] != moving["default"]).groupby(still["month"]).mean()
    assert (changed[:7] == 0).all()
    assert changed[7:].is_monotonic_increasing and changed[7] > 0


def test_the_group_has_no_effect_of_its_own() -> None:
    applications = loan_applications(6_000, gap=0.0)
    for column in ("income", "history", "default"):
        means = applications.groupby("group")[column].mean()
        assert means["B"] / means["A"] == pytest.approx(1, abs=0.03)
    assert (applications["group"] == "B").mean() == pytest.approx(0.3, abs=0.01)


@pytest.mark.parametrize("gap", [0.0, 0.5, 1.0, 2.0])
def test_the_history_of_group_b_is_poisson_at_every_gap(gap: float) -> None:
    applications = loan_applications(1_000, gap=gap)
    years = applications["history"][applications["group"] == "B"]
    assert years.mean() == pytest.approx(6 * 0.75**gap, rel=0.03)
    assert years.var() == pytest.approx(6 * 0.75**gap, rel=0.06)


def test_outcomes_follow_the_stated_log_odds() -> None:
    applications = loan_applications(20_000, drift=0.5, interaction=0.5)
    size = (np.log(applications["amount"]) - 9) / 0.5
    wealth = (np.log(applications["income"]) - 10.3) / 0.45
    effect = 0.9 + 0.5 * (applications["month"] - 6).clip(lower=0)
    log_odds = -2.2 + effect * size - wealth - 0.5 * size * wealth + 0.7 * applications["late"]
    log_odds += 0.3 * (applications["region"] == "west") - 0.12 * applications["history"]
    expected = 1 / (1 + np.exp(-log_odds))
    by_tenth = pd.DataFrame({"seen": applications["default"], "expected": expected}).groupby(
        pd.qcut(expected, 10, labels=False)
    )
    assert by_tenth["seen"].mean().to_numpy() == pytest.approx(
        by_tenth["expected"].mean().to_numpy(), abs=0.01
    )
    by_region = (
        applications.assign(expected=expected).groupby("region")[["default", "expected"]].mean()
    )
    assert by_region["default"].to_numpy() == pytest.approx(
        by_region["expected"].to_numpy(), abs=0.01
    )
    calls = applications.groupby("default")["collection_calls"].mean()
    assert calls.tolist() == pytest.approx([2.5 * 0.02, 2.5 * 1.02], rel=0.05)
    history = applications.groupby("group")["history"].mean()
    assert history.tolist() == pytest.approx([6, 4.5], abs=0.05)
    assert loan_applications(300, swing=1e-9).equals(loan_applications(300))  # the same people


def test_knobs_of_another_type() -> None:
    for name, kind in (("gap", np.float16), ("calls", np.longdouble), ("drift", np.float32)):
        knob = kind(0.7)
        own = loan_applications(50, **{name: knob})
        assert own.equals(loan_applications(50, **{name: float(knob)}))


def test_bad_input_is_named() -> None:
    names_bad_input(loan_applications, rows=2, allow=[("drift", ABOVE_ONE)])
    with pytest.raises(ValueError, match="rows must be a whole number from 1 to .*, got 0"):
        loan_applications(0)
    with pytest.raises(ValueError, match="rows must be a whole number"):
        loan_applications(True)


def defined_twice(source: str) -> list[str]:
    """Return functions and classes of a chapter whose name means something else further down."""
    meanings = defaultdict[str, set[str]](set)
    own = set()
    for node in ast.parse(source).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            own.add(node.name)
            meanings[node.name].add(ast.unparse(node))
        elif isinstance(node, ast.Assign):
            for name in (n for t in node.targets for n in ast.walk(t) if isinstance(n, ast.Name)):
                meanings[name.id].add(f"line {node.lineno}")
    return sorted(name for name in own if len(meanings[name]) > 1)


@pytest.mark.parametrize("chapter", sorted(ROOT.glob("docs/story/*.py")), ids=lambda p: p.stem)
def test_held_functions_do_not_hide_each_other(chapter: Path) -> None:
    """Two snippets may each have a `_rows`; in one chapter the second would replace the first.

    The door is the same in all of them, and may come again.
    """
    assert not defined_twice(chapter.read_text("utf-8"))


def test_a_hidden_function_is_found() -> None:
    assert defined_twice("def f(): ...\nx = 1\nx = 2\ndef g(): ...\ndef f(): pass") == ["f"]
    assert defined_twice("def f(): ...\ndef f(): ...") == []
    assert defined_twice("def loans(): ...\nloans, x = 1, 2") == ["loans"]
