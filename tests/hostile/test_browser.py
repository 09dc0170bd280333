"""A real browser on the hostile app: every page is opened, nothing of its words runs, and the custom block stays in its frame."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest
import uvicorn

from espalier.blueprint import read
from espalier.runtime.app import App

from .counted import TRIED
from .hostile_app import PASSWORD, blueprint, fill
from .test_input import everywhere

pytestmark = pytest.mark.browser

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
# Set before any script of a page runs: words that became script would call it.
TRAP = "window.zap = () => { window.zapped = true; console.error('ZAPPED'); };"


@pytest.fixture(scope="module")
def running():
    app = App(read(blueprint()))
    fill(app)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield SimpleNamespace(app=app, url=f"http://127.0.0.1:{port}")
    server.should_exit = True
    thread.join(10)
    app.close()


@pytest.fixture(scope="module")
def chromium():
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def watched(running, chromium):
    """A page whose dialogs, errors, refusals by policy and requests are written down."""
    context = chromium.new_context()
    context.add_init_script(TRAP)
    page = context.new_page()
    seen: dict[str, list[str]] = {"dialogs": [], "errors": [], "policy": [], "outside": []}

    def dialog(one: Any) -> None:
        seen["dialogs"].append(one.message)
        one.dismiss()

    def said(message: Any) -> None:
        text = message.text
        if "Content Security Policy" in text or "Content-Security-Policy" in text:
            seen["policy"].append(text)
        elif "ZAPPED" in text:
            seen["errors"].append(text)

    def asked(request: Any) -> None:
        if not request.url.startswith((running.url, "data:", "blob:", "about:")):
            seen["outside"].append(request.url)

    page.on("dialog", dialog)
    page.on("console", said)
    page.on("pageerror", lambda error: seen["errors"].append(str(error)))
    context.on("request", asked)
    page.set_default_timeout(15_000)
    yield page, seen
    context.close()


def sign_in(page: Any, url: str) -> None:
    page.goto(f"{url}/login")
    page.fill('input[name="email"]', "admin@example.com")
    page.fill('input[name="password"]', PASSWORD)
    page.locator('main form button, form[action*="login"] button').first.click()
    page.wait_for_url(lambda address: "/login" not in address)


def test_nothing_that_is_written_runs(running, watched):
    page, seen = watched
    for signed_in in (False, True):
        if signed_in:
            sign_in(page, running.url)
        for path in everywhere(running.app):
            if path.endswith((".csv", ".json", ".css")) or path.startswith("/api/") or path == "/game":
                continue
            if not signed_in and (path.startswith(("/admin", "/account", "/notifications")) or path.count("/") > 2):
                continue
            page.goto(running.url + path, wait_until="load")
            assert not page.evaluate("window.zapped === true"), path
            for kind, found in seen.items():
                assert not found, (path, kind, found[:3])
            TRIED["pages opened in a browser"] += 1


def test_what_is_typed_in_stays_text(running, watched):
    """A form is filled with markup, sent, and what comes back is opened: lists, record, edit, dialog."""
    page, seen = watched
    sign_in(page, running.url)
    page.goto(f"{running.url}/part/new?thing=1")
    page.fill('input[name="name"]', "<img src=x onerror=zap()>{{7*7}}<script>zap()</script>")
    page.locator('main form button:has-text("Add")').first.click()
    page.wait_for_url(lambda address: "/new" not in address)
    for path in ("/thing/1", "/thing/1/edit", "/words", "/numbers?b6-q=img"):
        page.goto(running.url + path)
        assert not page.evaluate("window.zapped === true"), path
    assert not any(seen.values()), seen


def test_the_custom_block_stays_in_its_frame(running, watched):
    """Its code tries the page around it, cookies, storage and the network, and gets nowhere."""
    page, seen = watched
    sign_in(page, running.url)
    page.evaluate("() => { localStorage.setItem('planted', 'x'); sessionStorage.setItem('planted', 'x'); }")
    for path in ("/game", "/-/frames/game/1"):
        page.goto(running.url + path)
        frame = next((one for one in page.frames if "/-/frames/" in one.url), page.main_frame)
        frame.wait_for_function("document.getElementById('out').textContent.includes('fetch')")
        said = frame.evaluate("document.getElementById('out').textContent")
        tried = dict(part.split(": ", 1) for part in said.split("; "))
        assert len(tried) >= 7
        kept_out = {"parent", "top", "cookie", "localStorage", "sessionStorage", "indexedDB", "fetch"}
        if frame is page.main_frame:
            kept_out -= {"parent", "top"}  # opened by itself it is its own parent
        assert all(tried[name] == "kept out" for name in kept_out), (path, tried)
        assert "image" not in tried
        # It cannot go anywhere else either, nor send a form, nor open a window.
        frame.evaluate(
            "() => { const form = document.createElement('form'); form.action = '/logout'; form.method = 'post'; document.body.append(form); try { form.submit(); } catch (e) {} }"
        )
        page.wait_for_timeout(200)
        assert "/logout" not in page.url and len(page.context.pages) == 1
        TRIED["ways out of a custom block"] += len(tried)
    page.goto(f"{running.url}/game")
    # What its code puts into storage stays with it: a stand-in, not the app's.
    assert page.evaluate("localStorage.getItem('mine') || sessionStorage.getItem('mine')") is None
    frame = next(one for one in page.frames if "/-/frames/" in one.url)
    frame.evaluate("() => { try { top.location = 'https://evil.example/'; } catch (e) {} }")
    page.wait_for_timeout(200)
    assert page.url.startswith(running.url)
    assert not seen["dialogs"] and not seen["outside"] and "ZAPPED" not in str(seen["errors"]), seen
