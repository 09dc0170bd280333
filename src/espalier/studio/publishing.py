"""Publishing: which version of an app is at which address, what that does to its data, and taking an app away as a file.

A published app stays what it was when it was published; changes made in the studio count for visitors with the next publishing, and only
then does the data follow. What would lose values is refused, and then nothing changes.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from espalier.blueprint.names import slug as slug_of
from espalier.blueprint.patch import read_patch
from espalier.blueprint.problems import BlueprintError
from espalier.blueprint.reader import read
from espalier.blueprint.schema import Blueprint
from espalier.runtime import csv_files
from espalier.runtime.access import AUTHOR
from espalier.runtime.app import DATA_FILE, App, Visit
from espalier.runtime.errors import AppError
from espalier.runtime.people import welcome
from espalier.runtime.storage import Database, StorageError
from espalier.runtime.storage.errors import Refused
from espalier.runtime.storage.plan import plan

from . import copies, outcomes, versions
from . import store as tables
from .errors import Faulty, NoRoom, StudioError
from .hosting import RESERVED
from .previews import roles

if TYPE_CHECKING:
    from .accounts import Account
    from .studio import Studio

SITE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
DAYS_SHOWN = 30


class DataInTheWay(StudioError):
    """Values would be lost. The rows are named."""

    status = 409
    todo = "Correct these records in the app first, or change the app so that they fit."


def publish(studio: Studio, account: Account, app: Any, site: str = "") -> dict[str, Any]:
    """Put the head at an address (the one it has, else its slug), the data with it.

    Raises Faulty for an address that cannot be, DataInTheWay when values would be lost.
    """
    site = site.strip() or app.site or slug_of(app.slug)[:60]
    if not SITE.fullmatch(site) or site in RESERVED:
        raise Faulty(
            f"{site} cannot be an address.", "Use small letters, digits and dashes, such as our-shop.", field="slug"
        )
    with studio.store.read() as connection:
        taken = connection.execute(select(tables.app.c.id).where(tables.app.c.site == site)).scalar()
    if taken and taken != app.id:
        raise Faulty(f"{site} is taken.", "Choose another address.", field="slug")
    # Under one lock: between the two, the app would start in its old version and take the data back.
    with studio.hosting.lock(app.id):
        notes = _move_data(studio, app)
        with studio.store.write() as connection:
            connection.execute(
                update(tables.app).where(tables.app.c.id == app.id).values(site=site, live=app.head, data_at=app.head)
            )
    if app.site != site:
        studio.hosting.stop(app.id)
    build = outcomes.build_of(studio.store, app.id, app.head)
    outcomes.note(studio.store, build, account.id, "published", version=app.head, again=app.site is not None)
    return {"published": True, "address": studio.hosting.address(site), "version": app.head, "notes": notes}


def unpublish(studio: Studio, account: Account, app: Any) -> None:
    """Take an app from its address. Its data stays."""
    with studio.store.write() as connection:
        connection.execute(update(tables.app).where(tables.app.c.id == app.id).values(site=None, live=None))
    studio.hosting.stop(app.id)
    outcomes.note(studio.store, outcomes.build_of(studio.store, app.id, app.head), account.id, "unpublished")


def enter(studio: Studio, app: Any) -> str:
    """A link that signs the owner in to the published app as its admin. Raises Faulty when it is not published."""
    running = studio.hosting.app(app.id)
    if running is None:
        raise Faulty("The app is not published, so there is nothing to log in to.", "Publish it first.")
    return welcome.login_link(running) or welcome.setup_link(running) or running.link("/login")


def effect(studio: Studio, app: Any, text: str, patch_text: str = "") -> dict[str, Any]:
    """What a change does to the data: notes in words with counts, and what stands in its way.

    {kept: is there data?, notes: [...], refused: words or ""}
    """
    after, renames = read(text), renames_of(patch_text)
    file = studio.folder(app.id) / DATA_FILE
    if app.data_at is None or not file.exists():
        before = read(versions.get(studio, app).text)
        return {"kept": False, "notes": plan(before, after, renames).notes, "refused": ""}
    try:
        with TemporaryDirectory(prefix="espalier-effect-") as folder:
            copy = Path(folder) / DATA_FILE
            copies.copy_database(file, copy)
            _walk(studio, app, copy)  # the data may follow an earlier version than the head
            database = Database.open(copy, read(versions.get(studio, app).text))
            try:
                planned = database.plan(after, renames)
            finally:
                database.close()
    except StorageError as error:
        return {"kept": True, "notes": [], "refused": str(error)}
    return {"kept": True, "notes": planned.notes, "refused": str(planned.refused) if planned.refused else ""}


def export(studio: Studio, app: Any) -> bytes:
    """The app as a zip: blueprint, data (the database, and each entity as CSV), files, and how to run it all."""
    version = versions.get(studio, app)
    blueprint = read(version.text)
    word = slug_of(blueprint.app) or "app"
    out = io.BytesIO()
    with (
        TemporaryDirectory(prefix="espalier-export-") as place,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        folder = Path(place) / word
        copies.copy_data(studio.folder(app.id), folder)
        try:
            running = App(blueprint, folder, word, studio.hosting.settings)
        except Refused as error:
            raise DataInTheWay(str(error)) from error
        try:
            for entity, slug in running.entity_slugs.items():
                try:
                    answer = csv_files.export(Visit(running, "GET", f"/{slug}/export.csv", visitor=AUTHOR), slug)
                except AppError:
                    continue
                made.writestr(f"{word}/csv/{_file_name(entity)}.csv", bytes(answer.body))
        finally:
            running.close()
        copies.copy_database(folder / DATA_FILE, Path(place) / "whole.db")
        made.writestr(f"{word}/{word}.yaml", version.text)
        made.write(Path(place) / "whole.db", f"{word}/data/{word}/{DATA_FILE}")
        for file in sorted((folder / copies.FILES).rglob("*")) if (folder / copies.FILES).is_dir() else ():
            if file.is_file():
                made.write(file, f"{word}/data/{word}/{copies.FILES}/{file.relative_to(folder / copies.FILES)}")
        made.writestr(f"{word}/README.md", _read_me(blueprint, word, version.number))
    return out.getvalue()


def use(studio: Studio, id: str) -> list[dict[str, Any]]:
    """How a published app was used on the last days: day, visits, faults."""
    used = tables.used
    with studio.store.read() as connection:
        rows = connection.execute(
            select(used.c.day, used.c.visits, used.c.faults)
            .where(used.c.app == id)
            .order_by(used.c.day.desc())
            .limit(DAYS_SHOWN)
        ).mappings()
        return [dict(row) for row in rows]


def count(studio: Studio, id: str, day: str, numbers: dict[str, int]) -> None:
    """Add to the tally of a day; the first visit and the first fault of a day are outcomes of the build that is published."""
    used, app = tables.used, tables.app
    visits, faults = numbers.get("visits", 0), numbers.get("faults", 0)
    with studio.store.write() as connection:
        row = connection.execute(select(app).where(app.c.id == id)).first()
        if row is None:
            return
        before = connection.execute(select(used).where(used.c.app == id, used.c.day == day)).first()
        if before is None:
            connection.execute(insert(used).values(app=id, day=day, visits=visits, faults=faults))
        else:
            connection.execute(
                update(used)
                .where(used.c.app == id, used.c.day == day)
                .values(visits=used.c.visits + visits, faults=used.c.faults + faults)
            )
    build = outcomes.build_of(studio.store, id, row.live or row.head)
    if visits and not (before and before.visits):
        outcomes.note(studio.store, build, row.owner, "visited", day=day)
    if faults and not (before and before.faults):
        outcomes.note(studio.store, build, row.owner, "failed_at_runtime", day=day, faults=faults)


def totals(studio: Studio, account: Account) -> int:
    """Visits of all apps of an account."""
    used, app = tables.used, tables.app
    with studio.store.read() as connection:
        said = connection.execute(
            select(func.coalesce(func.sum(used.c.visits), 0))
            .join(app, app.c.id == used.c.app)
            .where(app.c.owner == account.id)
        )
        return int(said.scalar_one())


def _move_data(studio: Studio, app: Any) -> list[str]:
    """Make the kept data follow the head; the notes on what that did. Raises DataInTheWay and NoRoom, with nothing changed."""
    file = studio.folder(app.id) / DATA_FILE
    if app.data_at == app.head or not file.exists():
        return []
    try:
        with TemporaryDirectory(prefix="espalier-trial-") as folder:  # all of the way, or none of it
            copies.copy_database(file, Path(folder) / DATA_FILE)
            _walk(studio, app, Path(folder) / DATA_FILE)
        return _walk(studio, app, file)
    except Refused as error:
        raise DataInTheWay(str(error)) from error
    except StorageError as error:
        raise NoRoom(str(error)) from error


def _walk(studio: Studio, app: Any, file: Path) -> list[str]:
    """Take a database from the version that it follows to the head, by way of those that gave new names."""
    now, notes = read(versions.get(studio, app, app.data_at).text), []
    steps = versions.renames_between(studio, app, app.data_at, app.head)
    for text, renames in [*steps, (versions.get(studio, app).text, {})]:
        after = read(text)
        database = Database.open(file, now)
        try:
            notes += database.plan(after, renames).notes
        finally:
            database.close()
        Database.open(file, after, renames=renames).close()
        now = after
    return notes


def renames_of(patch_text: str) -> dict[str, str]:
    try:
        said = read_patch(patch_text).get("rename") if patch_text else None
    except BlueprintError:
        return {}
    return {str(old): str(new) for old, new in said.items()} if isinstance(said, dict) else {}


def _file_name(entity: str) -> str:
    return re.sub(r"[^\w-]", "_", entity)


def _read_me(blueprint: Blueprint, word: str, number: int) -> str:
    said = ", ".join(roles(blueprint)[1:])
    return f"""# {blueprint.app}

{blueprint.about or "A web app."}

Version {number}, taken out of Espalier's studio. It needs nothing but Espalier to run:

    pip install espalier
    espalier serve {word}.yaml --data data

| file | what it is |
|---|---|
| `{word}.yaml` | the app: its data, rules, pages and look, in one page of YAML |
| `data/{word}/data.db` | everything that was entered, a SQLite database; `data/{word}/files/` holds what was uploaded |
| `csv/` | the same records as tables, one file an entity |

Roles: {said}.
"""


__all__ = ["DataInTheWay", "effect", "enter", "export", "publish", "roles", "unpublish", "use"]
