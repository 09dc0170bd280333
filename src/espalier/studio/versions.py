"""The versions of an app: every state it ever had is a row, and the head is a cursor among them.

A change makes a version whose parent is the head, names the version it was made on, and is refused when the head has moved since:
then it is kept as a draft, and nothing is lost. Undo and redo move the cursor along the line of parents up to the tip; they make
no versions. Who may do any of this is apps.py's.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, func, insert, select, update

from espalier.blueprint.patch import apply, derive, print_patch, read_patch
from espalier.blueprint.printer import print_blueprint
from espalier.blueprint.problems import BlueprintError
from espalier.blueprint.reader import read
from espalier.blueprint.schema import Blueprint

from . import store as tables
from .errors import Faulty, Moved, NotThere
from .store import new_id

if TYPE_CHECKING:
    from .accounts import Account
    from .studio import Studio

LARGEST = 300_000  # characters of a blueprint
MOST_DRAFTS = 20  # of one app; the oldest go first


@dataclass(frozen=True)
class Change:
    """A change to be made of an app: the blueprint's text after it, and where it comes from.

    how, said, patch, build, candidate: see store.version.
    """

    text: str
    how: str
    said: str = ""
    patch: str = ""
    build: str = ""
    candidate: int = 0


def get(studio: Studio, app: Any, number: int | None = None) -> Any:
    """A version of an app, the head when no number is given. Raises NotThere."""
    with studio.store.read() as connection:
        return _get(connection, app.id, app.head if number is None else number)


def history(studio: Studio, app: Any) -> list[dict[str, Any]]:
    """All versions, newest first, without their texts; `on` is whether one is on the line that undo and redo walk."""
    version = tables.version
    columns = [column for column in version.c if column.name not in ("text", "patch", "app")]
    with studio.store.read() as connection:
        rows = connection.execute(
            select(*columns).where(version.c.app == app.id).order_by(version.c.number.desc())
        ).mappings()
        shown = [dict(row) for row in rows]
        names = {row.id: row.name for row in connection.execute(select(tables.account.c.id, tables.account.c.name))}
    on = set(_line({one["number"]: one["parent"] for one in shown}, app.tip))
    return [
        one | {"on": one["number"] in on, "head": one["number"] == app.head, "author": names.get(one["author"], "")}
        for one in shown
    ]


def steps(studio: Studio, app: Any) -> dict[str, bool]:
    """Can one undo, can one redo?"""
    with studio.store.read() as connection:
        return {
            "undo": _get(connection, app.id, app.head).parent is not None,
            "redo": _next(connection, app) is not None,
        }


def readable(text: str) -> Blueprint:
    """The blueprint of a text. Raises Faulty with the problems and their places."""
    from .linting import shown

    if len(text) > LARGEST:
        raise Faulty(f"A blueprint has at most {LARGEST:,} characters; this has {len(text):,}.", "Shorten it.")
    try:
        return read(text)
    except BlueprintError as error:
        raise Faulty(
            f"The blueprint has {len(error.problems)} fault{'s' if len(error.problems) > 1 else ''}: {error.problems[0]}",
            "Mend what is marked, then save again.",
            problems=shown(error.problems),
        ) from None


def patched(before: str, patch_text: str) -> str:
    """A blueprint's text after a patch. Raises Faulty."""
    if len(patch_text) > LARGEST:
        raise Faulty("The patch is too long.", "Send what changes only.")
    try:
        return print_blueprint(apply(read(before), read_patch(patch_text)))
    except BlueprintError as error:
        raise Faulty(f"The patch does not fit: {error.problems[0]}", "Change the patch, then try again.") from None
    except (ValueError, RecursionError) as error:
        raise Faulty(f"The patch does not fit: {error}", "Change the patch, then try again.") from None


def first(connection: Connection, app: str, account: str, change: Change) -> None:
    """The first version of a new app."""
    _add(connection, app, 1, None, account, change)


def commit(studio: Studio, account: Account, app: Any, base: int, change: Change) -> int:
    """Make a version on top of `base`, which must be the head. Returns its number, the head's own when nothing changes.

    Raises Faulty when it does not read, and Moved, with both texts and a draft of this one, when the head is another.
    """
    blueprint = readable(change.text)
    with studio.store.write() as connection:
        now = _app(connection, app.id)
        if now.head == base:
            if _get(connection, app.id, base).text == change.text:
                return base
            newest = select(func.max(tables.version.c.number)).where(tables.version.c.app == app.id)
            number = int(connection.execute(newest).scalar_one()) + 1
            _add(connection, app.id, number, base, account.id, change)
            _move(connection, app.id, number, blueprint.app, tip=number)
            return number
    raise _moved(studio, account, now, base, change.text, change.how)


def undo(studio: Studio, account: Account, app: Any, base: int | None = None) -> int:
    """Go one version back. Returns the head. Raises Moved when somebody else was faster, Faulty at the beginning."""
    return _step(studio, account, app, base, back=True)


def redo(studio: Studio, account: Account, app: Any, base: int | None = None) -> int:
    """Go forward again, towards the newest of this line. Raises as `undo`."""
    return _step(studio, account, app, base, back=False)


def restore(studio: Studio, account: Account, app: Any, number: int, base: int | None = None) -> int:
    """Make the app what it was in a version, as a new version on top: nothing in between is lost. Returns the head."""
    old = get(studio, app, number)
    said = f"Back to version {number}"
    return commit(studio, account, app, app.head if base is None else base, Change(old.text, "restore", said))


def drafts(studio: Studio, account: Account, app: Any) -> list[dict[str, Any]]:
    """What this account sent too late, newest first."""
    draft = tables.draft
    with studio.store.read() as connection:
        rows = connection.execute(
            select(draft).where(draft.c.app == app.id, draft.c.account == account.id).order_by(draft.c.at.desc())
        )
        return [{key: row[key] for key in ("id", "base", "what", "text", "at")} for row in rows.mappings()]


def drop_draft(studio: Studio, account: Account, app: Any, id: str) -> None:
    """Throw a draft of this account away. Raises NotThere."""
    draft = tables.draft
    with studio.store.write() as connection:
        gone = connection.execute(
            delete(draft).where(draft.c.id == id, draft.c.app == app.id, draft.c.account == account.id)
        )
        if not gone.rowcount:
            raise NotThere


def keep_draft(studio: Studio, account: Account, app: Any, base: int, text: str, what: str) -> str:
    """Keep what cannot be made of the app now. Returns the draft's id."""
    draft, id = tables.draft, new_id()
    with studio.store.write() as connection:
        connection.execute(
            insert(draft).values(id=id, app=app.id, account=account.id, base=base, text=text, what=what, at=time.time())
        )
        older = select(draft.c.id).where(draft.c.app == app.id).order_by(draft.c.at.desc()).offset(MOST_DRAFTS)
        connection.execute(delete(draft).where(draft.c.id.in_(older)))
    return id


def renames_between(studio: Studio, app: Any, start: int, end: int) -> list[tuple[str, dict[str, str]]]:
    """On the way from one version to a later one of its line: the texts after which names changed, with the new names.

    Empty when the one does not lead to the other: then nothing is known to be a rename.
    """
    version = tables.version
    with studio.store.read() as connection:
        rows = connection.execute(
            select(version.c.number, version.c.parent, version.c.text, version.c.patch).where(version.c.app == app.id)
        ).all()
    by_number = {row.number: row for row in rows}
    line = list(_line({row.number: row.parent for row in rows}, end))
    if start not in line:
        return []
    found = []
    for number in reversed(line[: line.index(start)]):
        row = by_number[number]
        try:
            renames = read_patch(row.patch).get("rename") if row.patch else None
        except BlueprintError:
            renames = None
        if isinstance(renames, dict) and renames:
            found.append((row.text, {str(old): str(new) for old, new in renames.items()}))
    return found


# --- what they share --------------------------------------------------------------------------------------------------


def _step(studio: Studio, account: Account, app: Any, base: int | None, *, back: bool) -> int:
    with studio.store.write() as connection:
        now = _app(connection, app.id)
        if base is not None and now.head != base:
            text = _get(connection, app.id, now.head).text
            raise Moved("Somebody else changed the app in between.", head=now.head, theirs=text)
        number = _get(connection, app.id, now.head).parent if back else _next(connection, now)
        if number is None:
            raise Faulty(f"There is nothing to {'undo' if back else 'redo'}.", "The history lists every version.")
        _move(connection, app.id, number, read(_get(connection, app.id, number).text).app)
        return int(number)


def _moved(studio: Studio, account: Account, app: Any, base: int, text: str, what: str) -> Moved:
    """What one is told whose base is no longer the head: both texts, what they would be together, and where the own is kept."""
    id = keep_draft(studio, account, app, base, text, what)
    theirs = get(studio, app, app.head)
    together = ""
    try:
        before = get(studio, app, base)
        patch = derive(read(before.text), read(text))
        together = patched(theirs.text, print_patch(patch))
    except (NotThere, Faulty, BlueprintError):
        pass
    return Moved(
        "Somebody else changed the app in between, so yours was not saved over it. It is kept as a draft.",
        head=app.head,
        base=base,
        yours=text,
        theirs=theirs.text,
        together=together,
        draft=id,
    )


def _app(connection: Connection, id: str) -> Any:
    row = connection.execute(select(tables.app).where(tables.app.c.id == id)).first()
    if row is None:
        raise NotThere
    return row


def _get(connection: Connection, app: str, number: int) -> Any:
    version = tables.version
    row = connection.execute(select(version).where(version.c.app == app, version.c.number == number)).first()
    if row is None:
        raise NotThere(f"This app has no version {number}.", "The history lists every version.")
    return row


def _add(connection: Connection, app: str, number: int, parent: int | None, author: str, change: Change) -> None:
    connection.execute(
        insert(tables.version).values(
            app=app,
            number=number,
            parent=parent,
            text=change.text,
            patch=change.patch,
            how=change.how,
            said=change.said[:2000],
            build=change.build,
            candidate=change.candidate,
            author=author,
            at=time.time(),
        )
    )


def _move(connection: Connection, app: str, head: int, name: str, tip: int | None = None) -> None:
    values: dict[str, Any] = {"head": head, "name": name, "changed": time.time()} | ({"tip": tip} if tip else {})
    connection.execute(update(tables.app).where(tables.app.c.id == app).values(**values))


def _next(connection: Connection, app: Any) -> int | None:
    """The version that redo leads to: of the line to the tip, the one after the head."""
    version = tables.version
    rows = connection.execute(select(version.c.number, version.c.parent).where(version.c.app == app.id))
    parents = {row.number: row.parent for row in rows}
    after = None
    for number in _line(parents, app.tip):
        if number == app.head:
            return after
        after = number
    return None


def _line(parents: dict[int, int | None], number: int | None) -> list[int]:
    """A version and those before it."""
    line: list[int] = []
    while number is not None and number in parents:
        line.append(number)
        number = parents[number]
    return line
