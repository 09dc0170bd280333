"""Uploads: what may come in, where it is kept, and to whom it is given.

A file is what its content says, never what its name says. Pictures are drawn anew, so that nothing but a picture is kept;
a few other types are served under their own name, everything else only as a download of unknown type. A file is given to
those who may read the record and the field that hold it. Which record that is, is written by records/.
"""

from __future__ import annotations

import hashlib
import io
import re
import secrets
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from weakref import WeakKeyDictionary

from sqlalchemy import delete, insert, select
from starlette.responses import Response

from .errors import Invalid, NotFound, RecordError, TooMany
from .records.rows import UnknownPath
from .routes import route
from .storage import system

if TYPE_CHECKING:
    from .app import App
    from .visit import Upload, Visit

WIDTHS = (96, 480, 960)  # of pictures made smaller; the smallest is a square
LARGEST_SIDE = 2400  # pixels; larger pictures are made smaller when they arrive
MOST_PIXELS = 50_000_000  # more is a bomb, not a picture
PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
NAME = re.compile(r"[a-z0-9]{32}(\.[a-z0-9]{1,5})?")
DAY = timedelta(days=1)
WAITING = DAY  # how long an upload may belong to no record
KEPT = timedelta(days=30)  # how long a file is kept after its record has let go of it: changes can be taken back
MOST_WAITING = 100  # uploads of one person that belong to no record yet

# Types that a browser may know by their first bytes. They are shown as what they are; none of them can run in a page.
KNOWN: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"ID3", "audio/mpeg", "mp3"),
    (b"\xff\xfb", "audio/mpeg", "mp3"),
    (b"OggS", "audio/ogg", "ogg"),
    (b"fLaC", "audio/flac", "flac"),
)
INSIDE: tuple[tuple[bytes, str, str], ...] = (
    (b"ftypM4A", "audio/mp4", "m4a"),
    (b"ftyp", "video/mp4", "mp4"),
)
UNKNOWN = "application/octet-stream"

_in_memory: WeakKeyDictionary[App, dict[str, bytes]] = WeakKeyDictionary()


def keep(visit: Visit, upload: Upload, *, picture: bool) -> str:
    """Keep an upload until a record is saved that names it; the name under which it is kept.

    Raises Invalid with words for the field "" when it is empty, too large, or no picture where one is wanted.
    """
    app = visit.app
    if not upload.size:
        raise Invalid({"": "This file is empty."})
    if upload.size > app.settings.upload_limit:
        raise Invalid({"": f"This file is too large: at most {app.settings.upload_limit // 1_000_000} MB."})
    body = upload.read()
    width = height = None
    if picture:
        body, media_type, ending, width, height = _picture(body)
    else:
        media_type, ending = _kind_of(body)
        if media_type in PICTURES.values():
            body, media_type, ending, width, height = _picture(body)
    name = secrets.token_hex(16) + (f".{ending}" if ending else "")
    person = visit.visitor.id
    now = app.now()
    with app.database.write() as connection:
        if person is not None:
            mine = (system.file.c.user == person, system.file.c.record.is_(None), system.file.c.created > now - WAITING)
            waiting = connection.execute(select(system.file.c.name).where(*mine).limit(MOST_WAITING)).all()
            if len(waiting) >= MOST_WAITING:
                raise TooMany(3600, "There are too many uploads that were never saved. Try again tomorrow.")
        connection.execute(
            insert(system.file).values(
                name=name, original=_original(upload.name, ending), type=media_type, size=len(body), width=width,
                height=height, sha256=hashlib.sha256(body).hexdigest(), user=person, created=now,
            )
        )  # fmt: skip
        _write(app, name, body)
    clean(app, most=20)
    return name


def originals(app: App, names: Iterable[str]) -> dict[str, str]:
    """What people called these files."""
    wanted = list(names)
    if not wanted:
        return {}
    with app.database.read() as connection:
        found = connection.execute(
            select(system.file.c.name, system.file.c.original).where(system.file.c.name.in_(wanted))
        )
        return {row.name: row.original for row in found}


def clean(app: App, most: int = 500) -> int:
    """Remove files that no record holds any more (or never did); how many. Cheap when there are none."""
    now, file = app.now(), system.file
    with app.database.read() as connection:
        never = select(file.c.name).where(file.c.record.is_(None), file.c.created < now - WAITING).limit(most)
        gone = [name for (name,) in connection.execute(never)]
        held = select(file.c.name, file.c.entity, file.c.field, file.c.record).where(
            file.c.record.is_not(None), file.c.created < now - KEPT
        )
        for name, entity, field, record in connection.execute(held.order_by(file.c.created).limit(most)):
            if not _holds(app, connection, name, entity, field, record):
                gone.append(name)
    if gone:
        with app.database.write() as connection:
            connection.execute(delete(file).where(file.c.name.in_(gone)))
        for name in gone:
            _remove(app, name)
    return len(gone)


def serve(visit: Visit, name: str) -> Response:
    """`/files/{name}`; `?w=480` for a picture made smaller."""
    row = _row(visit, name)
    _check_reader(visit, row)
    width = visit.query.get("w", "")
    picture = row.type in PICTURES.values()
    if picture and width.isdigit() and int(width) in WIDTHS:
        body, media_type = _small(visit.app, name, int(width)), "image/webp"
    else:
        body, media_type = _read(visit.app, name), row.type
    known = picture or any(row.type == media for _, media, _ in (*KNOWN, *INSIDE))
    where = "inline" if known else "attachment"
    headers = {
        "Content-Disposition": f"{where}; filename*=UTF-8''{quote(row.original, safe='')}",
        "X-Content-Type-Options": "nosniff",
        # What is opened by its own address must not be a page of ours.
        "Content-Security-Policy": "default-src 'none'"
        if row.type == "application/pdf"
        else "default-src 'none'; sandbox",
        "Cache-Control": "private, max-age=3600",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return Response(body, media_type=media_type if known else UNKNOWN, headers=headers)


def _row(visit: Visit, name: str) -> Any:
    if not NAME.fullmatch(name):
        raise NotFound()
    with visit.app.database.read() as connection:
        row = connection.execute(select(system.file).where(system.file.c.name == name)).one_or_none()
    if row is None:
        raise NotFound()
    return row


def _check_reader(visit: Visit, row: Any) -> None:
    """Raise NotFound unless a record that the visitor may read holds the file in a field that they may read."""
    person = visit.visitor
    if row.record is None:
        if person.id is None or (row.user != person.id and not person.is_admin):
            raise NotFound()
        return
    try:
        held = visit.records.get(row.entity, row.record, show=[row.field]).get(row.field)
    except (RecordError, UnknownPath, LookupError):
        raise NotFound() from None
    if row.name not in (held if isinstance(held, list) else [held]):
        raise NotFound()


def _holds(app: App, connection: Any, name: str, entity: str, field: str, record: int) -> bool:
    if entity not in app.blueprint.entities or field not in app.blueprint.entities[entity].fields:
        return False
    table = app.database.tables[entity]
    held = connection.execute(select(table.c[field]).where(table.c.id == record)).scalar()
    return name in (held if isinstance(held, list) else [held])


# What is inside.


def _kind_of(body: bytes) -> tuple[str, str]:
    """Media type and ending by the first bytes."""
    if body.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")) or body[8:12] == b"WEBP":
        return "image/png", "png"
    for start, media_type, ending in KNOWN:
        if body.startswith(start):
            return media_type, ending
    for start, media_type, ending in INSIDE:
        if body[4 : 4 + len(start)] == start:
            return media_type, ending
    return UNKNOWN, ""


def _picture(body: bytes) -> tuple[bytes, str, str, int, int]:
    """A picture drawn anew: without metadata, turned as the camera held it, at most LARGEST_SIDE wide and high."""
    from PIL import Image, ImageOps

    refusal = Invalid({"": "This is not a picture that can be shown. Choose a JPEG, PNG, WebP or GIF file."})
    too_many = Invalid({"": "This picture has too many pixels. Make it smaller and try again."})
    try:
        found = Image.open(io.BytesIO(body), formats=list(PICTURES))
        if found.width * found.height > MOST_PIXELS:
            raise too_many
        kind = found.format or "PNG"
        if kind == "GIF" and getattr(found, "is_animated", False):
            kind = "WEBP"
        drawn = ImageOps.exif_transpose(found)
        drawn.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
        out = io.BytesIO()
        if kind == "JPEG":
            drawn.convert("RGB").save(out, "JPEG", quality=88, optimize=True)
        elif kind == "WEBP":
            drawn.convert("RGBA").save(out, "WEBP", quality=85)
        else:
            kind = "PNG"
            clear = "A" in drawn.mode or "transparency" in drawn.info
            drawn.convert("RGBA" if clear else "RGB").save(out, "PNG", optimize=True)
    except Invalid:
        raise
    except Image.DecompressionBombError:
        raise too_many from None
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError):
        raise refusal from None
    ending = {"JPEG": "jpg"}.get(kind, kind.lower())
    return out.getvalue(), PICTURES[kind], ending, drawn.width, drawn.height


def _small(app: App, name: str, width: int) -> bytes:
    """The picture made smaller; made when it is first asked for."""
    from PIL import Image, ImageOps

    small = f"{name.partition('.')[0]}-{width}.webp"
    try:
        return _read(app, small)
    except NotFound:
        pass
    found = Image.open(io.BytesIO(_read(app, name)), formats=list(PICTURES))
    if width == WIDTHS[0]:
        drawn = ImageOps.fit(found.convert("RGBA"), (width, width))
    else:
        drawn = found.convert("RGBA")
        drawn.thumbnail((width, width * 2))
    out = io.BytesIO()
    drawn.save(out, "WEBP", quality=82)
    _write(app, small, out.getvalue())
    return out.getvalue()


def _original(name: str, ending: str) -> str:
    """What the file is called when it is downloaded: the person's own word, with the ending that its content has."""
    words = re.sub(r"[\x00-\x1f\x7f/\\<>:\"|?*]+", " ", name).strip(" .") or "file"
    stem, dot, given = words.rpartition(".")
    if ending and given.lower() not in (ending, "jpeg" if ending == "jpg" else ending):
        return f"{stem if dot else words}"[:150] + f".{ending}"
    return words[-160:]


# Where they are kept.


def _folder(app: App) -> Path | None:
    return app.where / "files" if app.where is not None else None


def _write(app: App, name: str, body: bytes) -> None:
    folder = _folder(app)
    if folder is None:
        _in_memory.setdefault(app, {})[name] = body
        return
    folder.mkdir(parents=True, exist_ok=True)
    # Whole or not at all: another process may read it at any moment.
    aside = folder / f".{name}.{secrets.token_hex(4)}"
    aside.write_bytes(body)
    aside.replace(folder / name)


def _read(app: App, name: str) -> bytes:
    folder = _folder(app)
    try:
        return _in_memory[app][name] if folder is None else (folder / name).read_bytes()
    except (KeyError, FileNotFoundError):
        raise NotFound() from None


def _remove(app: App, name: str) -> None:
    folder = _folder(app)
    names = [name, *(f"{name.partition('.')[0]}-{width}.webp" for width in WIDTHS)]
    for one in names:
        if folder is None:
            _in_memory.get(app, {}).pop(one, None)
        else:
            (folder / one).unlink(missing_ok=True)


ROUTES = [route("GET", "/files/{name}", serve)]
