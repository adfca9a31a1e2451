"""Serving keeps what did not change, and shows nothing else than a build."""

import subprocess
import sys
from typing import Any
from xml.etree.ElementTree import Element

from material.plugins.search.plugin import Parser
from pymdownx.highlight import Highlight

from proof.problem import ROOT
from tools import serve_hooks


def test_a_build_keeps_nothing() -> None:
    before = Highlight.highlight, Parser.feed
    serve_hooks.on_startup("build")
    assert before == (Highlight.highlight, Parser.feed)


def test_the_same_code_is_coloured_once() -> None:
    calls: list[tuple[Any, ...]] = []

    def highlight(self: object, *arguments: Any, **options: Any) -> str:
        calls.append((arguments, options))
        return f"{arguments} {options}"

    once = serve_hooks.kept(highlight)
    first = once(None, "x = 1", "python", title="a.py")
    assert once(None, "x = 1", "python", title="a.py") == first
    assert len(calls) == 1
    for arguments, options in [
        (("x = 2", "python"), {"title": "a.py"}),
        (("x = 1", "text"), {"title": "a.py"}),
        (("x = 1", "python"), {"title": "b.py"}),
    ]:
        assert once(None, *arguments, **options) == highlight(None, *arguments, **options)
    assert len(calls) == 1 + 2 * 3


def test_an_element_is_made_anew_for_each_page() -> None:
    once = serve_hooks.kept(lambda self, source: Element("code"))
    assert once(None, "x") is not once(None, "x")


def test_the_same_page_is_read_once_for_search() -> None:
    html = "<h1 id='a'>Drift</h1><p>Users move.</p><h2 id='b'>Threshold</h2><p>One.</p>"
    reads: list[str] = []

    def feed(self: Parser, text: str) -> None:
        reads.append(text)
        Parser.feed(self, text)

    once = serve_hooks.kept_feed(feed)
    plain = Parser()
    plain.feed(html)
    for _ in range(2):
        parser = Parser()
        once(parser, html)
        assert [(s.id, s.title, s.text) for s in parser.data] == [
            (s.id, s.title, s.text) for s in plain.data
        ]
    assert reads == [html]


def test_a_server_keeps_the_garbage_collector() -> None:
    """It builds again and again; a single build does without."""
    told = (
        "import gc; from tools import hooks; hooks.on_startup('serve'); serves = gc.isenabled(); "
        "hooks.on_startup('build'); print(serves, gc.isenabled())"
    )
    command = [sys.executable, "-c", told]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]
