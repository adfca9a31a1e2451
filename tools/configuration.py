"""Configuration: the keys of mkdocs.yml that keep the site honest, and no key that nobody reviewed.

Every key is a path: `theme/font`, `plugins/search`, `markdown_extensions/pymdownx.snippets/check_paths`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from proof.project import ROOT, Problem

FILE = "mkdocs.yml"
SNIPPETS = "markdown_extensions/pymdownx.snippets"
DEAD_LINKS = "Without it a dead link or a page that nobody reaches is built in silence."
STRANGERS = "With it readers load files from another host, and are tracked."

# What a key must be, and why.
REQUIRED: dict[str, tuple[str, str]] = {
    "strict": ("true", "Without it a warning, a dead link, does not stop the build."),
    **{
        f"validation/{key}": ("warn", DEAD_LINKS)
        for key in (
            "nav/omitted_files", "nav/not_found", "nav/absolute_links",
            "links/not_found", "links/anchors", "links/absolute_links", "links/unrecognized_links",
        )
    },
    "exclude_docs": ("figures/", "Figures are checked as part of a page, not as files by themselves."),
    "theme/name": ("material", "The Content-Security-Policy is made for its scripts."),
    "theme/custom_dir": ("theme", "It holds the policy and all that the tests know of."),
    "theme/font": ("false", STRANGERS),
    f"{SNIPPETS}/base_path/.": ("", "An embed names a file by its path in this repository."),
    f"{SNIPPETS}/restrict_base_path": ("true", "Without it a page can embed any file of the machine that builds."),
    f"{SNIPPETS}/check_paths": ("true", "Without it a page with a broken embed shows nothing, and is built."),
    f"{SNIPPETS}/url_download": ("false", "With it a page embeds whatever another host sends."),
    f"{SNIPPETS}/dedent_subsections": ("true", "Without it a demo cannot be pasted."),
    "hooks/tools/safety_hooks.py": ("", "It writes the Content-Security-Policy and answers at old addresses."),
    "plugins/search": ("", "Naming plugins switches the search off, unless it is named too."),
    "plugins/mkdocs-jupyter/allow_errors": ("false", "Without it a failed cell is published."),
}  # fmt: skip

# Where only these keys may stand. A mkdocs.yml may lack them, and may not have others.
ALLOWED: dict[str, set[str]] = {
    "": {
        "site_name", "site_description", "site_url", "repo_url", "edit_uri", "copyright", "strict", "validation",
        "watch", "exclude_docs", "hooks", "theme", "extra_css", "extra_javascript", "extra", "plugins",
        "markdown_extensions", "nav",
    },
    "theme": {"name", "custom_dir", "font", "logo", "favicon", "icon", "palette", "features", "language"},
    "extra_css": {"assets/house.css"},
    "extra_javascript": {"assets/house.js"},
    "extra": {"generator"},
    "plugins": {"search", "mkdocs-jupyter"},
    "markdown_extensions": {
        "abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc",
        "pymdownx.details", "pymdownx.highlight", "pymdownx.inlinehilite", "pymdownx.snippets",
        "pymdownx.superfences", "pymdownx.tabbed",
    },
    "markdown_extensions/pymdownx.superfences": set(),
    SNIPPETS: {"base_path", "restrict_base_path", "check_paths", "dedent_subsections", "url_download"},
    f"{SNIPPETS}/base_path": {"."},
}  # fmt: skip
HOOK = re.compile(r"tools/\w+\.py")


def keys(text: str) -> list[tuple[tuple[str, ...], str, int]]:
    """Return every key of a YAML text as (its path, the text of its value, its line).

    An entry of a list counts as a key: `plugins: [search]` has the key plugins/search.
    """

    def walk(node: yaml.Node, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str, int]]:
        line = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                own = (*path, str(key.value))
                plain = value.value if isinstance(value, yaml.ScalarNode) else ""
                yield own, plain, key.start_mark.line + 1
                yield from walk(value, own)
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                if isinstance(item, yaml.ScalarNode):
                    yield (*path, str(item.value)), "", item.start_mark.line + 1
                else:
                    yield from walk(item, path)
        if node.tag != "!ENV" and not re.fullmatch(r"tag:yaml.org,2002:\w+", node.tag):
            yield (*path, node.tag), "", line

    root = yaml.compose(text, yaml.SafeLoader)
    return [] if root is None else list(walk(root, ()))


def check(root: Path = ROOT) -> list[Problem]:
    """Check mkdocs.yml: what must be there is, and nothing else."""
    found, problems = keys((root / FILE).read_text("utf-8")), []
    names = {"/".join(path): (value, line) for path, value, line in found}
    for name, (wanted, why) in REQUIRED.items():
        plugin = re.match(r"plugins/[^/]+(?=/)", name)
        if plugin and plugin[0] not in names:
            continue  # the option of a plugin that is not used
        value, line = names.get(name, ("", 1))
        if name not in names or value != wanted:
            what = f"{name} is {value!r}" if value else f"lacks {name}"
            mend = f"Write `{name}: {wanted}`" if wanted else f"Write `{name}`"
            problems.append(Problem(FILE, line, what, why, f"{mend}; each / begins a level."))
    for path, _, line in found:
        *parents, own = path
        parent = "/".join(parents)
        reviewed = own in ALLOWED.get(parent, {own}) and not own.startswith(("!", "tag:"))
        if not (HOOK.fullmatch(own) if parent == "hooks" else reviewed):
            problems.append(
                Problem(FILE, line, f"has {'/'.join(path)}, which nobody reviewed",
                        "Plugins, extensions, scripts and hooks run code: when the site is built, or at the reader.",
                        "Remove it; or say in the pull request what it loads and runs, and add it to ALLOWED in "
                        "tools/configuration.py.")
            )  # fmt: skip
    return problems
