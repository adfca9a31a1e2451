"""Figure: which planted faults a paired gate and the tests of behaviour notice."""

from functools import cache

import pandas as pd
from matplotlib.axes import Axes
from sklearn.base import clone

from proof.figures import SERIES
from proof.knobs import Knob
from snippets.beyond.mutation_table import (
    FAULTS,
    PIPELINE,
    _directed,
    _invariant,
    _minimal,
    _paired,
    applicants,
)

TITLE = "Planted faults that are noticed in three releases, by the share of customers they touch"
SIZE = (4.6, 3.2)


# --8<-- [start:figure]
KNOB = Knob(
    "Customers who come through the partner",
    {"1%": 0.01, "3%": 0.03, "10%": 0.1, "30%": 0.3},
    effect="1%",
    null="30%",
    says="With {stop} partners, the paired gate misses {value:.1f} of the 8 faults, mean of three "
    "releases; tests of behaviour miss {tests} in the first of them.",
)


@cache
def released(seed: int, partners: float, strength: float, fitted: int, tested: int) -> tuple:
    """Return the risk by a fitted model, the customers it has not seen, and who defaulted."""
    table, default = applicants(fitted + tested, partners, seed)
    model = clone(PIPELINE).set_params(logisticregression__C=strength)
    model.fit(table[:fitted], default[:fitted])
    return lambda asked: model.predict_proba(asked)[:, 1], table[fitted:], default[fitted:]


@cache
def noticed(
    seed: int, partners: float, check: str, strength: float = 1.0, fitted: int = 6_000,
    tested: int = 3_000,
) -> list[str]:  # fmt: skip
    risk, held_out, truth = released(seed, partners, strength, fitted, tested)
    if check == "gate on partners":
        kept = (held_out["channel"] == "partner").to_numpy()
        held_out, truth = held_out[kept], truth[kept]
    rows = pd.concat([held_out[:25].assign(channel=name) for name in ("branch", "partner")])
    before = risk(held_out)  # once for all faults

    def passes(mutant):
        if "gate" in check:
            return _paired(mutant, lambda _: before, held_out, truth)
        return all(behaves(mutant, rows) for behaves in (_invariant, _directed, _minimal))

    mutants = {name: lambda table, f=fault: risk(f(table)) for name, fault in FAULTS.items()}
    return [name for name, mutant in mutants.items() if not passes(mutant)]


def measure(seed: int, partners: float, **setting: float) -> float:
    releases = [noticed(3 * seed + k, partners, "paired gate", **setting) for k in range(3)]
    return len(FAULTS) - sum(map(len, releases)) / 3


def frame(axes: Axes) -> None:
    axes.set(xlim=(-0.7, 5.7), ylim=(8.1, -0.6))
    axes.set_xticks([1, 4.5], ["paired gate,\n3 releases", "tests of\nbehaviour"])
    axes.set_yticks(range(8), list(FAULTS))
    axes.tick_params(length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.grid(visible=False, axis="x")


def draw(axes: Axes, partners: float) -> dict[str, int]:
    tests, places = noticed(0, partners, "tests"), list(FAULTS)
    for release in range(3):
        rows = [places.index(name) for name in noticed(release, partners, "paired gate")]
        axes.plot([release] * len(rows), rows, "o", color=SERIES[0], markersize=7)
    rows = [places.index(name) for name in tests]
    axes.plot([4.5] * len(rows), rows, "D", color=SERIES[1], markersize=7)
    return {"tests": len(FAULTS) - len(tests)}


# --8<-- [end:figure]
