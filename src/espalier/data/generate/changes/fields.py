"""Fields that come, go and get other names."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from espalier.blueprint.names import words
from espalier.check.words import Like

from ..needs import need
from ..taxonomy import common, domains
from .base import Case, Change, Maker, article, many, one, told

# Fields that any record may have: name and type.
ANYWHERE = (
    "notes: long", "remarks: text", "photo: image", "website: url", "tags: tags", "reference_number: text", "internal_note: long", "attachment: file", "colour: color",
    "language: text", "place: text", "city: text", "contact_person: text", "second_phone: phone", "last_checked: date", "valid_until: date", "last_contact: date",
    "urgent: bool = false", "archived: bool = false", "confirmed: bool = false", "checked: bool = false", "important: bool = false", "private: bool = false",
    "priority: Low | Normal | High", "source: Web | Phone | Friend | Newspaper", "season: Spring | Summer | Autumn | Winter", "video_link: url", "short_name: text", "keywords: tags",
    "responsible_person: text", "map_position: location", "number_of_pages: int", "translated: bool = false", "area: North | South | East | West", "old_number: text",
)  # fmt: skip
# Fields that fit some: by the functions of entities that have them (see the taxonomy).
SOMEWHERE = {
    "thing product": (
        "price: money", "deposit: money", "discount: percent", "weight: number kg", "height: number cm", "length: number m", "width: number cm", "quantity: int", "rating: rating",
        "condition: New | Good | Worn | Broken", "size: Small | Medium | Large", "supplier: text", "room: text", "floor: int", "model: text", "serial_number: text", "brand: text",
        "material: Wood | Metal | Plastic | Glass", "warranty_until: date", "instructions: long", "contract: file", "barrier_free: bool = false", "opening_time: time", "country: text",
    ),
    "people": (
        "address: text", "email: email", "phone: phone", "birthday: date", "nickname: text", "emergency_contact: phone", "shoe_size: int", "shirt_size: XS | S | M | L | XL", "allergies: tags",
        "department: Sales | Office | Workshop | Warehouse", "level: Beginner | Intermediate | Advanced", "licence_plate: text", "vegetarian: bool = false", "country: text", "photo: image",
    ),
    "request order signup": (
        "address: text", "payment: Cash | Card | Transfer", "paid: bool = false", "invoice: file", "due_date: date", "number_of_people: int", "preferred_day: date", "seat_number: text",
        "vegetarian: bool = false", "allergies: tags", "budget: money", "phone: phone", "first_time: bool = false",
    ),
    "event record": (
        "minutes: int", "end_date: date", "budget: money", "room: text", "fee: money", "level: Beginner | Intermediate | Advanced", "seats: int", "barrier_free: bool = false", "start_date: date",
        "frequency: Daily | Weekly | Monthly", "distance: number km", "instructions: long", "paid: bool = false",
    ),
    "log": (
        "hours: number", "minutes: int", "distance: number km", "temperature: number", "cost: money", "quantity: int", "weather: Sun | Rain | Wind | Snow", "paid: bool = false", "rating: rating",
    ),
}  # fmt: skip
FEW = 3  # domains; a word of fewer is one of theirs, and stands elsewhere only now and then
# What nobody else has, when somebody says so.
ONLY_ONE = re.compile(r"name|title|number|code|reference|tag$|plate|isbn|serial|email|phone|login|key|label|url|domain")
TYPED = (
    "text",
    "long",
    "int",
    "number",
    "money",
    "percent",
    "date",
    "datetime",
    "bool",
    "choice",
    "phone",
    "email",
    "url",
    "image",
    "file",
    "tags",
)


@cache
def pool() -> tuple[tuple[str, str, tuple[str, ...], bool], ...]:
    """Every optional field of the taxonomy that stands for itself, with those of anywhere: name, type, functions of entities (none
    when it fits any), and whether only few domains have it."""
    found: dict[tuple[str, str], set[str]] = {}
    spread: Counter[str] = Counter()
    for kinds in ([*common().values()], *([*domain.entities.values()] for domain in domains())):
        names: set[str] = set()
        for kind in kinds:
            for field in kind.fields.values():
                if field.core or field.computed or field.kind == "reference" or field.flow:
                    continue
                said = " | ".join(field.choices) if field.choices else field.type.replace("!", "")
                said += f" = {field.behind}" if field.kind == "bool" and field.behind else ""
                for name in field.names:
                    found.setdefault((name, said), set()).add(kind.function)
                names.update(field.names)
        spread.update(names)
    for functions, lines in SOMEWHERE.items():
        for line in lines:
            name, said = line.split(": ", 1)
            found.setdefault((name, said), set()).update(functions.split())
            spread[name] += FEW
    for line in ANYWHERE:
        name, said = line.split(": ", 1)
        found[name, said] = set()
        spread[name] += FEW
    return tuple(
        (name, said, tuple(sorted(functions)), spread[name] < FEW) for (name, said), functions in sorted(found.items())
    )


def spoken(case: Case, name: str, said: str) -> str:
    """A new field as somebody asks for it: with its values, its unit, its range."""
    text = words(name)
    if " | " in said:
        values = [value if case.chance(0.4) else value.lower() for value in said.split(" | ")]
        return (
            f"{text} ({case.pick((', ', '/', ' or ')).join(values)})"
            if case.chance(0.8)
            else f"{text} with the choices {', '.join(values)}"
        )
    extra = re.match(r"\w+ (\S+)", said.split(" = ")[0])
    if extra:
        return f"{text} from {extra[1].replace('..', ' to ')}" if ".." in extra[1] else f"{text} in {extra[1]}"
    if said.startswith("bool"):
        return (
            case.pick((f"{text} (yes/no)", f"a tick box for {text}", f"whether it is {text}"))
            if case.chance(0.6)
            else text
        )
    if said == "image":
        return text
    return (
        case.pick(
            (
                text,
                text,
                f"{text} ({ {'long': 'long text', 'url': 'link', 'int': 'number', 'file': 'upload'}.get(said, said) })",
            )
        )
        if case.chance(0.3)
        else text
    )


def add(case: Case) -> Change | None:
    case = case.fresh()
    entity = case.some_entity()
    if not entity:
        return None
    count = 2 if case.chance(0.2) else 1
    taken = {field.name for field in case.fields(entity)}
    like = _functions(case, entity)
    fitting = [
        entry for entry in pool() if (not entry[2] or like & set(entry[2])) and (not entry[3] or case.chance(0.04))
    ]
    free = [entry for entry in fitting if entry[0] not in taken and entry[0] not in case.blueprint.roles]
    chosen = case.rng.sample(free, count)
    if len({entry[0] for entry in chosen}) < count:
        return None
    needs = []
    for name, said, *_ in chosen:
        mark = "!" if case.chance(0.12) and " = " not in said and not said.startswith(("image", "file")) else ""
        kind = said.split(" ")[0]
        text = said + mark if " | " in said else said.replace(kind, kind + mark, 1)
        case.add_field(entity, name, text)
        _show(case, entity, name)
        needs.append(need("field", like=Like.of(words(name)), entity=Like.of(one(entity))))
    names = " and ".join(spoken(case, name, said) for name, said, *_ in chosen)
    required = any("!" in str(case.tree["data"][entity][name]) for name, *_ in chosen)
    request = told(
        case, "add {names} to {many}", "add [a field |]{names} to {one}", "{many} [should also have|also need|need] {names}", "[for|with] each {one} [we|I] also want [to store |to keep |]{names}",
        "we need {names} for {many}", "{names} [is|are] missing [for|on|in] {many}", "let people enter {names} [for|on] {a_one}", "store {names} [with|for] {many} too",
        "I want to note {names} for {many}", "[put|include] {names} in the {one} form",
        names=names, many=many(entity), one=one(entity), a_one=article(one(entity)),
    )  # fmt: skip
    if required:
        request += case.pick((", required", " and make it required", ", it must be filled in", " (required)"))
    added = (
        told(
            case,
            "{many} also have {names}",
            "each {one} also has {names}",
            "please also keep {names} for {many}",
            names=names,
            many=many(entity),
            one=one(entity),
        )
        if not required
        else ""
    )
    return Change(request, case.tree, needs=tuple(needs), added=added)


def _functions(case: Case, entity: str) -> set[str]:
    """What an entity may be, as the taxonomy says it: guessed from its fields."""
    kinds = {field.kind for field in case.fields(entity)}
    if kinds & {"phone", "email"}:
        return {"request", "order", "signup"} if kinds & {"choice", "reference"} else {"people"}
    if "datetime" in kinds:
        return {"event", "record"}
    if "date" in kinds:
        return {"log", "record"} if "reference" in kinds else {"log"}
    return (
        {"post", "idea", "review", "news"}
        if kinds <= {"text", "long", "marks", "reference", "rating", "User"}
        else {"thing", "product"}
    )


def _show(case: Case, entity: str, name: str) -> None:
    """Where a form lists what it asks for, the new field is asked for too."""
    for _, _, block in case.blocks_of(entity, "form"):
        if "show" in block:
            block["show"] = [*block["show"], name]


def remove(case: Case) -> Change | None:
    case = case.fresh()
    found = case.some_field(*TYPED)
    if not found:
        return None
    entity, field = found
    tree = case.tree["data"][entity]
    if (
        field.name == case.blueprint.data[entity].title_field
        or len(case.fields(entity)) < 4
        or _used(case, entity, field.name)
    ):
        return None
    del tree[field.name]
    for _, _, block in case.blocks_of(entity):
        for option in ("show", "filter", "edit", "total"):
            if field.name in block.get(option, []):
                block[option] = [path for path in block[option] if path != field.name]
                if not block[option]:
                    del block[option]
    _drop_column(case, entity, field.name)
    request = told(
        case, "remove {field} from {many}", "we don't need {field} [for|on] {many} [any more|]", "{many} don't need {a_field}", "drop the {field} [of|from] {many}",
        "delete the field {field} of {one}", "take {field} out of {many}", "no {field} for {many} [please|]", "leave out {field} [of|for] {many}",
        field=words(field.name), a_field=article(words(field.name)), many=many(entity), one=one(entity),
    )  # fmt: skip
    return Change(request, case.tree)


def _used(case: Case, entity: str, name: str) -> bool:
    """Is the field named anywhere but in lists of fields and in seeds?"""
    rest = {key: value for key, value in case.tree.items() if key != "seed"}
    said = re.findall(rf"\b{re.escape(name)}\b", repr(rest))
    plain = 1 + sum(
        block.get(option, []).count(name)
        for _, _, block in case.blocks_of(entity)
        for option in ("show", "filter", "edit", "total")
    )
    return len(said) > plain


def _drop_column(case: Case, entity: str, name: str) -> None:
    from espalier.blueprint.meaning import seed_columns

    rows = case.tree.get("seed", {}).get(entity)
    if not rows:
        return
    columns = [column.name for column in seed_columns(case.blueprint.entities[entity])]
    if name not in columns:
        return
    at = columns.index(name)
    case.tree["seed"][entity] = [
        " | ".join(cell for place, cell in enumerate(str(row).split(" | ")) if place != at) for row in rows
    ]


def rename(case: Case) -> Change | None:
    case = case.fresh()
    found = case.some_field(*TYPED, "reference")
    if not found:
        return None
    entity, field = found
    like = _functions(case, entity)
    names = [
        name
        for name, said, functions, rare in pool()
        if said.split(" ")[0] == field.kind
        and name != field.name
        and not rare
        and (not functions or like & set(functions))
    ]
    if not names or field.is_owner:
        return None
    new = (
        case.pick(names)
        if case.chance(0.4)
        else f"{case.pick(('main', 'first', 'own', 'exact', 'usual', 'planned', 'full', 'short', 'official', 'internal'))}_{field.name}"
    )
    if new in {other.name for other in case.fields(entity)} or len(new) > 30 or new in case.blueprint.roles:
        return None
    request = told(
        case, "rename {old} of {many} to {new}", "call {old} {new} instead [on|for] {many}", "the {old} of {a_one} should be called {new}", "{old} should be {new} [in|for] {many}",
        "change the [name of the |]field {old} of {one} to {new}", "on {many}, {old} must be called {new}",
        old=words(field.name), new=words(new), many=many(entity), one=one(entity), a_one=article(one(entity)),
    )  # fmt: skip
    return Change(request, {}, renames={f"{entity}.{field.name}": new})


def require(case: Case) -> Change | None:
    case = case.fresh()
    found = case.some_field(
        "text", "long", "phone", "email", "date", "datetime", "money", "int", "number", "choice", "reference"
    )
    if not found:
        return None
    entity, field = found
    tree = case.tree["data"][entity]
    said = str(tree[field.name])
    if " = " in said or field.part or field.is_owner:
        return None
    if field.required:
        if field.name == case.blueprint.data[entity].title_field:
            return None
        tree[field.name] = said.replace("!", "", 1)
        request = told(
            case,
            "{field} [should be optional|need not be filled in|is not required] for {many}",
            "make {field} of {many} optional",
            "people must be able to leave {field} empty on {a_one}",
            field=words(field.name),
            many=many(entity),
            a_one=article(one(entity)),
        )
        return Change(request, case.tree)
    if case.tree.get("seed", {}).get(entity):
        return None
    if " | " in said:
        tree[field.name] = f"{said}!"
    else:
        kind, _, rest = said.partition(" ")
        tree[field.name] = f"{kind}! {rest}".strip()
    request = told(
        case,
        "make {field} required [for|on] {many}",
        "{field} must be filled in for every {one}",
        "{a_one} without {field} should not be possible",
        "nobody should save {a_one} without {a_field}",
        "{field} of {many} is mandatory",
        field=words(field.name),
        a_field=article(words(field.name)),
        many=many(entity),
        one=one(entity),
        a_one=article(one(entity)),
    )
    return Change(
        request,
        case.tree,
        needs=(need("field", like=Like.of(words(field.name)), entity=Like.of(one(entity)), required=True),),
    )


def unique(case: Case) -> Change | None:
    case = case.fresh()
    found = case.some_field("text", "phone", "email")
    if not found or found[1].unique or not ONLY_ONE.search(found[1].name):
        return None
    entity, field = found
    tree = case.tree["data"][entity]
    if " = " in str(tree[field.name]):
        return None
    tree[field.name] = f"{tree[field.name]} unique"
    request = told(
        case,
        "{field} of {many} must be unique",
        "no two {many} may have the same {field}",
        "every {one} needs its own {field}",
        "make {field} unique for {many}",
        "stop people from entering the same {field} twice [for|in] {many}",
        field=words(field.name),
        many=many(entity),
        one=one(entity),
    )
    return Change(
        request,
        case.tree,
        needs=(need("unique", entity=Like.of(one(entity)), fields=(Like.of(words(field.name)),)),),
        added=told(
            case,
            "the {field} of {a_one} is unique",
            "no two {many} may have the same {field}",
            field=words(field.name),
            many=many(entity),
            a_one=article(one(entity)),
        ),
    )


def work_out(case: Case) -> Change | None:
    """A total of the records that refer to one, or a product of two numbers."""
    case = case.fresh()
    pairs = [(target.target, entity, field) for entity in case.entities for target in case.fields(entity) if target.kind == "reference" and not target.many and target.target in case.entities and target.target != entity for field in case.fields(entity) if field.kind in ("money", "int", "number")]  # fmt: skip
    if pairs and case.chance(0.7):
        whole, part, field = case.pick(pairs)
        if sum(other.target == whole for other in case.fields(part)) > 1:
            return None
        how, say = case.pick((("sum", "total"), ("avg", "average"), ("max", "highest")))
        name = f"{say}_{field.name}"
        kind = field.kind if how != "avg" or field.kind == "money" else "number"
        case.add_field(whole, name, f"{kind} = {how}({part}.{field.name})")
        words_of = {
            "whole": one(whole),
            "wholes": many(whole),
            "part": many(part),
            "field": words(field.name),
            "say": say,
            "name": words(name),
        }
        request = told(
            case,
            "show the {say} {field} of the {part} on each {whole}",
            "{wholes} should have the {say} {field} of their {part}",
            "work out the {say} {field} of {part} for every {whole}",
            "add {name} to {wholes}, calculated from the {part}",
            "I want to see the {say} {field} per {whole}",
            **words_of,
        )
        return Change(
            request,
            case.tree,
            needs=(need("field", like=Like.of(words(name)), entity=Like.of(one(whole)), computed=""),),
            added=told(case, "each {whole} shows the {say} {field} of its {part}", **words_of),
        )
    counted = [
        (target.target, entity)
        for entity in case.entities
        for target in case.fields(entity)
        if target.kind == "reference" and target.target in case.entities and target.target != entity
    ]
    if not counted:
        return None
    whole, part = case.pick(counted)
    if sum(other.target == whole for other in case.fields(part)) > 1:
        return None
    name = case.pick((f"number_of_{many(part).replace(' ', '_')}", f"{one(part).replace(' ', '_')}_count"))
    if name in case.tree["data"][whole] or len(name) > 38:
        return None
    case.add_field(whole, name, f"int = count({part})")
    request = told(
        case,
        "show how many {part} each {whole} has",
        "count the {part} of every {whole}",
        "{wholes} should show the number of their {part}",
        "I want to see how many {part} there are per {whole}",
        part=many(part),
        whole=one(whole),
        wholes=many(whole),
    )
    return Change(
        request,
        case.tree,
        needs=(need("field", like=Like.of(words(name)), entity=Like.of(one(whole)), computed=""),),
        added=told(case, "each {whole} shows how many {part} it has", part=many(part), whole=one(whole)),
    )


CHANGES: tuple[tuple[Maker, float], ...] = (
    (add, 6),
    (remove, 2.5),
    (rename, 2.5),
    (require, 1.5),
    (unique, 0.8),
    (work_out, 1.5),
)
