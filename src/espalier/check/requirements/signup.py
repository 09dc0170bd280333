"""How people come in: everybody by signing up, or only those who are invited."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from ..report import Finding, fine, wrong
from .base import Requirement
from .outline import Outline

if TYPE_CHECKING:
    from ..subject import Subject


class Signup(Requirement):
    """who: `invite` (nobody by themselves), `open`, or the words of the blueprint."""

    kind: ClassVar[str] = "signup"
    who: Literal["invite", "open"]
    first: str = ""

    def phrase(self) -> str:
        return "Accounts are only by invitation" if self.who == "invite" else "Everybody can make an account"

    def look(self, outline: Outline, subject: Subject | None) -> Finding:
        said = outline.blueprint.signup
        invite = said == "invite"
        if invite != (self.who == "invite"):
            return wrong(
                "signup", "is not as asked", "write `signup: invite`" if self.who == "invite" else "leave it out"
            )
        if self.first and self.first != _first(outline):
            return wrong("signup", f"who signs up should become `{self.first}`")
        return fine("signup")

    @classmethod
    def facts(cls, outline: Outline) -> Iterator[Self]:
        if outline.blueprint.signup == "invite":
            yield cls(who="invite")
        elif outline.has_accounts:
            yield cls(who="open", first=_first(outline))


def _first(outline: Outline) -> str:
    """The roles that a sign-up gives, as the blueprint would write them."""
    said, roles = outline.blueprint.signup, outline.roles
    return said or (roles[0] if len(roles) > 1 else "user")
