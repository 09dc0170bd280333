"""How the model does, for the page "your model": what serves, what builds took and cost, what became of them."""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from espalier.model import adapters
from espalier.model.endpoints import usual
from espalier.model.errors import ModelError

from . import store as tables

if TYPE_CHECKING:
    from .accounts import Account
    from .studio import Studio

DAY = 86_400.0
MOST = 10_000  # builds that figures are made of, the newest


def model(studio: Studio, account: Account) -> dict[str, Any]:
    """Everything of that page: figures of this account's builds, for the studio's owner of everybody's."""
    settings = studio.settings
    name = usual(settings)
    there, faults = adapters.find_all(settings)
    serving = ""
    try:
        serving = adapters.in_use(name, settings).name
    except ModelError:
        serving = next((one.name for one in there if one.name == name), "")
    rows = _rows(studio, account)
    today = time.time() - DAY
    return {
        "model": name,
        "routes": {purpose: studio.models.gateway.route(purpose) for purpose in ("build", "edit")},
        "adapter": serving,
        "adapters": [
            {
                "name": one.name,
                "tier": one.tier,
                "origin": one.origin,
                "serves": one.name == serving,
                "base": one.manifest.base.name,
                "created": one.manifest.created,
                "licence": one.manifest.licence,
                "figures": one.manifest.figures,
                "manifest": one.manifest.model_dump(mode="json", exclude={"figures"}),
            }
            for one in reversed(there)
        ],
        "faults": [str(fault) for fault in faults],
        "today": _figures([row for row in rows if row.at > today]),
        "all": _figures(rows),
        "by_adapter": {
            adapter or "none": _figures([row for row in rows if row.adapter == adapter])
            for adapter in sorted({row.adapter for row in rows})
        },
    }


def _rows(studio: Studio, account: Account) -> list[Any]:
    """Finished candidates with whether they were kept and what thumbs they got."""
    build, candidate, outcome = tables.build, tables.candidate, tables.outcome
    wanted = (
        select(
            candidate.c.build,
            candidate.c.number,
            candidate.c.state,
            candidate.c.score,
            candidate.c.seconds,
            candidate.c.tokens_in,
            candidate.c.tokens_out,
            candidate.c.cost,
            candidate.c.rented,
            candidate.c.adapter,
            candidate.c.at,
            build.c.kind,
        )
        .join(build, build.c.id == candidate.c.build)
        .where(candidate.c.state.in_(("done", "failed")))
        .order_by(candidate.c.at.desc())
        .limit(MOST)
    )
    if not account.is_owner:
        wanted = wanted.where(build.c.account == account.id)
    with studio.store.read() as connection:
        rows = list(connection.execute(wanted).all())
        kinds: dict[str, set[str]] = {}
        for id, kind, detail in connection.execute(select(outcome.c.build, outcome.c.kind, outcome.c.detail)):
            kinds.setdefault(id, set()).add(
                f"{kind} {'up' if detail.get('up') else 'down'}" if kind == "thumbs" else kind
            )
    return [_Row(row, kinds.get(row.build, set())) for row in rows]


class _Row:
    """A candidate with what became of its build."""

    def __init__(self, row: Any, kinds: set[str]) -> None:
        self.state, self.score, self.at, self.adapter = row.state, row.score, row.at, row.adapter
        self.seconds = float(dict(row.seconds or {}).get("total", 0))
        self.tokens = row.tokens_in + row.tokens_out
        self.cost, self.rented = row.cost, row.rented
        self.kept = bool(kinds & {"kept", "published"})
        self.up, self.down = "thumbs up" in kinds, "thumbs down" in kinds


def _figures(rows: list[Any]) -> dict[str, Any]:
    done = [row for row in rows if row.state == "done"]
    return {
        "builds": len(rows),
        "done": len(done),
        "seconds": round(median(row.seconds for row in done), 2) if done else None,
        "kept": round(sum(row.kept for row in done) / len(done), 3) if done else None,
        "score": round(sum(row.score for row in done) / len(done), 3) if done else None,
        "thumbs": {"up": sum(row.up for row in done), "down": sum(row.down for row in done)},
        "tokens": sum(row.tokens for row in rows),
        "cost": sum(row.cost for row in rows),
        "rented": sum(row.rented for row in rows),
    }
