"""Evidence: the lines of code and output that a page shows, and whether one of them explains a number.

A number of a sentence is explained if a line about the sentence's subject holds it. "About" is a
score: words and numbers that sentence and line share, each worth less the more lines hold it, and
words of the number's own clause worth more than those of the rest of the sentence.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import fsum

from proof import chapters, knobs
from proof.files import Chapter, Page
from proof.outputs import OUTPUT
from proof.project import House
from proof.text import CLAUSE_END, Number, Sentence, numbers, words

REST = 0.2  # what a word outside of the number's own clause counts
SHARE_OF_BEST = 0.75  # a line is about the sentence if it scores this share of the best line
FIELD_END = re.compile(r"[,;:\[](?=\s|\d)(?!\d{3}\b)")
NOWHERE = "no output line on this page holds it, and no code line that shares a word with it"


@dataclass(frozen=True)
class Evidence:
    """The lines of code and output that a page shows, as (where, text)."""

    output: list[tuple[str, str]] = field(default_factory=list)
    code: list[tuple[str, str]] = field(default_factory=list)

    @cached_property
    def fields(self) -> list[list[set[object]]]:
        """Words and numbers of each field (between commas and colons) of each output line."""
        return [[tokens(part) for part in FIELD_END.split(text)] for _, text in self.output]

    @cached_property
    def placed(self) -> list[list[tuple[str, set[str]]]]:
        """Each number of each output line, in order, with the words of its field."""
        return [
            [(n.key, words(part)) for part in FIELD_END.split(text) for n in numbers(part)]
            for _, text in self.output
        ]

    @cached_property
    def output_tokens(self) -> list[set[object]]:
        """Words and numbers of each output line."""
        return [set().union(*fields) for fields in self.fields]

    @cached_property
    def code_tokens(self) -> list[set[object]]:
        """Words and numbers of each code line, templates of output left out."""
        return [tokens(text) for _, text in self.code if 'f"' not in text]

    @cached_property
    def weight(self) -> dict[bool, dict[object, float]]:
        """What sharing a token with a line says: the less, the more lines of its kind hold it."""
        weights = {}
        for knob in (False, True):
            own = [line for i, line in enumerate(self.output_tokens) if self.is_a_knob(i) == knob]
            counts = Counter(token for line in own for token in line)
            weights[knob] = {t: 1 / (n if is_word(t) else n**0.5) for t, n in counts.items()}
        return weights

    def explains(self, number: Number, sentence: Sentence) -> str | None:
        """Return None if a line about the sentence's subject holds the number, else what is wrong."""
        clause, rest = around(number, sentence)
        if self.is_in_code(number, clause, rest):
            return None
        holding = [i for i, line in enumerate(self.output_tokens) if number.key in line]
        if not holding:
            return NOWHERE
        scores = self.scores(clause, rest)
        mine = max(holding, key=scores.__getitem__)
        return (
            self.shares_no_word(mine, scores)
            or self.is_about_another_line(mine, scores)
            or self.is_said_of_another_field(mine, number, clause, rest)
        )

    def is_in_code(self, number: Number, clause: set[object], rest: set[object]) -> bool:
        """Tell whether a line of code holds the number and a word of its clause.

        Not if the sentence quotes two numbers of one output line: then it speaks of that line.
        """
        quoted = {key for key in clause | rest if not is_word(key)}
        if any(len(quoted & line) >= 2 for line in self.output_tokens):
            return False
        return any(number.key in line and line & clause for line in self.code_tokens)

    def scores(self, clause: set[object], rest: set[object]) -> list[float]:
        """Return how much each output line is about a sentence."""
        return [
            # fsum: the same in every order, and sets have none.
            fsum(
                self.weight[self.is_a_knob(i)][t] * (1 if t in clause else REST)
                for t in (clause | rest) & line
            )
            for i, line in enumerate(self.output_tokens)
        ]

    def shares_no_word(self, mine: int, scores: list[float]) -> str | None:
        """Say so if the best line that holds the number has nothing else of the sentence."""
        if scores[mine] > 0:
            return None
        return f"{self.quote(mine)}, but shares no word with the sentence"

    def is_about_another_line(self, mine: int, scores: list[float]) -> str | None:
        """Say so if another line, which does not hold the number, is what the sentence is about.

        What a knob says resembles what the demo prints: it takes no number from a printed line.
        """
        rivals = [i for i in range(len(scores)) if self.is_a_knob(mine) or not self.is_a_knob(i)]
        best = max(rivals, key=scores.__getitem__)
        if scores[mine] >= SHARE_OF_BEST * scores[best] - 1e-9:
            return None
        other, instead = self.output[best]
        return f"{self.quote(mine)}, but this sentence is about {other} ({instead.strip()!r})"

    def is_said_of_another_field(
        self, mine: int, number: Number, clause: set[object], rest: set[object]
    ) -> str | None:
        """Say so if the clause's words stand in another field of the line, beside a number it leaves out."""
        named = {token for token in clause if is_word(token)}
        quoted = {token for token in clause | rest if not is_word(token)}
        own = max(len(part & named) for part in self.fields[mine] if number.key in part)
        for part in self.fields[mine]:
            unsaid = {t for t in part if not is_word(t)} - quoted - {number.key}
            if unsaid and number.key not in part and len(part & named) > own:
                return f"{self.quote(mine)}, but for something else than the sentence says"
        return None

    def mixes_up(self, one: Number, other: Number, sentence: Sentence) -> str | None:
        """Return what is wrong if every line about the sentence holds two numbers the other way round."""
        clauses = [set(filter(is_word, around(n, sentence)[0])) for n in (one, other)]
        own = (clauses[0] - clauses[1], clauses[1] - clauses[0])
        keys = (one.key, other.key)
        verdicts = {i: [*_fits(line, keys, own)] for i, line in enumerate(self.placed)}
        said = set().union(*around(one, sentence))
        shared = {i: len(said & self.output_tokens[i]) for i, found in verdicts.items() if found}
        near = [i for i in shared if shared[i] >= SHARE_OF_BEST * max(shared.values())]
        if not near or any(any(verdicts[i]) for i in near):
            return None
        where, text = self.output[max(near, key=shared.__getitem__)]
        return f"{where} prints it and {other.text.strip()} the other way round ({text.strip()!r})"

    def is_a_knob(self, line: int) -> bool:
        """Tell the sentence of a knob from a line that was printed."""
        return self.output[line][0].endswith(".html")

    def quote(self, line: int) -> str:
        """Return where an output line stands, with its text."""
        where, text = self.output[line]
        return f"{where} prints it ({text.strip()!r})"

    def nearest(self, number: Number, sentence: Sentence) -> str:
        """Return where the output line stands that the sentence may mean, with its text."""
        said = set().union(*around(number, sentence))
        shared = [len(said & line) for line in self.output_tokens]
        if not any(shared):
            return "no output line of the page shares a word with this sentence"
        where, text = self.output[shared.index(max(shared))]
        return f"the nearest is {where} ({text.strip()!r})"


def _fits(
    line: list[tuple[str, set[str]]], keys: tuple[str, str], own: tuple[set[object], set[object]]
) -> Iterator[bool]:
    """Yield, for each pair of places where a line holds two numbers, whether the sentence says them so.

    Each number stands by the words of its own clause; where words don't tell, the order does.
    """
    for first, (key, first_words) in enumerate(line):
        for second, (other_key, second_words) in enumerate(line):
            if (key, other_key) != keys:
                continue
            as_said = len(own[0] & first_words) + len(own[1] & second_words)
            swapped = len(own[0] & second_words) + len(own[1] & first_words)
            yield first < second if as_said == swapped else as_said > swapped


def is_word(token: object) -> bool:
    """Tell a word from a number."""
    return str(token)[0].isalpha()


def tokens(text: str) -> set[object]:
    """Return the words and the numbers of a text."""
    return {*words(text), *(number.key for number in numbers(text))}


def around(number: Number, sentence: Sentence) -> tuple[set[object], set[object]]:
    """Return the tokens of the clause that holds a number, and those of the rest of the sentence."""
    cuts = [0, *(m.end() for m in CLAUSE_END.finditer(sentence.text)), len(sentence.text) + 1]
    start = max(cut for cut in cuts if cut <= number.start)
    end = min(cut for cut in cuts if cut > number.start)
    clause = sentence.text[start : number.start] + " " + sentence.text[number.end : end]
    rest = f"{sentence.text[:start]} {sentence.text[end:]} {sentence.context}"
    return tokens(clause), tokens(rest) - tokens(clause)


def evidence(page: Page, house: House) -> Evidence:
    """Collect the lines of every section and knob that a page embeds, or of every cell of a chapter."""
    shown = Evidence()
    if isinstance(page, Chapter):
        code = [(f"{page.name}:{line}", text) for line, text in page.code]
        shown = Evidence(chapters.printed(page), code)
    for _, file, section in house.embedded(page):
        for offset, text in enumerate(section.code.splitlines(), start=1):
            lines = shown.output if OUTPUT.match(text) else shown.code
            lines.append((f"{file.name}:{section.line + offset}", text))
    for embed in page.embeds:
        path = house.root / embed.path
        if path.suffix == ".html" and path.exists():  # what a knob says, it has computed
            for stop in knobs.SAYS.findall(path.read_text("utf-8")):
                shown.output.append((embed.path, html.unescape(stop)))
    return shown
