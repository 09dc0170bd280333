"""A dataset folder as samples. Making one is data/'s."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow.parquet as parquet

from .job import TrainingError
from .sequences import Sample

GENERATED = ("generated", "recombined", "repair")  # sources that are no person's writing


def samples(folder: Path, part: str = "train") -> list[Sample]:
    """The samples of a part, in its order. Raises TrainingError."""
    file = folder / f"{part}.parquet"
    if not file.is_file():
        raise TrainingError(f"There is no {file}. Make a dataset first: `espalier data build {folder}`.")
    table = parquet.read_table(file, columns=["kind", "prompt", "blueprint", "edits", "source"])
    return [
        Sample(
            row["prompt"],
            row["blueprint"],
            tuple((edit["request"], edit["patch"]) for edit in row["edits"]),
            not str(row["source"]).startswith(GENERATED),
            row["kind"] == "pair",
        )
        for row in table.to_pylist()
    ]


def digest(folder: Path) -> str:
    """The hash of what is trained on."""
    return hashlib.sha256((folder / "train.parquet").read_bytes()).hexdigest()
