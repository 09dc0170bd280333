"""What only a browser can tell: nothing is wider than a phone, no script fails, and the policy blocks nothing of ours."""

import sys
import threading
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from espalier.runtime.look.kit.__main__ import main as write_kit

sys.path.insert(0, str(Path(__file__).parents[3] / "tools"))

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="needs an installed Chromium")]


@pytest.fixture(scope="module")
def kit(tmp_path_factory):
    """The address at which the kit is served, with the policy that apps have."""
    from shots import Quiet

    folder = tmp_path_factory.mktemp("kit")
    write_kit(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright
    from shots import ARGUMENTS

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.mark.parametrize("style", ["friendly", "minimal", "bold", "elegant"])
def test_pages_fit_a_phone_and_scripts_run(browser, kit: str, style: str) -> None:
    page = browser.new_page(viewport={"width": 375, "height": 740})
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    for name in ("site", "tool", "form", "side", "error"):
        page.goto(f"{kit}/{style}-{name}-light.html")
        page.wait_for_function("window.Alpine !== undefined")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{style} {name} is {wide} px wider than a phone"
    assert errors == []
    page.close()


def test_a_card_is_moved_by_keyboard_and_comes_back_when_the_server_refuses(browser, kit: str) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    page.goto(f"{kit}/minimal-tool-light.html")
    page.wait_for_function("window.Alpine !== undefined")
    counts = "[...document.querySelectorAll('[data-count]')].map(each => each.textContent)"
    before = page.evaluate(counts)
    page.route("**/move/*", lambda route: route.fulfill(status=200, body=""))
    page.select_option(".ticket-move select >> nth=0", "Done")
    moved = page.evaluate(counts)
    assert moved != before
    page.route("**/move/*", lambda route: route.fulfill(status=422, body="Not allowed"))
    page.select_option(".column-cards[data-value='To do'] .ticket-move select >> nth=0", "Done")
    page.wait_for_selector(".toast >> text=Not allowed")
    assert page.evaluate(counts) == moved
    page.close()


def test_a_question_comes_before_a_deed_and_a_choice_of_mode_is_kept(browser, kit: str) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    page.goto(f"{kit}/friendly-form-light.html")
    page.wait_for_function("window.Alpine !== undefined")
    page.click("button[data-confirm] >> nth=0")
    assert page.inner_text("#confirm [data-words]") == "Delete this order?"
    page.keyboard.press("Escape")
    page.click(".bar-wide [x-data=colourMode]")
    page.goto(f"{kit}/friendly-site-light.html")
    assert page.get_attribute("html", "data-mode") == "dark"
    page.close()
