"""Figure: accuracy of three notebook habits and a pipeline, by rows in a request."""

import numpy as np
from matplotlib.axes import Axes
from sklearn.compose import make_column_transformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from snippets.beyond.batch_habits import NOTEBOOK_HABITS, NotebookModel, served, shoppers

TITLE = "Accuracy of four models by the number of rows in a request"
SIZE = (5.2, 3.2)


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    table, buys = shoppers(3_120)
    encode = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), ["city"]), (StandardScaler(), ["income"])
    )
    tree = DecisionTreeClassifier(max_depth=6, random_state=0)
    models = {"Pipeline": make_pipeline(encode, tree)}
    models |= {name: NotebookModel(prepare) for name, prepare in NOTEBOOK_HABITS.items()}
    sizes, told = (120, 20, 5, 1), []
    for name, model in models.items():
        model.fit(table[:3_000], buys[:3_000])
        answers = [served(model, table[3_000:], size).argmax(axis=1) for size in sizes]
        accuracy = [np.mean(answer == buys[3_000:]) for answer in answers]
        axes.plot(sizes, accuracy, label=name)
        told.append(
            f"{name} {accuracy[0]:.0%} in requests of 120 and {accuracy[-1]:.0%} in requests of 1"
        )
    axes.set(xscale="log", xlabel="rows in a request", ylabel="accuracy", ylim=(0.48, 1))
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.set_yticks([0.5, 0.75, 1], ["50%", "75%", "100%"])
    axes.invert_xaxis()
    axes.minorticks_off()
    axes.legend(loc="lower left")
    return "Accuracy: " + "; ".join(told) + "."


# --8<-- [end:figure]
