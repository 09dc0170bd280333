"""Who may do what with which records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from espalier.blueprint.names import plural

from ..report import Finding, fine, wrong
from ..words import Like
from .alike import same_words
from .base import Requirement
from .outline import Outline
from .role import visitors_like

if TYPE_CHECKING:
    from ..subject import Subject

Operation = Literal["read", "create", "update", "delete", "write"]
SAYS = {
    "all": "may {do} all {what}",
    "own": "may {do} only their own {what}",
    "some": "may {do} {what} under conditions",
    "none": "may not {do} {what}",
    "yes": "may {do} {what}",
    "limited": "may {do} only some {what}",
}


class Permission(Requirement):
    """How far the right of some people goes: decided over the access rules as the app enforces them.

    who: `anyone` (without an account), `user` (a plain account), or a role's name. reach: all, own, some (it depends on the
    record), none; or loosely yes (at least some) and limited (some, but not all). only: nobody else (but the admin) may. field: of
    this field instead of the whole record, then the operation is read or write. rule: the condition in the blueprint's words, names apart,
    for a full specification where it depends on the record.
    """

    kind: ClassVar[str] = "permission"
    who: Like
    operation: Operation
    entity: Like
    reach: Literal["all", "own", "some", "none", "yes", "limited"]
    field: Like | None = None
    only: bool = False
    rule: str | None = None
    exact: bool = False

    def phrase(self) -> str:
        what = plural(str(self.entity)) if self.field is None else f"the {self.field} of {plural(str(self.entity))}"
        who = {"anyone": "a stranger", "user": "a person with an account"}.get(str(self.who), str(self.who))
        text = SAYS[self.reach].format(do=self.operation, what=what)
        return f"{'Only ' if self.only else ''}{who} {text}" if self.only else f"{who[:1].upper()}{who[1:]} {text}"

    def look(self, outline: Outline, subject: Subject | None) -> Finding:
        entities = outline.entities_like(self.entity) or self.entity.among(["User"])
        if not entities:
            return wrong("access", f"there is no entity like `{self.entity}`")
        visitors = visitors_like(self.who, outline, exact=self.exact)
        if not visitors:
            return wrong("roles", f"nobody is called like `{self.who}`")
        whys = [self._against(entity, visitors, outline) for entity in entities]
        if "" in whys:
            return fine(f"access > {entities[whys.index('')]}")
        return wrong(f"access > {entities[0]}", whys[0])

    def _against(self, entity: str, visitors: list[str], outline: Outline) -> str:
        found = [self._reach(outline, entity, visitor) for visitor in visitors]
        if not any(self._is(reach) for reach in found):
            return f"{visitors[0]}: {self.operation} reaches `{found[0]}`, asked is `{self.reach}`"
        if self.rule is not None and not same_words(self.rule, self._rule(outline, entity)):
            return f"{self.operation}: the rule should be `{self.rule}`"
        if self.only:
            # Of reading, only who has no part in the app is meant: whoever works in it may see what there is.
            others = [
                one
                for one in outline.rights.people
                if one not in visitors and (self.operation != "read" or one in ("anyone", "user"))
            ]
            # Others may still do it with what is theirs where that is how records come into being.
            too = [one for one in others if self._reach(outline, entity, one) == "all"]
            if too:
                return f"{', '.join(too)} may {self.operation} them too"
        return ""

    def _reach(self, outline: Outline, entity: str, visitor: str) -> str:
        rights = outline.rights
        if self.field is not None:
            name = self.field.best(outline.blueprint.entities[entity].fields)
            if name is None:
                return "no such field"
            operation = "read" if self.operation == "read" else "write"
            return rights.field_reach(operation, entity, name, visitor)
        if self.operation == "write":
            found = {rights.reach(one, entity, visitor) for one in ("create", "update", "delete")}
            return next(reach for reach in ("all", "some", "own", "none") if reach in found)
        return rights.reach(self.operation, entity, visitor)

    def _rule(self, outline: Outline, entity: str) -> str:
        """What the blueprint says of this operation, of the field when one is asked for."""
        entry = outline.blueprint.access.get(entity)
        if self.field is not None:
            said = entry.fields.get(self.field.best(outline.blueprint.entities[entity].fields) or "") if entry else None
            return str(getattr(said, self.operation, None) or "")
        return str((entry.rule(self.operation) if entry else None) or "")

    def _is(self, reach: str) -> bool:
        match self.reach:
            case "yes":
                return reach in ("all", "own", "some")
            case "limited":
                return reach in ("own", "some")
            case _:
                return reach == self.reach

    @classmethod
    def facts(cls, outline: Outline) -> Iterator[Self]:
        rights = outline.rights
        for name in dict.fromkeys([*outline.entities, *(["User"] if "User" in outline.blueprint.access else [])]):
            entity = outline.blueprint.entities[name]
            like = Like.only(name, outline.entities)
            entry = outline.blueprint.access.get(name)
            for visitor in rights.people:
                who = Like.only(visitor, outline.roles)
                for operation in ("read", "create", "update", "delete"):
                    reach = rights.reach(operation, name, visitor)
                    rule = str((entry.rule(operation) if entry else None) or "") if reach == "some" else None
                    yield cls(who=who, operation=operation, entity=like, reach=reach, rule=rule, exact=True)
                for field, said in entry.fields.items() if entry else ():
                    for operation in ("read", "write"):
                        rule = getattr(said, operation)
                        if rule is not None:
                            reach = rights.field_reach(operation, name, field, visitor)
                            yield cls(
                                who=who,
                                operation=operation,
                                entity=like,
                                field=Like.only(field, entity.fields),
                                reach=reach,
                                rule=str(rule) if reach == "some" else None,
                                exact=True,
                            )
