"""Fixtures of the whole suite."""

import os
from collections.abc import Iterator
from pathlib import Path

# One thread per process: xdist fills the cores, and OpenMP on a busy machine is slower with more.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import pytest
from filelock import FileLock

from tools import notebooks
from tools.claims import Claim, sentence_of
from tools.house import House
from tools.site import build


@pytest.fixture
def claim(request: pytest.FixtureRequest) -> Iterator[Claim]:
    """Hold the sentence of the test's docstring; fail unless effect and null were shown."""
    claim = Claim(sentence_of(request.function))
    yield claim
    claim.finish()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return a folder that all workers see."""
    folder = tmp_path_factory.getbasetemp()
    return folder if worker_id == "master" else folder.parent


@pytest.fixture(scope="session")
def story(shared: Path) -> list[Path]:
    """Execute what the cache lacks of the story, once for all workers; return the notebooks."""
    with FileLock(shared / "story.lock"):
        return notebooks.execute_all(House().chapters)


@pytest.fixture(scope="session")
def site(shared: Path, story: list[Path]) -> Path:
    """Build the site once for all workers, strictly and from scratch; return its folder."""
    folder = shared / "site"
    with FileLock(f"{folder}.lock"):
        if not (folder / "sitemap.xml").exists():
            build(folder)
    return folder
