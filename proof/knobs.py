"""Knobs: a figure that the reader turns, from the effect of a claim to its null.

A figure script that holds a ``KNOB`` draws one state for each stop, on shared axes:

    KNOB = Knob(
        "Rows on either side", {"100": 100, "300": 300, "1,000": 1_000}, effect="100", null="1,000",
        says="With {stop} rows a side and no drift, {value:.1%} of the comparisons pass 0.1.",
    )

    def measure(seed: int, rows: int) -> float: ...  # also the measure of the claim's test

    def frame(axes) -> None: ...  # what all states share: limits, labels, lines

    def draw(axes, rows: int) -> dict | None: ...  # one state; returns further values for `says`

The claim's test calls the same `measure` at the same two settings: ``claim.effect("share", measure,
knob="rows", **KNOB.ends, …)``. Without a script a reader sees effect and null side by side.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from types import ModuleType
from typing import Any

SIZE = (4.6, 2.6)  # inches
STOPS = range(3, 8)
SAYS = re.compile(r"<p data-says=[^>]*>(.*?)</p>")  # in what a page embeds


@dataclass(frozen=True)
class Knob:
    """What a reader can turn.

    Parameters
    ----------
    label : str
        What is turned, as the label of the slider.
    stops : mapping of str to object
        Three to seven settings by the name that a reader sees, in one dimension.
    effect, null : str
        The stops at which the claim's test shows the effect, and sees it vanish.
    says : str
        The sentence of each stop, a template with ``{stop}``, ``{value}`` and what `draw` returns.
    """

    label: str
    stops: Mapping[str, Any]
    effect: str
    null: str
    says: str

    def __post_init__(self) -> None:
        """Refuse a knob that shows nothing."""
        if len(self.stops) not in STOPS:
            raise ValueError(f"a knob has {STOPS[0]} to {STOPS[-1]} stops, not {len(self.stops)}")
        if {self.effect, self.null} - set(self.stops) or self.effect == self.null:
            raise ValueError(
                f"effect={self.effect!r} and null={self.null!r} must be two of the stops"
            )
        if "{value" not in self.says:
            raise ValueError("says must hold {value}, what measure returns")

    @property
    def ends(self) -> dict[str, Any]:
        """The settings of effect and null, as `Claim.effect` takes them."""
        return {"on": self.stops[self.effect], "off": self.stops[self.null]}


def sentences(module: ModuleType, more: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return the sentence of each stop: the template, filled with what the claim's test measures."""
    knob: Knob = module.KNOB
    return {
        stop: knob.says.format(stop=stop, value=module.measure(0, setting), **more[stop])
        for stop, setting in knob.stops.items()
    }


def draw_states(module: ModuleType, axes: Any) -> dict[str, Mapping[str, Any]]:
    """Draw the shared frame and every state; return what each state adds to its sentence.

    Raises
    ------
    ValueError
        If a state draws nothing, or moves the axes that all states share.
    """
    module.frame(axes)
    if axes.get_autoscale_on():
        raise ValueError("frame(axes) must set xlim and ylim: all states share their axes")
    limits, more = (axes.get_xlim(), axes.get_ylim()), {}
    for number, (stop, setting) in enumerate(module.KNOB.stops.items()):
        before = set(axes.get_children())
        more[stop] = module.draw(axes, setting) or {}
        drawn = [artist for artist in axes.get_children() if artist not in before]
        if not drawn:
            raise ValueError(f"draw(axes, {setting!r}) draws nothing")
        if (axes.get_xlim(), axes.get_ylim()) != limits:
            raise ValueError(
                f"draw(axes, {setting!r}) moves the axes; set limits in frame(axes) only"
            )
        for part, artist in enumerate(drawn):
            artist.set_gid(f"stop-{number}-{part}")
    return more


def mark(svg: str) -> str:
    """Name the parts of each state, before ids that nothing uses are dropped.

    A part asks its view for its visibility: a variable also reaches the copy in the second view.
    """
    return re.sub(
        r' id="stop-(\d)-\d+"', r' data-stop="\1" style="visibility: var(--s\1, hidden)"', svg
    )


def page_part(module: ModuleType, svg: str, said: Mapping[str, str], name: str) -> str:
    """Return what a page embeds: the drawing, the slider and the sentences.

    The second view repeats the drawing with the null's state; a style sheet shows it only where no
    script can turn the knob, and in print.
    """
    knob: Knob = module.KNOB
    names = list(knob.stops)
    effect, null = names.index(knob.effect), names.index(knob.null)
    spoken = {stop: f"{stop} (effect gone)" if stop == knob.null else stop for stop in names}
    box = re.search(r'viewBox="[^"]+"', svg)[0]  # type: ignore[index]
    drawing = svg[svg.index("</desc>") + len("</desc>") : svg.rindex("</svg>")]
    options = "".join(f'<option value="{n}" label="{escape(s)}">' for n, s in enumerate(names))
    ends = {knob.effect: ' class="effect"', knob.null: ' class="null"'}
    paragraphs = "".join(
        f'<p data-says="{escape(spoken[stop])}"{ends.get(stop, "")}>'
        f"{escape(said[stop], quote=False)}</p>"
        for stop in names
    )
    return (
        f'<div class="knob" role="group" aria-label="{escape(module.TITLE)}">'
        f'<div class="knob-views">'
        f'<svg {box} class="fig" role="img" aria-labelledby="{name}-title {name}-says" style="--s{effect}: visible">'
        f'<title id="{name}-title">{escape(module.TITLE)}</title><g id="{name}-drawing">{drawing}</g></svg>'
        f'<svg {box} class="fig knob-null" role="img" aria-label="{escape(said[knob.null])}" style="--s{null}: visible">'
        f'<use href="#{name}-drawing"/></svg></div>'
        f'<p class="knob-control"><label for="{name}-knob">{escape(knob.label)}</label>'
        f'<input type="range" id="{name}-knob" min="0" max="{len(names) - 1}" value="{effect}" '
        f'list="{name}-stops" aria-valuetext="{escape(spoken[knob.effect])}" autocomplete="off">'
        f'<datalist id="{name}-stops">{options}</datalist><b aria-hidden="true">{escape(spoken[knob.effect])}</b>'
        f"<small>Effect gone at: {escape(knob.null)}</small></p>"
        f'<div class="knob-says">{paragraphs}'
        f'<output id="{name}-says" for="{name}-knob">{escape(said[knob.effect], quote=False)}</output></div></div>\n'
    )
