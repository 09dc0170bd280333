"""How much there is, and when it is beyond any sense."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..checks import check
from ..report import Finding, fine
from ..structure import Structure
from ..subject import Subject

# About twice what the largest honest apps have that we know.
MOST = {
    "entities": 16,
    "pages": 18,
    "blocks": 60,
    "fields": 100,
    "fields of one entity": 30,
    "automations": 14,
    "roles": 8,
    "blocks of one page": 16,
    "words on pages": 3000,
    "words of one block": 700,
}


def sizes(structure: Structure) -> dict[str, int]:
    """How much there is of everything."""
    blueprint = structure.blueprint
    data, pages = blueprint.data.values(), blueprint.page_list
    words = [sum(len(text.split()) for text in structure.texts(block)) for page in pages for block in page.blocks]
    return {
        "entities": len(data),
        "pages": len(pages),
        "blocks": sum(len(page.blocks) for page in pages),
        "fields": sum(len(entity.fields) for entity in data),
        "fields of one entity": max((len(entity.fields) for entity in data), default=0),
        "automations": len(blueprint.automations),
        "roles": len(blueprint.roles),
        "blocks of one page": max((len(page.blocks) for page in pages), default=0),
        "words on pages": sum(words),
        "words of one block": max(words, default=0),
    }


def beyond(found: Mapping[str, int], most: Mapping[str, float], advice: str) -> Finding:
    """One finding: fine within every limit, else the less the further the worst is beyond its own."""
    worst = min(most, key=lambda name: most[name] / max(found[name], 1))
    share = most[worst] / max(found[worst], 1)
    if share >= 1:
        return fine()
    return Finding(
        False, "", f"{found[worst]} {worst} are too many (about {most[worst]:.0f} would do)", advice, share**1.5
    )


@check("static", gate=True)
def size(subject: Subject) -> Iterator[Finding]:
    """The app has a size that people can take in."""
    yield beyond(sizes(subject.structure), MOST, "leave out what nobody asked for")
