"""Directions: a sentence that says *rises from 3 to 2* is wrong, whatever was printed.

Only what is certain is read: one verb or comparison with a number on either side, in one unit.
"""

from __future__ import annotations

import re

from proof.text import Sentence

UP = "rises|rose|grows|grew|increases|increased|climbs|climbed|goes up|went up"
DOWN = "falls|fell|drops|dropped|shrinks|shrank|decreases|decreased|declines|declined|goes down|went down"
AMOUNT = r"[-−]?\d+(?:[,_]\d{3})*(?:\.\d+)?(?:\s?%)?"
MOVES = re.compile(
    rf"\b(?P<verb>{UP}|{DOWN}) from (?P<one>{AMOUNT}) to (?P<other>{AMOUNT})(?![\w/])"
)
COMPARES = re.compile(
    rf"(?P<one>{AMOUNT})(?:,| is| are) (?P<verb>above|more than|higher than|below|less than|lower than) (?P<other>{AMOUNT})(?![\w/])"
)
RISING = re.compile(rf"{UP}|above|more than|higher than")


def value(text: str) -> tuple[float, bool]:
    """Return the number that a text writes, and whether it is a percentage."""
    digits = re.sub(r"[,_%\s]", "", text).replace("−", "-")
    return float(digits), "%" in text


def contradiction(sentence: Sentence) -> str | None:
    """Return what a sentence says the wrong way round, None if nothing is certain to be wrong."""
    for pattern, rises_to in ((MOVES, True), (COMPARES, False)):
        for match in pattern.finditer(sentence.text):
            (one, unit), (other, other_unit) = value(match["one"]), value(match["other"])
            if unit != other_unit:
                continue  # "from 3 of 100 to 5 %" may be right
            up = bool(RISING.fullmatch(match["verb"]))
            first_is_larger = one > other
            if one == other or first_is_larger == (up if rises_to else not up):
                return match[0]
    return None
