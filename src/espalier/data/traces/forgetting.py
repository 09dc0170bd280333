"""Taking what was forgotten out of what was made from it: files of pairs, exports and dataset folders; and which adapters have learned it.

A row goes when its lineage is a build that was forgotten, or a row that went. In a file of lines an empty one stays in its place, since
others name lines by their number. An adapter cannot unlearn a row: it is named, to be trained anew without.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from espalier.config import Settings

MANIFEST = "manifest.json"


class CannotForget(Exception):
    """A file cannot be read or written; says what to do."""


@dataclass(frozen=True)
class Rewritten:
    """A file without the rows that had to go. was, now: its SHA-256 before and after."""

    file: Path
    gone: int
    left: int
    was: str
    now: str


def forget_in(place: Path, builds: Collection[str]) -> list[Rewritten]:
    """Rewrite the files of a folder, or one file, that hold something of these builds. Raises CannotForget."""
    files = (
        sorted(file for kind in ("*.jsonl", "*.parquet") for file in place.glob(kind)) if place.is_dir() else [place]
    )
    lines = {file: _lines(file) for file in files if file.suffix == ".jsonl"}
    tables = {file: _table(file) for file in files if file.suffix == ".parquet"}
    rows = [(row, (file, at)) for file, these in (*lines.items(), *((file, _keys(table)) for file, table in tables.items()))
            for at, row in enumerate(these)]  # fmt: skip
    gone = _closure(rows, set(builds))
    done = []
    for file, these in lines.items():
        if out := {at for of, at in gone if of == file}:
            text = "".join(("" if at in out else row["text"]) + "\n" for at, row in enumerate(these))
            left = sum(bool(row["text"]) for row in these) - len(out)
            done.append(_written(file, len(out), left, lambda made, text=text: made.write_text(text, "utf-8")))
    for file, table in tables.items():
        if out := {at for of, at in gone if of == file}:
            kept = table.take([at for at in range(table.num_rows) if at not in out])
            done.append(_written(file, len(out), kept.num_rows, lambda made, kept=kept: _write_table(kept, made)))
    if done and place.is_dir():
        _tell_manifest(place / MANIFEST, done)
    return done


def learned_by(folders: Iterable[Path], done: Iterable[Rewritten], settings: Settings) -> list[str]:
    """The adapters that were trained on what these files were, now or when something was forgotten in them before; by name."""
    from espalier.model.adapters import find_all

    digests = {one.was for one in done}
    for folder in folders:
        for entry in _manifest(folder / MANIFEST).get("forgotten", []):
            digests |= set(entry["was"].values())
    return [
        one.name
        for one in find_all(settings)[0]
        if any(stage.get("dataset") in digests for stage in one.manifest.stages)
    ]


def _closure(rows: list[tuple[dict[str, str], tuple[Path, int]]], gone: set[str]) -> set[tuple[Path, int]]:
    """The places of the rows that stand for something gone, or were made from a row that does."""
    out: set[tuple[Path, int]] = set()
    while True:
        more = [
            (row, place)
            for row, place in rows
            if place not in out and not gone.isdisjoint((row["id"], row["lineage"], row["of"]))
        ]
        if not more:
            return out
        out |= {place for _, place in more}
        gone = gone | {row["id"] for row, _ in more if row["id"]}


def _lines(file: Path) -> list[dict[str, str]]:
    """The lines of a file with the names by which a row is known."""
    rows = []
    try:
        for number, text in enumerate(file.read_text("utf-8").splitlines(), 1):
            said: dict[str, Any] = json.loads(text) if text.strip() else {}
            rows.append({
                "text": text, "id": str(said.get("id") or f"{file.stem}:{number}"),
                "lineage": str(said.get("lineage") or ""), "of": str(said.get("of") or ""),
            })  # fmt: skip
    except (OSError, ValueError, AttributeError) as error:
        raise CannotForget(f"{file} cannot be read: {error}. Mend it, or delete it if it is not needed.") from None
    return rows


def _table(file: Path) -> Any:
    try:
        import pyarrow.parquet
    except ImportError:
        raise CannotForget(f"To read {file}, install what datasets need: pip install 'espalier[data]'.") from None
    try:
        return pyarrow.parquet.read_table(file)
    except (OSError, ValueError) as error:
        raise CannotForget(f"{file} cannot be read: {error}. Make the dataset anew, or delete it.") from None


def _keys(table: Any) -> list[dict[str, str]]:
    """The rows of a table by the names by which they are known."""
    empty = [""] * table.num_rows
    columns = {name: table[name].to_pylist() if name in table.column_names else empty for name in ("id", "lineage")}
    return [{"id": str(id or ""), "lineage": str(of or ""), "of": ""} for id, of in zip(*columns.values(), strict=True)]


def _write_table(table: Any, file: Path) -> None:
    import pyarrow.parquet

    pyarrow.parquet.write_table(table, file, compression="zstd", compression_level=9)


def _written(file: Path, gone: int, left: int, write: Any) -> Rewritten:
    was = _digest(file)
    made = file.with_name(f".{file.name}.forgetting")
    try:
        write(made)
        os.replace(made, file)
    except OSError as error:
        made.unlink(missing_ok=True)
        raise CannotForget(
            f"{file} cannot be written: {error.strerror}. It is as it was; make room and try again."
        ) from None
    return Rewritten(file, gone, left, was, _digest(file))


def _tell_manifest(file: Path, done: list[Rewritten]) -> None:
    """The manifest of a dataset says what its files are now, and what they were: adapters are known by that."""
    said = _manifest(file)
    if not said:
        return
    for one in done:
        if entry := said.get("files", {}).get(one.file.name):
            entry |= {"rows": one.left, "sha256": one.now}
            entry.pop("tokens", None)
    said.setdefault("forgotten", []).append(
        {"at": int(time.time()), "rows": sum(one.gone for one in done), "was": {one.file.name: one.was for one in done}}
    )
    file.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _manifest(file: Path) -> dict[str, Any]:
    try:
        said = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
