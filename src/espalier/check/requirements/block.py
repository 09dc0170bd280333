"""Something is shown in a way: bookings on a calendar, orders on a board, a chart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Self

from espalier.blueprint.blocks import DataBlock
from espalier.blueprint.blocks.chart import Chart
from espalier.blueprint.blocks.stats import Stats
from espalier.blueprint.names import plural

from ..report import Finding, fine, wrong
from ..words import Like
from .alike import same_words
from .base import Requirement
from .outline import RECORDS, Outline, Sight

if TYPE_CHECKING:
    from ..subject import Subject

# Asked for as `records`, any block that shows them one by one will do.
FAMILIES: dict[str, frozenset[str]] = {"records": RECORDS}
CALLED = {"records": "a list", "stats": "figures", "form": "a form", "custom": "something made for it"}
# Options of a block that a full specification holds, apart from what is looked at by their own code.
PLAIN = ("limit", "edit", "total", "carousel", "best", "target", "compare", "until", "per", "hours", "slot", "capacity")


class Block(Requirement):
    """A block of one of these kinds, of an entity of such a name when said.

    Then, each when said: page (its name), by (the field it is arranged by), show (fields among those it shows; in this order and
    no others when exact), where (a condition), filter and sort (fields), labels and figures of stats, the drawing of a chart.
    """

    kind: ClassVar[str] = "block"
    any: tuple[str, ...]
    entity: Like | None = None
    page: Like | None = None
    by: Like | None = None
    show: tuple[Like, ...] | None = None
    where: str | None = None
    filter: tuple[Like, ...] | None = None
    sort: tuple[str, ...] | None = None
    figures: tuple[str, ...] | None = None
    drawing: str | None = None
    series: Like | None = None
    shown: str | None = None
    options: dict[str, str] | None = None
    exact: bool = False

    def phrase(self) -> str:
        kind = " or ".join(CALLED.get(one, f"{'an' if one[0] in 'aeiou' else 'a'} {one}") for one in self.any[:3])
        of = f" of {plural(str(self.entity))}" if self.entity else ""
        page = f" on the page {self.page}" if self.page else ""
        return f"There is {kind}{of}{page}"

    def look(self, outline: Outline, subject: Subject | None) -> Finding:
        kinds = {kind for one in self.any for kind in FAMILIES.get(one, {one})}
        sights = [sight for sight in outline.sights if sight.kind in kinds]
        if not sights:
            return wrong("pages", f"there is no {' or '.join(self.any[:3])}", "add one")
        if self.entity is not None:
            entities = outline.entities_like(self.entity)
            named = [sight for sight in sights if set(entities) & set(sight.entities)]
            if not named:
                return wrong(sights[0].where, f"shows no {plural(str(self.entity))}")
            sights = named
        if self.page is not None:
            found = self.page.best([page.name for page in outline.blueprint.page_list])
            there = [sight for sight in sights if sight.page.name == found]
            if not there:
                return wrong(f"pages > {found or self.page}", f"has no {' or '.join(self.any[:3])} as asked")
            sights = there
        whys = [self._against(sight) for sight in sights]
        if "" in whys:
            return fine(sights[whys.index("")].where)
        return wrong(sights[0].where, whys[0])

    def _against(self, sight: Sight) -> str:
        block: Any = sight.block
        if self.by is not None and not self.by.hits(sight.by):
            return f"is arranged by `{sight.by}`, asked is `{self.by}`"
        if self.exact and self.by is None and sight.by and isinstance(block, DataBlock):
            return f"is arranged by `{sight.by}`"
        for name, wanted in (("show", self.show), ("filter", self.filter)):
            if wanted is not None:
                why = self._paths(name, wanted, list(getattr(block, name, [])))
                if why:
                    return why
        if self.sort is not None and [str(sort) for sort in getattr(block, "sort", [])] != list(self.sort):
            return f"should be sorted by {', '.join(self.sort) or 'nothing'}"
        for name, said in (("where", self.where), ("shown", self.shown)):
            if said is not None:
                found = getattr(block, name, None)
                if not same_words(said, "" if found is None else str(found)):
                    return f"should be shown only where `{said}`" if said else f"should be shown without `{found}`"
        if self.figures is not None:
            figures = [str(value) for value in block.of.values()] if isinstance(block, Stats) else []
            missing = [one for one in self.figures if not any(same_words(one, figure) for figure in figures)]
            if missing:
                return f"lacks the figure `{missing[0]}`"
            if self.exact and len(figures) != len(self.figures):
                return "has other figures"
        if self.drawing is not None and not (isinstance(block, Chart) and same_words(self.drawing, str(block.of))):
            return f"should draw `{self.drawing}`"
        if self.series is not None and not self.series.hits(str(getattr(block, "series", None) or "")):
            return f"should have the series `{self.series}`"
        if self.options is not None:
            return self._options(block)
        return ""

    def _paths(self, name: str, wanted: tuple[Like, ...], found: list[str]) -> str:
        if self.exact:
            same = len(wanted) == len(found) and all(like.hits(path) for like, path in zip(wanted, found, strict=True))
            return "" if same else f"`{name}` should be: {', '.join(map(str, wanted)) or 'as by itself'}"
        missing = [str(like) for like in wanted if found and not like.best(found)]
        return f"`{name}` lacks {', '.join(missing)}" if missing else ""

    def _options(self, block: Any) -> str:
        found = options_of(block)
        for name in sorted({*found, *(self.options or {})}):
            wanted = (self.options or {}).get(name, "")
            if not same_words(wanted, found.get(name, "")):
                return f"`{name}` should be {wanted or 'left out'}"
        return ""

    @classmethod
    def facts(cls, outline: Outline) -> Iterator[Self]:
        pages = [page.name for page in outline.blueprint.page_list]
        for sight in outline.sights:
            block: Any = sight.block
            data = isinstance(block, DataBlock)
            fields = outline.blueprint.entities[sight.entities[0]].fields if sight.entities else {}
            yield cls(
                any=(sight.kind,),
                entity=Like.only(sight.entities[0], [*outline.entities, "User"]) if sight.entities else None,
                page=Like.only(sight.page.name, pages),
                by=Like.only(sight.by, fields) if data and sight.by else None,
                show=tuple(Like.only(path, fields) for path in block.show) if hasattr(block, "show") else None,
                where=_text(block.where) if hasattr(block, "where") else None,
                filter=tuple(Like.only(path, fields) for path in block.filter) if hasattr(block, "filter") else None,
                sort=tuple(str(sort) for sort in block.sort) if data else None,
                figures=tuple(str(value) for value in block.of.values()) if isinstance(block, Stats) else None,
                drawing=str(block.of) if isinstance(block, Chart) else None,
                series=Like.only(str(block.series), fields) if getattr(block, "series", None) else None,
                shown=_text(block.shown),
                options=options_of(block),
                exact=True,
            )


def options_of(block: Any) -> dict[str, str]:
    """What else a block says that changes what it does; words for people apart."""
    found = {name: str(value) for name in PLAIN if (value := getattr(block, name, None)) not in (None, [], "", False)}
    for name in ("set", "steps"):
        said = getattr(block, name, None)
        if said and isinstance(said, list):
            found[name] = "; ".join(str(step) for step in said)
        elif said and isinstance(said, dict) and block.kind == "wizard":
            found[name] = "; ".join(", ".join(map(str, fields)) for fields in said.values())
    if block.kind == "search":
        found["over"] = ", ".join(source.entity for source in block.of)
    to = getattr(getattr(block, "button", None), "to", "")
    if to:
        found["button"] = str(to)
    if block.kind == "custom":
        found["data"] = ", ".join(block.data)
    return found


def _text(said: object) -> str:
    return "" if said is None else str(said)
