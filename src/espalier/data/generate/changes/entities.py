"""Whole kinds of records that come, go and get other names."""

from __future__ import annotations

import re

from espalier.blueprint.names import label, pascal, snake, words
from espalier.check.words import Like

from ..needs import need
from ..taxonomy import EntityKind, common, domains
from .base import Case, Change, Maker, article, many, one, told

SYNONYMS = {
    "Customer": "Client", "Client": "Customer", "Booking": "Reservation", "Reservation": "Booking", "Order": "Purchase", "Task": "Job", "Job": "Assignment", "Product": "Item",
    "Item": "Article", "Event": "Happening", "Member": "Participant", "Request": "Application", "Ticket": "Case", "Post": "Entry", "Entry": "Note", "Review": "Feedback",
    "Message": "Enquiry", "Enquiry": "Request", "Appointment": "Visit", "Visit": "Appointment", "Room": "Space", "Place": "Site", "Course": "Workshop", "Lesson": "Class",
    "Project": "Undertaking", "Document": "Paper", "Expense": "Cost", "Payment": "Receipt", "Person": "Contact", "Player": "Competitor", "Match": "Game", "Report": "Account",
    "Vehicle": "Car", "Machine": "Device", "Tool": "Instrument", "Recipe": "Dish", "Book": "Title", "Photo": "Picture", "Idea": "Suggestion", "Team": "Group", "Employee": "Colleague",
    "Student": "Learner", "Patient": "Client", "Animal": "Creature", "Plant": "Specimen", "Invoice": "Bill", "Supplier": "Vendor", "Shift": "Duty", "Loan": "Lending",
}  # fmt: skip


def rename(case: Case) -> Change | None:
    case = case.fresh()
    entity = case.some_entity()
    if not entity:
        return None
    new = SYNONYMS.get(entity) or (
        pascal(f"{case.pick(('guest', 'house', 'club', 'team', 'daily', 'open', 'garden', 'site'))} {words(entity)}")
        if case.chance(0.3)
        else ""
    )
    if not new or new in case.blueprint.data:
        return None
    request = told(
        case,
        "rename {old} to {new}",
        "call {olds} {news} [instead|everywhere]",
        "we don't say {old}, we say {new}",
        "{olds} should be called {news}",
        "use the word {new} instead of {old}",
        old=one(entity),
        new=one(new),
        olds=many(entity),
        news=many(new),
    )
    return Change(request, {}, renames={entity: new})


def add(case: Case) -> Change | None:
    """A kind of records that fits the app: a common one, or one of a domain, about what the app is about."""
    case = case.fresh()
    lead = (
        next(
            (
                name
                for name in case.entities
                if any(name in (field.target for field in case.fields(other)) for other in case.entities)
            ),
            None,
        )
        or case.some_entity()
    )
    if not lead or len(case.entities) > 6:
        return None
    kinds = [
        kind
        for kind in (*common().values(), *_borrowed())
        if kind.key not in case.blueprint.data
        and kind.function in ("log", "news", "task", "doc", "idea", "record", "event", "people", "review", "inbox")
    ]
    kind = case.pick(kinds)
    fields: dict[str, str] = {}
    said: list[str] = []
    for field in kind.fields.values():
        if field.computed or (not field.core and not case.chance(0.3)):
            continue
        name, written = field.key, field.type
        if field.kind == "reference":
            if field.target == "THING":
                name, written = snake(lead), written.replace("THING", lead)
            elif (field.target == "User" and case.blueprint.signup == "invite") or field.target in case.blueprint.data:
                pass
            else:
                continue
        elif field.choices:
            written = (
                " | ".join(field.choices)
                + ("!" if field.required else "")
                + (f" = {field.choices[0]}" if field.flow else "")
            )
        elif field.behind:
            written = f"{written} = {field.behind}"
        if kind.function == "log" and field.kind == "reference" and not said:
            written = written.replace("!", "")
        fields[name] = written
        text = words(name)
        said.append(f"{text} ({', '.join(choice.lower() for choice in field.choices)})" if field.choices else text)
    if len(fields) < 2 or set(fields) & set(case.blueprint.roles):
        return None
    entity = case.pick(kind.names)
    if entity in case.blueprint.data:
        return None
    case.tree.setdefault("data", {})[entity] = fields
    staff = case.staff()
    public = any(page.who is None for page in case.blueprint.page_list)
    own = "default" in case.tree.get("access", {}) and case.tree["access"]["default"].get("read") == "own"
    who, page_who = _access(case, entity, kind, staff, public, own)
    page = label(many(entity))
    if any(other.name == page for other in case.blueprint.page_list):
        return None
    way = case.pick(("table", "cards", "list")) if kind.function in ("news", "idea", "event") else "table"
    blocks: list[dict[str, object]] = [{way: entity}]
    if way != "table" or kind.function in ("log", "inbox", "review"):
        blocks.insert(0, {"form": entity}) if kind.function != "inbox" else blocks.append({"form": entity})
    if kind.function == "inbox":
        blocks = [{"form": entity}]
        case.tree["pages"][f"{label(many(entity))} inbox ({staff or 'admin'})"] = [{"table": entity}]
    case.tree["pages"][f"{page}{page_who}"] = blocks
    names = ", ".join(said)
    request = told(
        case, "add {many} with {names}", "we also [want to|need to] keep {many}: {names}", "there should be a page for {many} ({names})", "I'd like to [record|save|manage] {many} too, with {names}", "{many} are missing: {names}",
        "let us [keep track of|manage] {many}. Each {one} has {names}", many=many(entity), one=one(entity), names=names,
    )  # fmt: skip
    if who:
        request += case.pick((f". {who}", f"; {who[0].lower()}{who[1:]}"))
    return Change(request, case.tree, needs=(need("entity", like=Like.of(one(entity))),))


def _borrowed() -> list[EntityKind]:
    return [
        kind
        for domain in domains()
        for kind in domain.entities.values()
        if kind.function in ("log", "task", "event", "record")
        and sum(field.kind == "reference" for field in kind.fields.values() if field.core) == 0
    ]


def _access(case: Case, entity: str, kind: EntityKind, staff: str, public: bool, own: bool) -> tuple[str, str]:
    """Access for a new entity; what the request says of it, and for whom its page is."""
    access = case.tree.setdefault("access", {})
    if kind.function == "inbox" and public:
        access[entity] = {"read": staff or "nobody", "create": "anyone", "write": staff or "nobody"}
        return f"Only {many(staff) if staff else 'the admin'} read them, anybody can send one", ""
    if own:
        return "", " (user)"
    if kind.function in ("news", "event") and public and staff:
        access[entity] = {"read": "anyone", "write": staff}
        return f"Everybody can see them, {many(staff)} write them", ""
    if staff and public:
        access[entity] = {"read": staff, "write": staff}
        return f"Only {many(staff)} see them", f" ({staff})"
    if "default" not in access:
        access[entity] = {"read": "user", "write": staff or "user"}
        return (f"{label(many(staff))} edit them" if staff else "Everybody with an account can edit them"), " (user)"
    return "", " (user)"


def remove(case: Case) -> Change | None:
    case = case.fresh()
    if len(case.entities) < 3:
        return None
    entity = case.pick(case.entities)
    if any(entity == field.target for other in case.entities if other != entity for field in case.fields(other)):
        return None
    del case.tree["data"][entity]
    for part in ("access", "seed"):
        case.tree.get(part, {}).pop(entity, None)
    pages = {}
    for key, blocks in case.tree["pages"].items():
        kept = [block for block in blocks if not _names(block, entity)]
        if kept:
            pages[key] = kept
    if not pages or any(
        re.search(rf"\b{entity}\b", repr(part)) for part in (pages, case.tree["data"], case.tree.get("access", {}))
    ):
        return None
    case.tree["pages"] = pages
    if "automations" in case.tree:
        kept_automations = {
            key: steps for key, steps in case.tree["automations"].items() if entity not in f"{key} {steps}"
        }
        if kept_automations:
            case.tree["automations"] = kept_automations
        else:
            del case.tree["automations"]
    for part in ("access", "seed"):
        if part in case.tree and not case.tree[part]:
            del case.tree[part]
    request = told(
        case,
        "remove {many} [completely|altogether|everywhere|]",
        "we don't need {many} any more",
        "drop the {many}",
        "take out {many} and everything that shows them",
        "no more {many}",
        many=many(entity),
    )
    return Change(request, case.tree)


def _names(block: dict[str, object], entity: str) -> bool:
    kind, of = next(iter(block.items()))
    return bool(re.search(rf"\b{entity}\b", repr(of))) or (kind == "custom" and entity in repr(block.get("data", "")))


def link(case: Case) -> Change | None:
    """One kind of records comes to name another."""
    case = case.fresh()
    if len(case.entities) < 2:
        return None
    entity, target = case.rng.sample(case.entities, 2)
    fields = case.fields(entity)
    if (
        any(field.target == target for field in fields)
        or any(field.part for field in fields)
        or any(field.target == entity for field in case.fields(target))
    ):
        return None
    name = snake(target)
    if name in {field.name for field in fields}:
        return None
    case.add_field(entity, name, target)
    for _, _, block in case.blocks_of(entity, "form"):
        if "show" in block:
            block["show"] = [*block["show"], name]
    request = told(
        case,
        "each {one} should be linked to {a_target}",
        "let people choose {a_target} for every {one}",
        "{many} need to say which {target} they belong to",
        "connect {many} with {targets}",
        "add the {target} to {many}",
        one=one(entity),
        many=many(entity),
        target=one(target),
        a_target=article(one(target)),
        targets=many(target),
    )
    return Change(
        request,
        case.tree,
        needs=(need("reference", entity=Like.of(one(entity)), to=Like.of(one(target)), through=True),),
        added=told(
            case,
            "each {one} also names {a_target}",
            "every {one} belongs to {a_target}",
            one=one(entity),
            a_target=article(one(target)),
        ),
    )


CHANGES: tuple[tuple[Maker, float], ...] = ((rename, 1.2), (add, 2.5), (remove, 1), (link, 1))
