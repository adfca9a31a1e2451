"""Figure: a better ranker, judged by clicks that were logged under the old one."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.data.logged_dcg import logged_dcg
from snippets.data.ndcg_interval import mean_by_unit

TITLE = "What a better ranker earns, by clicks that the old one logged"


# --8<-- [start:figure]
KNOB = Knob(
    "How fast looks fall with the position",
    {
        "all equal": 0.0,
        "1/place^0.25": 0.25,
        "1/place^0.5": 0.5,
        "1/place": 1.0,
        "1/place^1.5": 1.5,
    },
    effect="1/place",
    null="all equal",
    says="Looks {stop}: the new ranker, truly {true:+.1%}, earns {value:+.1%} by clicks "
    "and {weighted:+.1%} by clicks over looks.",
)


def ranks_of(scores: np.ndarray) -> np.ndarray:
    return 1 + np.argsort(np.argsort(-scores, axis=1), axis=1)


@cache
def log(
    seed: int, steepness: float, items: int = 10, blurs: tuple[float, float] = (0.3, 0.2),
    queries: int = 200, sessions: int = 50, appeals: tuple[float, ...] = (0.05, 0.1, 0.3, 0.6),
) -> dict[str, np.ndarray]:  # fmt: skip
    """Return DCG by query of the old and the new ranker: true, by clicks, by clicks over looks."""
    rng = np.random.default_rng(seed)
    appeal = rng.choice(appeals, (queries, items))
    old, new = (ranks_of(appeal + blur * rng.normal(size=appeal.shape)) for blur in blurs)
    query = np.repeat(np.arange(queries), sessions)
    looks = np.arange(1.0, items + 1) ** -steepness
    clicks = rng.random((query.size, items)) < (appeal * looks[old - 1])[query]
    session = np.repeat(np.arange(query.size), items)
    dcg = {"true": np.array([np.sum(appeal / np.log2(r + 1), axis=1) for r in (old, new)])}
    for name, assumed in (("clicks", np.ones(items)), ("weighted", looks)):
        shown = old[query].ravel(), clicks.ravel()
        by_session = [logged_dcg(session, *shown, r[query].ravel(), assumed) for r in (old, new)]
        dcg[name] = np.reshape(by_session, (2, queries, sessions)).mean(axis=2)
    return dcg


def measure(seed: int, steepness: float, by: str = "clicks", **setting: object) -> float:
    old, new = log(seed, steepness, **setting)[by]
    return float(new.mean() / old.mean() - 1)


def frame(axes: Axes) -> None:
    axes.axvline(0, color=INK, linewidth=1, linestyle=":")
    axes.set(xlim=(-0.35, 0.15), ylim=(-0.6, 2.6), xlabel="new ranker minus old, in DCG of the old")
    axes.set_yticks([0, 1, 2], ["clicks\nover looks", "clicks", "truth"])
    axes.set_xticks([-0.3, -0.2, -0.1, 0, 0.1], ["-30%", "-20%", "-10%", "0%", "+10%"])


def draw(axes: Axes, steepness: float) -> dict[str, float]:
    for row, (by, colour) in enumerate(
        zip(("weighted", "clicks", "true"), (SERIES[0], SERIES[1], SERIES[2]), strict=True)
    ):
        old, new = log(0, steepness)[by] / log(0, steepness)[by][0].mean()
        gain, low, high = mean_by_unit(new - old, np.arange(old.size))
        axes.plot([low, high], [row, row], color=colour, linewidth=3, marker="")
        axes.plot([gain], [row], "o", color=colour, markersize=8)
    return {by: measure(0, steepness, by) for by in ("true", "weighted")}


# --8<-- [end:figure]
