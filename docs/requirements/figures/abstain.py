"""Figure: error of the rows that a model answers, by how many it answers and how it chooses."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from scipy.stats import norm, rankdata
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB

from proof.figures import INK, SERIES
from proof.knobs import Knob
from snippets.requirements.risk_coverage import risk_coverage

TITLE = "Error among the answered rows, by the share that is answered"


# --8<-- [start:figure]
KNOB = Knob(
    "Share of noise in the confidence",
    {"none": 0.0, "25%": 0.25, "50%": 0.5, "75%": 0.75, "90%": 0.9, "only noise": 1.0},
    effect="none",
    null="only noise",
    says="Noise in the confidence: {stop}. Among the surer half, {half:.1%} of the answers are "
    "wrong, which is {value:.0%} of the error of all answers.",
)
MODELS = {
    "logistic": LogisticRegression(),
    "bayes": GaussianNB(),
    "forest": RandomForestClassifier(20, min_samples_leaf=20, random_state=0),
}


@cache
def served(seed: int, model: str = "logistic", data: str = "normal") -> tuple[np.ndarray, ...]:
    """Return confidence, whether the answer is wrong, and the label, of six thousand new rows."""
    rng = np.random.default_rng(seed)
    if data == "normal":
        inputs = rng.normal(size=(8_000, 5))
        chance = 1 / (1 + np.exp(-inputs @ [1.5, -1, 0.8, 0, 0]))
        label = (rng.random(8_000) < chance).astype(int)
    else:
        inputs, label = make_classification(
            8_000, n_informative=6, flip_y=0.05, class_sep=0.7, random_state=seed
        )
    fitted = MODELS[model].fit(inputs[:2_000], label[:2_000])
    probability = fitted.predict_proba(inputs[2_000:])
    return (
        probability.max(axis=1),
        probability.argmax(axis=1) != label[2_000:],
        label[2_000:],
    )


def curve(seed: int, noise: float, **setting: str) -> tuple[np.ndarray, np.ndarray]:
    """Return coverage and error, with noise mixed into the order of the confidence."""
    confidence, wrong, _ = served(seed, **setting)
    scores = norm.ppf(rankdata(confidence) / (confidence.size + 1))
    other = np.random.default_rng([seed, 1]).normal(size=scores.size)
    found = risk_coverage((1 - noise) ** 0.5 * scores + noise**0.5 * other, wrong)
    return found["coverage"].to_numpy(), found["error"].to_numpy()


def measure(seed: int, noise: float, **setting: str) -> float:
    """Error among the surer half, as a share of the error of all answers."""
    coverage, error = curve(seed, noise, **setting)
    return error[np.searchsorted(coverage, 0.5)] / error[-1]


def frame(axes: Axes) -> None:
    axes.axhline(curve(0, 0.0)[1][-1], color=INK, linewidth=1, linestyle=":")
    axes.text(0.06, 0.24, "all answers", va="bottom")
    axes.set(xlim=(0, 1.02), ylim=(0, 0.32), xlabel="share of rows answered, the surest first")
    axes.set_ylabel("share wrong")
    axes.set_xticks([0, 0.2, 0.5, 0.8, 1], ["0%", "20%", "50%", "80%", "100%"])
    axes.set_yticks([0, 0.1, 0.2, 0.3], ["0%", "10%", "20%", "30%"])


def draw(axes: Axes, noise: float) -> dict[str, float]:
    coverage, error = curve(0, noise)
    shares = np.linspace(0.05, 1, 39)
    shown = error[np.minimum(np.searchsorted(coverage, shares), error.size - 1)]
    axes.plot(shares, shown, "-", color=SERIES[0], linewidth=2.5)
    axes.plot(0.5, error[np.searchsorted(coverage, 0.5)], "o", color=SERIES[1], markersize=8)
    return {"half": error[np.searchsorted(coverage, 0.5)]}


# --8<-- [end:figure]
