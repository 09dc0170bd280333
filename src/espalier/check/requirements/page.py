"""There is a page of a kind, and who may open it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Self

from ..report import Finding, fine, wrong
from ..words import Like
from .base import Requirement
from .outline import Outline
from .role import visitors_like

if TYPE_CHECKING:
    from ..subject import Subject


class Page(Requirement):
    """A page of such a name. who: the visitors that may open it (no more and no fewer), anybody when empty."""

    kind: ClassVar[str] = "page"
    like: Like
    who: tuple[Like, ...] = ()
    home: bool = False

    def phrase(self) -> str:
        people = " for " + ", ".join(str(who) for who in self.who) if self.who else ""
        return f"There is a page {self.like}{people}"

    def look(self, outline: Outline, subject: Subject | None) -> Finding:
        pages = {page.name: page for page in outline.blueprint.page_list}
        name = self.like.best(pages)
        if name is None:
            return wrong("pages", f"no page is called like `{self.like}`", f"add a page `{self.like}`")
        page = pages[name]
        if self.home and page is not outline.blueprint.page_list[0]:
            return wrong(f"pages > {page.key}", "should be the first page")
        if not page.blocks:
            return wrong(f"pages > {page.key}", "is empty")
        if self.who:
            wanted = {visitor for who in self.who for visitor in visitors_like(who, outline, exact=True)}
            opens = {one for one in outline.rights.people if outline.rights.opens(page, one) is not False}
            if wanted - {"admin"} != opens:
                allowed = ", ".join(sorted(opens)) or "nobody but the admin"
                return wrong(f"pages > {page.key}", f"may be opened by {allowed}")
        return fine(f"pages > {page.key}")

    @classmethod
    def facts(cls, outline: Outline) -> Iterator[Self]:
        pages = outline.blueprint.page_list
        for at, page in enumerate(pages):
            opens = [one for one in outline.rights.people if outline.rights.opens(page, one) is not False]
            yield cls(
                like=Like.only(page.name, [other.name for other in pages]),
                who=tuple(Like.only(one, outline.roles) for one in opens or ["admin"]),
                home=at == 0,
            )
