"""Numbers: every number that a reader meets is computed on its page, or cited.

Computed: an output line or a code line of a snippet embedded on the page holds it, and no
other line has much more in common with the sentence. Two numbers of one line stand each by its
own words; where the words don't tell, in the order of the line.

Cited: the sentence carries a footnote whose source lists the number among its figures, in words
that the sentence shares.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from math import fsum

from proof import chapters, knobs, sources
from proof.outputs import OUTPUT
from proof.project import EMBED, Chapter, House, Page, Problem, nothing_found

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
NOWHERE = "no output line on this page holds it, and no code line that shares a word with it"
REST = 0.2  # what a word outside of the number's own clause counts
SHARE_OF_BEST = 0.75
DRAWING = re.compile(r"/figures/\w+\.(?:svg|html)$")
FIELD_END = re.compile(r"[,;:\[](?=\s|\d)(?!\d{3}\b)")


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


@dataclass(frozen=True)
class Evidence:
    """The lines of code and output that a page shows, as (where, text)."""

    output: list[tuple[str, str]] = field(default_factory=list)
    code: list[tuple[str, str]] = field(default_factory=list)

    @cached_property
    def fields(self) -> list[list[set[object]]]:
        """Words and numbers of each field (between commas and colons) of each output line."""
        return [[_tokens(part) for part in FIELD_END.split(text)] for _, text in self.output]

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
        return [_tokens(text) for _, text in self.code if 'f"' not in text]

    @cached_property
    def weight(self) -> dict[object, float]:
        """What sharing a token with an output line says: the less, the more lines hold it."""
        counts = Counter(token for line in self.output_tokens for token in line)
        return {t: 1 / (n if _is_word(t) else n**0.5) for t, n in counts.items()}

    def explains(self, number: Number, sentence: Sentence) -> str | None:
        """Return None if a line about the sentence's subject holds the number, else what is wrong."""
        clause, rest = _around(number, sentence)
        quoted = {key for key in clause | rest if not _is_word(key)}
        quotes_a_line = any(len(quoted & line) >= 2 for line in self.output_tokens)
        if not quotes_a_line and any(
            number.key in line and line & clause for line in self.code_tokens
        ):
            return None
        holding = [i for i, tokens in enumerate(self.output_tokens) if number.key in tokens]
        if not holding:
            return NOWHERE
        scores = [
            # fsum: the same in every order, and sets have none.
            fsum(self.weight[t] * (1 if t in clause else REST) for t in (clause | rest) & line)
            for line in self.output_tokens
        ]
        best, mine = (max(lines, key=scores.__getitem__) for lines in (range(len(scores)), holding))
        where, text = self.output[mine]
        if scores[mine] == 0:
            return f"{where} prints it ({text.strip()!r}), but shares no word with the sentence"
        if scores[mine] < SHARE_OF_BEST * scores[best] - 1e-9:
            other, instead = self.output[best]
            return (
                f"{where} prints it ({text.strip()!r}), but this sentence is about "
                f"{other} ({instead.strip()!r})"
            )
        named = {token for token in clause if _is_word(token)}
        own = max(len(part & named) for part in self.fields[mine] if number.key in part)
        for part in self.fields[mine]:
            unsaid = {t for t in part if not _is_word(t)} - quoted - {number.key}
            if unsaid and number.key not in part and len(part & named) > own:
                return f"{where} prints it ({text.strip()!r}), but for something else than the sentence says"
        return None

    def mixes_up(self, one: Number, other: Number, sentence: Sentence) -> str | None:
        """Return what is wrong if every line about the sentence holds two numbers the other way round."""
        clauses = [set(filter(_is_word, _around(n, sentence)[0])) for n in (one, other)]
        mine, yours = clauses[0] - clauses[1], clauses[1] - clauses[0]

        def fits(line: list[tuple[str, set[str]]]) -> Iterator[bool]:
            for first, (key, field_words) in enumerate(line):
                for second, (other_key, other_words) in enumerate(line):
                    if (key, other_key) == (one.key, other.key):
                        kept = len(mine & field_words) + len(yours & other_words)
                        turned = len(mine & other_words) + len(yours & field_words)
                        yield kept > turned or (kept == turned and first < second)

        verdicts = {place: [*fits(line)] for place, line in enumerate(self.placed)}
        said = set().union(*_around(one, sentence))
        shared = {
            place: len(said & self.output_tokens[place]) for place, v in verdicts.items() if v
        }
        near = [p for p in shared if shared[p] >= SHARE_OF_BEST * max(shared.values())]
        if not near or any(any(verdicts[place]) for place in near):
            return None
        where, text = self.output[max(near, key=shared.__getitem__)]
        return f"{where} prints it and {other.text.strip()} the other way round ({text.strip()!r})"

    def nearest(self, number: Number, sentence: Sentence) -> str:
        """Return where the output line stands that the sentence may mean, with its text."""
        said = set().union(*_around(number, sentence))
        shared = [len(said & line) for line in self.output_tokens]
        if not any(shared):
            return "no output line of the page shares a word with this sentence"
        where, text = self.output[shared.index(max(shared))]
        return f"the nearest is {where} ({text.strip()!r})"


def _is_word(token: object) -> bool:
    return str(token)[0].isalpha()


def _tokens(text: str) -> set[object]:
    return {*words(text), *(number.key for number in numbers(text))}


def _around(number: Number, sentence: Sentence) -> tuple[set[object], set[object]]:
    """Return the tokens of the clause that holds a number, and those of the rest of the sentence."""
    cuts = [0, *(m.end() for m in CLAUSE_END.finditer(sentence.text)), len(sentence.text) + 1]
    start = max(cut for cut in cuts if cut <= number.start)
    end = min(cut for cut in cuts if cut > number.start)
    clause = sentence.text[start : number.start] + " " + sentence.text[number.end : end]
    rest = f"{sentence.text[:start]} {sentence.text[end:]} {sentence.context}"
    return _tokens(clause), _tokens(rest) - _tokens(clause)


def evidence(page: Page, house: House) -> Evidence:
    """Collect the lines of every section that a page embeds, or of every cell of a chapter."""
    if isinstance(page, Chapter):
        code = [(f"{page.name}:{line}", text) for line, text in page.code]
        return Evidence(chapters.printed(page), code)
    shown = Evidence()
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


def check_sentence(
    sentence: Sentence, shown: Evidence, ledger: dict[str, sources.Source]
) -> list[tuple[Number, str]]:
    """Return the numbers of a sentence that are neither computed nor cited, with the reason."""
    figures = [
        (numbers(item), words(item))
        for name in sentence.cites
        if name in ledger
        for item in ledger[name].figures.split(";")
    ]
    found = []
    for number in numbers(sentence.text):
        clause, _ = _around(number, sentence)
        if any(
            number.key in {figure.key for figure in items} and (not labels or labels & clause)
            for items, labels in figures
        ):
            continue
        if sentence.cites:
            cited = ", ".join(sorted(sentence.cites))
            reason: str | None = (
                f"it is no figure of {cited} by that name, and a sentence that cites only quotes"
            )
        else:
            reason = shown.explains(number, sentence)
        if reason:
            found.append((number, reason))
    if found or sentence.cites:
        return found
    said = numbers(sentence.text)
    keys = Counter(number.key for number in said)
    for one, other in combinations([n for n in said if keys[n.key] == 1], 2):
        same_kind = one.key.endswith("%") == other.key.endswith("%")
        if same_kind and (reason := shown.mixes_up(one, other, sentence)):
            found.append((one, reason))
    return found


def check_page(page: Page, house: House) -> list[Problem]:
    """Check every number of one page; the ledger, which supports the others, is not checked."""
    if page.name in house.settings.sources:
        return []
    shown, ledger = evidence(page, house), sources.ledger(house)
    return [
        Problem(
            page.name, sentence.line,
            f"{number.text.strip()} in {sentence.text!r}: {reason}"
            + (f"; {shown.nearest(number, sentence)}" if reason == NOWHERE else ""),
            "A number on this site is computed here or cited; nothing else.",
            "Say it as the output line says it; or print it in a demo and run make update; "
            "or cite a source that lists it; or write a small whole number as a word.",
        )
        for sentence in sentences(page, house)
        for number, reason in check_sentence(sentence, shown, ledger)
    ]  # fmt: skip


def mutants(sentence: Sentence) -> Iterator[tuple[Number, Sentence]]:
    """Yield the sentence with one digit of one number changed, in every way."""
    for number in numbers(sentence.text):
        for place in range(number.start, number.end):
            old = sentence.text[place]
            for digit in "0123456789":
                if old.isdigit() and digit != old:
                    text = sentence.text[:place] + digit + sentence.text[place + 1 :]
                    yield number, replace(sentence, text=text)


def check(house: House) -> list[Problem]:
    """Check that there are numbers to check."""
    found = any(numbers(s.text) for page in house.texts for s in sentences(page, house))
    return [] if found else [nothing_found("numbers")]
