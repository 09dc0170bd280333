"""Emails as rows, sending them, and calls of other programs."""

from __future__ import annotations

import http.server
import json
import socketserver
import threading

import pytest
from sqlalchemy import insert, update

from espalier.config import Settings
from espalier.runtime import outbox, webhooks
from espalier.runtime.outbox import Mail
from espalier.runtime.storage.system import outbox as table

from .conftest import mails, make_app


class _Smtp(socketserver.StreamRequestHandler):
    """As much of a mail server as it takes to receive."""

    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            word = line[:4].upper()
            if word == "DATA":
                self.say("354 go on")
                body = b""
                while not body.endswith(b"\r\n.\r\n"):
                    body += self.rfile.readline()
                self.server.received.append(body.decode())
                self.say("250 taken")
            elif word == "RCPT" and "refused" in line:
                self.say("550 nobody here")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class _Threads(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@pytest.fixture
def server():
    with _Threads(("127.0.0.1", 0), _Smtp) as made:
        made.received = []
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def sending(clock, server):
    made = make_app(
        clock,
        smtp_host="127.0.0.1",
        smtp_port=server.server_address[1],
        smtp_tls=False,
        smtp_from="Library <us@example.com>",
    )
    yield made
    made.close()


def write(app, recipient="ana@example.com", subject="Hello", body="Good day", **more):
    with app.database.write() as connection:
        outbox.send(app, connection, recipient, subject, body, **more)


def test_email_goes_out_once(sending, server):
    write(sending, subject="Grüße", body="Bonjour à tous")
    assert server.received == []
    assert outbox.deliver(sending) == 1
    assert outbox.deliver(sending) == 0
    [text] = server.received
    assert "To: ana@example.com" in text
    assert "From: Library <us@example.com>" in text
    assert "Auto-Submitted: auto-generated" in text
    assert mails(sending)[0].sent is not None


def test_email_with_a_personal_link_is_not_kept(sending):
    write(sending, body="https://example.com/reset/abc", secret=True)
    outbox.deliver(sending)
    assert "abc" not in mails(sending)[0].body


def test_refused_email_is_tried_again_and_then_given_up(sending, clock, server):
    write(sending, "refused@example.com")
    tries = 0
    for _ in range(60):
        before = mails(sending)[0].attempts
        outbox.deliver(sending)
        tries += mails(sending)[0].attempts > before
        clock.forward(minutes=10)
    assert tries == outbox.MOST_TRIES
    assert "550" in mails(sending)[0].error
    assert mails(sending)[0].sent is None


def test_failure_does_not_hold_the_others_up(sending, server):
    write(sending, "refused@example.com")
    write(sending)
    assert outbox.deliver(sending) == 1
    assert len(server.received) == 1


def test_claimed_email_is_not_sent_by_another(sending, clock):
    write(sending)
    assert len(outbox._claim(sending)) == 1
    assert outbox._claim(sending) == []
    clock.forward(minutes=6)
    assert len(outbox._claim(sending)) == 1


@pytest.mark.parametrize("recipient", [
    "ana@example.com\r\nBcc: all@example.com", "ana@example.com, all@example.com", "ana", "<ana@example.com>", "", "a b@example.com",
    "ana@example.com\x00", "ana@@example.com",
])  # fmt: skip
def test_address_that_is_none_is_never_written_to(sending, server, recipient):
    write(sending, recipient)
    assert outbox.deliver(sending) == 0
    assert server.received == []
    [row] = mails(sending)
    assert row.error
    assert "\n" not in row.recipient


def test_headers_cannot_be_injected(sending, server):
    write(sending, subject="Hello\r\nBcc: all@example.com\r\n\r\nEvil", body="Good day\r\n.\r\nRCPT TO:<x@example.com>")
    outbox.deliver(sending)
    [text] = server.received
    head = text.partition("\r\n\r\n")[0]
    assert "\nBcc" not in head
    assert "Subject: Hello Bcc: all@example.com Evil" in head
    for bad in ("a@example.com\nBcc: b@example.com", ""):
        with pytest.raises(ValueError, match="not an email"):
            outbox.message(Mail(1, "email", bad, "s", "b"), Settings(smtp_host="x"))


class _Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.received.append((self.path, json.loads(body)))
        self.send_response(302 if "moved" in self.path else 500 if "broken" in self.path else 204)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()

    def log_message(self, *arguments) -> None: ...


@pytest.fixture
def hook():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Hook) as made:
        made.received = []
        made.address = f"http://127.0.0.1:{made.server_address[1]}"
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def ask(app, url):
    with app.database.write() as connection:
        connection.execute(
            insert(table).values(kind="webhook", recipient=url, data={"id": 7, "title": "Größe"}, created=app.now())
        )


def test_webhook_is_called_without_a_mail_server(clock, hook):
    app = make_app(clock, webhooks_inside=True)
    ask(app, f"{hook.address}/hook?key=1")
    assert outbox.deliver(app) == 1
    assert hook.received == [("/hook?key=1", {"id": 7, "title": "Größe"})]
    assert mails(app)[0].sent is not None
    app.close()


@pytest.mark.parametrize("path", ["/moved", "/broken"])
def test_webhook_that_fails_is_noted(clock, hook, path):
    app = make_app(clock, webhooks_inside=True)
    ask(app, hook.address + path)
    assert outbox.deliver(app) == 0
    assert "answered" in mails(app)[0].error
    assert len(hook.received) == 1
    app.close()


def test_webhooks_never_reach_inside(app, hook):
    ask(app, hook.address)
    assert outbox.deliver(app) == 0
    assert hook.received == []
    assert "own network" in mails(app)[0].error


@pytest.mark.parametrize("url", [
    "http://127.0.0.1/", "http://localhost/", "http://10.0.0.1/", "http://192.168.1.1/", "http://169.254.169.254/latest", "http://[::1]/",
    "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/", "http://2130706433/", "file:///etc/passwd", "ftp://example.com/", "http://",
    "http://127.0.0.1:99999/",
])  # fmt: skip
def test_addresses_that_are_not_called(url):
    with pytest.raises((webhooks.Refused, OSError)):
        webhooks.call(url, {})


def test_sent_email_of_old_is_left_alone(sending, server):
    write(sending)
    with sending.database.write() as connection:
        connection.execute(update(table).values(sent=sending.now()))
    assert outbox.deliver(sending) == 0
