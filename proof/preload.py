"""Imported once by the fork server, so that a hundred snippets share one import of scikit-learn.

Each snippet still runs in a process of its own, and its CPU budget is charged what the
imports would have cost it.
"""

import importlib
import time

import pytest_examples.run_code  # noqa: F401 - the runner's own imports cost the snippet nothing

from proof.project import House

SECONDS: dict[str, float] = {}
for _name in House().settings.preload:
    _start = time.process_time()
    importlib.import_module(_name)
    _library = _name.split(".")[0]
    SECONDS[_library] = SECONDS.get(_library, 0.0) + time.process_time() - _start
if "sklearn" in SECONDS:
    SECONDS["sklearn"] += SECONDS.get("scipy", 0)  # scikit-learn imports scipy itself


def import_seconds(source: str) -> float:
    """Return the CPU seconds that a source's imports would take in a fresh process."""
    used = {
        library
        for library in SECONDS
        if f"import {library}" in source or f"from {library}" in source
    }
    if "sklearn" in used:
        used.discard("scipy")
    return sum(SECONDS[library] for library in used)
