"""A real browser before the real service: pages as a phone shows them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page
from werkzeug.serving import make_server

AXE = Path(__file__).with_name("vendor") / "axe.min.js"
PHONE = {"width": 360, "height": 740}
WIDTHS = (360, 180, 1280)  # a small phone, the same at twice the size, a desk


@pytest.fixture
def live_server(app: Flask) -> Iterator[str]:
    """The address at which this test's service answers."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def open_context(chromium) -> Iterator[Callable[..., BrowserContext]]:
    """Makes a browser of its own: open_context(java_script_enabled=False)."""
    made = []

    def make(**options) -> BrowserContext:
        context = chromium.new_context(**{"viewport": PHONE, "locale": "vi-VN", **options})
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def phone_page(open_context) -> Page:
    """A page on a small phone without JavaScript."""
    return open_context(java_script_enabled=False).new_page()


def faults_by_axe(page: Page) -> list[str]:
    """What axe finds on the page as it is shown; it needs a context with `bypass_csp`."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        "() => axe.run({runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', "
        "'wcag21aa', 'wcag22aa', 'best-practice']}})"
    )
    return [
        f"{fault['id']}: {node['html']}" for fault in found["violations"] for node in fault["nodes"]
    ]


@pytest.fixture
def axe(open_context) -> Callable[..., dict[int, list[str]]]:
    """The faults of a page by width: axe(address), or axe(address, act) after act(page)."""

    def look(address: str, act: Callable[[Page], None] | None = None) -> dict[int, list[str]]:
        page = open_context(bypass_csp=True).new_page()
        page.goto(address)
        if act:
            act(page)
        found = {}
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            found[width] = faults_by_axe(page)
        return {width: faults for width, faults in found.items() if faults}

    return look
