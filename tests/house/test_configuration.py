"""The keys of mkdocs.yml that keep the site honest; each changed key is reported, with why."""

import re
from pathlib import Path

import pytest

from proof.project import House, report
from tools import configuration

ROOT = House().root
GOOD = (ROOT / "mkdocs.yml").read_text("utf-8")


def test_the_configuration_keeps_the_site_honest() -> None:
    problems = configuration.check(ROOT)
    assert not problems, report(problems)


@pytest.mark.parametrize("name", ["Makefile", ".ci/run"])
def test_no_command_silences_a_warning_or_a_failure(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert not re.search(r"mkdocs build.* (-q|-v|--quiet|--verbose|--no-strict)\b|\|\| true", text)


# What is changed in a copy, by regular expression, and what is said then.
FAULTS: dict[str, tuple[str, str, str]] = {
    "not strict": (r"strict: true", "strict: false", "strict is 'false'"),
    "strict by chance": (r"strict: true", "strict: !ENV [STRICT, true]", "lacks strict"),
    "strict taken back": (r"\Z", "strict: false\n", "strict is 'false'"),
    "no strict": (r"strict: true", "", "lacks strict"),
    "no validation": (r"validation:\n.*\n.*\n", "", "lacks validation/links/anchors"),
    "figures published": (r"exclude_docs:.*", "", "lacks exclude_docs"),
    "fonts from elsewhere": (r"font: false", "font: {text: Roboto}", "lacks theme/font"),
    "no font key": (r"font: false", "", "lacks theme/font"),
    "other theme": (r"name: material", "name: readthedocs", "theme/name is 'readthedocs'"),
    "other templates": (r"custom_dir: theme", "custom_dir: overrides", "theme/custom_dir is 'overrides'"),
    "paths unchecked": (r"check_paths: true", "check_paths: false", "check_paths is 'false'"),
    "no check of paths": (r" *check_paths: true\n", "", "check_paths"),
    "paths out of the repository": (r"restrict_base_path: true", "restrict_base_path: false", "restrict_base_path is 'false'"),
    "another base": (r'base_path: \["."\]', 'base_path: [".", "/etc"]', "base_path//etc, which nobody reviewed"),
    "downloads": (r"url_download: false", "url_download: true", "url_download is 'true'"),
    "no policy": (r"  - tools/safety_hooks.py.*\n", "", "lacks hooks/tools/safety_hooks.py"),
    "no search": (r"\n  - search\b", "\n  - seek", "lacks plugins/search"),
    "failed cells pass": (r"allow_errors: false", "allow_errors: true", "allow_errors is 'true'"),
    "default of failed cells": (r" *allow_errors: false\n", "", "lacks plugins/mkdocs-jupyter/allow_errors"),
    "a plugin": (r"plugins:\n", "plugins:\n  - macros\n", "has plugins/macros, which nobody"),
    "a plugin with options": (r"plugins:\n", "plugins:\n  - redirects: {a: b}\n", "has plugins/redirects, which nobody"),
    "a hook from elsewhere": (r"hooks:\n", "hooks:\n  - docs/hook.py\n", "has hooks/docs/hook.py, which nobody"),
    "an extension": (r"  - abbr", "  - abbr\n  - markdown_include.include", "has markdown_extensions/markdown_include.include"),
    "a fence that runs": (r"pymdownx.superfences", "pymdownx.superfences: {custom_fences: []}", "pymdownx.superfences/custom_fences"),
    "code in YAML": (r"pymdownx.details", "pymdownx.details: {a: !!python/name:os.system ''}", "python/name:os.system, which nobody"),
    "a script": (r"assets/house.js", "https://a.example/a.js", "has extra_javascript/https://a.example/a.js"),
    "a module": (r"\[assets/house.js\]", "[{path: a.js, type: module}]", "has extra_javascript/path"),
    "a stylesheet": (r"assets/house.css", "//a.example/a.css", "has extra_css///a.example/a.css"),
    "analytics": (r"generator: false", "analytics: {provider: google}", "has extra/analytics"),
    "consent": (r"generator: false", "consent: {title: Cookies}", "has extra/consent"),
    "inherited": (r"\Z", "INHERIT: other.yml\n", "has INHERIT, which nobody"),
    "other pages": (r"\Z", "docs_dir: elsewhere\n", "has docs_dir, which nobody"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_rejects(fault: str, tmp_path: Path) -> None:
    old, new, message = FAULTS[fault]
    changed, times = re.subn(old, lambda _: new, GOOD, count=1)
    assert times == 1 and changed != GOOD, f"mkdocs.yml does not hold {old!r}"
    (tmp_path / "mkdocs.yml").write_text(changed, "utf-8")
    said = report(configuration.check(tmp_path))
    assert message in said
    assert "why:" in said


def test_every_required_key_is_missed(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("plugins: [mkdocs-jupyter]\n", "utf-8")
    said = report(configuration.check(tmp_path))
    assert configuration.REQUIRED
    for name in configuration.REQUIRED:
        assert f"lacks {name}\n" in said


def test_says_the_line(tmp_path: Path) -> None:
    text = GOOD.replace("url_download: false", "url_download: true")
    (tmp_path / "mkdocs.yml").write_text(text, "utf-8")
    [problem] = configuration.check(tmp_path)
    assert "url_download" in text.splitlines()[problem.line - 1]
