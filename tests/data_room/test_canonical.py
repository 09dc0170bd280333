"""The canonical order: references go backward, nothing but the order changes."""

from __future__ import annotations

import json

import pytest

from espalier.blueprint import print_blueprint, read
from espalier.blueprint.patch import apply, read_patch
from espalier.data.canonical import canonical, canonical_patch, ordered

from .conftest import CORPUS

SHUFFLED = """\
app: Yard
data:
  Trip:
    bike: Bike!
    guide: Guide
    starts: datetime!
  Bike:
    name: text!
    shop: Shop!
    trips: int = count(Trip)
  Guide:
    name: text!
  Shop:
    name: text!
access:
  Trip: {read: own, write: own}
  default: {read: user, write: own}
  Shop: {read: anyone, write: nobody}
pages:
  Home:
    - table: Shop
  Trips (user):
    - table: Trip
    - table: Bike
seed:
  Bike:
    - Red one | Corner
  Shop:
    - Corner
"""


def entities_in(text: str) -> list[str]:
    return list(read(text).data)


def test_what_is_referred_to_stands_first_and_the_rest_keeps_its_order():
    assert entities_in(canonical(SHUFFLED)) == ["Guide", "Shop", "Bike", "Trip"]


def test_access_and_seed_follow_data():
    tree = ordered(read(SHUFFLED))
    assert list(tree["access"]) == ["default", "Shop", "Trip"]
    assert list(tree["seed"]) == ["Shop", "Bike"]


def test_a_circle_keeps_its_order():
    text = SHUFFLED.replace("    shop: Shop!", "    shop: Shop!\n    best: Trip")
    assert entities_in(canonical(text)) == ["Guide", "Shop", "Trip", "Bike"]


def test_an_entity_that_refers_to_itself_is_no_circle():
    text = SHUFFLED.replace("  Guide:\n    name: text!", "  Guide:\n    name: text!\n    teacher: Guide")
    assert entities_in(canonical(text)) == ["Guide", "Shop", "Bike", "Trip"]


def test_the_corpus_means_the_same_in_canonical_order():
    for line in (CORPUS / "pairs_3.jsonl").read_text().splitlines():
        before = read(json.loads(line)["blueprint"])
        text = canonical(json.loads(line)["blueprint"])
        after = read(text)
        assert after.model_dump() == before.model_dump()  # dicts: equal up to order
        assert list(after.pages) == list(before.pages)
        assert canonical(text) == text
        seen: set[str] = set()
        targets = {
            name: {f.target for f in entity.fields.values()} & set(after.data) for name, entity in after.data.items()
        }
        for name in after.data:
            forward = targets[name] - seen - {name}
            assert all(name in _reached(target, targets) for target in forward), "forward only inside a circle"
            seen.add(name)


def _reached(start: str, targets: dict[str, set[str]]) -> set[str]:
    found, waiting = set(), [start]
    while waiting:
        for target in targets[waiting.pop()] - found:
            found.add(target)
            waiting.append(target)
    return found


@pytest.mark.parametrize(
    "patch",
    [
        "data: {Guide: {phone: phone}}",
        "data: {Tour: {bike: Bike!, day: date!}}\npages: {Tours (user): [{table: Tour}]}\norder: {data: [Tour, Trip, Bike, Guide, Shop]}",
        "rename: {Bike: Cycle, Shop.name: title}",
        "pages: {Trips (user): null}",
    ],
)
def test_a_patch_does_the_same_to_the_canonical_blueprint(patch: str):
    before = read(SHUFFLED)
    after = apply(before, read_patch(patch))
    lean = canonical_patch(read(canonical(SHUFFLED)), read_patch(patch))
    assert apply(read(canonical(SHUFFLED)), lean).model_dump() == after.model_dump()
    assert "data" not in lean.get("order", {})


def test_the_order_of_pages_is_kept():
    lean = canonical_patch(read(canonical(SHUFFLED)), read_patch("order: {pages: [Trips (user), Home]}"))
    assert list(apply(read(SHUFFLED), lean).pages) == ["Trips (user)", "Home"]


def test_canonical_text_is_the_printer_s():
    assert print_blueprint(read(canonical(SHUFFLED))) == canonical(SHUFFLED)
