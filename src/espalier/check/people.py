"""The people who try an app: a stranger, one of each role, and for `own` a second one, all with accounts but without passwords."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from espalier.runtime.access import ANYONE, AUTHOR, Visitor
from espalier.runtime.people import accounts
from espalier.runtime.records import Records
from espalier.runtime.storage.database import insert_rows

if TYPE_CHECKING:
    from espalier.runtime.app import App

NAMES = ("Robin Fields", "Sam Waters", "Kim Hill", "Noor Banks", "Lee Woods", "Alex Shore", "Mika Dale", "Toni Marsh")


@dataclass(frozen=True)
class Cast:
    """Who there is.

    by_role: one person for each role that somebody can have (`user` for a plain account, where accounts come without a role,
    and `admin`); where the seed made a person of that role it is that one, so that `own` finds records. others: a second
    person of the same role, to whom nothing belongs.
    """

    by_role: dict[str, Visitor]
    others: dict[str, Visitor]

    @property
    def stranger(self) -> Visitor:
        return ANYONE

    @property
    def admin(self) -> Visitor:
        return self.by_role["admin"]

    @property
    def usual(self) -> Visitor:
        """Somebody who just signed up, by what role that gives; else the first person."""
        return next(iter(self.by_role.values()))

    @property
    def members(self) -> Sequence[Visitor]:
        """Everybody with an account, the admin last."""
        return list(self.by_role.values())

    @property
    def everybody(self) -> Sequence[Visitor]:
        """The stranger, then the members."""
        return [ANYONE, *self.members]

    def named(self, who: Visitor) -> str:
        """How findings call a person: their role, `user`, or `anyone`."""
        return "anyone" if who.id is None else str(who.role)


def cast(app: App) -> Cast:
    """Make (and find among the seeded) the people of an app."""
    usual = accounts.signup_roles(app.blueprint)
    plain = [] if usual and "user" not in usual else ["user"]
    wanted = [*plain, *app.blueprint.roles, "admin"]
    table = app.database.tables["User"]
    with app.database.write() as connection:
        # The last seeded of a role: seeds name people in order of importance, and the first is often a special one.
        seeded = connection.execute(select(table.c.id, table.c.name, table.c.email, table.c.role).order_by(table.c.id))
        by_role = {row.role: Visitor(row.id, row.name, row.email, row.role) for row in seeded if row.role in wanted}
        missing = [(by_role, role) for role in wanted if role not in by_role]
        others: dict[str, Visitor] = {}
        missing += [(others, role) for role in wanted if role != "admin"]
        made = _insert(app, connection, [role for _, role in missing])
        for (place, role), visitor in zip(missing, made, strict=True):
            place[role] = visitor
    return Cast({role: by_role[role] for role in wanted}, others)


def _insert(app: App, connection: Connection, roles: Sequence[str]) -> list[Visitor]:
    """New people with these roles, one for each."""
    made = []
    for at, role in enumerate(roles):
        name = NAMES[at % len(NAMES)] + (f" {at // len(NAMES) + 1}" if at >= len(NAMES) else "")
        made.append({"name": name, "email": f"check.{at}@example.com", "role": role})
    if "User" in app.blueprint.data:
        further = [field for field in app.blueprint.entities["User"].fields.values() if field.required and field.seeded]
        records = Records(app, AUTHOR)
        ids = []
        for at, values in enumerate(made):
            more = {
                field.name: field.type.read(field.type.sample(field, at + 100), field)
                for field in further
                if field.name not in values and field.kind not in ("reference", "image", "file")
            }
            ids.append(records.put("User", {**more, **values}, owner=None))
    else:
        table = app.database.tables["User"]
        first = connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one() + 1
        ids = list(range(first, first + len(made)))
        rows = [
            {"id": id, "created": app.now(), "updated": app.now(), **values}
            for id, values in zip(ids, made, strict=True)
        ]
        if rows:
            insert_rows(connection, table, rows)
    return [Visitor(id, values["name"], values["email"], values["role"]) for id, values in zip(ids, made, strict=True)]
