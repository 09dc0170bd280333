"""What must not be possible from outside: forged requests, other hosts, previews made up, pages that run what they show."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from espalier.studio.api import ROUTES
from tests.studio.using import APPS, STUDIO, Browser, Running

HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>{{ 7*7 }}"


def test_every_change_needs_the_token_of_the_session(me: Browser, running: Running):
    other = running.browser()
    theirs = other.csrf
    for method, path, _ in ROUTES:
        if method == "POST":
            url = path.replace("{id}", "0" * 16).replace("{draft}", "1")
            for token in ("", "0" * 64, theirs):
                answer = running.run(me.client.post(url, json={}, headers={"X-CSRF": token}))
                assert answer.status_code == 403, (url, token)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example.com"},
        {"Origin": APPS},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_changes_come_from_our_own_pages(me: Browser, headers: dict[str, str]):
    assert me.send("/api/builds", {"from": "tasks"}, headers=headers).status_code == 403
    assert me.send("/api/builds", {"from": "tasks"}, headers={"Origin": STUDIO}).status_code == 200


def test_a_name_that_points_here_is_not_us(me: Browser):
    for url in ("/", "/api/session", "/api/apps"):
        assert me.get(url, headers={"Host": "evil.example.com"}).status_code == 404


def test_the_frames_host_is_the_studios_host(me: Browser):
    answer = me.get("/apps/x?tab=1", headers={"Host": "127.0.0.1:8000"})
    assert (answer.status_code, answer.headers["location"]) == (307, f"{STUDIO}/apps/x?tab=1")


def test_headers_of_every_answer(me: Browser):
    for url in ("/", "/api/session", "/api/apps/none", "/nothing", "/model", "/account"):
        headers = me.get(url).headers
        policy = headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert f"frame-src {APPS}" in policy
        assert headers["x-content-type-options"] == "nosniff"
    cookie = me.get("/", headers={"Cookie": ""}).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_a_session_cannot_be_made_up(me: Browser):
    before = me.csrf
    me.client.cookies.clear()
    me.client.cookies.set("espalier_studio", "ImFkbWluIg.AAAA", domain="localhost.local")
    assert me.csrf != before


class _Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if any(name.startswith("on") or name == "style" for name in said) or said.get("src") == "x":
            self.wrong.append(f"{tag} {said}")
        if tag == "script" and "src" not in said and said.get("type") != "application/json":
            self.wrong.append(f"{tag} {said}")


def test_hostile_words_stay_words_on_every_page(me: Browser):
    app = me.made()
    me.ok(f"/api/apps/{app['id']}/apply", {"patch": f"app: {HOSTILE[:70]!r}\n", "base": app["head"]})
    build = me.ok(f"/api/apps/{app['id']}/request", {"request": HOSTILE})["build"]
    me.ok("/api/account", {"name": HOSTILE[:100]})
    me.running.idle()
    for url in ("/", f"/apps/{app['slug']}", f"/builds/{build}", "/account", "/model", f"/apps/{HOSTILE}"):
        page = me.get(url).text
        seen = _Scripts()
        seen.feed(page)
        assert not seen.wrong, url
        assert "<script>alert" not in page


def test_a_preview_cannot_be_made_up_or_changed(me: Browser, running: Running):
    app = me.made()
    url = me.read(f"/api/apps/{app['id']}/preview?role=client")["url"]
    assert me.get(url).status_code == 200
    token = re.search(r"~([^/]+)/", url)[1]
    signed, _, mark = token.rpartition(".")
    other = running.studio.signing.sign("another purpose", ["x"])
    for wrong in (signed, f"{signed}.{mark[::-1]}", f"x{token}", other, "x"):
        assert me.get(f"{APPS}/~{wrong}/").status_code == 404, wrong


def test_a_preview_ends(me: Browser, running: Running):
    app = me.made()
    old = running.studio.hosting.preview(app=app["id"], version=app["head"], days=-2)
    assert me.get(old).status_code == 404


def test_only_the_studio_may_frame_a_preview(me: Browser):
    app = me.made()
    headers = me.get(me.read(f"/api/apps/{app['id']}/preview")["url"]).headers
    assert f"frame-ancestors 'self' {STUDIO}" in headers["content-security-policy"] or re.search(
        rf"frame-ancestors [^;]*{re.escape(STUDIO)}", headers["content-security-policy"]
    )
    assert "x-frame-options" not in headers


def test_the_studios_pages_are_not_on_the_apps_origin(me: Browser):
    for url in ("/", "/api/session", "/api/apps", "/login", "/model"):
        assert me.get(f"{APPS}{url}", follow_redirects=True).status_code == 404, url


def test_odd_bodies_are_refused(me: Browser, running: Running):
    for body, kind in ((b"{", "application/json"), (b"[1]", "application/json"), (b"x", "text/plain")):
        answer = running.run(
            me.client.post("/api/builds", content=body, headers={"X-CSRF": me.csrf, "Content-Type": kind})
        )
        assert answer.status_code == 422, body
    answer = me.send("/api/builds", {"prompt": "a" * 2_100_000})
    assert answer.status_code == 422
    assert "too long" in answer.json()["error"]
