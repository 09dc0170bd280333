"""What a GGUF file says of itself, for words about files that are not what they should be."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from .errors import ModelDamaged

MAGIC = b"GGUF"
TEXT = 8  # of the kinds of values; 9 is a list
SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}  # bytes of the other kinds
MOST, LONGEST = 1000, 1_000_000  # entries, bytes of a text: more is no metadata
TELLTALES = (
    (b"PK\x03\x04", "a zip archive or a wheel"),
    (b"<!DOC", "a web page, probably an error of whoever sent it"),
    (b"<html", "a web page, probably an error of whoever sent it"),
    (b"version https://git-lfs", "a pointer of Git LFS, not the file that it stands for"),
    (b"{", "a JSON file"),
    (b"ggml", "a model in a format from before GGUF"),
)


@dataclass(frozen=True)
class About:
    """kind: `model` or `adapter`; architecture as llama.cpp calls it."""

    kind: str
    architecture: str


def about(path: Path) -> About:
    """What kind of file it is. Raises ModelDamaged, with what it is instead."""
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except OSError as error:
        raise ModelDamaged(f"{path} cannot be read: {error.strerror}.") from error
    if not head.startswith(MAGIC):
        guess = next((words for mark, words in TELLTALES if head.startswith(mark)), "")
        if not guess and int.from_bytes(head[:8], "little") < 100_000_000 and head[8:9] == b"{":
            guess = "a safetensors file, which would have to be converted to GGUF"
        raise ModelDamaged(f"{path} is not a GGUF file" + (f" but {guess}." if guess else "."))
    try:
        with path.open("rb") as file:
            said = _head(file)
    except (struct.error, UnicodeDecodeError, OSError, MemoryError, OverflowError) as error:
        raise ModelDamaged(f"{path} begins as a GGUF file and is cut off or damaged.") from error
    return About(said.get("general.type", "model"), said.get("general.architecture", ""))


def _head(file: BinaryIO) -> dict[str, str]:
    """The texts at the beginning of the metadata, before its first list: what the file is stands there. (The library reads all of
    it, a hundred thousand tokens, which takes seconds.)"""
    said: dict[str, str] = {}
    _, _, _, entries = struct.unpack("<4sIQQ", file.read(24))
    for _ in range(min(entries, MOST)):
        name = _text(file)
        (kind,) = struct.unpack("<I", file.read(4))
        if kind == TEXT:
            said[name] = _text(file)
        elif kind in SIZES:
            if len(file.read(SIZES[kind])) < SIZES[kind]:
                raise struct.error
        else:
            break
    return said


def _text(file: BinaryIO) -> str:
    (size,) = struct.unpack("<Q", file.read(8))
    data = file.read(min(size, LONGEST))
    if len(data) < size:
        raise struct.error
    return data.decode("utf-8")
