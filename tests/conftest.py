"""Fixtures of the whole suite."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from proof.claims import Claim, Place, sentence_of
from proof.project import House, where
from tools import notebooks


@pytest.fixture
def claim(request: pytest.FixtureRequest) -> Claim:
    """Hold the sentence of the test's docstring; fail unless effect and null were shown."""
    return Claim(sentence_of(request.function), Place(*where(request.function)))


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Iterator[None]:
    """Ask a claim for its effect and its null, once its test has come to the end."""
    __tracebackhide__ = True
    result = yield
    if isinstance(claim := pyfuncitem.funcargs.get("claim"), Claim):
        claim.finish()
    return result


SAYS_WHY = "test_the_site_can_be_built"


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all workers see; without xdist there is one process and its folder."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def story(shared: Path) -> list[Path]:
    """Execute what the cache lacks of the story, once for all workers; return the notebooks."""
    with FileLock(shared / "story.lock"):
        return notebooks.execute_all(House().chapters)


@pytest.fixture(scope="session")
def build_log(shared: Path, story: list[Path]) -> Path:
    """Build the site once for all workers, strictly and from scratch.

    Returns
    -------
    Path
        A text file beside the folder ``site``: empty, or what speaks against the build.
    """
    from tools.site import BuildFailed, build  # make test-lowest runs without what builds a site

    log = shared / "site.txt"
    with FileLock(f"{log}.lock"):
        if not log.exists():
            try:
                build(shared / "site")
                log.write_text("", "utf-8")
            except BuildFailed as error:
                log.write_text(f"\n{error}", "utf-8")
    return log


@pytest.fixture(scope="session")
def site(build_log: Path, request: pytest.FixtureRequest) -> Path:
    """Return the folder of the built site; if there is none, let one test say why, not all."""
    if wrong := build_log.read_text("utf-8"):
        if SAYS_WHY in {item.name for item in request.session.items}:
            pytest.skip(f"the site cannot be built; {SAYS_WHY} says why")
        pytest.fail(wrong, pytrace=False)
    return build_log.with_name("site")
