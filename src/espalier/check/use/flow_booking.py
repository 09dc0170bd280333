"""Bookings: the same room, person or thing cannot be taken twice for the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from espalier.blueprint.blocks.booking import Booking

from ..checks import check
from ..report import Finding, fine, wrong
from ..stored import Stored, seeded
from .flow_stock import LEFT
from .flows import could_be_made, makers, parts_of_name, references

if TYPE_CHECKING:
    from espalier.blueprint.field import Field

    from ..subject import Subject

BOOKINGS = {"booking", "reservation", "appointment", "hire", "rental", "viewing"}
# Of which there is one, so that it can be in one place at a time.
RESOURCES = set(
    "room court table chair desk stylist barber groomer doctor dentist therapist tutor teacher instructor coach trainer car van "
    "vehicle boat bike studio hall field pitch lane cabin cottage apartment suite kennel machine equipment tool instrument "
    "practitioner physio nurse vet photographer technician pod booth berth plot counsellor space".split()
)
PLACES = LEFT | {"capacity", "size", "seat", "place", "spot", "slot", "stock", "quantity", "copies", "units"}


@check("use", weight=3)
def flow_booking(subject: Subject) -> Iterator[Finding]:
    """The same room, person or thing cannot be booked twice for the same moment."""
    stored = seeded(subject)
    by_block = {
        block.source.entity
        for page in subject.blueprint.page_list
        for block in page.blocks
        if isinstance(block, Booking)
    }
    for entity, spec in subject.blueprint.entities.items():
        # A `booking` block offers free times only; that is the platform's to keep.
        if entity in by_block or not parts_of_name(entity) & BOOKINGS:
            continue
        starts = next(
            (one for one in spec.fields.values() if one.kind == "datetime" and one.typed_in and one.required), None
        )
        resource = next((one for one in references(subject.blueprint, entity) if _is_one(subject, one)), None)
        if starts is None or resource is None:
            continue
        finding = _one(subject, stored, entity, starts, resource)
        if finding is not None:
            yield finding


def _is_one(subject: Subject, spec: Field) -> bool:
    """Is what is booked something that can be taken once at a time?"""
    if spec.target == "User" or not spec.typed_in:
        return False
    if not (parts_of_name(spec.target) | parts_of_name(spec.name)) & RESOURCES:
        return False
    fields = subject.blueprint.entities[spec.target].fields
    return not any(parts_of_name(name) & PLACES and one.kind in ("int", "number") for name, one in fields.items())


def _one(subject: Subject, stored: Stored, entity: str, starts: Field, resource: Field) -> Finding | None:
    people = makers(subject, stored, entity)
    where = f"data > {entity} > {resource.name} and {starts.name}"
    for first in people[:3]:
        made = could_be_made(stored, entity, first, {})
        if made is None or made.record.get(resource.name) is None:
            continue
        booked = stored.with_record(entity, made.record)
        taken = {name: made.record[name] for name in (resource.name, starts.name)}
        second = next((one for one in people if one.id != first.id), first)
        again = could_be_made(booked, entity, second, taken)
        if again is None:
            return fine(where)
        return wrong(
            where,
            f"two people can take the same {resource.name} at the same moment",
            f"say `unique: [{resource.name}, {starts.name}]` in {entity}, or offer free times with a `booking` block",
        )
    return None
