"""Kinds of records that hold next to nothing."""

from collections.abc import Iterator

from ..checks import check
from ..report import Finding, fine, wrong
from ..subject import Subject


@check("static", weight=3)
def thin_entities(subject: Subject) -> Iterator[Finding]:
    """Every kind of record holds more than one thing, or others refer to it."""
    structure = subject.structure
    for name, entity in subject.blueprint.data.items():
        if name == "User":
            continue
        kept = [field for field in entity.fields.values() if not field.computed]
        alone = len(kept) <= 1 and not any(True for _ in structure.meaning.children(name))
        # A vote is one reference, a message one text, a list of addresses one email.
        enough = any(field.kind in ("reference", "long", "email", "image", "file") for field in kept)
        said = any(
            placed.block.kind in ("feed", "chat") and name in structure.shows(placed.block)
            for placed in structure.blocks
        )
        if alone and not enough and not said and not entity.actions:
            yield wrong(
                f"data > {name}",
                f"`{name}` has one field and nothing refers to it",
                "give it the fields that people need",
            )
        else:
            yield fine(f"data > {name}")
