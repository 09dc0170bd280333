"""The shape of an app's data: what of a blueprint the database has to follow, and nothing else.

A database keeps the shape that it has, as JSON, so that it can follow from there whatever the language looks like by then.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Self

from ...blueprint.field import Field
from ...blueprint.schema import Blueprint

# What is said of a field that the database need not know: how a value comes to be.
NOT_KEPT = ("name", "expression")


@dataclass(frozen=True)
class EntityShape:
    """fields: those that are stored, marks among them; computed: the names of those that are not; title: what names a record."""

    name: str
    fields: dict[str, Field]
    computed: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()
    title: str = "id"

    def renamed(self, name: str, entities: Mapping[str, str], names: Mapping[str, str]) -> Self:
        """This shape under new names: of the entity, of the entities its fields refer to, and of its fields."""
        return replace(
            self,
            name=name,
            fields={
                names.get(field.name, field.name): replace(
                    field, name=names.get(field.name, field.name), target=entities.get(field.target, field.target)
                )
                for field in self.fields.values()
            },
            unique=tuple(names.get(field, field) for field in self.unique),
            title=names.get(self.title, self.title),
        )


@dataclass(frozen=True)
class Shape:
    """All entities by their names."""

    entities: dict[str, EntityShape]

    @classmethod
    def of(cls, blueprint: Blueprint) -> Self:
        return cls(
            {
                name: EntityShape(
                    name,
                    {
                        key: replace(field, expression=None)
                        for key, field in entity.fields.items()
                        if not field.computed
                    },
                    tuple(key for key, field in entity.fields.items() if field.computed),
                    tuple(entity.unique),
                    entity.title_field,
                )
                for name, entity in blueprint.entities.items()
            }
        )

    def to_json(self) -> str:
        return json.dumps({name: entity_to_json(entity) for name, entity in self.entities.items()}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        return cls({name: entity_from_json(name, said) for name, said in json.loads(text).items()})

    @cached_property
    def digest(self) -> str:
        """Equal for equal shapes, whatever the order of entities and fields."""
        said = {name: entity_to_json(entity) for name, entity in self.entities.items()}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def entity_to_json(entity: EntityShape) -> dict[str, Any]:
    return {
        "fields": {name: _field_to_json(field) for name, field in entity.fields.items()},
        "computed": list(entity.computed),
        "unique": list(entity.unique),
        "title": entity.title,
    }


def entity_from_json(name: str, said: dict[str, Any]) -> EntityShape:
    return EntityShape(
        name,
        {key: field_from_json(key, value) for key, value in said["fields"].items()},
        tuple(said["computed"]),
        tuple(said["unique"]),
        said["title"],
    )


def _field_to_json(field: Field) -> dict[str, Any]:
    return {
        part.name: getattr(field, part.name)
        for part in fields(Field)
        if part.name not in NOT_KEPT and getattr(field, part.name) != part.default
    }


def field_from_json(name: str, said: dict[str, Any]) -> Field:
    return Field(**{**said, "name": name, "choices": tuple(said.get("choices", ()))})


def field_to_text(field: Field) -> str:
    """One field as JSON, as the catalogue of what is kept aside holds it."""
    return json.dumps(_field_to_json(field), ensure_ascii=False)


def field_from_text(name: str, text: str) -> Field:
    return field_from_json(name, json.loads(text))
