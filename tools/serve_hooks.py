"""MkDocs hooks for `mkdocs serve`: a rebuild does again only what changed.

Colouring code and reading pages for the search index are most of a build's work. Both depend on
their input alone, so under `serve` their results are kept. Nothing here runs in `mkdocs build`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from material.plugins.search.plugin import Parser
from pymdownx.highlight import Highlight


def on_startup(command: str, **_: Any) -> None:
    """Keep results, if the site is served."""
    if command == "serve":
        Highlight.highlight = kept(Highlight.highlight)
        Parser.feed = kept_feed(Parser.feed)


def kept(highlight: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method that colours the same code once."""
    results: dict[str, Any] = {}

    def highlight_once(self: Any, *arguments: Any, **options: Any) -> Any:
        key = repr((arguments, sorted(options.items())))
        if key in results:
            return results[key]
        result = highlight(self, *arguments, **options)
        if isinstance(result, str):  # an element of a tree belongs to its page
            results[key] = result
        return result

    return highlight_once


def kept_feed(feed: Callable[..., None]) -> Callable[..., None]:
    """Return a method that reads the same page once."""
    results: dict[str, Any] = {}

    def feed_once(self: Any, html: str) -> None:
        if html not in results:
            feed(self, html)
            results[html] = self.data
        self.data = list(results[html])

    return feed_once
