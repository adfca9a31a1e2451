"""Fixtures of the whole suite."""

import os
from pathlib import Path

import pytest
from filelock import FileLock

SAYS_WHY = "test_the_site_can_be_built"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: while one waits for a browser or a server, another computes."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Build the site first: meanwhile, the other workers have enough to do without it."""
    items.sort(key=lambda item: item.name != SAYS_WHY)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all workers see; without xdist there is one process and its folder."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def build_log(shared: Path) -> Path:
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
