"""Twenty blueprints written by hand: each is read without error, and what serves each task is there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from espalier.blueprint import read
from espalier.blueprint.schema import Blueprint

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("[0-9]*.yaml"))
TASKS = yaml.load((HERE / "tasks.yaml").read_text(), yaml.BaseLoader)  # every value stays text
# What every app has without a word in its blueprint.
PLATFORM = {
    "navigation", "sign up", "sign in", "sign out", "account page", "detail page", "edit", "delete", "validation", "notifications",
}  # fmt: skip


def blueprint(name: str) -> Blueprint:
    return read((HERE / f"{name}.yaml").read_text())


def served(blueprint: Blueprint, kind: str, what: str) -> bool:
    """Does the blueprint have what an entry of tasks.yaml names? README.md lists the kinds."""
    name, _, place = what.rpartition(" on ")
    entity = blueprint.entities.get(place)
    match kind:
        case "page":
            return any(page.name == what for page in blueprint.page_list)
        case "block":
            return any(
                is_called(block, name) for page in blueprint.page_list if page.name == place for block in page.blocks
            )
        case "action":
            return entity is not None and any(action.label == name for action in entity.action_list)
        case "field":
            return entity is not None and name in entity.fields
        case "rule":
            return entity is not None and name in entity.rules
        case "automation":
            return any(str(trigger) == what for trigger in blueprint.automations)
        case "access":
            return what in blueprint.access
        case "theme":
            return (blueprint.theme.primary, blueprint.theme.background) == (name, place)
        case "platform":
            return what in PLATFORM
    raise ValueError(f"`{kind}` is not a kind of entry: see README.md")


def is_called(block: object, name: str) -> bool:
    """`table`, `table Result` (what it shows) or `table Financial data` (its title)."""
    kind, _, said = name.partition(" ")
    if block.kind != kind:
        return False
    shown = str(getattr(block, "of", ""))
    return said in ("", block.title, shown, shown.partition(" by ")[0])


def entries() -> Iterator[tuple[str, str, str, str]]:
    for name, tasks in TASKS.items():
        for task, parts in tasks.items():
            for part in parts:
                for kind, what in part.items():
                    yield name, task, kind, what


def test_there_are_twenty_and_each_has_its_tasks():
    assert len(FILES) == 20
    assert [file.stem for file in FILES] == sorted(TASKS)


def test_every_task_is_served_by_something():
    nothing = [f"{name}: {task}" for name, tasks in TASKS.items() for task, parts in tasks.items() if not parts]
    assert not nothing


@pytest.mark.parametrize("name", [file.stem for file in FILES])
def test_reads(name: str):
    found = blueprint(name)
    assert found.app and found.page_list and found.meaning


@pytest.mark.parametrize("name", sorted(TASKS))
def test_what_serves_a_task_is_there(name: str):
    found = blueprint(name)
    missing = [
        f"{task}: {kind}: {what}"
        for id_, task, kind, what in entries()
        if id_ == name and not served(found, kind, what)
    ]
    assert not missing, "\n".join(missing)


def test_an_entry_that_names_nothing_is_noticed():
    found = blueprint("000039")
    assert served(found, "action", "Lease on Domain")
    assert served(found, "block", "table Users on Manage")
    for kind, what in [
        ("page", "Nowhere"), ("block", "chart on Manage"), ("block", "table Nobody on Manage"),
        ("action", "Sell on Domain"), ("field", "colour on Domain"), ("rule", "None on Lease"),
        ("automation", "when Domain deleted"), ("access", "Nothing"),
        ("theme", "red on oldlace"), ("platform", "magic"),
    ]:  # fmt: skip
        assert not served(found, kind, what), (kind, what)
