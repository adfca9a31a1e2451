"""Draw the committed figures: SVG that follows the colour switch and says what it shows.

A figure script stands in `docs/<section>/figures/`, holds a ``TITLE`` and a function
``draw(axes)`` that draws with the functions of the snippets and returns the description,
numbers included. Colours are those of the light scheme; on a page they become variables, to which
the site's CSS gives a value in each scheme.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from functools import partial
from html import escape
from pathlib import Path
from types import ModuleType
from typing import Any

from proof import cache, knobs, outputs, runner
from proof.files import Snippet
from proof.problem import ROOT, Problem, nothing_found
from proof.project import House

INK, SOFT = "#1b1f24", "#6b7178"
SERIES = ("#1d4f91", "#b35408", "#0b6b57", "#8a2f7d")
CSS = {INK: "var(--fig-ink)", SOFT: "var(--fig-soft)"} | {
    colour: f"var(--fig-{number})" for number, colour in enumerate(SERIES, start=1)
}
MARKERS = "osD^"
SIZE = (4.6, 2.9)  # inches; the page shows it at about 460 px, a phone at 340
XMLNS = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
OPENING = re.compile(r'<svg [^>]*viewBox="([^"]+)"[^>]*>')
COORDINATE = re.compile(r"(-?\d+\.\d)(?=[^<>]*>)")


def style() -> dict[Any, Any]:
    """Return the matplotlib settings that make figures alike, and the same in every run."""
    from cycler import cycler

    lines = cycler(color=SERIES) + cycler(marker=MARKERS) + cycler(linestyle=["-", "--", "-.", ":"])
    colours = ("text.color", "axes.labelcolor", "axes.titlecolor", "legend.labelcolor")
    return {
        **dict.fromkeys(colours, INK),
        **dict.fromkeys(("axes.edgecolor", "xtick.color", "ytick.color", "grid.color"), SOFT),
        **dict.fromkeys(("xtick.labelcolor", "ytick.labelcolor"), INK),
        "svg.hashsalt": "ml",
        "svg.fonttype": "none",
        "font.family": "DejaVu Sans",
        "font.size": 11,
        "axes.prop_cycle": lines,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.linewidth": 0.6,
        "grid.alpha": 0.35,
        "lines.linewidth": 2,
        "lines.markersize": 6,
        "legend.frameon": False,
        "figure.facecolor": "none",
        "axes.facecolor": "none",
    }


def load(script: Path) -> ModuleType:
    """Execute a figure script by its path, past any bytecode of an earlier version."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    module = ModuleType(f"figure_{script.stem}")
    exec(compile(script.read_text("utf-8"), script, "exec"), module.__dict__)
    return module


def render(script: Path) -> str:
    """Run a figure script and return its SVG as one line of text."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    module, name = load(script), script.stem.replace("_", "-")
    turns = hasattr(module, "KNOB")
    size = getattr(module, "SIZE", knobs.SIZE if turns else SIZE)
    with matplotlib.rc_context(style()), runner.seeded(script.read_text("utf-8")):
        figure, axes = pyplot.subplots(figsize=size, layout="constrained")
        stream = io.StringIO()
        if turns:
            more = knobs.draw_states(module, axes)
        elif not isinstance(description := module.draw(axes), str):
            raise TypeError("draw(axes) must return the description, a sentence with numbers")
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
        pyplot.close(figure)
    if not turns:
        return themed(stream.getvalue(), module.TITLE, description, name)
    svg = themed(knobs.mark(stream.getvalue()), module.TITLE, "", name)
    return knobs.page_part(module, svg, knobs.sentences(module, more), name)


def compact(svg: str, name: str) -> str:
    """Return matplotlib's SVG without what differs between machines, on white, for any viewer."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font-size: \1px", svg)
    # matplotlib names a part by a hash of its floats, whose last bits depend on the processor.
    used = dict.fromkeys(re.findall(r'(?:url\(|href=")#([^")]+)', svg))
    ids = {old: f"{name}-{number}" for number, old in enumerate(used, start=1)}
    svg = re.sub(r' id="([^"]+)"', lambda m: f' id="{ids[m[1]]}"' if m[1] in ids else "", svg)
    svg = re.sub(r'(url\(#|href="#)([^")]+)', lambda m: m[1] + ids[m[2]], svg)
    svg = re.sub(r"<[^>]*>", lambda tag: re.sub(r"(\d+\.\d)\d+", r"\1", tag[0]), svg)
    svg = re.sub(r"\s*\n\s*", " ", svg)
    svg = re.sub(r"> <", "><", svg)
    opening = f'{XMLNS} viewBox="\\1" style="background: #ffffff; font-family: sans-serif">'
    return OPENING.sub(opening, svg, count=1).strip()


def themed(svg: str, title: str, description: str, name: str) -> str:
    """Turn matplotlib's SVG into one that is named, described, compact and follows the theme."""
    svg = compact(svg, name)
    for colour, variable in CSS.items():
        svg = svg.replace(colour, variable)
    labelled = (
        rf'{XMLNS} viewBox="\1" class="fig" role="img" aria-labelledby="{name}-title {name}-desc">'
        rf'<title id="{name}-title">{_literal(title)}</title>'
        rf'<desc id="{name}-desc">{_literal(description)}</desc>'
    )
    return OPENING.sub(labelled, svg, count=1) + "\n"


def _literal(text: str) -> str:
    return escape(text).replace("\\", r"\\")


def attempt(script: Snippet) -> str | Problem:
    """Return the SVG of a script, or the problem that it has."""
    try:
        return render(script.path)
    except Exception as error:  # noqa: BLE001 - whatever it raises, its author wants to know where
        what, line = runner.failure(error, script.path)
        return Problem(
            script.name, line, f"the figure fails: {what}",
            "A figure is drawn again by every run of the checks.",
            "Mend this line: a script holds a TITLE, and draw(axes), which returns the description, or a "
            "KNOB with measure, frame and draw: proof/knobs.py.",
        )  # fmt: skip


def same(one: str, other: str) -> bool:
    """Compare two drawings: text and parts exactly, coordinates to their last digit.

    The last bits of a logarithm differ between processors, and may turn a rounded coordinate.
    """
    (texts, numbers), (other_texts, other_numbers) = map(_apart, (one, other))
    return texts == other_texts and all(
        abs(a - b) < 0.15 for a, b in zip(numbers, other_numbers, strict=True)
    )


def _apart(svg: str) -> tuple[list[str], list[float]]:
    parts = COORDINATE.split(svg)
    return parts[::2], [float(number) for number in parts[1::2]]


def update(house: House) -> list[Path | Problem]:
    """Draw every figure; return the files that changed, and what failed."""
    done: list[Path | Problem] = []
    for script in house.figures:
        if cache.seen("figure", _drawn_from(script)):
            continue
        target, fresh = script.drawing, attempt(script)
        if isinstance(fresh, Problem):
            done.append(fresh)
            continue
        if not target.exists() or not same(target.read_text("utf-8"), fresh):
            target.write_text(fresh, "utf-8", newline="\n")
            done.append(target)
        cache.unless_seen("figure", _drawn_from(script), list)  # drawn a moment ago
    return done


def check_figure(script: Snippet, house: House) -> list[Problem]:
    """Redraw one figure and compare it with the committed file."""
    name = script.drawing.relative_to(script.root).as_posix()
    if not script.drawing.exists():
        return [
            Problem(
                script.name, 1, "its figure is not drawn", "Pages embed the drawing.", "make update"
            )
        ]
    found = check_svg(name, script.drawing.read_text("utf-8"))
    look = partial(_redrawn, script, name)
    return [*found, *cache.unless_seen("figure", _drawn_from(script), look)]


def _drawn_from(script: Snippet) -> list[Path]:
    """Return a drawing, its script, and the files of the project that the script imports."""
    modules = [n.module for n in script.nodes if isinstance(n, ast.ImportFrom) and n.module]
    paths = [script.root / f"{module.replace('.', '/')}.py" for module in modules]
    return [script.path, script.drawing, *(path for path in paths if path.exists())]


def _redrawn(script: Snippet, name: str) -> list[Problem]:
    fresh = attempt(script)
    if isinstance(fresh, Problem):
        return [fresh]
    if same(script.drawing.read_text("utf-8"), fresh):
        return []
    return [*check_svg(name, fresh)] or [
        Problem(
            name, 1, f"the figure is not what {script.name} draws",
            "A figure is drawn from the code that the page shows.", "make update",
        )
    ]  # fmt: skip


def check_svg(name: str, svg: str) -> Iterator[Problem]:
    """Check that an SVG is described, follows both colour schemes and holds no script."""
    title = re.search(r"<title[^>]*>(.*?)</title>", svg)
    description = " ".join([*re.findall(r"<desc[^>]*>(.*?)</desc>", svg), *knobs.SAYS.findall(svg)])
    if not title or len(title[1]) < 10:
        yield Problem(name, 1, "has no title", "Screen readers announce it.", "Set TITLE in the script.")  # fmt: skip
    if len(description) < 40 or not re.search(r"\d", description):
        yield Problem(name, 1, "has no description with the numbers it shows", "Who cannot see the figure reads this instead.",
                      "Let draw(axes) return a sentence of 40 characters or more, with numbers.")  # fmt: skip
    if stray := set(re.findall(r"#[0-9a-fA-F]{6}\b", svg)) - {"#ffffff"}:
        yield Problem(name, 1, f"has fixed colours: {', '.join(sorted(stray))}",
                      "They do not follow the light and dark scheme.", "Use INK, SOFT or SERIES of proof/figures.py.")  # fmt: skip
    if re.search(r"<script|\bon\w+=|javascript:|<foreignObject|<image", svg, re.IGNORECASE):
        yield Problem(
            name, 1, "holds a script or foreign content", "A figure is a drawing.", "Draw it anew."
        )


def check(house: House) -> list[Problem]:
    """Check that no drawing lies about without a script, and no number is typed into one."""
    if not house.figures:
        return [nothing_found("figures")]
    scripts = {script.drawing for script in house.figures}
    drawn = {
        p for kind in ("svg", "html") for p in (house.root / "docs").rglob(f"figures/*.{kind}")
    }
    typed = [
        Problem(
            script.name, line, f"writes {digits}, a number typed by hand",
            "A description, a label or the sentence of a knob looks computed, and nothing computes it.",
            "Write what the code holds: f\"… {value:.1%}\", {stop}, {value}, or a constant with a name.",
        )
        for script in house.figures
        for line, digits in outputs.typed_numbers(script, _texts(script))
    ]  # fmt: skip
    held = [test.source for test in house.tests if "KNOB.ends" in test.source]
    modules = {s: s.name.removesuffix(".py").replace("/", ".") for s in house.figures if s.drawing.suffix == ".html"}  # fmt: skip
    untied = [
        Problem(
            script.name, 1, "no test takes effect and null from its KNOB",
            "The reader turns to settings that nobody tested.",
            f"In the claim's test: from {module} import KNOB, measure; and claim.effect(…, measure, **KNOB.ends, …).",
        )
        for script, module in modules.items()
        if not any(f"from {module} import" in source for source in held)
    ]  # fmt: skip
    return untied + typed + [
        Problem(
            path.relative_to(house.root).as_posix(), 1, "no script draws this figure",
            "Nobody could draw it again.", "Add the script beside it, or delete it.",
        )
        for path in sorted(drawn - scripts)
    ]  # fmt: skip


def _texts(script: Snippet) -> Iterator[tuple[int, str]]:
    """Yield line and text of every string of a script, without its docstring, dates and what is filled in."""
    specifications = {
        part
        for node in script.nodes
        if isinstance(node, ast.FormattedValue) and node.format_spec
        for part in ast.walk(node.format_spec)
    }
    docstring = ast.get_docstring(script.tree, clean=False)
    for node in script.nodes:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if node not in specifications and node.value != docstring:
            yield node.lineno, re.sub(r"\{[^}]*\}|\d{4}-\d\d-\d\d", " ", node.value)
