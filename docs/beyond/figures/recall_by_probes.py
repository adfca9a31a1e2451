"""Figure: recall against the share of distances computed, by the cells that a query probes."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes

from proof.figures import SERIES, SOFT
from proof.knobs import Knob
from snippets.beyond.inverted_file import fit_cells, search_cells
from snippets.beyond.recall_table import recall_table

TITLE = "Recall of an inverted file against the distances that it computes, by probed cells"


# --8<-- [start:figure]
KNOB = Knob(
    "Cells probed, of 64",
    {f"{probes}": probes for probes in (1, 2, 4, 8, 16, 32)} | {"all 64": 64},
    effect="1",
    null="all 64",
    says="Cells probed: {stop}. Recall is {value:.1%} for {work:.1%} of the distances. "
    "Where the vectors have no clusters, {flat:.1%}.",
)


def documents(
    rng: np.random.Generator, topics: np.ndarray, rows: int, spread: float = 1.0
) -> np.ndarray:
    vectors = topics[rng.integers(len(topics), size=rows)]
    vectors = vectors + spread * rng.normal(size=vectors.shape)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def exactly(
    vectors: np.ndarray, queries: np.ndarray, nearest: int, allowed: np.ndarray | bool = True
) -> np.ndarray:
    apart = (vectors**2).sum(axis=1) - 2 * queries @ vectors.T
    apart = np.where(allowed, apart, np.inf)
    return np.argpartition(apart, nearest - 1, axis=1)[:, :nearest]


@cache
def world(seed: int, rows: int, columns: int, topics: int, spread: float, nearest: int) -> tuple:
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(topics, columns)) if topics > 1 else np.zeros((1, columns))
    vectors, queries = (documents(rng, centres, n, spread) for n in (rows, 60))
    return vectors, queries, fit_cells(vectors, 64, 8, seed), exactly(vectors, queries, nearest)


def measure(
    seed: int, probes: int, rows: int = 3_000, columns: int = 32, topics: int = 100,
    spread: float = 1.0, nearest: int = 10,
) -> float:  # fmt: skip
    vectors, queries, cells, exact = world(seed, rows, columns, topics, spread, nearest)
    found, _ = search_cells(vectors, cells, queries, nearest, probes)
    return float(recall_table(exact, {probes: found}).loc[probes, "recall"])


def work(probes: int, topics: int) -> float:
    vectors, queries, cells, _ = world(0, 3_000, 32, topics, 1.0, 10)
    return float(search_cells(vectors, cells, queries, 10, probes)[1].mean() / len(vectors))


def frame(axes: Axes) -> None:
    stops = KNOB.stops.values()
    for topics, style, name, place in (
        (100, "-", "clusters", (0.16, 0.88)),
        (1, "--", "no clusters", (0.33, 0.62)),
    ):
        curve = [(work(p, topics), measure(0, p, topics=topics)) for p in stops]
        axes.plot(*zip(*curve, strict=True), linestyle=style, marker="", color=SOFT)
        axes.text(*place, name, ha="left", va="top")
    axes.set(xscale="log", xlim=(0.02, 1.15), ylim=(0, 1.06))
    axes.set(xlabel="distances computed, of all documents", ylabel="recall of the ten nearest")
    axes.set_xticks([0.03, 0.1, 0.3, 1], ["3%", "10%", "30%", "100%"])
    axes.set_yticks([0, 0.5, 1], ["0%", "50%", "100%"])
    axes.minorticks_off()


def draw(axes: Axes, probes: int) -> dict[str, float]:
    axes.plot(work(probes, 100), measure(0, probes), "o", color=SERIES[0], markersize=10)
    flat = measure(0, probes, topics=1)
    axes.plot(work(probes, 1), flat, "s", color=SERIES[1], markersize=10)
    return {"work": work(probes, 100), "flat": flat}


# --8<-- [end:figure]
