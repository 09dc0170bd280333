"""Emails and webhooks: each is a row first, written with what caused it, and sent afterwards.

Emails wait on the admin's outbox page while there is no mail server. Who is written to, and what, is others' matter.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, insert, or_, select, update

from . import webhooks
from .storage.system import outbox

if TYPE_CHECKING:
    from email.message import EmailMessage

    from sqlalchemy import Connection

    from espalier.config import Settings

    from .app import App

log = logging.getLogger(__name__)

ADDRESS = re.compile(r"[^\s,;:<>()\[\]\"\\\x00-\x1f\x7f@]+@[^\s,;:<>()\[\]\"\\\x00-\x1f\x7f@]+")
LONGEST_SUBJECT = 200
LONGEST_BODY = 50_000
MOST_TRIES = 6
AT_ONCE = 20
GONE = "(This email held a personal link; its text is not kept after sending.)"


@dataclass(frozen=True)
class Mail:
    """An email, or a call of another program, that is about to be sent."""

    id: int
    kind: str
    recipient: str
    subject: str
    body: str
    data: Any = None

    @property
    def secret(self) -> bool:
        """Does it hold a personal link?"""
        return self.kind != "webhook" and isinstance(self.data, dict) and bool(self.data.get("secret"))


def send(
    app: App,
    connection: Connection,
    recipient: str,
    subject: str,
    body: str,
    *,
    secret: bool = False,
    kind: str = "email",
) -> None:
    """Write an email. It goes out after the transaction, so nothing is sent for what did not happen.

    secret: its text holds a personal link and is thrown away once sent. An address that cannot be one is kept with an
    error and never tried.
    """
    good = ADDRESS.fullmatch(recipient) is not None
    connection.execute(
        insert(outbox).values(
            kind=kind,
            recipient=one_line(recipient),
            subject=one_line(subject)[:LONGEST_SUBJECT],
            body=body[:LONGEST_BODY],
            data={"secret": True} if secret else None,
            created=app.now(),
            due=app.now() if good else None,
            error=None if good else "This is not an email address.",
            attempts=0 if good else MOST_TRIES,
        )
    )
    if not app.settings.smtp_host:
        log.info("%s: an email to %s waits in the outbox: %s", app.name, one_line(recipient), one_line(subject))


def one_line(text: str) -> str:
    """Text fit for a header: one line, without control characters."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f\x80-\x9f\u2028\u2029]+", " ", text).split())


def deliver(app: App) -> int:
    """Send what is due, emails only when there is a mail server; gives how many went out.

    Rows are claimed before they are sent: two servers on one database never send one twice, and one that dies between
    sending and noting it sends again after a while.
    """
    sent = 0
    for mail in _claim(app):
        try:
            if mail.kind == "webhook":
                webhooks.call(mail.recipient, mail.data, inside=app.settings.webhooks_inside)
            else:
                post(message(mail, app.settings), app.settings)
            error = None
            sent += 1
        except Exception as fault:  # the other side can fail in any way
            error = f"{type(fault).__name__}: {one_line(str(fault))}"[:300]
            log.warning("%s: %s %s could not be sent: %s", app.name, mail.kind, mail.id, error)
        with app.database.write() as connection:
            done = (
                {"sent": app.now(), "error": None} | ({"body": GONE} if mail.secret else {})
                if error is None
                else {"error": error}
            )
            connection.execute(update(outbox).where(outbox.c.id == mail.id).values(**done))
    return sent


def _claim(app: App) -> list[Mail]:
    due = or_(outbox.c.due.is_(None), outbox.c.due <= app.now())
    waiting = and_(outbox.c.sent.is_(None), outbox.c.attempts < MOST_TRIES, due)
    if not app.settings.smtp_host:
        waiting = and_(waiting, outbox.c.kind == "webhook")
    with app.database.read() as connection:
        if connection.execute(select(outbox.c.id).where(waiting).limit(1)).first() is None:
            return []
    with app.database.write() as connection:
        rows = connection.execute(select(outbox).where(waiting).order_by(outbox.c.id).limit(AT_ONCE)).all()
        for row in rows:
            again = app.now() + timedelta(minutes=5 * 2**row.attempts)
            connection.execute(update(outbox).where(outbox.c.id == row.id).values(attempts=row.attempts + 1, due=again))
    return [Mail(row.id, row.kind, row.recipient, row.subject, row.body, row.data) for row in rows]


def message(mail: Mail, settings: Settings) -> EmailMessage:
    """The email as it goes over the wire. Raises ValueError for an address that cannot be one."""
    from email.message import EmailMessage
    from email.utils import formatdate, make_msgid

    if not ADDRESS.fullmatch(mail.recipient):
        raise ValueError("this is not an email address")
    made = EmailMessage()
    made["From"] = one_line(settings.smtp_from or settings.smtp_user or f"no-reply@{settings.smtp_host}")
    made["To"] = mail.recipient
    made["Subject"] = one_line(mail.subject)
    made["Date"] = formatdate()
    made["Message-ID"] = make_msgid(domain=settings.smtp_host)
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(mail.body)
    return made


def post(made: EmailMessage, settings: Settings) -> None:
    """Hand a message to the mail server. Raises what smtplib raises."""
    import smtplib
    import ssl

    context = ssl.create_default_context()
    connect: smtplib.SMTP
    if settings.smtp_port == 465:
        connect = smtplib.SMTP_SSL(settings.smtp_host, settings.smtp_port, timeout=20, context=context)
    else:
        connect = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=20)
    with connect:
        if settings.smtp_port != 465 and settings.smtp_tls:
            connect.starttls(context=context)
        if settings.smtp_user:
            connect.login(settings.smtp_user, settings.smtp_password.get_secret_value())
        connect.send_message(made)
