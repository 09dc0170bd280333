"""Who may do what, read off the rules of a blueprint for a kind of visitor, without any data and apart from the runtime.

An answer is True (always), False (never), or None where it depends on the record. `own` says what is known of the record: that it
belongs to the person, that it belongs to somebody else, or nothing. With the data at hand the same is decided in world.py.
"""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from espalier.blueprint.condition import Expression
from espalier.blueprint.expression import Bound, Scope, bind_condition
from espalier.blueprint.expression import meaning as m
from espalier.blueprint.schema import Blueprint, Page

Answer = bool | None
Reach = Literal["all", "own", "some", "none"]
STRANGER = "anyone"  # somebody without an account; others are called `user` or by their role
ADMIN = "admin"
PUBLIC_OF_USER = ("name", "role", "avatar")
DEEPEST = 6  # how far a rule is followed through the records it names


class Rights:
    """The rules of one blueprint. Answers are kept."""

    def __init__(self, blueprint: Blueprint) -> None:
        self.blueprint = blueprint
        self.meaning = blueprint.meaning
        self._answers: dict[tuple[str, str, str, Answer], Answer] = {}
        self._bounds: dict[tuple[int, str], Bound] = {}

    # --- people -------------------------------------------------------------------------------------------------------

    @cached_property
    def joining(self) -> tuple[str, ...]:
        """What somebody is who signs up without being asked: roles or `user`; nobody where it takes an invitation."""
        said = [word.strip() for word in self.blueprint.signup.replace(",", " or ").split(" or ") if word.strip()]
        if said == ["invite"]:
            return ()
        own = [role for role in self.blueprint.roles if role != ADMIN]
        picked = tuple(word for word in said if word == "user" or word in own)
        return picked or (own[0] if len(own) > 1 else "user",)

    @cached_property
    def members(self) -> tuple[str, ...]:
        """Everybody with an account but the admin. A role that only an admin gives is somebody's too."""
        own = [role for role in self.blueprint.roles if role != ADMIN]
        return ("user", *own) if "user" in self.joining or not own else tuple(own)

    @cached_property
    def people(self) -> tuple[str, ...]:
        """Everybody but the admin, the stranger first."""
        return (STRANGER, *self.members)

    # --- access -------------------------------------------------------------------------------------------------------

    def may(self, operation: str, entity: str, person: str, own: Answer = None) -> Answer:
        """May the person do the operation with records of the entity? What is being made is the maker's own."""
        if operation == "create" and own is None and not self._wholes(operation, entity):
            own = True
        return self._may(operation, entity, person, own, 0)

    def reads_field(self, entity: str, name: str, person: str, own: Answer = None) -> Answer:
        """May the person see this field of the records they may read?"""
        if person == ADMIN:
            return True
        entry = self.blueprint.access.get(entity)
        said = entry.fields.get(name) if entry else None
        if said is not None and said.read is not None:
            return self.holds(said.read, person, entity, own)
        if entity == "User" and name not in PUBLIC_OF_USER:
            opened = entry is not None and entry.read is not None and name != "email"
            return True if opened else False if person == STRANGER else own
        return True

    def writes_field(self, entity: str, name: str, person: str, own: Answer = None) -> Answer:
        """May the person set this field of the records they may write?"""
        if person == ADMIN:
            return True
        entry = self.blueprint.access.get(entity)
        said = entry.fields.get(name) if entry else None
        if said is not None and said.write is not None:
            return self.holds(said.write, person, entity, own)
        return not (entity == "User" and name in ("email", "role"))

    def opens(self, page: Page, person: str) -> Answer:
        """May the person open the page?"""
        return True if page.who is None else self.holds(page.who, person, page.each)

    def reach(self, operation: str, entity: str, person: str) -> Reach:
        """How far a right goes: to all records, their own, some, none. `own` also where they may only make their own."""
        return _reach(*(self._may(operation, entity, person, own, 0) for own in (True, False)))

    def field_reach(self, operation: str, entity: str, name: str, person: str) -> Reach:
        """The same of one field, where the record itself may be read or written."""
        answer = self.reads_field if operation == "read" else self.writes_field
        return _reach(*(answer(entity, name, person, own) for own in (True, False)))

    def holds(self, who: Expression, person: str, entity: str = "", own: Answer = None) -> Answer:
        """Does a WHO hold for the person?"""
        return self._holds(self._bound(who, entity).meaning, person, own, 0)

    def _bound(self, who: Expression, entity: str) -> Bound:
        if who.bound is not None and who.bound.scope.entity in (None, entity or None):
            return who.bound
        # The default of access is bound for one entity only; its words mean something in every one.
        key = (id(who), entity)
        if key not in self._bounds:
            self._bounds[key] = bind_condition(who.node, Scope.visitor(self.meaning, entity or None))
        return self._bounds[key]

    def _may(self, operation: str, entity: str, person: str, own: Answer, depth: int) -> Answer:
        if person == ADMIN:
            return True
        if depth > DEEPEST or entity not in self.blueprint.entities:
            return None
        key = (operation, entity, person, own)
        if key not in self._answers:
            self._answers[key] = self._work_out(operation, entity, person, own, depth)
        return self._answers[key]

    def _work_out(self, operation: str, entity: str, person: str, own: Answer, depth: int) -> Answer:
        signed_in = person != STRANGER
        entry = self.blueprint.access.get(entity)
        who = entry.rule(operation) if entry else None
        if who is not None:
            return self._holds(self._bound(who, entity).meaning, person, own, depth)
        if entity == "User":
            return operation == "read" and signed_in
        if wholes := self._wholes(operation, entity):
            needed = ("read",) if operation == "read" else ("update", "read")
            return every([self._may(one, whole, person, own, depth + 1) for whole in wholes for one in needed])
        default = self.blueprint.access.get("default")
        who = default.rule(operation) if default else None
        if who is not None:
            return self._holds(self._bound(who, entity).meaning, person, own, depth)
        return signed_in if operation == "read" else signed_in and own

    def _wholes(self, operation: str, entity: str) -> list[str]:
        """What decides for the records of an entity without a rule of its own: the entities that they are parts of."""
        entry = self.blueprint.access.get(entity)
        if entity not in self.blueprint.entities or (entry and entry.rule(operation)):
            return []
        return [field.target for field in self.blueprint.entities[entity].fields.values() if field.part]

    def _holds(self, part: m.Meaning, person: str, own: Answer, depth: int) -> Answer:
        match part:
            case m.Constant(value=bool() as value):
                return value
            case m.HasRole(role=role):
                return person == role
            case m.SignedIn():
                return person != STRANGER
            case m.Own():
                return own if person != STRANGER else False
            case m.Not(operand=operand):
                inner = self._holds(operand, person, own, depth)
                return None if inner is None else not inner
            case m.Logic(operator=operator, operands=operands):
                answers = [self._holds(one, person, own, depth) for one in operands]
                return every(answers) if operator == "and" else either(answers)
            case m.Readable(reference=reference):
                target = reference.type.target or ""
                answer = either([self._may("read", target, person, whose, depth + 1) for whose in {own, False}])
                return answer if answer is False or self._always_there(reference) else None
            case m.Compare(operator="=") | m.Member() if person == STRANGER and _says_me(part):
                return False
        return None

    def _always_there(self, reference: m.Value) -> bool:
        return not reference.hops and self.blueprint.entities[reference.entity].fields[reference.field].required


def every(answers: list[Answer]) -> Answer:
    """All of the answers."""
    return False if False in answers else None if None in answers else True


def either(answers: list[Answer]) -> Answer:
    """Any of the answers."""
    return True if True in answers else None if None in answers else False


def _reach(mine: Answer, others: Answer) -> Reach:
    if others is True:
        return "all"
    if others is False:
        return "own" if mine is True else "none" if mine is False else "some"
    return "some"


def _says_me(part: m.Meaning) -> bool:
    match part:
        case m.Compare(left=left, right=right):
            return _is_me(left) or _is_me(right)
        case m.Member(item=item, collection=collection):
            return _is_me(item) or _is_me(collection)
    return False


def _is_me(part: m.Meaning) -> bool:
    return isinstance(part, m.Value) and part.anchor == "me"
