"""Accounts of the studio: who somebody is, how they log in, who is invited. Which app is whose is apps.py's.

On this machine alone there is one account, `owner`, and nobody logs in. As soon as others can reach the studio everybody does: the
first start prints a link that makes the owner, the owner invites others by links. Secrets are kept as fingerprints.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from espalier.runtime.people import passwords

from . import store as tables
from .errors import Faulty, Forbidden, MustLogIn, NotThere, StudioError, TooMuch
from .store import Store, new_id

if TYPE_CHECKING:
    from .studio import Studio

OWNER = "owner"  # the id of the one account of a studio without log-in
DAYS = 86_400.0
LASTS = {"welcome": 30 * DAYS, "invite": 14 * DAYS, "share": 14 * DAYS}
WINDOW = 3_600.0
FREE = {"login email": 5, "login address": 20, "link address": 30}  # tries in an hour before one must wait
LONGEST_WAIT = 900.0
NAME, EMAIL = 120, 320


@dataclass(frozen=True)
class Account:
    """Somebody. kind: `owner` of the studio, who may invite, or `member`."""

    id: str
    name: str
    email: str
    kind: str
    consent: bool = False

    @property
    def is_owner(self) -> bool:
        return self.kind == "owner"

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name, "email": self.email, "kind": self.kind, "consent": self.consent}


# --- who asks ---------------------------------------------------------------------------------------------------------


def alone(studio: Studio) -> Account:
    """The one account of a studio without log-in, made when it is not there."""
    with studio.store.read() as connection:
        row = _row(connection, tables.account.c.id == OWNER)
    if row is None:
        with studio.store.write() as connection:
            row = _row(connection, tables.account.c.id == OWNER) or _add(
                connection, "You", "owner@localhost", "", "owner", id=OWNER
            )
    return _account(row)


def of_session(studio: Studio, secret: str) -> Account | None:
    """Who a session belongs to; None when it has ended."""
    now = time.time()
    session, account = tables.session, tables.account
    with studio.store.read() as connection:
        row = connection.execute(
            select(account, session.c.expires.label("until"))
            .join(session, session.c.account == account.c.id)
            .where(session.c.hash == _hash(secret), session.c.expires > now, ~account.c.closed)
        ).first()
    if row is None:
        return None
    lasts = studio.settings.session_days * DAYS
    if row.until - now < lasts - DAYS:  # in use: it lives on, written down once a day
        with studio.store.write() as connection:
            connection.execute(update(session).where(session.c.hash == _hash(secret)).values(expires=now + lasts))
    return _account(row)


def by_id(store: Store, id: str) -> Account:
    """An account. Raises NotThere."""
    with store.read() as connection:
        row = _row(connection, tables.account.c.id == id)
    if row is None:
        raise NotThere
    return _account(row)


def everybody(studio: Studio, asking: Account) -> dict[str, Any]:
    """The people of the studio and the invitations that are out; only the owner sees the latter."""
    account, invitation = tables.account, tables.invitation
    with studio.store.read() as connection:
        rows = connection.execute(select(account).where(~account.c.closed).order_by(account.c.created)).all()
        out = connection.execute(
            select(invitation)
            .where(invitation.c.kind == "invite", invitation.c.expires > time.time())
            .order_by(invitation.c.created)
        ).all()
    shown = [_account(row).as_json() | {"created": row.created} for row in rows]
    if not asking.is_owner:  # colleagues see each other's names, which they need to share; their settings are their own
        shown = [{key: one[key] for key in ("id", "name", "email", "kind")} for one in shown]
    invited = [{"email": row.email, "created": row.created, "expires": row.expires} for row in out]
    return {"people": shown, "invited": invited if asking.is_owner else []}


# --- logging in and out -----------------------------------------------------------------------------------------------


def log_in(studio: Studio, email: str, password: str, address: str) -> str:
    """The secret of a new session. Raises TooMuch and MustLogIn; neither tells whether there is such an account."""
    email = _email(email, strict=False)
    spend(studio, ("login email", email), ("login address", address))
    with studio.store.read() as connection:
        row = _row(connection, tables.account.c.email == email)
    good = passwords.fits(row.password if row else None, password)
    if row is None or row.closed or not good:
        raise MustLogIn(
            "Email and password do not fit together.", "Look for a slip, or ask the studio's owner for a link."
        )
    with studio.store.write() as connection:
        connection.execute(delete(tables.attempt).where(tables.attempt.c.key == _key(studio, "login email", email)))
        if passwords.outdated(row.password):
            _set(connection, row.id, password=passwords.make(password))
        return _begin(studio, connection, row.id)


def log_out(studio: Studio, secret: str) -> None:
    """End a session."""
    with studio.store.write() as connection:
        connection.execute(delete(tables.session).where(tables.session.c.hash == _hash(secret)))


def change(studio: Studio, account: Account, given: dict[str, Any]) -> Account:
    """Change one's own account: name, consent, password (with `old`). Raises Faulty and Forbidden."""
    values: dict[str, Any] = {}
    if "name" in given:
        values["name"] = _name(given["name"])
    if "consent" in given:
        values["consent"] = given["consent"] in (True, "true", "on", "1")
    if given.get("password"):
        with studio.store.read() as connection:
            row = _row(connection, tables.account.c.id == account.id)
        if row is None or not row.password or not passwords.fits(row.password, str(given.get("old", ""))):
            raise Forbidden("The old password is not right.", "Enter the one you log in with now.")
        values["password"] = _password(str(given["password"]), account.name, account.email)
    with studio.store.write() as connection:
        if values:
            _set(connection, account.id, **values)
        if "password" in values:
            connection.execute(delete(tables.session).where(tables.session.c.account == account.id))
        changed = _account(_row(connection, tables.account.c.id == account.id))
    if account.consent and not changed.consent:
        studio.telling.withdrawn(account.id)
    return changed


def close(studio: Studio, asking: Account, id: str) -> None:
    """Close somebody's account: no log-in, no session; their apps stay. Raises Forbidden and NotThere."""
    if not asking.is_owner:
        raise Forbidden("Only the owner may close accounts.")
    if id == asking.id:
        raise Forbidden("You cannot close your own account here: nobody could invite anybody any more.")
    with studio.store.write() as connection:
        if _row(connection, tables.account.c.id == id) is None:
            raise NotThere
        _set(connection, id, closed=True)
        connection.execute(delete(tables.session).where(tables.session.c.account == id))


# --- links ------------------------------------------------------------------------------------------------------------


def welcome(studio: Studio) -> str:
    """The secret of a link that makes the owner; empty when there is an owner with a password. An older link ends."""
    account, invitation = tables.account, tables.invitation
    with studio.store.write() as connection:
        owners = select(account.c.id).where(account.c.kind == "owner", account.c.password != "", ~account.c.closed)
        if connection.execute(owners).first():
            return ""
        connection.execute(delete(invitation).where(invitation.c.kind == "welcome"))
        return _issue(connection, "welcome")


def invite(studio: Studio, asking: Account, email: str = "") -> str:
    """The secret of a link that makes a member. Raises Forbidden and Faulty."""
    if not asking.is_owner:
        raise Forbidden("Only the owner may invite people.", "Ask the owner of this studio.")
    with studio.store.write() as connection:
        return _issue(connection, "invite", email=_email(email) if email else "", by=asking.id)


def share(studio: Studio, asking: Account, app: str, email: str = "") -> str:
    """The secret of a link that makes an editor of an app. May the asking account share it? That is apps.py's to say."""
    with studio.store.write() as connection:
        return _issue(connection, "share", email=email, by=asking.id, app=app)


def invited(studio: Studio, kind: tuple[str, ...], secret: str, address: str) -> Any:
    """The row of a link that still counts. Raises NotThere."""
    spend(studio, ("link address", address))
    invitation = tables.invitation
    with studio.store.read() as connection:
        row = connection.execute(
            select(invitation).where(
                invitation.c.hash == _hash(secret), invitation.c.kind.in_(kind), invitation.c.expires > time.time()
            )
        ).first()
    if row is None:
        raise NotThere("This link has been used or is too old.", "Ask for a new one.")
    return row


def accept(
    studio: Studio, secret: str, given: dict[str, Any], address: str, account: Account | None
) -> tuple[str, str]:
    """Use a link: the secret of a new session ("" for somebody who has one) and the id of the app shared, "" for none.

    Somebody who is not signed in gets an account by it. Raises NotThere and Faulty.
    """
    row = invited(studio, ("welcome", "invite", "share"), secret, address)
    invitation = tables.invitation
    used = delete(invitation).where(invitation.c.hash == row.hash)
    joins = row.kind == "share" and account is not None
    if not joins:
        email, name = _email(given.get("email") or row.email), _name(given.get("name"))
        hashed = _password(str(given.get("password", "")), name, email)
    with studio.store.write() as connection:
        if not connection.execute(used).rowcount:  # somebody was faster
            raise NotThere("This link has been used or is too old.", "Ask for a new one.")
        if joins:
            assert account
            add_editor(connection, row.app, account.id)
            return "", row.app
        made = _make(connection, row, name, email, hashed)
        if row.app:
            add_editor(connection, row.app, made)
        return _begin(studio, connection, made), row.app or ""


def _make(connection: Connection, row: Any, name: str, email: str, hashed: str) -> str:
    """The id of the account that a link makes. The owner of a studio that was without log-in keeps what they made."""
    if row.kind == "welcome" and _row(connection, tables.account.c.id == OWNER) is not None:
        _set(connection, OWNER, name=name, email=email, password=hashed, kind="owner", closed=False)
        return OWNER
    kind = "owner" if row.kind == "welcome" else "member"
    try:
        return str(_add(connection, name, email, hashed, kind, id=OWNER if kind == "owner" else "").id)
    except IntegrityError:
        raise Faulty("There is an account with this email already.", "Log in, then open the link again.") from None


# --- limits -----------------------------------------------------------------------------------------------------------


def spend(studio: Studio, *tries: tuple[str, str]) -> None:
    """Count a try against each limit before it is known how it ends. Raises TooMuch when one must wait; then none counts."""
    now, attempt = time.time(), tables.attempt
    keys = [(name, _key(studio, name, what)) for name, what in tries if what]
    with studio.store.write() as connection:
        for name, key in keys:
            made, last = connection.execute(
                select(func.count(), func.max(attempt.c.at)).where(attempt.c.key == key, attempt.c.at > now - WINDOW)
            ).one()
            wait = last + min(2.0 ** min(made - FREE[name], 20), LONGEST_WAIT) - now if made >= FREE[name] else 0
            if wait > 0:
                seconds = int(wait) + 1
                raise TooMuch("There were too many tries.", f"Wait {seconds} seconds, then try again.", seconds=seconds)
        for _, key in keys:
            connection.execute(insert(attempt).values(key=key, at=now))
        connection.execute(delete(attempt).where(attempt.c.at < now - 24 * WINDOW))


def sweep(store: Store) -> None:
    """Forget sessions and links that have ended."""
    now = time.time()
    with store.write() as connection:
        for table in (tables.session, tables.invitation):
            connection.execute(delete(table).where(table.c.expires < now))


# --- what they share --------------------------------------------------------------------------------------------------


def _row(connection: Connection, condition: Any) -> Any:
    return connection.execute(select(tables.account).where(condition)).first()


def _account(row: Any) -> Account:
    return Account(row.id, row.name, row.email, row.kind, row.consent)


def _add(connection: Connection, name: str, email: str, hashed: str, kind: str, *, id: str = "") -> Any:
    id = id or new_id()
    connection.execute(
        insert(tables.account).values(
            id=id, name=name, email=email, password=hashed, kind=kind, consent=False, closed=False, created=time.time()
        )
    )
    return _row(connection, tables.account.c.id == id)


def _set(connection: Connection, id: str, **values: Any) -> None:
    connection.execute(update(tables.account).where(tables.account.c.id == id).values(**values))


def add_editor(connection: Connection, app: str, account: str) -> None:
    """Make somebody an editor, where they are not one, nor the owner, already."""
    owner = connection.execute(select(tables.app.c.owner).where(tables.app.c.id == app)).scalar()
    if owner is None:
        raise NotThere
    editor = tables.editor
    there = select(editor).where(editor.c.app == app, editor.c.account == account)
    if owner != account and connection.execute(there).first() is None:
        connection.execute(insert(editor).values(app=app, account=account, at=time.time()))


def _begin(studio: Studio, connection: Connection, account: str) -> str:
    secret, now = secrets.token_urlsafe(24), time.time()
    lasts = studio.settings.session_days * DAYS
    connection.execute(
        insert(tables.session).values(hash=_hash(secret), account=account, created=now, expires=now + lasts)
    )
    return secret


def _issue(connection: Connection, kind: str, **values: Any) -> str:
    secret, now = secrets.token_urlsafe(24), time.time()
    row = {"email": "", "app": None, "by": None} | values
    connection.execute(
        insert(tables.invitation).values(hash=_hash(secret), kind=kind, created=now, expires=now + LASTS[kind], **row)
    )
    return secret


def _hash(secret: str) -> str:
    """Secrets are random and long, so that a plain hash keeps them."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _key(studio: Studio, name: str, what: str) -> str:
    return studio.signing.fingerprint("limit", f"{name} {what}")


def _name(given: Any) -> str:
    name = " ".join(str(given or "").split())[:NAME]
    if not name:
        raise Faulty("A name is missing.", "Enter the name that colleagues know you by.")
    return name


def _email(given: Any, *, strict: bool = True) -> str:
    from email_validator import EmailNotValidError, validate_email

    text = str(given or "").strip().lower()[:EMAIL]
    if not strict:
        return text
    try:
        return str(validate_email(text, check_deliverability=False, test_environment=True).normalized).lower()
    except EmailNotValidError:
        raise Faulty("This is no email address.", "Enter one such as mara@example.com.") from None


def _password(given: str, *about: str) -> str:
    if fault := passwords.fault(given, *about):
        raise Faulty(fault)
    return passwords.make(given)


__all__ = ["Account", "StudioError", "accept", "alone", "by_id", "invite", "log_in", "log_out", "of_session", "welcome"]
