"""What a reader reads: the sentences of a page, with captions, tables and descriptions, and their numbers."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from proof import sources
from proof.files import EMBED, Page
from proof.project import House

# A sign counts if nothing is glued to it; digits glued to a letter before them (p99, F1) are names.
NUMBER = re.compile(r"(?<![\w.,−-])(?P<sign>[-−]?)(?P<digits>\d+(?:[,_]\d{3})*(?:\.\d+)*(?:e-?\d+)?)(?P<percent>\s?%)?")  # fmt: skip
HYPHENATED = re.compile(r"(?<=\d)[-–/×](?=\d)|(?<=[A-Za-z]{2})[-–](?=\d)")
SENTENCE_END = re.compile(r"(?<=[.!?])((?:\[\^[\w-]+\]|[)\"”*_])*)\s+(?=\S)")
MARKUP = re.compile(
    r"^ *(?:#+ (?:\d+ · )?|[-*+] |\d+\. |> |(?:!!!|\?\?\?\+?) [\w ]*|===[+!]? |: {3})"
)
COMMON = frozenset(
    """
    the and for with that this from not are was its has have but than then one two per any all
    every each which when what where will can does into over only same more most less least
    both after before without between other return float int none true false self print len
    range import
    """.split()  # noqa: SIM905
)
CLAUSE_END = re.compile(r"[,;:(](?=\s)|\s(?:and|but|against|while|instead of|rather than)(?=\s)")
DRAWING = re.compile(r"/figures/\w+\.(?:svg|html)$")


@dataclass(frozen=True)
class Number:
    """A number in a text: how it is written, and where it stands."""

    text: str
    key: str  # what two texts of the same number share: 1_000 and 1,000, 84 % and 84%
    start: int
    end: int

    @property
    def significant_digits(self) -> int:
        """Count digits from the first that is not zero; 1,000 has one, 1,200 two, 0.10 two."""
        digits = re.sub(r"\D", "", self.text.split("e")[0]).lstrip("0")
        return len(digits if "." in self.text else digits.rstrip("0"))


def numbers(text: str) -> list[Number]:
    """Return every number of a text; ranges and dates count as several."""
    spaced = HYPHENATED.sub(" ", text)
    found = []
    for match in NUMBER.finditer(spaced):
        key = "-" * bool(match["sign"]) + re.sub("[,_]", "", match["digits"])
        key += "%" * bool(match["percent"])
        found.append(Number(match[0], key, match.start(), match.end()))
    return found


def words(text: str) -> set[str]:
    """Return the words of a text, without endings and without those that every text has."""
    return {word[:5] for word in re.findall(r"[a-z]{3,}", text.lower()) if word not in COMMON}


@dataclass(frozen=True)
class Sentence:
    """A piece of text that a reader meets, and the sources it cites."""

    line: int
    text: str
    cites: frozenset[str] = frozenset()
    context: str = ""  # words that belong to it without standing in it: the head of a table


def sentences(page: Page, house: House) -> list[Sentence]:
    """Return all that a reader meets: prose, tables, captions, descriptions of figures."""
    found = []
    for block in _blocks(page, house):
        for before, raw in _split(block.text):
            text, cites = _clean(raw)
            line = block.line + before.count("\n")
            for part in text.split("; "):  # each part says something of its own
                words_around = " ".join(sorted(words(text) - words(part)))
                context = f"{block.context} {words_around}"
                found.append(Sentence(line, part, frozenset(cites), context))
    return [sentence for sentence in found if sentence.text]


def _split(text: str) -> Iterator[tuple[str, str]]:
    start = 0
    for match in SENTENCE_END.finditer(text):
        yield text[:start], text[start : match.end(1)]
        start = match.end()
    yield text[:start], text[start:]


def _clean(raw: str) -> tuple[str, set[str]]:
    cites = {match["id"] for match in sources.REFERENCE.finditer(raw)}
    text = sources.REFERENCE.sub("", raw)
    text = re.sub(r"<[^>]*?\b(?:alt|title|aria-label)=\"([^\"]*)\"[^>]*>", r" \1 ", text)
    text = re.sub(r"<[^>]+>", " ", text)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\{[:#.][^}]*\}", "", text)
    return " ".join(html.unescape(text).replace("`", " ").replace("*", "").split()), cites


def _blocks(page: Page, house: House) -> Iterator[Sentence]:
    open_block: Sentence | None = None
    table_head = ""
    front = page.source.startswith("---\n")
    for number, text, fenced in page.lines:
        embed = EMBED.match(text)
        is_row = text.lstrip().startswith("|")
        ends = not text.strip() or fenced is not None or embed or is_row or MARKUP.match(text)
        if (ends or front) and open_block:
            yield open_block
            open_block = None
        if front:
            front = number == 1 or text != "---"
            if match := re.match(r"(?:title|description): (.*)", text):
                yield Sentence(number, match[1])
        elif embed and DRAWING.search(embed["path"]) and (house.root / embed["path"]).exists():
            drawing = (house.root / embed["path"]).read_text("utf-8")
            for part in re.findall(r"<(?:title|desc)[^>]*>(.*?)</", drawing):
                yield Sentence(number, part)
        elif fenced is not None or embed or not text.strip() or sources.DEFINITION.match(text):
            continue
        elif is_row:
            if not table_head:
                table_head = text
                yield Sentence(number, text)
            elif not re.fullmatch(r"[\s|:-]+", text):
                yield Sentence(number, text, context=_clean(table_head)[0])
            continue
        elif open_block and not ends:
            open_block = replace(open_block, text=f"{open_block.text}\n{text}")
        else:
            open_block = Sentence(number, MARKUP.sub("", text))
        table_head = ""
    if open_block:
        yield open_block
