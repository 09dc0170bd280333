"""There are people of a kind who may do other things than the rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Self

from ..report import Finding, fine, wrong
from ..words import Like
from .base import Requirement
from .outline import Outline

if TYPE_CHECKING:
    from ..subject import Subject

# Who may run an app without a role of their own: the admin is there always.
RUNNERS = Like(any=("admin", "administrator", "owner", "manager", "boss", "superuser", "me"))
# Who needs no role where everybody with an account is one of them.
PLAIN = Like(
    any=(
        "user",
        "member",
        "customer",
        "client",
        "subscriber",
        "account",
        "person",
        "employee",
        "student",
        "player",
        "volunteer",
        "applicant",
    )
)


class Role(Requirement):
    """A role of such a name. The admin may serve as who runs the app, a plain account as member or customer."""

    kind: ClassVar[str] = "role"
    like: Like
    exact: bool = False

    def phrase(self) -> str:
        return f"There are people with the role {self.like}"

    def look(self, outline: Outline, subject: Subject | None) -> Finding:
        if visitors_like(self.like, outline, exact=self.exact):
            return fine("roles")
        return wrong(
            "roles", f"nobody is called like `{self.like}`", f"add the role `{str(self.like).replace(' ', '_')}`"
        )

    @classmethod
    def facts(cls, outline: Outline) -> Iterator[Self]:
        for role in outline.roles:
            yield cls(like=Like.only(role, outline.roles), exact=True)


def visitors_like(like: Like, outline: Outline, *, exact: bool = False) -> list[str]:
    """The visitors (`anyone`, `user`, a role, `admin`) who are called so; empty when there are none."""
    if like.any == ("anyone",):
        return ["anyone"]
    if like.any == ("user",):
        return ["user"]
    roles = like.among(outline.roles)
    if roles:
        return roles
    if exact:
        return []
    if any(RUNNERS.hits(one) for one in like.any) or like.hits("admin"):
        return ["admin"]
    plain = any(PLAIN.hits(one) for one in like.any) or like.hits("user")
    if plain and outline.has_accounts:
        usual = [visitor for visitor in outline.rights.people if visitor != "anyone"]
        return usual[:1] or ["user"]
    return []
