"""Safety: nothing but text, tables and figures enters the site, however it was written.

Markdown lets HTML through, attribute lists set any attribute, SVG may hold scripts. So the built
pages are compared with lists of what is allowed: an element, attribute or address that stands in no
list is reported, also one that nobody has thought of. What a built page cannot show (kinds of files,
links to files, invisible characters) is checked in the repository.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import subprocess
import tokenize
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from bs4 import BeautifulSoup, Tag

from proof.project import ROOT, Problem, nothing_found
from tools import addresses
from tools.policy import digest, policy

if TYPE_CHECKING:
    from tools.site import Built

LISTS = (
    "If a page needs it and it cannot load or run anything, add it to the lists in tools/safety.py."
)

# Elements of an article with the attributes of each, besides the global ones.
GLOBAL = {"class", "hidden", "id", "lang", "role", "title"}
PLAIN = """
abbr b br caption cite code dd del dfn div dl dt em figcaption h1 h2 h3 h4 hr i ins kbd mark p pre q
rp rt ruby s samp small span strong sub summary sup table tbody tfoot thead tr u ul var wbr
"""
TEXT = {
    **dict.fromkeys(PLAIN.split(), set[str]()),
    "a": {"download", "href", "rel"},
    "blockquote": {"cite"},
    "button": {"type"},  # copies what stands beside it
    "details": {"open"},
    "figure": {"markdown"},
    "img": {"alt", "height", "loading", "src", "width"},
    "input": {"checked", "name", "type"},  # the tabs
    "label": {"for"},
    "li": {"value"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan", "style"},
    "th": {"colspan", "rowspan", "scope", "style"},
    "time": {"datetime"},
}  # fmt: skip
SHAPE = {"clip-path", "fill", "style", "transform"}
SVG = {
    "svg": {"height", "viewbox", "width", "xmlns", "xmlns:xlink"},
    "g": SHAPE | {"opacity"},
    "circle": SHAPE | {"cx", "cy", "r"},
    "clippath": set[str](),
    "defs": set[str](),
    "desc": set[str](),
    "line": SHAPE | {"x1", "x2", "y1", "y2"},
    "path": SHAPE | {"d", "fill-rule", "stroke", "stroke-linecap", "stroke-linejoin", "stroke-width"},
    "pattern": {"height", "patternunits", "width", "x", "y"},
    "polygon": SHAPE | {"points"},
    "polyline": SHAPE | {"points"},
    "rect": SHAPE | {"height", "rx", "ry", "width", "x", "y"},
    "text": SHAPE | {"x", "y"},
    "title": set[str](),
    "tspan": {"style", "x", "y"},
    "use": SHAPE | {"x", "xlink:href", "y"},
}  # fmt: skip
ARTICLE = TEXT | SVG
# What the theme puts around the article.
AROUND = "article aside footer head header html main nav"
FRAME = ARTICLE | {
    **dict.fromkeys(AROUND.split(), set[str]()),
    "body": {"dir"},
    "button": {"tabindex", "type"},
    "div": {"tabindex"},
    "form": {"name"},
    "input": {"autocapitalize", "autocomplete", "autocorrect", "checked", "name", "placeholder", "required",
              "spellcheck", "type"},
    "label": {"for", "tabindex"},
    "link": {"href", "rel"},
    "meta": {"charset", "content", "http-equiv", "name", "property"},
    "script": {"src", "type"},
    "title": set[str](),
}  # fmt: skip
ADDRESSES = {"cite", "href", "src", "xlink:href"}
LINKS = {"alternate", "canonical", "icon", "next", "prev", "stylesheet"}
INPUTS = {"article": {"radio"}, "frame": {"checkbox", "radio", "text"}}
FORMS = {"md-header__option", "md-search__form"}  # the colour switch and the search
SCRIPTS = re.compile(r"(?:/|(?:\.\./)*)assets/(?:javascripts/bundle\.\w+\.min|house)\.js")
STYLE = re.compile(
    r"(?:fill|stroke|stroke-[a-z]+|[a-z]+-opacity|opacity|font-[a-z]+|text-a[a-z]+|clip-path)"
    r"\s*:\s*(?:url\(#[\w-]+\)|(?:var\(--[\w-]+\)|[\w#.,%'\" -])+)"
)

POLICY = "Content-Security-Policy"
FRONT_MATTER = {"title", "description", "level", "prerequisites", "tags", "synonyms", "hide", "search"}
# Every kind of file that may stand in docs and theme: all others would be published as they are.
PUBLISHED = {
    "docs": re.compile(r"docs/(?:[\w-]+/)*[\w.-]+\.(?:md|py)|docs/(?:[\w-]+/)*figures/\w+\.svg"),
    "theme": re.compile(
        r"theme/(?:(?:main|404)\.html|partials/[\w-]+\.html|assets/[\w-]+\.(?:css|js|png|svg))"
    ),
}
SKIPPED = {".cache", ".venv", "__pycache__", "site"}  # what .gitignore names
BINARY = {".ico", ".png", ".woff2"}
# A stylesheet or script of ours has no reason for these.
FOREIGN = {
    ".css": re.compile(r"@import|expression\(|url\(\s*[\"']?+(?!#|data:image/svg\+xml|(?!//)[\w./-]+[\"')])[^)]{0,40}", re.IGNORECASE),
    ".js": re.compile(
        # fetch and XMLHttpRequest reach this site only: connect-src in tools/policy.py
        r"\beval\b|\bFunction\(|\bimport\s*\(|sendBeacon|WebSocket|EventSource|"
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|createElement\([\"'](?:script|iframe)|https?://"
    ),
}  # fmt: skip
INDEX_TAGS = re.compile(r"</?(?:p|code|pre|li|ol|ul|sub|sup)>")  # what the search shows of a page


# Built pages


def check_page(page: Built) -> Iterator[Problem]:
    """Compare everything in a built page with what is allowed there."""
    moves = addresses.moved_pages(page.root)
    if page.name in moves:
        if page.text != moves[page.name]:
            yield Problem(page.name, 1, "stands at an address that moved, and says something else",
                          "Readers of the old address expect its successor.",
                          f"Delete the page, or the arrow in {addresses.LIST}.")  # fmt: skip
        return
    article = page.soup.find("article")
    inside = {id(tag) for tag in article.find_all(True)} if isinstance(article, Tag) else set()
    for tag in page.soup.find_all(True):
        zone = "article" if id(tag) in inside else "frame"
        for problem in check_element(page.name, tag, zone):
            yield at_source(page, tag, problem) if zone == "article" else problem
    yield from check_policy(page)


def at_source(page: Built, tag: Tag, problem: Problem) -> Problem:
    """Return a problem of the built page at the line of Markdown that it comes from, if one is found."""
    values = [value for value in map(str, tag.attrs.values()) if value and value in problem.what]
    for text in (*values, f"<{tag.name}"):
        if page.source and text in page.source.source:
            line = _line(page.source.source, page.source.source.index(text))
            return replace(problem, file=page.source.name, line=line)
    return problem


def check_element(where: str, tag: Tag, zone: str = "article") -> Iterator[Problem]:
    """Compare one element and its attributes with what is allowed in its part of a page."""
    line = tag.sourceline or 1
    allowed = (ARTICLE if zone == "article" else FRAME).get(tag.name.lower())
    if allowed is None:
        yield Problem(where, line, f"has a <{tag.name}> in its {zone}",
                      "Pages are text, tables and figures: nothing that runs, loads or asks.",
                      f"Remove it where the page, its front matter, a figure or mkdocs.yml brings it in. {LISTS}")  # fmt: skip
        return
    if wrong := fault_of_element(tag, zone):
        moved = (
            f" Has the page moved? Write an arrow in {addresses.LIST}."
            if tag.name == "meta"
            else ""
        )
        yield Problem(where, line, f"has a <{tag.name}> {wrong}",
                      "It asks, loads, sends readers elsewhere, or does something else than it says.", f"Remove it.{moved}")  # fmt: skip
    for name, value in tag.attrs.items():
        text = value if isinstance(value, str) else " ".join(value)
        yield from check_attribute(where, line, tag, zone, name.lower(), text)


def fault_of_element(tag: Tag, zone: str) -> str | None:
    """Return what is wrong with an element that is allowed with some attributes only."""
    if tag.name == "input" and tag.get("type") not in INPUTS[zone]:
        return f"of the type {tag.get('type')!r}"
    if tag.name == "button" and zone == "article" and tag.get("type") != "button":
        return f"of the type {tag.get('type')!r}"
    copies = tag.get("data-clipboard-text")
    if copies is not None and (tag.parent is None or str(copies) not in tag.parent.get_text()):
        return f"that copies {str(copies)[:60]!r}, which does not stand beside it"
    if tag.name == "form" and not FORMS.intersection(tag.get_attribute_list("class")):
        return "that is not the theme's"
    if tag.name == "link" and not LINKS.issuperset(tag.get_attribute_list("rel")):
        return f"with rel={' '.join(map(str, tag.get_attribute_list('rel')))!r}"
    if tag.name == "meta" and tag.get("http-equiv", POLICY) != POLICY:
        return f"with http-equiv={tag.get('http-equiv')!r}"
    if tag.name == "script" and "src" in tag.attrs and not SCRIPTS.fullmatch(str(tag["src"])):
        return f"with src={tag['src']!r}, which is neither the theme's nor ours"
    if "mermaid" in tag.get_attribute_list("class"):
        return "with the class 'mermaid', for which the theme loads a script from another host"
    return None


def check_attribute(
    where: str, line: int, tag: Tag, zone: str, name: str, value: str
) -> Iterator[Problem]:
    """Compare one attribute and its value with what is allowed at its element."""
    known = GLOBAL | (ARTICLE if zone == "article" else FRAME)[tag.name.lower()]
    inert = name.startswith(("aria-", "data-"))
    steers = zone == "article" and name.startswith(("data-md-", "data-clipboard-target"))
    shown = f"<{tag.name} {name}={value[:60]!r}>"
    if steers or not (inert or name in known):
        yield Problem(where, line, f"has {shown}", "Only attributes that cannot run or load anything are allowed.",
                      f"Remove the attribute, in HTML or in an attribute list {{: {name}=…}}. {LISTS}")  # fmt: skip
    elif name in ADDRESSES and (fault := fault_of_address(tag, value)):
        yield Problem(where, line, f"has {shown}: {fault}",
                      "A link can run code, hide where it leads, or load from a stranger.",
                      "Link with https://, mailto: or a relative path; in a figure with #name.")  # fmt: skip
    elif name == "style" and not all(
        STYLE.fullmatch(part.strip()) for part in value.rstrip("; ").split(";")
    ):
        yield Problem(where, line, f"has {shown}", "A style can load a file, or lay itself over the page.",
                      f"Use a class of theme/assets/house.css. {LISTS}")  # fmt: skip


def fault_of_address(tag: Tag, value: str) -> str | None:
    """Return what is wrong with an address, None if nothing is."""
    if re.search(r"[\x00-\x20\x7f\\]", value):
        return "browsers drop or turn its spaces, control characters and backslashes"
    if tag.name == "link" and "canonical" in tag.get_attribute_list("rel"):
        return None
    if tag.name == "use":
        return None if value.startswith("#") else "it loads something from outside of the figure"
    if value.startswith("//"):
        return "it names a host, and not how to ask it"
    scheme = re.match(r"[a-z][a-z0-9+.-]*:", value, re.IGNORECASE)
    reads = (
        tag.name in {"a", "blockquote"} and scheme and scheme[0].lower() in {"https:", "mailto:"}
    )
    return f"{scheme[0]} is not allowed here" if scheme and not reads else None


def check_policy(page: Built) -> Iterator[Problem]:
    """Check that a page carries the policy, before all else, for the theme's scripts only."""
    mend = "It comes from tools/policy.py and tools/safety_hooks.py."
    inline = [
        (tag.sourceline or 1, str(tag.string or ""))
        for tag in page.soup.find_all("script")
        if not tag.get("src") and tag.get("type") != "application/json"
    ]
    metas = [tag for tag in page.soup.find_all("meta") if tag.get("http-equiv") == POLICY]
    found = str(metas[0].get("content")) if metas else ""
    for line, script in inline:
        if digest(script) not in found:
            yield Problem(page.name, line, f"has an inline script that is not the theme's: {script[:60]!r}",
                          "Browsers block it, and nobody reviewed it.",
                          "Remove it. Is it a new one of the theme? Name its template in tools/safety_hooks.py.")  # fmt: skip
    charset, second = page.soup.find_all(True)[2:4]  # behind html and head
    if len(metas) != 1 or metas[0] is not second or not charset.get("charset"):
        yield Problem(page.name, 1, f"has {len(metas)} {POLICY} behind its charset, and needs one there",
                      "It holds only for what follows it.", mend)  # fmt: skip
    elif found != policy(script for _, script in inline if digest(script) in found):
        yield Problem(page.name, second.sourceline or 1, f"has another policy than ours: {found!r}",
                      "A weaker policy lets scripts or other hosts in.", mend)  # fmt: skip


# Other built files


def check_search_index(site: Path) -> Iterator[Problem]:
    """Check that the search index holds no markup but what the search shows."""
    path = site / "search/search_index.json"
    entries = json.loads(path.read_text("utf-8"))["docs"] if path.exists() else []
    for entry in entries:
        for name in ("title", "text"):
            if found := re.search(r"<[^>]{0,40}>?", INDEX_TAGS.sub("", entry.get(name, ""))):
                yield Problem(path.relative_to(site).as_posix(), 1,
                              f"has {found[0]!r} in the {name} of {entry['location']!r}",
                              "The search writes it into the page.", "Remove it from the page's Markdown or title.")  # fmt: skip


def check_sitemap(site: Path, site_url: str) -> Iterator[Problem]:
    """Check that the sitemap names only pages of this site."""
    path = site / "sitemap.xml"
    for address in re.findall(
        r"<loc>(.*?)</loc>", path.read_text("utf-8") if path.exists() else ""
    ):
        if not address.startswith(site_url):
            yield Problem("sitemap.xml", 1, f"names {address!r}", "Search engines follow it.",
                          "Remove the entry that brings it in from nav in mkdocs.yml.")  # fmt: skip


# The repository


def tracked(root: Path = ROOT) -> list[str]:
    """Return the path of every file that is committed, or would be; without git, of every file."""
    command = ["git", "ls-files", "-co", "--exclude-standard"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return sorted(set(done.stdout.splitlines()))
    files = [path for path in root.rglob("*") if path.is_file() or path.is_symlink()]
    names = [path.relative_to(root) for path in files]
    return sorted(
        n.as_posix() for n in names if not SKIPPED.intersection((n.parts[0], n.parent.name))
    )


def check_files(root: Path = ROOT) -> list[Problem]:
    """Check every file of the repository for what a built page cannot show."""
    names, found = tracked(root), []
    if not names:
        return [nothing_found("files of the repository")]
    for name in names:
        path = root / name
        if path.is_symlink() or path.is_dir():
            found.append(
                Problem(name, 1, "is a link to another place", "MkDocs follows it and publishes what stands there, "
                        "also files of the machine that builds.", "Copy the file, or embed it.")
            )  # fmt: skip
        elif path.is_file() and path.suffix not in BINARY:
            try:
                found += check_file(name, path.read_text("utf-8"))
            except UnicodeDecodeError:
                found.append(
                    Problem(name, 1, "is no text", "Nobody can review it.",
                            "Remove it, or commit what it is made from.")
                )  # fmt: skip
    return found


def check_file(name: str, text: str) -> Iterator[Problem]:
    """Check one text file: its kind, its characters, and what is particular to its kind."""
    folder, suffix = name.split("/")[0], Path(name).suffix
    if folder in PUBLISHED and not PUBLISHED[folder].fullmatch(name):
        yield Problem(name, 1, f"is a kind of file that {folder}/ does not hold",
                      "It would be published as it stands, unchecked.",
                      "Write it as a page, a snippet or a figure; or allow it in PUBLISHED in tools/safety.py.")  # fmt: skip
    yield from check_characters(name, text)
    if folder == "docs" and suffix == ".md":
        yield from check_front_matter(name, text)
    elif folder == "theme" and suffix == ".svg":  # figures are checked in their pages
        yield from check_svg(name, text)
    elif folder == "theme" and suffix in FOREIGN:
        for match in FOREIGN[suffix].finditer(text):
            yield Problem(name, _line(text, match.start()), f"holds {match[0]!r}",
                          "It loads from elsewhere, or turns text into code.",
                          "Keep the file here and write text as text: textContent, createElement.")  # fmt: skip
    elif suffix == ".py" and not text.isascii():
        with contextlib.suppress(SyntaxError, tokenize.TokenError):  # tools/mirror.py says where
            for token in tokenize.generate_tokens(io.StringIO(text).readline):
                if token.type == tokenize.NAME and not token.string.isascii():
                    yield Problem(name, token.start[0], f"has the name {token.string!r}, which is not ASCII",
                                  "Letters of two alphabets look alike; who copies it cannot type it.", "Rename it.")  # fmt: skip


def check_characters(name: str, text: str) -> Iterator[Problem]:
    """Check that a file shows every character that it holds, in the order in which it holds them."""
    for character in sorted(filter(is_invisible, set(text))):
        code = f"U+{ord(character):04X} {unicodedata.name(character, 'a control character')}"
        for match in re.finditer(re.escape(character), text):
            yield Problem(name, _line(text, match.start()), f"holds an invisible character: {code}",
                          "Such characters hide code, or show it in another order than Python reads it.",
                          "Delete it; in Python write an escape sequence.")  # fmt: skip


def is_invisible(character: str) -> bool:
    """Return whether a character leaves no mark: controls, formats, fillers, variation selectors."""
    kind = unicodedata.category(character)
    hidden = kind in {"Cc", "Cf", "Co", "Cn", "Zl", "Zp"} or "SELECTOR" in unicodedata.name(
        character, ""
    )
    return character not in "\n\t" and (hidden or "FILLER" in unicodedata.name(character, ""))


def check_front_matter(name: str, text: str) -> Iterator[Problem]:
    """Check that the front matter holds nothing that steers the theme."""
    match = re.match(r"---\n(.*?\n)---\n", text, re.DOTALL)
    try:
        values = yaml.safe_load(match[1]) if match else {}
    except yaml.YAMLError:
        return  # tools/front_matter.py says so
    for key in values if isinstance(values, dict) else {}:
        if key not in FRONT_MATTER:
            line = text[: text.index(f"{key}:")].count("\n") + 1 if f"{key}:" in text else 1
            yield Problem(name, line, f"has {key!r} in its front matter",
                          "Some keys choose another template, redirect readers or change the frame.",
                          f"Remove it. Known: {', '.join(sorted(FRONT_MATTER))}; tools/safety.py lists them.")  # fmt: skip


def check_svg(name: str, text: str) -> Iterator[Problem]:
    """Check a figure or drawing, which a browser may also open by itself."""
    if found := re.search(r"<[!?][^>]{0,30}", text):
        yield Problem(name, _line(text, found.start()), f"holds {found[0]!r}",
                      "Entities, stylesheets and comments of XML load or hide things.", "Draw it with make update.")  # fmt: skip
        return
    body = BeautifulSoup(text, "html5lib").body
    for tag in body.find_all(True) if body else []:
        if tag.name.lower() not in SVG:
            yield Problem(name, tag.sourceline or 1, f"has a <{tag.name}>", "A figure is lines, shapes and words.",
                          f"Draw it with make update. {LISTS}")  # fmt: skip
        else:
            yield from check_element(name, tag)


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
