"""Figure: what nine input faults do to the AUC of a pipeline, by the share of faulty rows."""

from functools import cache

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from sklearn.base import ClassifierMixin, clone

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.data.silent_faults import NINE_FAULTS, TEXTBOOK_PIPELINE, customers, fault_impact

TITLE = "AUC of one scikit-learn pipeline under nine input faults, by the share of faulty rows"
SIZE = (4.6, 3.6)


# --8<-- [start:figure]
KNOB = Knob(
    "Rows of the batch that are faulty",
    {"none": 0, "1%": 0.01, "10%": 0.1, "50%": 0.5, "all": 1},
    effect="all",
    null="none",
    says="Rows faulty: {stop}. Silently worse by more than 0.01 of AUC: {value:.0f} of nine faults. "
    "Raising an error: {raised}.",
)


@cache
def impact(seed: int, share: float, last: ClassifierMixin = TEXTBOOK_PIPELINE[-1]) -> pd.DataFrame:
    table, labels = customers(4_000, seed)
    model = clone(TEXTBOOK_PIPELINE).set_params(logisticregression=clone(last))
    model.fit(table[:3_000], labels[:3_000])
    struck = np.random.default_rng(seed).random(1_000) < share

    def partly(fault):
        def spoil(batch: pd.DataFrame) -> pd.DataFrame:
            if not struck.any():
                return batch
            faulty = fault(batch)  # a column that is missing is missing in every row
            if struck.all():
                return faulty
            both = batch[faulty.columns].astype(object)
            return both.mask(np.tile(struck[:, None], both.shape[1]), faulty).infer_objects()

        return spoil

    faults = {name: partly(fault) for name, fault in NINE_FAULTS.items()}
    return fault_impact(model, table[3_000:], labels[3_000:], faults)


def measure(seed: int, share: float, **given) -> float:
    auc = impact(seed, share, **given)["auc"]
    return (auc["clean"] - auc > 0.01).sum()


def frame(axes: Axes) -> None:
    clean = impact(0, 0)["auc"]["clean"]
    axes.vlines(clean, -0.7, 8.6, color=INK, linewidth=1, linestyle=":")
    axes.text(clean, -0.8, "clean", ha="center")
    axes.set_yticks(range(9), NINE_FAULTS)
    axes.set(xlabel="AUC", xlim=(0.48, 0.88), xticks=[0.5, 0.6, 0.7, 0.8], ylim=(8.6, -1.6))


def draw(axes: Axes, share: float) -> dict[str, int]:
    table = impact(0, share)
    clean, auc = table["auc"]["clean"], table["auc"].to_numpy()[1:]
    for row in np.flatnonzero(np.isnan(auc)):
        axes.text(clean - 0.01, row, "raises", ha="right", va="center")
    worse = np.flatnonzero(clean - auc > 0.01)
    axes.hlines(worse, auc[worse], clean, color=SERIES[0], linewidth=2)
    axes.plot(auc[worse], worse, "o", color=SERIES[0], linestyle="")
    same = np.flatnonzero(clean - auc <= 0.01)
    axes.plot(auc[same], same, "s", color=SERIES[1], linestyle="")
    return {"raised": int(np.isnan(auc).sum())}


# --8<-- [end:figure]
