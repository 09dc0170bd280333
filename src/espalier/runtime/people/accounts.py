"""Accounts: the people of an app, their roles, and whether they may sign in.

A person is a row of `User`; whoever may sign in has a credential beside it. People of a seed have none until they reset
their password. What is written here goes past the access rules: callers have checked who asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from espalier.blueprint.schema import USER_FIELDS

from ..errors import Invalid
from ..records import Records
from ..storage.system import credential, journal, notification, token
from . import sessions

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from espalier.blueprint.field import Field
    from espalier.blueprint.schema import Blueprint

    from ..app import App

LONGEST_NAME = 120


@dataclass(frozen=True)
class Person:
    """Somebody with or without an account. password is the kept hash; closed accounts have one that nothing fits."""

    id: int
    name: str
    email: str
    role: str | None
    avatar: str | None
    password: str | None
    created: datetime
    last_login: datetime | None

    @property
    def has_account(self) -> bool:
        return self.password is not None

    @property
    def closed(self) -> bool:
        return self.password is not None and self.password.startswith(sessions.LOCKED)


def roles(blueprint: Blueprint) -> list[str]:
    """Every role that a person can have."""
    return [*dict.fromkeys(["admin", *blueprint.roles, "user"])]


def signup_roles(blueprint: Blueprint) -> list[str]:
    """The roles that somebody may sign up with: several to pick from, one, or none when it takes an invitation."""
    said = [part.strip() for part in blueprint.signup.split(" or ")] if blueprint.signup else []
    if said == ["invite"]:
        return []
    picked = [role for role in said if role in (*blueprint.roles, "user") and role != "admin"]
    if picked:
        return picked
    own = [role for role in blueprint.roles if role != "admin"]
    return own[:1] if len(own) > 1 else ["user"]


def clean_email(text: str) -> str:
    """An email as it is kept. Raises ValueError with words for the person."""
    from ..fields import kind

    read = kind(USER_FIELDS["email"]).from_text(text, USER_FIELDS["email"])
    if read is None:
        raise ValueError("Please give your email address.")
    return str(read)


def by_email(app: App, connection: Connection, email: str) -> Person | None:
    user = app.database.tables["User"]
    return _one(app, connection, user.c.email == email)


def by_id(app: App, connection: Connection, person: int) -> Person | None:
    user = app.database.tables["User"]
    return _one(app, connection, user.c.id == person)


def everybody(app: App, connection: Connection, limit: int = 500, offset: int = 0, search: str = "") -> list[Person]:
    """The people, admins first, then by name."""
    user = app.database.tables["User"]
    query = (
        _select(app).order_by(user.c.role != "admin", func.lower(user.c.name), user.c.id).limit(limit).offset(offset)
    )
    if search:
        like = f"%{search.lower().replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
        query = query.where(func.lower(user.c.name).like(like, escape="!") | user.c.email.like(like, escape="!"))
    return [_person(row) for row in connection.execute(query)]


def has_admin(app: App, connection: Connection) -> bool:
    """Is there an admin who can sign in? Until there is, the app waits for its owner."""
    user = app.database.tables["User"]
    found = connection.execute(
        select(user.c.id)
        .join(credential, credential.c.user == user.c.id)
        .where(user.c.role == "admin", open_account())
        .limit(1)
    )
    return found.first() is not None


def open_account() -> Any:
    """The condition that a credential lets somebody in."""
    return credential.c.password.is_not(None) & credential.c.password.not_like(f"{sessions.LOCKED}%")


def open_admins(app: App, connection: Connection) -> list[int]:
    user = app.database.tables["User"]
    query = (
        select(user.c.id).join(credential, credential.c.user == user.c.id).where(user.c.role == "admin", open_account())
    )
    return [row.id for row in connection.execute(query)]


def create(
    app: App,
    connection: Connection,
    *,
    name: str,
    email: str,
    role: str,
    password: str,
    more: Mapping[str, Any] | None = None,
) -> int:
    """A new person with an account; gives the id. password is a hash; more holds values of further User fields.

    Raises Invalid when the email has an account, or when a rule of the data is broken. A person without one (of a seed) gets it, with their role as it was.
    """
    before = by_email(app, connection, email)
    if before is not None and before.has_account:
        raise Invalid({"email": "This email has an account already."})
    values = {"name": name, **(more or {})}
    if before is None:
        person = Records(app).put("User", {**values, "email": email, "role": role}, owner=None)
    else:
        person = before.id
        Records(app).change("User", person, values)
    set_password(app, connection, person, password)
    return person


def set_password(app: App, connection: Connection, person: int, password: str) -> None:
    """Give a person a password (a hash); every session of theirs ends."""
    now = app.now()
    changed = connection.execute(
        update(credential).where(credential.c.user == person).values(password=password, changed=now)
    )
    if not changed.rowcount:
        connection.execute(insert(credential).values(user=person, password=password, changed=now))
    sessions.end_all(connection, person)


def set_role(app: App, connection: Connection, person: int, role: str) -> None:
    """Raises Invalid for a role that does not exist, and when the last admin would be none."""
    if role not in roles(app.blueprint):
        raise Invalid({"role": "There is no such role."})
    if role != "admin":
        keep_an_admin(app, connection, person)
    Records(app).change("User", person, {"role": role})


def close(app: App, connection: Connection, person: int) -> None:
    """Let somebody in no more; what they made stays. Raises Invalid for the last admin."""
    keep_an_admin(app, connection, person)
    kept = connection.execute(select(credential.c.password).where(credential.c.user == person)).scalar()
    if kept is None:
        connection.execute(delete(credential).where(credential.c.user == person))
        connection.execute(insert(credential).values(user=person, password=sessions.LOCKED, changed=app.now()))
    elif not kept.startswith(sessions.LOCKED):
        connection.execute(
            update(credential).where(credential.c.user == person).values(password=sessions.LOCKED + kept)
        )
    sessions.end_all(connection, person)
    connection.execute(delete(token).where(token.c.user == person))


def reopen(connection: Connection, person: int) -> None:
    """Let somebody in again, with the password they had."""
    kept = connection.execute(select(credential.c.password).where(credential.c.user == person)).scalar() or ""
    if kept.startswith(sessions.LOCKED):
        before = kept.removeprefix(sessions.LOCKED) or None
        connection.execute(update(credential).where(credential.c.user == person).values(password=before))


def remove(app: App, connection: Connection, person: int) -> None:
    """Delete somebody at their wish. Where records cannot be without them, a nameless person stays in their place.

    Raises Invalid for the last admin.
    """
    keep_an_admin(app, connection, person)
    user = app.database.tables["User"]
    connection.execute(delete(journal).where(journal.c.entity == "User", journal.c.record == person))
    try:
        with connection.begin_nested():
            connection.execute(delete(user).where(user.c.id == person))
        return
    except IntegrityError:
        pass
    nothing = {
        name: None
        for name, field in app.blueprint.entities["User"].fields.items()
        if name in user.c and not field.required and name not in ("name", "email", "role")
    }
    connection.execute(
        update(user)
        .where(user.c.id == person)
        .values(
            name="Somebody who left", email=f"left-{person}@example.invalid", role=None, updated=app.now(), **nothing
        )
    )
    for table in (credential, token, notification):
        connection.execute(delete(table).where(table.c.user == person))


def keep_an_admin(app: App, connection: Connection, person: int) -> None:
    """Raises Invalid when this person is the only admin who can sign in."""
    if open_admins(app, connection) == [person]:
        raise Invalid({"": "This is the only admin. Make somebody else an admin first."})


def further_fields(app: App) -> dict[str, Field]:
    """The User fields that the blueprint adds and people fill in themselves, as far as text can say them."""
    access = app.blueprint.access.get("User")
    closed = {name for name, entry in access.fields.items() if entry.write is not None} if access else set()
    return {
        name: field
        for name, field in app.blueprint.entities["User"].fields.items()
        if name not in USER_FIELDS
        and field.typed_in
        and name not in closed
        and field.kind not in ("reference", "image", "file")
    }


def read_further(app: App, given: Mapping[str, str], names: list[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Values of further User fields from what was typed, and the faults by name."""
    from ..fields import kind

    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name in names:
        field = app.blueprint.entities["User"].fields[name]
        try:
            value = kind(field).from_text(given.get(name, ""), field)
        except ValueError as error:
            faults[name] = f"{field.label} {error}."
            continue
        if value is None and field.required and field.kind != "bool":
            faults[name] = f"{field.label} is needed."
        values[name] = value
    return values, faults


def _select(app: App) -> Any:
    user = app.database.tables["User"]
    return select(
        user.c.id,
        user.c.name,
        user.c.email,
        user.c.role,
        user.c.avatar,
        user.c.created,
        credential.c.password,
        credential.c.last_login,
    ).outerjoin(credential, credential.c.user == user.c.id)


def _one(app: App, connection: Connection, condition: Any) -> Person | None:
    row = connection.execute(_select(app).where(condition)).one_or_none()
    return _person(row) if row else None


def _person(row: Any) -> Person:
    return Person(
        row.id, row.name or "", row.email or "", row.role, row.avatar, row.password, row.created, row.last_login
    )
