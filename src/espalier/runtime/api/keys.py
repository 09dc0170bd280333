"""How programs sign in: an email and a password for a key, which is sent with every request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete
from starlette.responses import JSONResponse, Response

from ..errors import BadRequest, Forbidden, Invalid
from ..people import accounts, limits, passwords, tokens
from ..storage.system import token

if TYPE_CHECKING:
    from ..visit import Visit


def login(visit: Visit) -> Response:
    """`{"email": ..., "password": ...}` for `{"key": ..., "me": ...}`. Wrong ones are answered alike, whether the account
    exists or not, and slowed down as at the log-in page."""
    app = visit.app
    given = visit.json if isinstance(visit.json, dict) else {}
    email, password = given.get("email"), given.get("password")
    if not isinstance(email, str) or not isinstance(password, str):
        raise BadRequest('Send {"email": "...", "password": "..."} as JSON.')
    email = email.strip().lower()[:200]
    limits.spend(app, (limits.LOGIN_ACCOUNT, email), (limits.LOGIN_ADDRESS, visit.client))
    with app.database.read() as connection:
        person = accounts.by_email(app, connection, email)
    right = passwords.fits(person.password if person else None, password)
    if person is None or not right:
        raise Invalid({"": "The email or the password is not right."})
    with app.database.write() as connection:
        limits.forget(app, connection, limits.LOGIN_ACCOUNT, email)
        key = tokens.issue(app, connection, "api", user=person.id)
    return JSONResponse(
        {"key": key, "me": {"id": person.id, "name": person.name, "email": person.email, "role": person.role or ""}}
    )


def logout(visit: Visit) -> Response:
    """Takes back the key that the request came with."""
    kind, _, key = visit.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or visit.visitor.id is None:
        raise BadRequest("Send the key to take back as `Authorization: Bearer KEY`.")
    with visit.app.database.write() as connection:
        connection.execute(delete(token).where(token.c.hash == tokens.fingerprint(visit.app, key.strip())))
    return Response(status_code=204)


def me(visit: Visit) -> Response:
    """Who the request comes from."""
    visitor = visit.visitor
    if visitor.id is None:
        raise Forbidden("Nobody is signed in. Send `Authorization: Bearer KEY`.")
    said: dict[str, Any] = {"id": visitor.id, "name": visitor.name, "email": visitor.email, "role": visitor.role or ""}
    return JSONResponse(said)
