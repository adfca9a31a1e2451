"""Schema: mkdocs.yml and the front matter of pages hold the keys of tools/schema.json, and no other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from proof.files import Page
from proof.problem import ROOT, Problem, nothing_found
from proof.project import House

SCHEMAS = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
FILE = "mkdocs.yml"
MEND = "tools/schema.json says what may stand here; a new key is proposed there, with what it loads and runs."
QUOTES = 'Look at this line and the one above; put text with a colon between quotes: title: "Drift: a threshold".'


class Loader(yaml.SafeLoader):  # type: ignore[misc]
    """Reads `!ENV` as a list, which no key that must be true or false accepts; fails on any other tag."""


Loader.add_constructor("!ENV", lambda loader, node: ["!ENV", *loader.construct_sequence(node)])


def check_yaml(text: str, schema: str, file: str, first: int) -> Iterator[Problem]:
    """Compare a YAML text that begins at a line of a file with a schema."""
    try:
        value, tree = yaml.load(text, Loader) or {}, yaml.compose(text, yaml.SafeLoader)  # noqa: S506
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        said = str(getattr(error, "problem", error))
        line = first + (mark.line if mark else 0)
        yield Problem(file, line, f"is no YAML: {said}", "Nothing below this line is read.", QUOTES)
        return
    for fault in jsonschema.Draft202012Validator(SCHEMAS[schema]).iter_errors(as_mapping(value)):
        path = [str(part) for part in fault.absolute_path]
        # A missing or unknown key is an error of the mapping around it: look for an unknown one below.
        extra = fault.validator == "additionalProperties"
        unknown = [key for key in fault.instance if key not in fault.schema.get("properties", {})] if extra else []  # fmt: skip
        line = first + line_of(tree, [*path, *unknown[:1]])
        why = fault.schema.get("description") or SCHEMAS[schema]["description"]
        yield Problem(file, line, f"{'/'.join(path) or schema}: {fault.message[:200]}", why, MEND)


def as_mapping(config: dict[str, Any]) -> dict[str, Any]:
    """Return a configuration whose lists of plugins and extensions are mappings: name to options."""
    for key in ("plugins", "markdown_extensions"):
        entries = [one if isinstance(one, dict) else {str(one): {}} for one in config.get(key, [])]
        if entries:
            config[key] = {name: options for one in entries for name, options in one.items()}
    return config


def line_of(node: yaml.Node | None, path: list[str]) -> int:
    """Return how many lines below the first a key stands: the deepest one of its path that is there."""
    line = 0
    for name in path:
        pairs: list[tuple[yaml.Node, yaml.Node]] = []
        if isinstance(node, yaml.MappingNode):
            pairs = node.value
        elif isinstance(node, yaml.SequenceNode):  # an entry is a name, or a name with its options
            mappings = [one for one in node.value if isinstance(one, yaml.MappingNode)]
            pairs = [(one, one) for one in node.value] + [
                pair for one in mappings for pair in one.value
            ]
        found = [pair for pair in pairs if str(pair[0].value) == name]
        if not found:
            break
        line, node = found[0][0].start_mark.line, found[0][1]
    return line


def of_page(page: Page) -> Iterator[Problem]:
    """Check the lines between the two rules at the top of a page."""
    lines = page.source.splitlines()
    if not lines or lines[0] != "---" or "---" not in lines[1:]:
        yield Problem(page.name, 1, "has no front matter", SCHEMAS["front matter"]["description"],
                      "Begin the file with the lines ---, title: …, description: …, ---.")  # fmt: skip
        return
    yield from check_yaml("\n".join(lines[1 : lines.index("---", 1)]), "front matter", page.name, 2)


def check_configuration(root: Path = ROOT) -> list[Problem]:
    """Check mkdocs.yml: what must be there is, and nothing else."""
    return list(check_yaml((root / FILE).read_text("utf-8"), FILE, FILE, 1))


def check(house: House) -> list[Problem]:
    """Check mkdocs.yml and the front matter of every page."""
    if not house.pages:
        return [nothing_found("pages")]
    configured = check_configuration(house.root) if (house.root / FILE).exists() else []
    return [*configured, *(problem for page in house.pages for problem in of_page(page))]
