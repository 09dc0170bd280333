"""The house keeps its order: a room imports only from the rooms it may."""

import ast
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "espalier"

# What each room may import, beside itself. Written down once, here and in docs/house.md.
MAY_IMPORT: dict[str, set[str]] = {
    "blueprint": set(),
    "runtime": {"blueprint"},
    "check": {"blueprint", "runtime"},
    "model": {"blueprint", "check"},
    "gateway": {"model"},
    "data": {"blueprint", "check", "model"},
    "train": {"data", "check", "model"},
    "evals": {"blueprint", "check", "model"},
    "studio": {"blueprint", "runtime", "check", "model", "gateway", "data"},
    "release": {"blueprint", "runtime", "check", "model", "gateway", "studio", "data", "train", "evals"},
}
SHARED = {"config"}


def imported_rooms(file: Path) -> set[str]:
    rooms = set()
    package = ("espalier", *file.relative_to(SOURCE).parts[:-1])
    for node in ast.walk(ast.parse(file.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *(node.module or "").split(".")]).strip(".")
            names = [module] if module != "espalier" else [f"espalier.{alias.name}" for alias in node.names]
        rooms |= {name.split(".")[1] for name in names if name.startswith("espalier.")}
    return rooms


def test_every_room_is_in_the_table():
    rooms = {path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()}
    assert rooms == set(MAY_IMPORT)


def test_imports_go_one_way():
    wrong = []
    for room, allowed in MAY_IMPORT.items():
        for file in (SOURCE / room).rglob("*.py"):
            for other in imported_rooms(file) - {room} - allowed - SHARED:
                wrong.append(f"{file.relative_to(SOURCE)} imports {other}; {room} may import {sorted(allowed)}")
    assert not wrong, "\n".join(wrong)


def kinds(folder: str) -> set[str]:
    return {path.stem for path in (SOURCE / folder).glob("*.py")} - {"__init__", "base"}


def test_every_field_type_has_both_halves():
    assert kinds("blueprint/fields") == kinds("runtime/fields")


def test_every_block_has_both_halves_or_a_stand_in():
    from espalier.blueprint.blocks import KINDS

    assert kinds("blueprint/blocks") == set(KINDS)
    missing = {name for name, kind in KINDS.items() if name not in kinds("runtime/blocks")}
    assert missing == {name for name, kind in KINDS.items() if kind.stands_in}


def test_the_house_page_has_every_room():
    page = (SOURCE.parents[1] / "docs" / "house.md").read_text()
    for room, allowed in MAY_IMPORT.items():
        row = next(line for line in page.splitlines() if line.startswith(f"| {room}/ |"))
        if len(allowed) <= 4:
            assert all(other in row.rsplit("|", 2)[1] for other in allowed), room
