"""Does the search find what somebody may read, and nothing else?"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from espalier.blueprint.blocks.base import DataBlock
from espalier.blueprint.blocks.search import Search

from ..checks import check
from ..report import Finding, fine, wrong
from .drawn import openers
from .turn import in_turn

if TYPE_CHECKING:
    from espalier.blueprint.schema import Page
    from espalier.runtime.access import Visitor

    from ..subject import Subject
    from ..world import Row, View

SEARCHED = ("text", "long", "email", "phone", "url", "location", "choice", "tags", "serial")
WORD = re.compile(r"[^\W\d_]{5,}")
LOOKED_FOR = 1  # words in a quick look, of one person in one kind of record


@check("use", weight=2, order=-10)
def search_finds(subject: Subject) -> Iterator[Finding]:
    """A word of a record finds it for those who may read it, and for nobody else."""
    if not in_turn(subject, "search_finds"):
        return
    pairs = [(entity, who) for entity in _searched(subject) for who in subject.cast.everybody]
    for entity, who in subject.some(pairs, LOOKED_FOR):
        view = subject.world.of(who)
        if view.can("read", entity) is not False:
            yield from _by_program(subject, view, entity)
    if subject.thorough:
        for page in subject.pages:
            for at, block in enumerate(page.blocks):
                for who in openers(subject, page) if isinstance(block, Search) else ():
                    yield from _on_page(subject, who, page, at)


def _searched(subject: Subject) -> list[str]:
    """Entities that people can search in: those of search blocks and of lists, which have a box when they are long."""
    rows = subject.world.rows
    found: dict[str, None] = {}
    for page in subject.blueprint.page_list:
        for block in page.blocks:
            if isinstance(block, Search):
                found |= {source.entity: None for source in block.of}
    if found and not subject.thorough:
        return [entity for entity in found if rows[entity]]
    for page in subject.blueprint.page_list:
        found |= {block.source.entity: None for block in page.blocks if isinstance(block, DataBlock)}
    return [entity for entity in found if rows[entity]]


def _by_program(subject: Subject, view: View, entity: str) -> Iterator[Finding]:
    """Through the API, which searches as all blocks do."""
    for word, ids in subject.some(_words(subject, view, entity), LOOKED_FOR):
        url = f"/api/{entity}?search={word}&limit=200"
        answer = subject.get(view.who, url)
        where = f"{url} as {subject.cast.named(view.who)}"
        if answer.status != 200:
            yield wrong(where, f"answers {answer.status}")
            continue
        found = {item["id"] for item in json.loads(answer.text)["items"]}
        if strange := found - {row["id"] for row in view.readable(entity)}:
            yield wrong(where, f"finds {entity} {min(strange)}, which they may not read")
        elif missed := ids - found:
            yield wrong(where, f"does not find {entity} {min(missed)}, which holds the word")
        elif not ids and found:
            yield wrong(where, f"finds {entity} {min(found)}, though they may not see the word in it")
        else:
            yield fine(where)


def _on_page(subject: Subject, who: Visitor, page: Page, at: int) -> Iterator[Finding]:
    """Through the search block of a page."""
    view, block = subject.world.of(who), page.blocks[at]
    assert isinstance(block, Search)
    for place, source in enumerate(block.of):
        if view.can("read", source.entity) is False or (place == 0 and block.where is not None):
            continue
        slug = subject.app.entity_slugs[source.entity]
        for word, ids in _words(subject, view, source.entity)[:1]:
            url = f"{subject.url(page)}?b{at}-q={word}"
            answer = subject.get(who, url)
            missed = [id for id in sorted(ids)[:8] if f'href="/{slug}/{id}"' not in answer.text]
            where = f"{url} as {subject.cast.named(who)}"
            if answer.status != 200 or (missed and len(ids) <= 8):
                yield wrong(where, f"does not find {source.entity} {missed[0] if missed else ''}: {answer.status}")
            else:
                yield fine(where)


def _words(subject: Subject, view: View, entity: str) -> list[tuple[str, set[int]]]:
    """Words to look for, each with the records in which the person may see it: one that they see, one that they do not."""
    names = [
        name
        for name, field in view.blueprint.entities[entity].fields.items()
        if field.kind in SEARCHED and not field.computed
    ]
    seen: dict[str, set[int]] = {}
    hidden: dict[str, None] = {}
    for row in view.world.rows[entity]:
        for name in names:
            may = view.may("read", entity, row) and view.sees(entity, name, row)
            for word in _words_in(row, name):
                if may:
                    seen.setdefault(word, set()).add(row["id"])
                else:
                    hidden[word] = None
    found = subject.some(sorted(seen.items()), 1)
    unseen = [word for word in hidden if not any(other.startswith(word) for other in seen)]
    return [*found, *((word, set[int]()) for word in subject.some(unseen, 1))]


def _words_in(row: Row, name: str) -> list[str]:
    """The words in a field as the search knows them: small letters without accents."""
    value = row.get(name)
    texts = value if isinstance(value, list) else [value]
    found = [word for text in texts if isinstance(text, str) for word in WORD.findall(_bare(text))]
    return [word for word in found if word.isascii()]


def _bare(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
