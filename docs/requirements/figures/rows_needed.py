"""Figure: the test rows that a gain needs."""

from matplotlib.axes import Axes

from snippets.requirements.rows_needed import rows_separate, rows_shared

TITLE = "Test rows needed to find a gain with a chance of 80%, by size of the gain"


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    gains = (0.001, 0.002, 0.005, 0.01)
    separate = [rows_separate(0.95, 0.95 + gain) for gain in gains]
    axes.plot(gains, separate, label="each of two test sets, from 95%")
    for disagreement in (0.05, 0.02):
        rows = [rows_shared(gain, disagreement) for gain in gains]
        axes.plot(gains, rows, label=f"shared, disagreement {disagreement:.0%}")
    axes.set(xscale="log", yscale="log", xlabel="gain, points", ylabel="rows")
    axes.set_xticks(gains, [f"{100 * gain:.1f}" for gain in gains])
    axes.set_yticks(
        [1_000, 10_000, 100_000, 1_000_000], ["1,000", "10,000", "100,000", "1,000,000"]
    )
    axes.minorticks_off()
    axes.legend()
    return (
        f"From 95.0% to 95.1%: {separate[0]:,} rows in each of two test sets. "
        f"0.1 points, disagreement 5%: {rows_shared(0.001, 0.05):,} rows in a shared test set. "
        f"0.1 points, disagreement 2%: {rows_shared(0.001, 0.02):,} rows in a shared test set."
    )


# --8<-- [end:figure]
