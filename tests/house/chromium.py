"""Chromium for tests: a server of the built site, a browser, and tabs that reach nothing else."""

import contextlib
import functools
import gzip
import http.server
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tools.measure import chromium

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def file_at(folder: Path, address: str) -> Path:
    """Return the file that answers at an address of a site."""
    path = folder / urlsplit(address).path.lstrip("/")
    path = path / "index.html" if path.is_dir() else path
    return path if path.is_file() else folder / "404.html"


@functools.cache
def compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 9)


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder compressed, as GitHub Pages does, and keeps what it was asked for."""

    served: list[str] = []

    def do_GET(self) -> None:
        self.served.append(self.path)
        path = file_at(Path(self.directory), self.path)
        body = compressed(path)
        self.send_response(404 if path.name == "404.html" else 200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        if path.suffix != ".html":  # one reader fetches scripts and styles once
            self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    handler = functools.partial(Handler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None and os.environ.get("BROWSER_TESTS") != "required":
        pytest.skip("Chromium is not installed; .ci/run installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Page]:
    """Open a tab that can reach nothing but the site and fails on any script error."""
    with open_tab(browser, address) as tab:
        yield tab


@contextlib.contextmanager
def open_tab(browser: Browser, address: str, **options: object) -> Iterator[Page]:
    """Open a tab of a new reader; afterwards assert that nothing failed and nobody else was asked."""
    options = {
        "viewport": {"width": 1280, "height": 900},
        "base_url": address,
        "reduced_motion": "reduce",  # no colour is measured halfway
    } | options
    context = browser.new_context(**options)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    errors: list[str] = []
    asked: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.on("request", lambda request: asked.append(request.url))
    yield tab
    context.close()
    assert errors == []
    assert [url for url in asked if url.startswith(address)], "the tab opened no page of the site"
    outside = [url for url in asked if not url.startswith(("data:", address))]
    assert outside == [], f"the page asks third parties: {outside}"
