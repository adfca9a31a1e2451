"""Figure: the best accuracy among models that only guess, by the number of models."""

from matplotlib.axes import Axes

from snippets.my_section.my_page import best_of_guesses

TITLE = "The best of many guessing models looks better than a coin"


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    counts = [1, 2, 5, 10, 20, 50, 100]
    for rows in (100, 10_000):
        axes.plot(
            counts, [best_of_guesses(models, rows) for models in counts], label=f"{rows:,} rows"
        )
    axes.set(xscale="log", xlabel="models compared", ylabel="accuracy of the best")
    axes.set_xticks(counts, [str(models) for models in counts])
    axes.minorticks_off()
    axes.legend()
    few, many = (best_of_guesses(100, rows) for rows in (100, 10_000))
    return (
        f"Of 100 guessing models on 100 rows, the best is right in {few:.0%}; "
        f"of 100 guessing models on 10,000 rows, the best is right in {many:.0%}."
    )


# --8<-- [end:figure]
