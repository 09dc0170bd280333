"""What a GGUF file says of itself, for words about files that are not what they should be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .errors import ModelDamaged

MAGIC = b"GGUF"
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
    from gguf import GGUFReader

    try:
        reader = GGUFReader(path)
        said = {name: reader.fields.get(name) for name in ("general.type", "general.architecture")}
    except Exception as error:  # whatever its many ways to stumble over a file that is cut off
        raise ModelDamaged(f"{path} begins as a GGUF file and is cut off or damaged.") from error
    kind, architecture = (str(field.contents()) if field else "" for field in said.values())
    return About(kind or "model", architecture)
