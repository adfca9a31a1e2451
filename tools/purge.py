"""Leave out of the theme's stylesheet what nothing on this site can meet: half of it.

A MkDocs hook. A selector goes only if it names a class, an id or a direction that no built page has
and no script mentions; what stands in `:not(…)` and its like is never a reason. Drawings that only
such selectors used go with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import tinycss2

NAMES = re.compile(r'\b(?:class|id|dir)=(?:"([^"]*)"|([^\s>"]+))')
WORD = re.compile(r"[\w-]+")
PROPERTY = re.compile(r"(?<=[{;])(--[\w-]+):(?:url\(\"[^\"]*\"\)|[^;}\"]*);?")

_serving = False


def on_startup(command: str, **_: Any) -> None:
    """Remember whether somebody waits: a page that is being written may need another class."""
    global _serving
    _serving = command == "serve"


def on_post_build(config: Any) -> None:
    """Purge the stylesheet of the theme in the built site."""
    if _serving:
        return
    site = Path(config["site_dir"])
    pages = (path.read_text("utf-8") for path in site.rglob("*.html"))
    scripts = [path.read_text("utf-8") for path in site.glob("assets/**/*.js")]
    ours = "".join(path.read_text("utf-8") for path in site.glob("assets/*.css"))
    for path in site.glob("assets/stylesheets/main.*.css"):
        css = purge(path.read_text("utf-8"), names(pages, scripts))
        path.write_text(without_idle_properties(css, ours), "utf-8")
    for path in (*site.glob("assets/*.css"), *site.glob("assets/*.js")):
        path.write_text(short(path.read_text("utf-8")), "utf-8")


def short(text: str) -> str:
    """Return a stylesheet or script of ours without the lines and blocks that are comments, and without indentation."""
    return re.sub(r"^\s*//.*\n|/\*.*?\*/\n?|^\s+", "", text, flags=re.MULTILINE)


def names(pages: Iterable[str], scripts: Iterable[str]) -> set[str]:
    """Return every name that pages give an element, and those that scripts may give it later.

    What a minified script calls `bug` or `note` is no name of an element: those it adds have a
    hyphen, but for `js`.
    """
    found = {word for script in scripts for word in WORD.findall(script) if "-" in word} | {"js"}
    for page in pages:
        for match in NAMES.finditer(page):
            found.update((match[1] or match[2] or "").split())
    return found


def purge(css: str, known: set[str]) -> str:
    """Return a stylesheet without the selectors that name something unknown."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "".join(_kept(rules, known))


def _kept(rules: Iterable[Any], known: set[str]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports", "layer"):
            inside = tinycss2.parse_rule_list(rule.content or [], skip_whitespace=True)
            if body := "".join(_kept(inside, known)):
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{body}}}"
        elif rule.type != "qualified-rule":
            yield tinycss2.serialize([rule])
        elif selectors := [s for s in _selectors(rule.prelude) if named_in(s) <= known]:
            text = ",".join(map(tinycss2.serialize, selectors)).strip()
            yield f"{text}{{{tinycss2.serialize(rule.content)}}}"


def _selectors(prelude: Iterable[Any]) -> Iterator[list[Any]]:
    selector: list[Any] = []
    for part in prelude:
        if part == ",":
            yield selector
            selector = []
        else:
            selector.append(part)
    yield selector


def named_in(selector: list[Any]) -> set[str]:
    """Return the classes, ids and directions that an element must have to be met."""
    found = {token.value for token in selector if token.type == "hash"}
    for before, token in zip(selector, selector[1:], strict=False):
        if before == "." and token.type == "ident":
            found.add(token.value)
    for token in selector:
        if token.type == "[] block" and [t.value for t in token.content[:2]] == ["dir", "="]:
            found.add(token.content[2].value)
    return found


def without_idle_properties(css: str, *others: str) -> str:
    """Return a stylesheet without the custom properties that neither it nor another one uses."""
    used = set(re.findall(r"var\((--[\w-]+)", "".join((css, *others))))
    return PROPERTY.sub(lambda match: match[0] if match[1] in used else "", css)
