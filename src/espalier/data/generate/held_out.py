"""The generated half of the held-out suite: prompts of domains that nobody trains on, with rubrics by construction.

Every prompt is proven: the app that was composed with it meets its rubric and passes the check. The apps are not kept.
"""

from __future__ import annotations

import json
from typing import Any

from ..proof import Claim, Court
from .make import STYLES, make
from .taxonomy import domains

FEWEST = 4  # demands of a prompt that is worth asking
MOST = 30
SEED = 14


def suite(number: int, court: Court, seed: int = SEED) -> list[dict[str, Any]]:
    """So many lines of the suite: every domain in turn, styles mixed."""
    found: list[dict[str, Any]] = []
    styles = list(STYLES)
    tried = 0
    places = domains(held=True)
    while len(found) < number:
        domain = places[len(found) % len(places)]
        # The offset of one more each round keeps a domain from meeting the same style again and again.
        style = styles[(len(found) + len(found) // len(places)) % len(styles)]
        made = make(tried, seed, (domain,), style)
        tried += 1
        if made is None or not FEWEST <= len(made.rubric.requirements) <= MOST:
            continue
        rubric = made.rubric.model_dump(mode="json", exclude_defaults=True)
        if not court.verdict(Claim(made.blueprint, made.prompt, json.dumps(rubric))).holds:
            continue
        found.append(
            {
                "id": f"generated-{domain.key}-{len(found) // len(places) + 1}",
                "domain": domain.key,
                "style": style,
                "language": "en",
                "prompt": made.prompt,
                "rubric": rubric,
            }
        )
    return found
