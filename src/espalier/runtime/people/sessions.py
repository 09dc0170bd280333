"""Sessions: who a request belongs to.

A signed cookie holds a random secret; for a person who is signed in its fingerprint is kept in the database, for a
stranger nothing is. The secret changes at every log-in, and all of a person's sessions end when their password does.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update

from ..access import ANYONE, Visitor
from ..storage.system import credential, token
from . import tokens

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ..visit import Visit

COOKIE = "session"
LOCKED = "!"  # stands before the hash of an account that was closed to its owner


class Session:
    """The session of one visit. A stranger's gets its cookie when somebody first asks for the token of a form."""

    def __init__(self, visit: Visit, secret: str = "", visitor: Visitor = ANYONE, *, by_cookie: bool = True) -> None:
        self._visit = visit
        self.secret = secret
        self.visitor = visitor
        self.by_cookie = by_cookie

    @property
    def csrf(self) -> str:
        if not self.secret:
            self.secret = secrets.token_urlsafe(18)
            _send(self._visit, "stranger", self.secret)
        return self._visit.app.signing.fingerprint("csrf", self.secret)


def session_of(visit: Visit) -> Session:
    """The session that a request shows."""
    kind, _, given = visit.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return Session(visit, visitor=_visitor(visit, "api", given.strip()) or ANYONE, by_cookie=False)
    text = visit.cookies.get(visit.app.cookie(COOKIE), "")
    said = visit.app.signing.unsign(COOKIE, text) if text else None
    if not isinstance(said, list) or len(said) != 2 or not all(isinstance(part, str) for part in said):
        return Session(visit)
    if said[0] == "stranger":
        return Session(visit, said[1])
    visitor = _visitor(visit, "session", said[1])
    return Session(visit, said[1], visitor) if visitor else Session(visit)


def start(visit: Visit, person: int) -> None:
    """Sign a person in: a new session, the old one ended."""
    app = visit.app
    lasts = timedelta(days=app.settings.session_days)
    with app.database.write() as connection:
        _forget(visit, connection)
        secret = tokens.issue(app, connection, "session", user=person, lasts=lasts)
        connection.execute(update(credential).where(credential.c.user == person).values(last_login=app.now()))
        tokens.sweep(app, connection)
    _send(visit, "person", secret)
    _renew(visit, Session(visit, secret, _visitor(visit, "session", secret) or ANYONE))


def end(visit: Visit) -> None:
    """Sign out."""
    with visit.app.database.write() as connection:
        _forget(visit, connection)
    visit.set_cookie(visit.app.cookie(COOKIE), "")
    _renew(visit, Session(visit))


def end_all(connection: Connection, person: int) -> None:
    """End every session of a person, and take back their API keys."""
    connection.execute(delete(token).where(token.c.user == person, token.c.kind.in_(("session", "api"))))


def _forget(visit: Visit, connection: Connection) -> None:
    if visit.session.secret:
        connection.execute(delete(token).where(token.c.hash == tokens.fingerprint(visit.app, visit.session.secret)))


def _renew(visit: Visit, session: Session) -> None:
    visit.given_visitor = None
    visit.shell = None
    visit.__dict__["session"] = session
    visit.__dict__.pop("records", None)


def _send(visit: Visit, kind: str, secret: str) -> None:
    seconds = visit.app.settings.session_days * 86_400 if kind == "person" else None
    visit.set_cookie(visit.app.cookie(COOKIE), visit.app.signing.sign(COOKIE, [kind, secret]), seconds)


def _visitor(visit: Visit, kind: tokens.Kind, secret: str) -> Visitor | None:
    """The person a token belongs to, when both still count; a session that is in use lives on."""
    app = visit.app
    user = app.database.tables["User"]
    with app.database.read() as connection:
        row = connection.execute(
            select(
                user.c.id,
                user.c.name,
                user.c.email,
                user.c.role,
                user.c.avatar,
                token.c.id.label("token"),
                token.c.expires,
            )
            .join(token, token.c.user == user.c.id)
            .join(credential, credential.c.user == user.c.id)
            .where(
                token.c.hash == tokens.fingerprint(app, secret),
                token.c.kind == kind,
                or_(token.c.expires.is_(None), token.c.expires > app.now()),
                credential.c.password.is_(None) | credential.c.password.not_like(f"{LOCKED}%"),
            )
        ).one_or_none()
    if row is None:
        return None
    lasts = timedelta(days=app.settings.session_days)
    if kind == "session" and row.expires < app.now() + lasts - timedelta(days=1):
        with app.database.write() as connection:
            connection.execute(update(token).where(token.c.id == row.token).values(expires=app.now() + lasts))
        _send(visit, "person", secret)
    return Visitor(row.id, row.name or "", row.email or "", row.role, row.avatar)
