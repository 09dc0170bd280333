"""Who may do what, which roles there are, how people come in."""

from __future__ import annotations

from espalier.check.words import Like

from ..needs import need
from .base import Case, Change, Maker, many, one, told

ROLES = (
    "assistant accountant apprentice volunteer supervisor editor inspector treasurer secretary trainer driver helper reviewer moderator planner buyer "
    "receptionist coordinator intern partner controller caretaker observer archivist cashier foreman tutor consultant"
).split()


def _entry(case: Case, entity: str) -> dict[str, object]:
    """The access entry of an entity, written out when only the default says it."""
    access = case.tree.setdefault("access", {})
    if entity not in access:
        access[entity] = dict(access.get("default", {"read": "user", "write": "own"}))
    return access[entity]


def _whole(case: Case) -> list[str]:
    """Entities that are no part of another."""
    return [name for name in case.entities if not any(field.part for field in case.fields(name))]


def publish(case: Case) -> Change | None:
    case = case.fresh()
    closed = [name for name in _whole(case) if "anyone" not in str(_entry(case.fresh(), name).get("read"))]
    if not closed:
        return None
    entity = case.pick(closed)
    _entry(case, entity)["read"] = "anyone"
    page = next(
        (
            page
            for page, _, _ in case.blocks_of(entity, "table", "cards", "list", "gallery", "calendar")
            if page.endswith("(user)")
        ),
        None,
    )
    if page is None:
        return None
    case.tree["pages"] = {
        key.removesuffix(" (user)") if key == page else key: blocks for key, blocks in case.tree["pages"].items()
    }
    request = told(
        case,
        "everybody should be able to see the {many}, without an account",
        "make the {many} public",
        "visitors should see the {many} too",
        "show the {many} to people who are not logged in",
        "no login needed to look at {many}",
        many=many(entity),
    )
    return Change(request, case.tree, needs=(need("public", entity=Like.of(one(entity))),))


def restrict_writing(case: Case) -> Change | None:
    case = case.fresh()
    entities = _whole(case)
    if not case.blueprint.roles or not entities:
        return None
    role, entity = case.pick(case.blueprint.roles), case.pick(entities)
    entry = _entry(case, entity)
    if entry.get("write") == role and not {"create", "update", "delete"} & set(entry):
        return None
    for part in ("create", "update", "delete"):
        entry.pop(part, None)
    entry["write"] = role
    if entry.get("read") == "own":
        return None
    request = told(
        case,
        "only {roles} [may|can|should] [change|edit|add and edit] {many}",
        "nobody but {roles} should edit {many}",
        "let only the {role} add or change {many}",
        "{many} should be maintained by {roles} only",
        "take away the right to edit {many} from everyone except {roles}",
        roles=many(role),
        role=role.replace("_", " "),
        many=many(entity),
    )
    return Change(
        request,
        case.tree,
        needs=(
            need(
                "permission",
                who=Like.of(role.replace("_", " ")),
                operation="write",
                entity=Like.of(one(entity)),
                reach="all",
                only=True,
            ),
        ),
    )


def allow(case: Case) -> Change | None:
    """Another role may do it too."""
    case = case.fresh()
    options = [(entity, part, role) for entity, entry in case.tree.get("access", {}).items() if entity in case.blueprint.data for part in ("read", "create", "update", "delete", "write") if part in entry for role in case.blueprint.roles if role not in str(entry[part]) and str(entry[part]) not in ("anyone", "user", "nobody")]  # fmt: skip
    if not options:
        return None
    entity, part, role = case.pick(options)
    entry = case.tree["access"][entity]
    entry[part] = f"{entry[part]} or {role}"
    does = {"read": "see", "create": "add", "update": "change", "delete": "delete", "write": "edit"}[part]
    request = told(
        case,
        "{roles} should [also |]be able to {does} {many}",
        "let {roles} {does} {many} [too|as well]",
        "give {roles} the right to {does} {many}",
        "{roles} may {does} {many} too",
        roles=many(role),
        does=does,
        many=many(entity),
    )
    return Change(
        request,
        case.tree,
        needs=(
            need(
                "permission",
                who=Like.of(role.replace("_", " ")),
                operation=part,
                entity=Like.of(one(entity)),
                reach="all",
            ),
        ),
    )


def hide_field(case: Case) -> Change | None:
    case = case.fresh()
    found = case.some_field(
        "text", "long", "money", "phone", "email", "int", "number", "date", "choice", "bool", "file"
    )
    if not found or not case.blueprint.roles:
        return None
    entity, field = found
    role = case.staff()
    if (
        field.name == case.blueprint.data[entity].title_field
        or field.required
        or (case.chance(0.5) and field.kind == "choice")
    ):
        return None
    entry = _entry(case, entity)
    if field.name in entry:
        return None
    if case.chance(0.5):
        entry[field.name] = {"read": role, "write": role}
        request = told(
            case,
            "only {roles} should see the {field} of {many}",
            "hide the {field} of {many} from everyone but {roles}",
            "the {field} of {many} is for {roles} only",
            "keep the {field} of {many} to the {roles}",
            roles=many(role),
            field=field.name.replace("_", " "),
            many=many(entity),
        )
        demand = need(
            "permission",
            who=Like.of(role.replace("_", " ")),
            operation="read",
            entity=Like.of(one(entity)),
            field=Like.of(field.name.replace("_", " ")),
            reach="all",
        )
    else:
        entry[field.name] = {"write": role}
        request = told(
            case,
            "only {roles} should set the {field} of {many}",
            "let just the {roles} fill in {field} on {many}",
            "the {field} of {many} may be changed by {roles} only",
            roles=many(role),
            field=field.name.replace("_", " "),
            many=many(entity),
        )
        demand = need(
            "permission",
            who=Like.of(role.replace("_", " ")),
            operation="write",
            entity=Like.of(one(entity)),
            field=Like.of(field.name.replace("_", " ")),
            reach="all",
        )
    return Change(request, case.tree, needs=(demand,))


def add_role(case: Case) -> Change | None:
    case = case.fresh()
    entities = _whole(case)
    free = [role for role in ROLES if role not in case.blueprint.roles]
    if not entities or len(case.blueprint.roles) > 4:
        return None
    role, entity = case.pick(free), case.pick(entities)
    before = list(case.tree.get("roles", []))
    entry = _entry(case, entity)
    part = case.pick(("write", "read"))
    if str(entry.get(part)) in ("anyone", "user"):
        return None
    before_that = entry.get(part, "own")
    entry[part] = role if before_that == "nobody" else f"{before_that} or {role}"
    case.tree["roles"] = [*before, role]
    if len(before) < 2 and not case.blueprint.signup:
        case.tree["signup"] = before[0] if before and before[0] not in ("admin",) else "user"
        if len(before) == 1:
            case.tree["signup"] = "user"
    does = {"write": "edit", "read": "see"}[part]
    request = told(
        case,
        "add a role {role} who may {does} {many}",
        "we also have {roles}, they should {does} the {many}",
        "there should be {roles} who can {does} {many}",
        "new role: {role}, can {does} {many}",
        "add {roles}: they {does} {many}",
        role=role,
        roles=many(role),
        does=does,
        many=many(entity),
    )
    return Change(
        request,
        case.tree,
        needs=(need("role", like=Like.of(role)),),
        added=told(
            case, "there are also {roles} who may {does} {many}", roles=many(role), does=does, many=many(entity)
        ),
    )


def invite(case: Case) -> Change | None:
    case = case.fresh()
    if case.blueprint.signup == "invite":
        return None
    if any("anyone" in str(entry) for entry in case.tree.get("access", {}).values()):
        return None
    case.tree["signup"] = "invite"
    return Change(
        told(
            case,
            "only people we invite should get an account",
            "make it invite only",
            "nobody should be able to sign up by themselves",
            "turn off public sign-up",
            "accounts by invitation only",
        ),
        case.tree,
        needs=(need("signup", who="invite"),),
    )


def restrict_page(case: Case) -> Change | None:
    case = case.fresh()
    pages = [
        page
        for page in case.blueprint.page_list[1:]
        if page.who is not None and str(page.who) == "user" and not page.each
    ]
    if not pages or not case.blueprint.roles:
        return None
    page, role = case.pick(pages), case.staff()
    new = f"{page.name} ({role})"
    case.tree["pages"] = {new if key == page.key else key: blocks for key, blocks in case.tree["pages"].items()}
    request = told(
        case,
        "only {roles} should see the page {page}",
        "hide {page} from everyone but {roles}",
        "the {page} page is for {roles}",
        "make {page} visible to {roles} only",
        roles=many(role),
        page=page.name,
    )
    return Change(request, case.tree, needs=(need("page", like=Like.of(page.name), who=(Like.of(role),)),))


CHANGES: tuple[tuple[Maker, float], ...] = (
    (publish, 0.8),
    (restrict_writing, 1.5),
    (allow, 1.5),
    (hide_field, 1.5),
    (add_role, 1),
    (invite, 0.5),
    (restrict_page, 0.8),
)
