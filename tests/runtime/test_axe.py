"""Accessibility as a browser sees it: axe-core finds nothing serious on the gallery's pages, light and dark."""

import sys
import threading
from pathlib import Path

import pytest
import uvicorn

from espalier.blueprint import read
from espalier.runtime.app import App
from tests.samples import GALLERY

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))

CHROMIUM = Path("/usr/bin/chromium")
AXE = (ROOT / "src/espalier/check/browser/static/axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTH = {"light": 1440, "dark": 375}
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="needs an installed Chromium")]


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright
    from shots import ARGUMENTS

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module", params=GALLERY, ids=lambda path: path.stem)
def place(request):
    """An app of the gallery, and what signs its administrator in."""
    from contact_sheet import admin_cookie

    app = App(read(request.param.read_text()), name=request.param.stem)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    app.base_url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield app, admin_cookie(app) | {"url": app.base_url}
    server.should_exit = True
    thread.join(5)
    app.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_home_and_one_page_of_records(browser, place, scheme: str) -> None:
    """The home page, and the page of one record: a wide window in the light, a phone in the dark."""
    from contact_sheet import addresses

    app, cookie = place
    of_records = [way for name, way in addresses(app) if name.endswith("-one")]
    context = browser.new_context(
        viewport={"width": WIDTH[scheme], "height": 900}, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True
    )
    context.add_cookies([cookie])
    page = context.new_page()
    for way in ("/", of_records[0]):
        page.goto(app.base_url + way, wait_until="load")
        page.evaluate(AXE)
        found = page.evaluate("rules => axe.run({resultTypes: ['violations'], runOnly: rules})", RULES)
        serious = [
            f"{one['id']}: {one['nodes'][0]['html']}"
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == [], way
    context.close()
