"""Tokens: long random secrets that stand for something for a while (a session, a reset, an invitation, an API key).

Only a fingerprint is kept, so that whoever reads the database cannot use them.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import delete, insert, or_, select, update

from ..storage.system import token

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ..app import App

Kind = Literal["session", "setup", "login", "signup", "reset", "invite", "api"]

# How long each kind lasts; None until it is taken back.
LASTS: dict[str, timedelta | None] = {
    "setup": None,
    "api": None,
    "login": timedelta(minutes=15),
    "reset": timedelta(hours=1),
    "signup": timedelta(days=1),
    "invite": timedelta(days=7),
}


@dataclass(frozen=True)
class Token:
    """What is kept of a token."""

    id: int
    kind: str
    user: int | None
    email: str | None
    role: str | None
    data: dict[str, Any]
    expires: datetime | None


def issue(
    app: App,
    connection: Connection,
    kind: Kind,
    *,
    user: int | None = None,
    email: str | None = None,
    role: str | None = None,
    data: dict[str, Any] | None = None,
    lasts: timedelta | None = None,
) -> str:
    """Make a token and give its secret, which is not kept."""
    secret = secrets.token_urlsafe(32)
    now = app.now()
    long = lasts or LASTS.get(kind)
    connection.execute(
        insert(token).values(
            hash=fingerprint(app, secret),
            kind=kind,
            user=user,
            email=email,
            role=role,
            data=data,
            created=now,
            expires=now + long if long else None,
        )
    )
    return secret


def look(app: App, connection: Connection, kind: Kind, secret: str) -> Token | None:
    """The token of a secret while it counts: of that kind, not used, not expired."""
    row = connection.execute(
        select(token).where(
            token.c.hash == fingerprint(app, secret),
            token.c.kind == kind,
            token.c.used.is_(None),
            or_(token.c.expires.is_(None), token.c.expires > app.now()),
        )
    ).one_or_none()
    if row is None:
        return None
    return Token(row.id, row.kind, row.user, row.email, row.role, row.data or {}, row.expires)


def take(app: App, connection: Connection, kind: Kind, secret: str) -> Token | None:
    """The token, which from now on is used; within a write transaction only one taker gets it."""
    found = look(app, connection, kind, secret)
    if found is not None:
        connection.execute(update(token).where(token.c.id == found.id).values(used=app.now()))
    return found


def withdraw(connection: Connection, kind: Kind, *, user: int | None = None, email: str | None = None) -> None:
    """Take back all tokens of a kind that belong to a person or an address."""
    owner = token.c.user == user if user is not None else token.c.email == email
    connection.execute(delete(token).where(token.c.kind == kind, owner, token.c.used.is_(None)))


def sweep(app: App, connection: Connection) -> None:
    """Throw away what expired more than a month ago."""
    connection.execute(delete(token).where(token.c.expires < app.now() - timedelta(days=30)))


def fingerprint(app: App, secret: str) -> str:
    return app.signing.fingerprint("token", secret)
