"""Fixtures of the whole suite."""

import os
from collections.abc import Iterator
from pathlib import Path

# One thread per process: xdist fills the cores, and OpenMP on a busy machine is slower with more.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import pytest
from filelock import FileLock

from tools.claims import Claim, sentence_of
from tools.site import build


@pytest.fixture
def claim(request: pytest.FixtureRequest) -> Iterator[Claim]:
    """Hold the sentence of the test's docstring; fail unless effect and null were shown."""
    claim = Claim(sentence_of(request.function))
    yield claim
    claim.finish()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Build the site once for all workers, strictly and from scratch; return its folder."""
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        shared = shared.parent
    folder = shared / "site"
    with FileLock(f"{folder}.lock"):
        if not (folder / "sitemap.xml").exists():
            build(folder)
    return folder
