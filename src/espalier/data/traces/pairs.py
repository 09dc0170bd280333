"""Pairs to train on, out of traces: what somebody asked for, and the answer that they kept. Lines of a corpus file (data/pairs.py).

Each line carries the id of its build as lineage, so that forgetting the build finds it. Placeholders are filled with what belongs to
nobody, so that a blueprint runs again. Whether a pair is any good besides is for the dataset's proof to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from espalier.blueprint import BlueprintError

from ..canonical import canonical
from ..pairs import after
from .redaction import filled
from .traces import Trace

GOOD = ("kept", "published", "visited")
BAD = ("dropped", "deleted")
LEAST = 0.8  # of the check's score
LICENCE = "with the consent of who asked"


def pairs(traces: Iterable[Trace], least: float = LEAST) -> Iterator[dict[str, Any]]:
    """A line for each build that was kept in some way, and about which nobody complained. least: the score from which one counts."""
    for trace in traces:
        if not liked(trace):
            continue
        one = taken(trace)
        if one is None or (one["score"] or 0) < least or not one["prompt"]:
            continue
        line = {"prompt": filled(one["prompt"]), "source": "trace", "licence": LICENCE, "lineage": trace.id}
        try:
            if one["kind"] == "edit":
                edit = {"request": filled(one["request"]), "patch": filled(one["patch"])}
                before = canonical(filled(one["before"]))
                after(before, edit["patch"])
                yield {**line, "blueprint": before, "edits": [edit]}
            else:
                yield {**line, "blueprint": canonical(filled(one["blueprint"]))}
        except BlueprintError:  # it was written in a language that has changed since
            continue


def liked(trace: Trace) -> bool:
    """Was it kept, published or used, and did nobody complain, throw it away or think otherwise of it later?"""
    kinds = [one["kind"] for one in trace.outcomes]
    thumbs = [one["detail"].get("up") for one in trace.outcomes if one["kind"] == "thumbs"]
    if any(kind in BAD for kind in kinds) or any(one["detail"].get("frustrated") for one in trace.outcomes):
        return False
    if thumbs and not thumbs[-1]:
        return False
    return any(kind in GOOD for kind in kinds) or bool(thumbs)


def taken(trace: Trace) -> dict[str, Any] | None:
    """The candidate that was chosen, or the newest that came to an end; None when its text is not kept."""
    done = [one for one in trace.candidates if one["consent"] and one["state"] == "done" and one["blueprint"]]
    chosen = [one["detail"].get("chosen") for one in trace.outcomes if one["kind"] == "compared"]
    if chosen:
        done = [one for one in done if one["candidate"] == chosen[-1]]
    return done[-1] if done else None
