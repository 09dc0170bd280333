"""The store of base models: a folder in which each file lies under its SHA-256, and nothing lies there that has another.

A file comes from a place on this machine, or from the sources that bases.toml names, in order. It is written beside its place,
looked at whole, then moved there; what was fetched when something broke is kept for the next try. Several processes may ask for the
same file at once: one fetches it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from espalier.config import Settings

from .bases import Base
from .errors import ModelDamaged, ModelError, ModelMissing
from .gguf_file import about
from .sources import KINDS, Unavailable

BLOCK = 1 << 22
SPARE = 200_000_000  # bytes that stay free on the disk


@dataclass(frozen=True)
class Progress:
    """How a fetch goes. source: in words; done and size: bytes."""

    source: str
    done: int
    size: int


Tell = Callable[[Progress], None]


def folder(settings: Settings) -> Path:
    """Where the store is: as set, else the user's own folder for what can be fetched again."""
    if settings.models:
        return settings.models
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "espalier" / "models"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "espalier" / "models"


def place(base: Base, settings: Settings) -> Path:
    """Where the file of a base lies, once it is there."""
    return folder(settings) / base.sha256 / base.file


def find(base: Base, settings: Settings) -> Path | None:
    """The whole and verified file of a base; None when it is not in the store.

    A file that is as it was when its hash was last taken is taken at its word. Raises ModelDamaged for one that is not what it
    should be.
    """
    path = place(base, settings)
    if not path.exists():
        return None
    if _marked(path) != _mark(path):
        why = _fault(base, path)
        if why:
            raise ModelDamaged(f"{why} `espalier models pull {base.name}` fetches it again.")
        _write_mark(path)
    return path


def need(base: Base, settings: Settings) -> Path:
    """The file of a base. Raises ModelMissing or ModelDamaged, which say how to get it."""
    path = find(base, settings)
    if path is None:
        raise ModelMissing(
            f"The model {base.about} ({base.size / 1e6:,.0f} MB) is not here. Get it with `espalier models pull {base.name}`."
        )
    return path


def pull(base: Base, settings: Settings, tell: Tell = lambda _: None, given: Path | None = None) -> Path:
    """The file of a base, fetched when it is not here. given: a file on this machine to take it from, and from nowhere else.

    Raises ModelMissing when nobody delivers it, ModelDamaged for a given file that is another, ModelError when the disk is full.
    """
    path = place(base, settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.parent / "lock"):
        with suppress(ModelDamaged):
            if found := find(base, settings):
                return found
        path.unlink(missing_ok=True)
        if given is not None:
            if why := _fault(base, given):
                raise ModelDamaged(why)
            _link(given, path)
        elif here := _nearby(base, settings):
            tell(Progress(str(here), base.size, base.size))
            _link(here, path)
        else:
            _fetch(base, settings, path, tell)
        _write_mark(path)
    return path


def remove(base: Base, settings: Settings) -> int:
    """Delete the file of a base, whole or begun; the bytes that became free."""
    room = place(base, settings).parent
    freed = sum(file.lstat().st_size for file in room.iterdir() if file.is_file()) if room.is_dir() else 0
    shutil.rmtree(room, ignore_errors=True)
    return freed


def begun(base: Base, settings: Settings) -> int:
    """Bytes that were fetched of a file that is not whole yet."""
    part = _part(place(base, settings))
    return part.stat().st_size if part.exists() else 0


def sha256(path: Path, tell: Callable[[int], None] = lambda _: None) -> str:
    """The hash of a file."""
    found, done = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            found.update(block)
            done += len(block)
            tell(done)
    return found.hexdigest()


# --- fetching ---------------------------------------------------------------------------------------------------------


def _fetch(base: Base, settings: Settings, path: Path, tell: Tell) -> None:
    part = _part(path)
    failures: list[str] = []
    for source in base.sources:
        words = _words(source)
        for again in (False, True):
            had = part.stat().st_size if part.exists() else 0
            if had > base.size:
                part.unlink()
                had = 0
            _enough_space(base, part.parent, base.size - had)
            try:
                with _full_disk(base):
                    KINDS[source["kind"]](base, source, part, settings, _told(tell, words, base))
            except Unavailable as error:
                failures.append(f"{words}: {error}")
                break
            why = _fault(base, part)
            if not why:
                os.replace(part, path)
                return
            part.unlink()
            if again or not had:  # else what lay there before was wrong, so once more from the start
                failures.append(f"{words}: what came is not the file ({why})")
                break
    tried = "\n".join(f"  - {failure}" for failure in failures)
    raise ModelMissing(
        f"{base.about} could not be fetched:\n{tried}\n"
        f"What came so far is kept, so `espalier models pull {base.name}` goes on from there. Without a connection, get "
        f"{base.file} elsewhere and name it: `espalier models pull {base.name} --from FILE`."
    )


def _told(tell: Tell, words: str, base: Base) -> Callable[[int], None]:
    return lambda done: tell(Progress(words, done, base.size))


def _words(source: dict[str, object]) -> str:
    kind = source["kind"]
    return (
        f"the hub ({source['repo']})"
        if kind == "hub"
        else f"a cut of {source['base']}"
        if kind == "cut"
        else "the package registry"
    )


def _enough_space(base: Base, where: Path, more: int) -> None:
    free = shutil.disk_usage(where).free
    if free < more + SPARE:
        raise ModelError(
            f"{base.about} needs {more / 1e6:,.0f} MB more in {where}, where {free / 1e6:,.0f} MB are free and "
            f"{SPARE / 1e6:,.0f} should stay so. Make room, or set `models` to a folder on another disk."
        )


@contextmanager
def _full_disk(base: Base) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ModelError(f"{base.about} could not be written: {error.strerror or error}.") from error


def _nearby(base: Base, settings: Settings) -> Path | None:
    """The file in the folder that the settings name."""
    if not settings.models_from:
        return None
    at = settings.models_from
    for candidate in (at, at / base.file) if at.is_dir() else (at,):
        if candidate.is_file() and candidate.stat().st_size == base.size and not _fault(base, candidate):
            return candidate
    return None


def _link(source: Path, path: Path) -> None:
    """One file in two places where the system can, else a copy."""
    source = source.resolve()
    try:
        os.link(source, path)
    except OSError:
        try:
            path.symlink_to(source)
        except OSError:
            shutil.copyfile(source, path)


# --- looking at a file ------------------------------------------------------------------------------------------------


def _fault(base: Base, path: Path) -> str:
    """Why a file is not that of a base, in a sentence; empty when it is."""
    try:
        size = path.stat().st_size
        if size == base.size and sha256(path) == base.sha256:
            return ""
        said = about(path)
    except ModelDamaged as error:
        return str(error)
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}."
    if said.kind != "model":
        return f"{path} is no model but a GGUF file of the kind `{said.kind}`."
    if said.architecture != base.architecture:
        return f"{path} is another model: its architecture is {said.architecture}, not {base.architecture}."
    if size != base.size:
        return f"{path} has {size:,} bytes where {base.file} has {base.size:,}: it is cut off, or another version."
    return f"{path} is damaged, or another version: its SHA-256 is not that of {base.file}."


def _part(path: Path) -> Path:
    return path.with_name(path.name + ".part")


def _mark(path: Path) -> list[int]:
    """Changes when somebody writes into the file."""
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns, stat.st_ino]


def _marked(path: Path) -> list[int] | None:
    with suppress(OSError, ValueError):
        said = json.loads((path.parent / "verified.json").read_text())
        return said if isinstance(said, list) else None
    return None


def _write_mark(path: Path) -> None:
    with suppress(OSError):  # a store that may only be read: the hash is taken each time
        (path.parent / "verified.json").write_text(json.dumps(_mark(path)))
