"""The newsletter keeps addresses and tells nothing; a custom block runs where it can reach nothing."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from sqlalchemy import select

from espalier.runtime.access import ANYONE
from espalier.runtime.storage.system import subscriber
from espalier.runtime.visit import Visit

from .place import CLIENT, app_of, post, show

LETTER = "- newsletter: The Sunday letter"
CUSTOM = """\
- custom: Counter
  html: <p id="n">0</p>
  js: document.title = "</script><script>alert(1)</script>"
  css: p { color: red } </style><script>alert(2)</script>
"""


def kept(app: object) -> list[str]:
    with app.database.read() as connection:  # type: ignore[attr-defined]
        return [row.email for row in connection.execute(select(subscriber))]


def declared(app: object) -> list[str]:
    table = app.database.tables["Subscriber"]  # type: ignore[attr-defined]
    with app.database.read() as connection:  # type: ignore[attr-defined]
        return [row.email for row in connection.execute(select(table))]


def test_an_address_is_kept_once_and_known_to_nobody() -> None:
    app = app_of(LETTER)
    first = post(app, "/-/letters/home/1", {"email": "Rosa@Example.com "})
    again = post(app, "/-/letters/home/1", {"email": "rosa@example.com"})
    assert first.status_code == again.status_code == 303 and first.headers["location"] == again.headers["location"]
    assert kept(app) == ["rosa@example.com"] == declared(app)
    assert "Thank you" in show(app, first.headers["location"].split("#")[0])


def test_an_app_without_subscribers_keeps_them_too() -> None:
    app = app_of(LETTER, data="data:\n  Note:\n    text: long!\n", seed="")
    assert post(app, "/-/letters/home/1", {"email": "rosa@example.com"}).status_code == 303
    assert kept(app) == ["rosa@example.com"]


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b", "x" * 300 + "@example.com", "a@example.com\nbcc: b@example.com"]
)
def test_what_is_no_address_is_not_kept(email: str) -> None:
    app = app_of(LETTER)
    answer = post(app, "/-/letters/home/1", {"email": email})
    assert "wrong" in answer.headers["location"] and kept(app) == []
    assert "no email address" in show(app, answer.headers["location"].split("#")[0])


def test_programs_that_fill_in_everything_are_thanked_and_forgotten() -> None:
    app = app_of(LETTER)
    answer = post(app, "/-/letters/home/1", {"email": "rosa@example.com", "website": "https://example.com"})
    assert "done" in answer.headers["location"] and kept(app) == []


def test_many_tries_must_wait() -> None:
    app = app_of(LETTER)
    answers = [post(app, "/-/letters/home/1", {"email": f"r{at}@example.com"}).status_code for at in range(12)]
    assert answers[0] == 303 and answers[-1] == 429


@pytest.mark.parametrize("path", ["/-/letters/home/2", "/-/letters/home/9", "/-/letters/nowhere/1"])
def test_there_is_no_letter_elsewhere(path: str) -> None:
    assert post(app_of(LETTER, "- text: Hello"), path, {"email": "rosa@example.com"}).status_code == 404


def test_a_custom_block_runs_in_a_sandbox() -> None:
    app = app_of(CUSTOM)
    page = show(app)
    assert 'sandbox="allow-scripts"' in page and 'src="/-/frames/home/1"' in page and "srcdoc" not in page
    answer = app.respond(Visit(app, "GET", "/-/frames/home/1"))
    policy = answer.headers["content-security-policy"]
    assert policy.startswith(
        "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
    )
    assert "allow-same-origin" not in policy and "set-cookie" not in answer.headers
    body = bytes(answer.body).decode()
    assert "--primary:" in body and '<p id="n">0</p>' in body and app.respond(Visit(app, "GET", "/")).status_code == 200
    # What the author writes cannot end the element that it stands in.
    begun: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: begun.append(tag)  # type: ignore[method-assign]
    parser.feed(body)
    assert begun.count("script") == 2 and begun.count("style") == 2


def test_a_frame_is_for_those_who_may_open_its_page() -> None:
    app = app_of("- text: Hello", pages="  Tools (agent):\n    - custom: Counter\n      html: <p>0</p>\n")
    assert app.respond(Visit(app, "GET", "/-/frames/tools/1", visitor=ANYONE)).status_code == 404
    assert app.respond(Visit(app, "GET", "/-/frames/tools/1", visitor=CLIENT)).status_code == 404
    hidden = app_of("- custom: Counter\n  html: <p>0</p>\n  if: agent")
    assert hidden.respond(Visit(hidden, "GET", "/-/frames/home/1", visitor=CLIENT)).status_code == 404
    assert app.respond(Visit(app, "GET", "/-/frames/home/1")).status_code == 404
