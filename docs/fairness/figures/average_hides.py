"""Figure: accuracy of the majority, the minority and the average, by the minority's share."""

import numpy as np
from matplotlib.axes import Axes
from sklearn.linear_model import LogisticRegression

from snippets.fairness.group_rates import group_rates

TITLE = "The smaller the minority, the better the average and the worse the minority fares"
SIZE = (5.6, 3.4)


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    def population(seed, share, effect=-1.5, rows=40_000):
        rng = np.random.default_rng(seed)
        minority = rng.random(rows) < share
        features = rng.normal(size=(rows, 2))
        log_odds = np.where(minority, effect, 2.5) * features[:, 0] + features[:, 1]
        return features, (log_odds > rng.logistic(scale=0.5, size=rows)).astype(int), minority

    shares, rows = (0.50, 0.40, 0.30, 0.20, 0.10, 0.03), []
    for share in shares:
        features, truth, minority = population(0, share)
        train, test = slice(0, 20_000), slice(20_000, None)
        decision = LogisticRegression().fit(features[train], truth[train]).predict(features[test])
        groups = np.where(minority[test], "minority", "majority")
        rows.append(group_rates(truth[test], decision, groups)["accuracy"])
    for name, side in (("majority", "bottom"), ("all", "top"), ("minority", "center")):
        axes.plot(range(len(shares)), [row[name] for row in rows])
        axes.text(5.15, rows[-1][name], name.replace("all", "average"), va=side)
    axes.set(xlabel="share of the minority", ylabel="accuracy", xlim=(-0.2, 6.2), ylim=(0.25, 1))
    axes.set_xticks(range(len(shares)), [f"{share:.0%}" for share in shares])
    axes.set_yticks([0.25, 0.5, 0.75, 1], ["25%", "50%", "75%", "100%"])
    return ". ".join(
        f"Minority of {share:.0%}: accuracy {row['all']:.0%} on average, "
        f"{row['minority']:.0%} in the minority"
        for share, row in zip(shares, rows, strict=True)
        if share in (0.50, 0.30, 0.10, 0.03)
    ) + "."  # fmt: skip


# --8<-- [end:figure]
