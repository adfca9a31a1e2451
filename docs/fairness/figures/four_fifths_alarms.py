"""Figure: how often groups that are treated alike fail the four-fifths rule."""

from matplotlib.axes import Axes

from snippets.fairness.four_fifths_alarms import four_fifths_alarms

TITLE = "Share of audits below four fifths, although all groups have the same chance"
SIZE = (5.6, 3.2)


# --8<-- [start:figure]
def draw(axes: Axes) -> str:
    sizes = (50, 100, 200, 500, 1_000, 2_000)
    alarms = {
        groups: [four_fifths_alarms(rows, 0.3, groups) for rows in sizes] for groups in (8, 4, 2)
    }
    for groups, shares in alarms.items():
        axes.plot(sizes, shares, label=f"{groups} groups")
    axes.set(xscale="log", xlabel="rows in each group", ylabel="audits below four fifths")
    axes.set_xticks(sizes, [f"{rows:,}" for rows in sizes])
    axes.set_yticks([0, 0.5, 1], ["0%", "50%", "100%"])
    axes.minorticks_off()
    axes.legend()
    return ". ".join(
        f"Rate 30%, {rows:,} rows a group: alarm in {alarms[2][sizes.index(rows)]:.0%} of audits "
        f"of two groups, {alarms[8][sizes.index(rows)]:.0%} of eight"
        for rows in (50, 200, 2_000)
    ) + "."  # fmt: skip


# --8<-- [end:figure]
