"""Figure: how many planted faults a paired gate and the tests of behaviour notice."""

from matplotlib.axes import Axes
from sklearn.base import clone

from snippets.beyond.mutation_table import (
    FAULTS,
    PIPELINE,
    _directed,
    _invariant,
    _minimal,
    _paired,
    applicants,
)

TITLE = "Planted faults that are noticed, by the share of customers they touch"
SIZE = (5.2, 3.2)
SHARES = (0.01, 0.03, 0.1, 0.3)


# --8<-- [start:figure]
def noticed(seed: int, partners: float, by: str) -> int:
    """Count the faults, of eight, that a check notices."""
    table, default = applicants(9_000, partners, seed)
    model = clone(PIPELINE).fit(table[:6_000], default[:6_000])
    held_out, truth = table[6_000:], default[6_000:]
    rows = held_out[:100].assign(channel="partner")

    def risk(table):
        return model.predict_proba(table)[:, 1]

    def fails(mutant):
        if by == "paired gate":
            return not _paired(mutant, risk, held_out, truth)
        return not all(check(mutant, rows) for check in (_invariant, _directed, _minimal))

    return sum(fails(lambda table, f=fault: risk(f(table))) for fault in FAULTS.values())


def draw(axes: Axes) -> str:
    checks = ("paired gate", "tests of behaviour")
    counts = {by: [noticed(0, share, by) for share in SHARES] for by in checks}
    for by, found in counts.items():
        axes.plot(SHARES, found, label=by)
    axes.set(
        xscale="log", ylim=(0, 8.5),
        xlabel="customers who come through the partner", ylabel="faults noticed, of 8",
    )  # fmt: skip
    axes.set_xticks(SHARES, [f"{share:.0%}" for share in SHARES])
    axes.set_yticks([0, 2, 4, 6, 8])
    axes.minorticks_off()
    axes.legend(loc="lower right")
    return "; ".join(
        f"{share:.0%} partners: paired gate kills {gate} of 8, behaviour {behaviour} of 8"
        for share, gate, behaviour in zip(SHARES, *counts.values(), strict=True)
    ) + "."  # fmt: skip


# --8<-- [end:figure]
