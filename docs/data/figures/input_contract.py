"""Figure: what nine input faults do to the AUC of a scikit-learn pipeline."""

from matplotlib.axes import Axes
from sklearn.base import clone

from proof.figures import INK, SERIES
from snippets.data.silent_faults import NINE_FAULTS, TEXTBOOK_PIPELINE, customers, fault_impact

TITLE = "AUC of one scikit-learn pipeline under nine input faults"
SIZE = (5.4, 3.6)


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    table, labels = customers(4_000)
    model = clone(TEXTBOOK_PIPELINE).fit(table[:3_000], labels[:3_000])
    impact = fault_impact(model, table[3_000:], labels[3_000:], NINE_FAULTS)
    clean = impact["auc"]["clean"]
    faults = impact.drop("clean").sort_values("auc", ascending=False)
    for row, (auc, raised) in enumerate(faults.itertuples(index=False)):
        if raised:
            axes.text(clean - 0.01, row, f"raises {raised}", ha="right", va="center")
        elif clean - auc > 0.01:
            axes.plot([clean, auc], [row, row], color=SERIES[0], marker="", linestyle="-")
            axes.plot(auc, row, color=SERIES[0], marker="o")
        else:
            axes.plot(auc, row, color=SERIES[1], marker="s")
            axes.text(clean - 0.01, row, "unharmed", ha="right", va="center")
    axes.axvline(clean, color=INK, linewidth=1, linestyle=":")
    axes.text(clean, -0.8, "clean", ha="center")
    axes.set_yticks(range(len(faults)), faults.index)
    axes.set(xlabel="AUC", xlim=(0.48, 0.88), xticks=[0.5, 0.6, 0.7, 0.8], ylim=(8.6, -1.6))
    silent = faults["auc"][faults["auc"] < clean - 0.01]
    return (
        f"Clean data: AUC {clean:.3f}. "
        + ". ".join(f"{name}: silently worse, AUC {auc:.3f}" for name, auc in silent.items())
        + f". Unharmed: {', '.join(faults.index[faults['auc'] >= clean - 0.01])}. "
        f"Raising: {', '.join(faults.index[faults['raised'] != ''])}."
    )


# --8<-- [end:figure]
