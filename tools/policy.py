"""The Content-Security-Policy of every page: what a browser may load and run there.

GitHub Pages sends no headers of ours, so the policy stands in each page. An inline script runs
only if its hash is in the policy, and the hashes are those of the theme's own scripts.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable

# What a directive does not name is forbidden: frames, plugins, fonts, media.
DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",  # style attributes: every line of a figure has one
    "style-src-elem": "'self'",
    "img-src": "'self' data:",  # the icons in the theme's stylesheet are data
    "connect-src": "'self'",  # the search index
    "worker-src": "'self'",  # the search worker
    "base-uri": "'none'",
    "form-action": "'none'",
}


def digest(script: str) -> str:
    """Return the source expression that allows one inline script."""
    sha256 = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(sha256).decode()}'"


def policy(scripts: Iterable[str]) -> str:
    """Return the policy of a page that holds these inline scripts."""
    hashes = sorted({digest(script) for script in scripts})
    allowed = DIRECTIVES | {"script-src": " ".join([DIRECTIVES["script-src"], *hashes])}
    return "; ".join(f"{name} {sources}" for name, sources in allowed.items())
