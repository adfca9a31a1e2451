"""Figure: the share of positives that the mean score and BBSE report, by the true share."""

import numpy as np
from matplotlib.axes import Axes
from sklearn.linear_model import LogisticRegression

from proof.figures import INK
from snippets.data.label_shift import label_shift_prior

TITLE = "Share of positives by mean score and by BBSE, against the true share"


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    def population(seed, share, rows=20_000):
        rng = np.random.default_rng(seed)
        labels = (rng.random(rows) < share).astype(int)
        return rng.normal(size=(rows, 2)) + 1.2 * labels[:, None], labels

    model = LogisticRegression().fit(*population(seed=0, share=0.5))
    held_out, held_out_labels = population(seed=1, share=0.5)
    mean_score, bbse = {}, {}
    for share in (0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98):
        features, _ = population(seed=2, share=share)
        mean_score[share] = model.predict_proba(features)[:, 1].mean()
        bbse[share] = label_shift_prior(
            held_out_labels, model.predict(held_out), model.predict(features)
        )["share"][1]
    axes.plot(mean_score.keys(), mean_score.values(), label="mean score")
    axes.plot(bbse.keys(), bbse.values(), label="BBSE")
    axes.plot([0, 1], [0, 1], color=INK, linewidth=1, linestyle=":", marker="", label="truth")
    axes.set(xlabel="true share of positives", ylabel="estimated share", xlim=(0, 1), ylim=(0, 1))
    axes.set_xticks([0, 0.1, 0.5, 1], ["0%", "10%", "50%", "100%"])
    axes.set_yticks([0, 0.1, 0.5, 1], ["0%", "10%", "50%", "100%"])
    axes.legend(loc="lower right")
    return "BBSE follows the diagonal, the mean score is pulled to the training share: " + "; ".join(
        f"positives {share:.0%}, mean score {mean_score[share]:.1%}, BBSE {bbse[share]:.1%}"
        for share in (0.5, 0.3, 0.1)
    ) + "."  # fmt: skip


# --8<-- [end:figure]
