"""Blocks of records that those who meet them may not read."""

from collections.abc import Iterator

from ..checks import check
from ..report import Finding, fine, wrong
from ..rights import STRANGER
from ..subject import Subject


@check("static", weight=2)
def unreadable_blocks(subject: Subject) -> Iterator[Finding]:
    """Every block that shows records shows them to somebody who opens its page."""
    structure = subject.structure
    for placed in structure.blocks:
        for entity in (*structure.shows(placed.block), *structure.counts(placed.block)):
            if entity == "User":
                continue
            people = structure.audience(placed)
            readers = [person for person in people if structure.may("read", entity, person) is not False]
            if people and not readers:
                named = " or ".join(people)
                yield wrong(
                    placed.where,
                    f"it shows `{entity}`, but of those who see the page ({named}) nobody may read it",
                    f"write `{entity}: {{read: {named}}}` under access, or move the block to a page of those who may",
                )
            elif (
                placed.page.who is None
                and placed.page is subject.blueprint.page_list[0]
                and STRANGER in people
                and (
                    entity not in subject.blueprint.access
                    and "default" not in subject.blueprint.access
                    and subject.blueprint.signup != "invite"
                    and structure.meaning.parent(entity) is None
                    and structure.may("read", entity, STRANGER) is False
                    and _is_shop_window(placed.page)
                )
            ):
                yield wrong(
                    placed.where,
                    f"visitors see a page with `{entity}`, but only people with an account may read it",
                    f"write `{entity}: {{read: anyone, write: own}}` under access",
                )
            else:
                yield fine(placed.where)


def _is_shop_window(page: object) -> bool:
    return any(block.kind == "hero" for block in page.blocks)  # type: ignore[attr-defined]
