"""Apps: whose they are, and what is done with one as a whole: made, named, shared, duplicated, branched, deleted and brought back.

All ways to an app go through `of`, which knows whom it belongs to; nobody learns of another's app. What an app says is versions.py's,
where it is served publishing.py's.
"""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from espalier.blueprint.names import slug as slug_of
from espalier.blueprint.patch import print_patch
from espalier.blueprint.reader import read

from . import accounts, copies, gallery, outcomes, versions
from . import store as tables
from .errors import Faulty, Forbidden, NotThere
from .store import new_id
from .versions import Change

if TYPE_CHECKING:
    from .accounts import Account
    from .studio import Studio

UNDELETE_DAYS = 30
LONGEST_SLUG = 60


def of(studio: Studio, account: Account, id: str, *, deleted: bool = False, owner: bool = False) -> Any:
    """The row of an app by its id or slug, for somebody whose app it is or who edits it.

    deleted: one that was deleted is meant. owner: editors may not. Raises NotThere, and Forbidden for editors.
    """
    app, editor = tables.app, tables.editor
    mine = or_(
        app.c.owner == account.id,
        app.c.id.in_(select(editor.c.app).where(editor.c.account == account.id)),
    )
    with studio.store.read() as connection:
        rows = connection.execute(select(app).where(or_(app.c.id == id, app.c.slug == id), mine)).all()
    row = next((one for one in rows if one.id == id), rows[0] if rows else None)
    if row is None or (row.deleted is not None) != deleted:
        raise NotThere
    if owner and row.owner != account.id:
        raise Forbidden("Only the owner of this app may do that.", "Ask whoever made it.")
    return row


def mine(studio: Studio, account: Account, *, deleted: bool = False) -> list[dict[str, Any]]:
    """The apps that somebody owns or edits, the last changed first."""
    app, editor = tables.app, tables.editor
    shared = select(editor.c.app).where(editor.c.account == account.id)
    there = app.c.deleted.is_not(None) if deleted else app.c.deleted.is_(None)
    with studio.store.read() as connection:
        rows = connection.execute(
            select(app)
            .where(or_(app.c.owner == account.id, app.c.id.in_(shared)), there)
            .order_by(app.c.changed.desc())
        ).all()
    return [brief(studio, account, row) for row in rows]


def brief(studio: Studio, account: Account, row: Any) -> dict[str, Any]:
    """An app in a list."""
    return {
        "id": row.id,
        "slug": row.slug,
        "name": row.name,
        "url": f"/apps/{row.slug}",
        "head": row.head,
        "yours": row.owner == account.id,
        "published": row.site is not None,
        "address": studio.hosting.address(row.site) if row.site else "",
        "behind": row.site is not None and row.live != row.head,
        "created": row.created,
        "changed": row.changed,
        "deleted": row.deleted,
    }


def whole(studio: Studio, account: Account, row: Any) -> dict[str, Any]:
    """Everything of an app that its workspace shows."""
    from . import builds, publishing

    version = versions.get(studio, row)
    blueprint = read(version.text)
    editor, account_table = tables.editor, tables.account
    with studio.store.read() as connection:
        editors = connection.execute(
            select(account_table.c.id, account_table.c.name, account_table.c.email)
            .join(editor, editor.c.account == account_table.c.id)
            .where(editor.c.app == row.id)
        ).mappings()
        edits = [dict(one) for one in editors]
    return brief(studio, account, row) | {
        "prompt": row.prompt,
        "about": blueprint.about or "",
        "blueprint": version.text,
        "problems": [],
        "pages": [
            {
                "key": page.key,
                "name": page.name,
                "slug": page.slug,
                "each": page.each or "",
                "who": str(page.who) if page.who else "",
                "blocks": [block.kind for block in page.blocks],
            }
            for page in blueprint.page_list
        ],
        "roles": publishing.roles(blueprint),
        "entities": list(blueprint.data),
        "versions": versions.history(studio, row),
        "can": versions.steps(studio, row),
        "drafts": versions.drafts(studio, account, row),
        "editors": edits,
        "builds": builds.of_app(studio, row.id),
        "report": builds.report_of(studio, row.id, version),
        "used": publishing.use(studio, row.id),
    }


def create(
    studio: Studio, account: Account, change: Change, *, id: str = "", prompt: str = "", from_app: str = ""
) -> Any:
    """A new app with its first version. Returns its row; that of the app that is there when the id is one's own already.

    Raises Faulty when the blueprint does not read.
    """
    blueprint = versions.readable(change.text)
    id, now = id or new_id(), time.time()
    with studio.store.read() as connection:
        there = connection.execute(select(tables.app.c.id).where(tables.app.c.id == id)).first()
    if there:
        return of(studio, account, id)
    with studio.store.write() as connection:
        connection.execute(
            insert(tables.app).values(
                id=id,
                slug=_free_slug(connection, blueprint.app),
                name=blueprint.app,
                owner=account.id,
                prompt=prompt,
                head=1,
                tip=1,
                from_app=from_app,
                created=now,
                changed=now,
            )
        )
        versions.first(connection, id, account.id, change)
    return of(studio, account, id)


def from_gallery(studio: Studio, account: Account, name: str) -> Any:
    """A new app that begins as one of the gallery. Raises NotThere."""
    text = gallery.text(name)
    return create(studio, account, Change(text, "gallery", f"Began as {read(text).app} of the gallery"))


def rename(studio: Studio, account: Account, app: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Another name (a version, since the app says it) or another word in the studio's addresses (`slug`)."""
    name, word = " ".join(str(given.get("name", "")).split())[:80], str(given.get("slug", "")).strip()
    if not name and not word:
        raise Faulty("A name is missing.", "Say what the app should be called.")
    if name:
        patch = print_patch({"app": name})
        text = versions.patched(versions.get(studio, app).text, patch)
        base = int(given.get("base") or app.head)
        versions.commit(studio, account, app, base, Change(text, "rename", f"Called {name}", patch))
    if word:
        if slug_of(word) != word or len(word) > LONGEST_SLUG:
            raise Faulty(
                "An address is made of small letters, digits and dashes.", f"Such as {slug_of(word)[:LONGEST_SLUG]}."
            )
        with studio.store.write() as connection:
            taken = connection.execute(select(tables.app.c.id).where(tables.app.c.slug == word)).scalar()
            if taken and taken != app.id:
                raise Faulty(f"{word} is taken.", "Choose another.")
            connection.execute(update(tables.app).where(tables.app.c.id == app.id).values(slug=word))
    return brief(studio, account, of(studio, account, app.id))


def branch(studio: Studio, account: Account, app: Any, number: int, *, data: bool = False, how: str = "branch") -> Any:
    """A new app of one's own that begins as a version of this one, with a copy of its data or without. Returns its row."""
    version = versions.get(studio, app, number)
    said = f"Version {number} of {app.name}"
    made = create(
        studio, account, Change(version.text, how, said, build=version.build), prompt=app.prompt, from_app=app.id
    )
    if data and app.data_at is not None:
        copies.copy_data(studio.folder(app.id), studio.folder(made.id))
        with studio.store.write() as connection:
            connection.execute(update(tables.app).where(tables.app.c.id == made.id).values(data_at=1))
    return of(studio, account, made.id)


def delete_app(studio: Studio, account: Account, app: Any) -> None:
    """Delete an app; for a month it can be brought back. Its address answers no more."""
    with studio.store.write() as connection:
        connection.execute(update(tables.app).where(tables.app.c.id == app.id).values(deleted=time.time()))
    studio.hosting.forget(app.id)
    outcomes.note(studio.store, outcomes.build_of(studio.store, app.id, app.head), account.id, "deleted")


def undelete(studio: Studio, account: Account, app: Any) -> None:
    """Bring a deleted app back, published where it was."""
    with studio.store.write() as connection:
        connection.execute(
            update(tables.app).where(tables.app.c.id == app.id).values(deleted=None, changed=time.time())
        )


def purge(studio: Studio) -> int:
    """Let go of what was deleted a month ago, its data and builds too. Returns how many apps."""
    old = time.time() - UNDELETE_DAYS * accounts.DAYS
    app, build = tables.app, tables.build
    with studio.store.write() as connection:
        ids = connection.execute(select(app.c.id).where(app.c.deleted < old)).scalars().all()
        for id in ids:
            connection.execute(delete(build).where(build.c.app == id))
            connection.execute(delete(app).where(app.c.id == id))
    for id in ids:
        studio.hosting.forget(id)
        shutil.rmtree(studio.folder(id), ignore_errors=True)
    return len(ids)


def share(studio: Studio, account: Account, app: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Let somebody edit an app: a colleague by email, anybody else by a link that works once.

    With `view`, a link instead under which anybody may look at it for a week, with sample data.
    """
    if given.get("view"):
        return {"link": studio.hosting.preview(app=app.id, version=app.head, days=7), "edits": False}
    email = str(given.get("email", "")).strip().lower()
    if studio.alone:
        raise Faulty(
            "This studio is yours alone: nobody else can reach it.",
            "Start it with --host 0.0.0.0 to work together, or share a link to look at the app.",
        )
    with studio.store.write() as connection:
        found = connection.execute(
            select(tables.account).where(tables.account.c.email == email, ~tables.account.c.closed)
        ).first()
        if email and found:
            accounts.add_editor(connection, app.id, found.id)
            return {"editor": {"id": found.id, "name": found.name, "email": found.email}}
    return {"link": f"{studio.address}/invite/{accounts.share(studio, account, app.id, email)}", "edits": True}


def unshare(studio: Studio, app: Any, editor: str) -> None:
    """Somebody edits an app no more. Raises NotThere."""
    table = tables.editor
    with studio.store.write() as connection:
        if not connection.execute(delete(table).where(table.c.app == app.id, table.c.account == editor)).rowcount:
            raise NotThere


def _free_slug(connection: Connection, name: str) -> str:
    first = slug_of(name)[:LONGEST_SLUG].strip("-") or "app"
    word, number = first, 1
    while connection.execute(select(tables.app.c.id).where(tables.app.c.slug == word)).first():
        number += 1
        word = f"{first}-{number}"
    return word
