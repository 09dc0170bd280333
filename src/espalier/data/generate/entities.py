"""Which entities an app has, which fields they have, and what they are called here. Says so to the draft."""

from __future__ import annotations

import re
from dataclasses import replace

from espalier.blueprint.names import snake
from espalier.check.requirements import Requirement
from espalier.check.words import Like

from .draft import Draft, EntityDraft, FieldDraft
from .needs import need
from .taxonomy import EntityKind, FieldKind, common

# Common entities that an audience may want besides its own.
EXTRAS = {
    "site": ("Review", "News", "Message", "Event"),
    "team": ("Task", "Expense", "Document", "Supplier", "Incident", "Idea", "News"),
    "club": ("News", "Idea", "Event", "Expense", "Document"),
    "own": ("Task", "Expense"),
}
CURRENCIES = (("EUR", "euros"), ("USD", "dollars"), ("GBP", "pounds"), ("CHF", "francs"), ("SEK", "kronor"))
LOOSE = ("text", "long", "tags", "image", "phone", "email", "url")


def choose(draft: Draft) -> None:
    """Fill the draft's entities and the data of its tree."""
    kinds = [draft.domain.entities[key] for key in draft.purpose.uses]
    if draft.size == 1 and len(kinds) > 2:
        # The shortest app that makes sense ends with the first thing that people do.
        done = next(
            (at for at, kind in enumerate(kinds) if kind.function not in ("thing", "product", "mine", "people")), 1
        )
        kinds = kinds[: max(2, done + 1)]
    # Held-out domains speak only of themselves, so that what is trained on need not avoid what all domains share.
    extras = [common()[key] for key in EXTRAS[draft.audience]]
    wanted = max(0, draft.size - 1) if draft.chance(0.55) and not draft.domain.held else 0
    taken = {name for kind in kinds for name in kind.names}
    for kind in draft.rng.sample(extras, len(extras))[: min(wanted, 2)]:
        if not taken & set(kind.names):
            kinds.append(_about(kind, kinds[0]))
    for kind in kinds:
        if not kind.of or kind.of in draft.entities:
            draft.entities[kind.key] = EntityDraft(kind, "")
    _name_entities(draft)
    for entity in draft.entities.values():
        _choose_fields(draft, entity)
    if not draft.plain and draft.chance(0.12) and any(one.first("money") for one in draft.entities.values()):
        draft.currency, unit = draft.pick(CURRENCIES)
        draft.tell("currency", must=True, unit=unit)
    draft.tree["data"] = {entity.name: _entity(draft, entity) for entity in draft.entities.values()}


def _about(kind: EntityKind, lead: EntityKind) -> EntityKind:
    """A common entity, about the domain's lead entity."""
    fields = {}
    for one in kind.fields.values():
        if one.target == "THING":
            one = replace(one, names=(snake(lead.key),), type=one.type.replace("THING", lead.key))
        fields[one.key] = one
    unique = tuple(snake(lead.key) if key == "thing" else key for key in kind.unique)
    return replace(kind, fields=fields, unique=unique, of=lead.key if kind.of == "THING" else kind.of)


def _name_entities(draft: Draft) -> None:
    taken: set[str] = set()
    for entity in draft.entities.values():
        names = [name for name in entity.kind.names if name not in taken] or [entity.kind.key]
        entity.name = names[0] if draft.style == "short" or draft.chance(0.6) else draft.pick(names)
        taken.add(entity.name)


def _choose_fields(draft: Draft, entity: EntityDraft) -> None:
    kinds = entity.kind.fields
    may = [one for one in kinds.values() if not one.core and _fits(draft, one)]
    share = (0.0, 0.12, 0.35, 0.55, 0.75)[draft.size] if not draft.doings else 0.1
    wanted = {one.key for one in may if draft.chance(share)} | {one.key for one in kinds.values() if one.core}
    for key in list(wanted):
        wanted |= _needed(kinds, key)
    order = list(kinds.values())
    if not draft.plain and draft.chance(0.35) and len(order) > 3:
        tail = order[2:]
        draft.rng.shuffle(tail)
        order = order[:2] + tail
    # What is worked out stands behind what it is worked out from.
    order.sort(key=lambda one: one.computed)
    taken: set[str] = set()
    for one in order:
        if one.key in wanted and _fits(draft, one):
            found = _field(draft, entity, one, taken)
            taken.add(found.name)
            entity.fields[one.key] = found


def _needed(kinds: dict[str, FieldKind], key: str) -> set[str]:
    """The fields of the same entity that a computed one is worked out from."""
    one = kinds[key]
    return {name for name in re.findall(r"(?<![.\w])[a-z_]+", one.behind) if name in kinds} if one.computed else set()


def _fits(draft: Draft, one: FieldKind) -> bool:
    if one.kind == "reference" and one.target != "User" and one.target not in draft.entities:
        return one.core
    if one.target == "User" and draft.audience in ("own", "site"):
        return False
    if one.computed:
        if any(name not in draft.entities for name in re.findall(r"\b([A-Z]\w+)\b", one.behind)):
            return False
        for first, then in re.findall(r"(?<![.\w])([a-z_]+)\.([a-z_]+)", one.behind):
            target = next((to for to in draft.entities.values() if snake(to.kind.key) == first), None)
            if target is None or not target.kind.fields[then].core:
                return False
    return True


def _field(draft: Draft, entity: EntityDraft, kind: FieldKind, taken: set[str]) -> FieldDraft:
    name = kind.names[0] if draft.plain or draft.chance(0.55) else draft.pick(kind.names)
    if kind.kind == "reference" and kind.target in draft.entities and kind.key == snake(kind.target):
        name = snake(draft.entities[kind.target].name)
    if name in taken:
        name = next((other for other in kind.names if other not in taken), kind.key)
    choices = kind.choices
    if draft.plain:
        return FieldDraft(kind, name, choices)
    if choices and not kind.flow and len(choices) > 3 and draft.chance(0.6):
        keep = draft.rng.randint(3, len(choices))
        must = {row for row in kind.rows if row in choices}
        chosen = set(draft.rng.sample(choices, keep)) | must
        choices = tuple(one for one in choices if one in chosen)
    if kind.flow and len(choices) - kind.exits > 3 and draft.chance(0.4):
        middle = draft.rng.randrange(1, len(choices) - kind.exits - 1)
        choices = choices[:middle] + choices[middle + 1 :]
    return FieldDraft(kind, name, choices)


def _entity(draft: Draft, entity: EntityDraft) -> dict[str, object]:
    tree: dict[str, object] = {}
    for one in entity.fields.values():
        tree[one.name] = one.type = _type(draft, entity, one)
    keys = set(entity.fields)
    unique = [key for key in entity.kind.unique if key in keys or key == "owner"]
    if unique and len(unique) == len(entity.kind.unique):
        tree["unique"] = [entity.fields[key].name if key in keys else key for key in unique]
    rules = {
        text: draft.named(rule, entity)
        for text, rule in entity.kind.rules.items()
        if {name for name in re.findall(r"[a-z_]+", rule) if name in entity.kind.fields} <= keys
    }
    if rules:
        tree["rules"] = rules
    return tree


def _type(draft: Draft, entity: EntityDraft, one: FieldDraft) -> str:
    kind = one.kind
    if one.choices:
        mark = "!" if kind.required else ""
        start = f" = {one.choices[0]}" if kind.flow else f" = {kind.behind}" if kind.behind in one.choices else ""
        return " | ".join(one.choices) + mark + start
    written = kind.type
    if kind.kind == "money" and draft.currency:
        written = f"{written} {draft.currency}"
    if kind.kind == "reference" and kind.target != "User":
        if kind.target not in draft.entities:
            return "text!" if kind.required else "text"
        written = written.replace(kind.target, draft.entities[kind.target].name)
    if kind.behind:
        behind = draft.named(kind.behind, entity) if kind.computed else kind.behind
        written = f"{written} = {behind}"
    return written


def needs_of(draft: Draft, entity: EntityDraft, one: FieldDraft) -> list[Requirement]:
    """What a prompt demands that names this field of this entity."""
    whose = draft.like(entity)
    like = Like.of(tuple(dict.fromkeys((one.called or one.words, one.words))))
    if one.choices:
        values = tuple(Like.of(value) for value in one.choices)
        return [need("choice", values=values, entity=whose)]
    kind = one.kind
    if kind.kind == "reference":
        if kind.target in draft.entities:
            return [need("reference", entity=whose, to=draft.like(draft.entities[kind.target]), through=True)]
        return [need("field", like=like, entity=whose)]
    types = () if kind.kind in LOOSE[:2] else (kind.kind,)
    computed = "" if kind.computed else None
    return [need("field", like=like, entity=whose, types=types, computed=computed)]
