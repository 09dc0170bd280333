"""The traces in numbers: how many builds, how good, how fast, at what cost, and what became of them."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable
from typing import Any

from .pairs import liked
from .traces import Trace


def figures(traces: Iterable[Trace]) -> dict[str, Any]:
    """Counts, medians and shares of all builds. Shares are of all builds, those of thumbs of all thumbs; None where there is nothing."""
    builds = list(traces)
    candidates = [one for trace in builds for one in trace.candidates]
    outcomes = [one for trace in builds for one in trace.outcomes]
    became = Counter(one["kind"] for one in outcomes)
    builds_with = Counter(kind for trace in builds for kind in {one["kind"] for one in trace.outcomes})
    thumbs = [one["detail"].get("up") for one in outcomes if one["kind"] == "thumbs"]
    scores = [one["score"] for one in candidates if one["score"] is not None]
    found: Counter[str] = Counter()
    for one in candidates:
        found.update(one["found"])
    return {
        "builds": len(builds),
        "with consent": sum(any(one["consent"] for one in trace.candidates) for trace in builds),
        "candidates": len(candidates),
        "calls": sum(len(trace.calls) for trace in builds),
        "score": round(statistics.fmean(scores), 3) if scores else None,
        "seconds": round(statistics.median(one["seconds"] for one in candidates), 2) if candidates else None,
        "tokens in": sum(one["tokens_in"] for one in candidates),
        "tokens out": sum(one["tokens_out"] for one in candidates),
        "cost": round(sum(one["cost"] for one in candidates), 6),
        "rented": round(sum(one["rented"] for one in candidates), 6),
        "kept": round(builds_with["kept"] / len(builds), 3) if builds else None,
        "liked": round(sum(liked(trace) for trace in builds) / len(builds), 3) if builds else None,
        "thumbs up": round(sum(map(bool, thumbs)) / len(thumbs), 3) if thumbs else None,
        "frustrated": sum(bool(one["detail"].get("frustrated")) for one in outcomes),
        "outcomes": dict(sorted(became.items())),
        "redacted": dict(sorted(found.items())),
        "by adapter": dict(sorted(Counter(one["adapter"] or one["model"] or "?" for one in candidates).items())),
    }
