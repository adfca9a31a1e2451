"""Figure: the failures of a release, until the canary decides."""

import numpy as np
from matplotlib.axes import Axes

from proof.figures import SERIES
from proof.knobs import Knob
from snippets.beyond.canary import canary_verdict

TITLE = "Failures of a release, until the canary decides"


# --8<-- [start:figure]
KNOB = Knob(
    "Applications without a history",
    {"none": 0.0} | {f"1 in {n}": 1 / n for n in (200, 50, 20, 10)},
    effect="1 in 20",
    null="none",
    says="Without a history: {stop}. The verdict is {verdict} after {served} requests; "
    "{value:.0%} of the month are spared.",
)


def requests_failed(seed: int, holes: float, requests: int = 1_500, first: int = 0) -> np.ndarray:
    """Return which requests lack a history, from the first that may."""
    failed = np.random.default_rng([seed, 6]).random(requests) < holes
    failed[:first] = False
    return failed


def rollout(
    seed: int, holes: float, requests: int = 1_500, first: int = 0, **rates: float
) -> tuple[str, int]:
    failed = requests_failed(seed, holes, requests, first)
    return canary_verdict(failed, **{"healthy": 0.01, "unacceptable": 0.03, **rates})


def measure(seed: int, holes: float, requests: int = 1_500, **setting: float) -> float:
    """Return the share of the month that is still ahead when the canary rolls back, else 0."""
    verdict, served = rollout(seed, holes, requests, **setting)
    return 1 - served / requests if verdict == "roll back" else 0.0


def frame(axes: Axes) -> None:
    axes.set(xlim=(0, 250), ylim=(-0.5, 8), xlabel="requests served", ylabel="failed")


def draw(axes: Axes, holes: float) -> dict[str, object]:
    verdict, served = rollout(0, holes)
    at = np.flatnonzero(requests_failed(0, holes)[:served]) + 1
    axes.step([0, *at, served], [*range(len(at) + 1), len(at)], color=SERIES[0], linestyle="-", where="post", marker="")
    bad = verdict == "roll back"
    axes.plot([served], [len(at)], color=SERIES[1 if bad else 2], marker="s" if bad else "o")
    return {"verdict": verdict, "served": served}


# --8<-- [end:figure]
