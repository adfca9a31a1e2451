"""The keys of mkdocs.yml and of front matter that keep the site honest; each changed key is reported."""

import re
from pathlib import Path

import pytest

from proof.problem import report
from proof.project import House
from tools import schema

ROOT = House().root
GOOD = (ROOT / "mkdocs.yml").read_text("utf-8")


def test_the_configuration_keeps_the_site_honest() -> None:
    problems = schema.check_configuration(ROOT)
    assert not problems, report(problems)


@pytest.mark.parametrize("name", ["Makefile", ".ci/run"])
def test_no_command_silences_a_warning_or_a_failure(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert not re.search(r"mkdocs build.* (-q|-v|--quiet|--verbose|--no-strict)\b|\|\| true", text)


# What is changed in a copy, by regular expression, and the key that is named.
FAULTS: dict[str, tuple[str, str, str]] = {
    "no address": (r"site_url: .*", "", "'site_url' is a required"),
    "another address": (r"site_url: .*", "site_url: snippets", "site_url:"),
    "not strict": (r"strict: true", "strict: false", "strict:"),
    "strict by chance": (r"strict: true", "strict: !ENV [STRICT, true]", "strict:"),
    "strict taken back": (r"\Z", "strict: false\n", "strict:"),
    "no strict": (r"strict: true", "", "'strict' is a required"),
    "no validation": (r"validation:\n.*\n.*\n", "", "'validation' is a required"),
    "anchors unchecked": (r"anchors: warn", "anchors: info", "validation/links/anchors:"),
    "figures published": (r"exclude_docs:.*", "", "'exclude_docs' is a required"),
    "fonts from elsewhere": (r"font: false", "font: {text: Roboto}", "theme/font:"),
    "no font key": (r"font: false", "", "'font' is a required"),
    "other theme": (r"name: material", "name: readthedocs", "theme/name:"),
    "other templates": (r"custom_dir: theme", "custom_dir: overrides", "theme/custom_dir:"),
    "paths unchecked": (r"check_paths: true", "check_paths: false", "pymdownx.snippets/check_paths:"),
    "no check of paths": (r" *check_paths: true\n", "", "'check_paths' is a required"),
    "paths out of the repository": (r"restrict_base_path: true", "restrict_base_path: false", "restrict_base_path:"),
    "another base": (r'base_path: \["."\]', 'base_path: [".", "/etc"]', "pymdownx.snippets/base_path:"),
    "downloads": (r"url_download: false", "url_download: true", "url_download:"),
    "no policy": (r"  - tools/safety_hooks.py.*\n", "", "hooks:"),
    "no search": (r"\n  - search\b", "\n  - seek", "'search' is a required"),
    "failed cells pass": (r"allow_errors: false", "allow_errors: true", "mkdocs-jupyter/allow_errors:"),
    "default of failed cells": (r" *allow_errors: false\n", "", "'allow_errors' is a required"),
    "a plugin": (r"plugins:\n", "plugins:\n  - macros\n", "plugins: Additional properties are not allowed ('macros'"),
    "a plugin with options": (r"plugins:\n", "plugins:\n  - redirects: {a: b}\n", "('redirects'"),
    "a hook from elsewhere": (r"hooks:\n", "hooks:\n  - docs/hook.py\n", "hooks/0:"),
    "an extension": (r"  - abbr", "  - abbr\n  - markdown_include.include", "('markdown_include.include'"),
    "a fence that runs": (r"pymdownx.superfences", "pymdownx.superfences: {custom_fences: []}", "pymdownx.superfences:"),
    "code in YAML": (r"pymdownx.details", "pymdownx.details: {a: !!python/name:os.system ''}", "python/name:os.system"),
    "a script": (r"assets/house.js", "https://a.example/a.js", "extra_javascript/0:"),
    "a module": (r"\[assets/house.js\]", "[{path: a.js, type: module}]", "extra_javascript/0:"),
    "a stylesheet": (r"assets/house.css", "//a.example/a.css", "extra_css/0:"),
    "analytics": (r"generator: false", "analytics: {provider: google}", "('analytics'"),
    "inherited": (r"\Z", "INHERIT: other.yml\n", "('INHERIT'"),
    "other pages": (r"\Z", "docs_dir: elsewhere\n", "('docs_dir'"),
    "a frame in the footer": (r"copyright: .*", "copyright: <iframe src=x></iframe>", "copyright:"),
    "a page elsewhere": (r"  - Home: index.md", "  - Home: https://a.example/", "nav:"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_rejects(fault: str, tmp_path: Path) -> None:
    old, new, message = FAULTS[fault]
    changed, times = re.subn(old, lambda _: new, GOOD, count=1)
    assert times == 1 and changed != GOOD, f"mkdocs.yml does not hold {old!r}"
    (tmp_path / "mkdocs.yml").write_text(changed, "utf-8")
    said = report(schema.check_configuration(tmp_path))
    assert message in said


def test_says_the_line(tmp_path: Path) -> None:
    text = GOOD.replace("url_download: false", "url_download: true")
    (tmp_path / "mkdocs.yml").write_text(text, "utf-8")
    [problem] = schema.check_configuration(tmp_path)
    assert "url_download" in text.splitlines()[problem.line - 1]


@pytest.mark.parametrize("added", ["  - macros\n", "  - redirects: {a: b}\n"])
def test_says_the_line_of_a_key_too_many(added: str, tmp_path: Path) -> None:
    text = GOOD.replace("plugins:\n", f"plugins:\n{added}", 1)
    (tmp_path / "mkdocs.yml").write_text(text, "utf-8")
    [problem] = schema.check_configuration(tmp_path)
    assert added.strip() in text.splitlines()[problem.line - 1] and "runs code" in problem.why


TITLE = "title: Shift\n"
