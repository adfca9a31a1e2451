"""MkDocs hooks: a Content-Security-Policy in every page, and escaped front matter."""

from __future__ import annotations

import re
import sys
from html import escape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.policy import policy  # noqa: E402

# The theme's templates that hold the inline scripts of our pages. Hashes are taken from them, not
# from the built page: a script that came in with the content is not among them and does not run.
TEMPLATES = [f"partials/javascripts/{name}.html" for name in ("base", "content", "palette")]
CHARSET = '<meta charset="utf-8">'
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)

_serving = False
_environment: Any = None
_policies: dict[str, str] = {}  # of each page and template, from rendering to writing


def on_startup(command: str, **_: Any) -> None:
    """Remember whether the site is only served: live reload adds an inline script that changes."""
    global _serving
    _serving = command == "serve"


def on_page_markdown(markdown: str, page: Any, **_: Any) -> None:
    """Escape the front matter: the theme writes it into the page as it stands."""
    page.meta = escaped(page.meta)


def escaped(value: Any) -> Any:
    """Return a value of the front matter with every text in it escaped for HTML."""
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, list):
        return [escaped(item) for item in value]
    if isinstance(value, dict):
        return {key: escaped(item) for key, item in value.items()}
    return value


def on_env(env: Any, **_: Any) -> None:
    """Keep the environment that renders the theme's templates."""
    global _environment
    _environment = env


def on_page_context(context: Any, page: Any, config: Any, **_: Any) -> None:
    """Make the policy of a page."""
    _policies[page.url] = _policy(context, config)


def on_template_context(context: Any, template_name: str, config: Any) -> None:
    """Make the policy of 404.html."""
    _policies[template_name] = _policy(context, config)


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """Write the policy into a page."""
    return _protected(output, _policies[page.url])


def on_post_template(output_content: str, template_name: str, **_: Any) -> str:
    """Write the policy into 404.html."""
    return _protected(output_content, _policies[template_name])


def _policy(context: Any, config: Any) -> str:
    values = {**context, "features": config.theme["features"]}
    rendered = "".join(_environment.get_template(name).render(values) for name in TEMPLATES)
    return policy(INLINE.findall(rendered))


def _protected(html: str, written: str) -> str:
    """Return a page with its policy behind the charset: it holds for all that follows."""
    tag = f'<meta http-equiv="Content-Security-Policy" content="{written}">'
    return html if _serving else html.replace(CHARSET, CHARSET + tag, 1)
