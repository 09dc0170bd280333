"""What is kept of how people build: the questions, the answers, what the check said, what became of it; joined by the id of the build.

Who agreed has texts kept, redacted before they are stored; of the others there are counts alone: tokens, seconds, cost, score. Turning
rows into something to train on is pairs.py's, taking what was forgotten out of that forgetting.py's.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from espalier.model.call import Call

from . import store as tables
from .outcomes import SPOKEN, counts, heard
from .redaction import Redaction

DAY = 86_400.0
TEXTS: dict[str, Any] = {
    "prompt": "",
    "request": "",
    "before": "",
    "blueprint": "",
    "patch": "",
    "report": None,
    "sampling": {},
}  # of a build
WORDS: dict[str, Any] = {"messages": [], "answer": "", "error": ""}  # of a call


@dataclass(frozen=True)
class BuildTrace:
    """A build at its end, or one candidate of it.

    kind: build, or edit with a `request` about the blueprint `before`. state: done, failed, refused, cancelled. report: as the check
    gives it, as JSON. seconds: of all of it; stages: of its parts, by name. cost, rented: dollars.
    """

    id: str
    account: str
    kind: str = "build"
    candidate: int = 1
    app: str = ""
    at: float = field(default_factory=time.time)
    prompt: str = ""
    request: str = ""
    before: str = ""
    blueprint: str = ""
    patch: str = ""
    report: dict[str, Any] | None = None
    score: float | None = None
    state: str = "done"
    endpoint: str = ""
    model: str = ""
    adapter: str = ""
    adapter_sha256: str = ""
    sampling: dict[str, Any] = field(default_factory=dict)
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    stages: dict[str, float] = field(default_factory=dict)
    cost: float = 0.0
    rented: float = 0.0


@dataclass(frozen=True)
class Trace:
    """All of a build: its candidates in order, the calls made for it and what became of it by time; plain values."""

    id: str
    account: str
    candidates: list[dict[str, Any]]
    calls: list[dict[str, Any]]
    outcomes: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


class Traces:
    """The traces of a studio. Threads may share it; what it does touches a disk, and redaction takes a millisecond a page.

    file: the database, made when it is not there. retention_days: after so long `expire` deletes. Raises OSError or SQLAlchemyError
    when the database cannot be opened or written.
    """

    def __init__(self, file: Path, *, retention_days: int = 180) -> None:
        self.file = file
        self.retention_days = retention_days
        self._engine = tables.open_store(file)
        self._key = tables.key_beside(file)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    # --- keeping ----------------------------------------------------------------------------------------------------------

    def keep_call(self, call: Call, consent: bool) -> None:
        """Keep a question and its answer; its counts alone without consent."""
        row = {**asdict(call), "messages": [dict(turn) for turn in call.messages], "consent": consent}
        with tables.writing(self._engine) as connection:
            if consent:
                with self._redaction(connection, call.build or call.id) as redaction:
                    redaction.learn(*(turn["content"] for turn in call.messages if turn["role"] == "user"))
                    row["messages"] = [
                        {**turn, "content": redaction.words(turn["content"], turn["role"] == "user")}
                        for turn in row["messages"]
                    ]
                    row["answer"], row["error"] = redaction.words(call.answer, False), redaction.words(call.error)
            else:
                row |= WORDS
            connection.execute(upsert(tables.call).values(row).on_conflict_do_nothing())

    def keep_build(self, build: BuildTrace, consent: bool) -> None:
        """Keep a build, or a candidate of one, in place of what was kept of it before; its counts alone without consent."""
        row = {**asdict(build), "consent": consent, "found": {}}
        with tables.writing(self._engine) as connection:
            if consent:
                with self._redaction(connection, build.id) as redaction:
                    redaction.learn(build.prompt, build.request, build.before)
                    row |= {name: redaction.words(row[name]) for name in ("prompt", "request", "before")}
                    row |= {name: redaction.words(row[name], False) for name in ("blueprint", "patch")}
                    row["report"] = redaction.all(build.report)
                    row["found"] = dict(redaction.found)
            else:
                row |= TEXTS
            same = ["id", "candidate"]
            more = {name: value for name, value in row.items() if name not in same}
            connection.execute(upsert(tables.build).values(row).on_conflict_do_update(index_elements=same, set_=more))

    def outcome(
        self,
        build_id: str,
        kind: str,
        *,
        account: str = "",
        consent: bool = True,
        at: float | None = None,
        **detail: Any,
    ) -> None:
        """Something became of a build; outcomes.py lists the kinds. Raises ValueError for another.

        account: who did it, and consent: whether their words may be kept. Words are kept only when the texts of the build are too.
        """
        detail = heard(kind, detail)
        with tables.writing(self._engine) as connection:
            there = connection.execute(
                select(tables.build.c.account, tables.build.c.consent).where(tables.build.c.id == build_id).limit(1)
            ).first()
            if not (consent and there and there.consent):
                detail = counts(detail)
            else:
                with self._redaction(connection, build_id) as redaction:
                    detail = {name: redaction.all(value, name in SPOKEN) for name, value in detail.items()}
            whose = account or (there.account if there else "")
            when = time.time() if at is None else at
            connection.execute(
                insert(tables.outcome).values(build=build_id, account=whose, kind=kind, detail=detail, at=when)
            )

    # --- reading ----------------------------------------------------------------------------------------------------------

    def builds(self, *, account: str | None = None, since: float = 0, most: int | None = None) -> list[dict[str, Any]]:
        """Rows of builds, newest first, a row for each candidate."""
        build = tables.build
        wanted = select(build).where(build.c.at >= since).order_by(build.c.at.desc(), build.c.candidate.desc())
        if account is not None:
            wanted = wanted.where(build.c.account == account)
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(wanted.limit(most)).mappings()]

    def trace(self, build_id: str) -> Trace | None:
        """All that is kept of a build; None when nothing is."""
        with self._engine.connect() as connection:
            candidates = _rows(connection, tables.build, tables.build.c.id == build_id, tables.build.c.candidate)
            calls = _rows(connection, tables.call, tables.call.c.build == build_id, tables.call.c.at)
            outcomes = _rows(connection, tables.outcome, tables.outcome.c.build == build_id, tables.outcome.c.id)
        if not (candidates or calls or outcomes):
            return None
        return Trace(build_id, (candidates or calls or outcomes)[0]["account"], candidates, calls, outcomes)

    def traces(self, *, account: str | None = None, since: float = 0, consented: bool = False) -> Iterator[Trace]:
        """Every build with all that belongs to it, oldest first. consented: only those whose texts are kept."""
        seen = dict.fromkeys(
            row["id"] for row in reversed(self.builds(account=account, since=since)) if row["consent"] or not consented
        )
        return (trace for id in seen if (trace := self.trace(id)))

    # --- forgetting -------------------------------------------------------------------------------------------------------

    def forget_build(self, build_id: str) -> None:
        """Delete all that is kept of a build, and remember its id alone: no data made from it may stay."""
        self._forget([build_id], "asked")

    def forget_account(self, account: str) -> int:
        """Delete all that is kept of an account, and what others said about its builds. Returns how many builds."""
        ids = self._of(account)
        self._forget(ids, "asked", account)
        return len(ids)

    def withdraw(self, account: str) -> int:
        """Consent is taken back: the texts go, the counts stay, and no data made from these builds may. Returns how many builds."""
        ids = self._of(account, consented=True)
        build, call, outcome = tables.build, tables.call, tables.outcome
        with tables.writing(self._engine) as connection:
            connection.execute(update(build).where(build.c.account == account).values(**TEXTS, consent=False, found={}))
            connection.execute(update(call).where(call.c.account == account).values(**WORDS, consent=False))
            said = connection.execute(
                select(outcome.c.id, outcome.c.detail).where((outcome.c.account == account) | outcome.c.build.in_(ids))
            ).all()
            for row in said:
                connection.execute(update(outcome).where(outcome.c.id == row.id).values(detail=counts(row.detail)))
            connection.execute(delete(tables.placeholder).where(tables.placeholder.c.scope.in_(ids)))
            _remember(connection, ids, "consent")
        tables.emptied(self._engine)
        return len(ids)

    def forgotten(self) -> dict[str, float]:
        """The builds that were forgotten, and when: what carries one of these ids as its lineage must go."""
        with self._engine.connect() as connection:
            return {row.build: row.at for row in connection.execute(select(tables.forgotten))}

    def expire(self, now: float | None = None) -> int:
        """Delete what is older than the retention. Returns how many builds went. Data made from them may stay: nobody asked for it to go."""
        before = (time.time() if now is None else now) - self.retention_days * DAY
        build, call, outcome, placeholder = tables.build, tables.call, tables.outcome, tables.placeholder
        with tables.writing(self._engine) as connection:
            old = list(connection.execute(select(build.c.id).where(build.c.at < before).distinct()).scalars())
            alone = select(call.c.id).where(call.c.at < before)
            connection.execute(delete(placeholder).where(placeholder.c.scope.in_(alone)))
            connection.execute(delete(call).where(call.c.at < before))
            connection.execute(delete(outcome).where(outcome.c.at < before))
            _delete(connection, old)
        tables.emptied(self._engine)
        return len(old)

    def exported_to(self, path: Path) -> None:
        """Remember that a file was written from traces: forgetting goes through it too."""
        with tables.writing(self._engine) as connection:
            row = {"path": str(path.resolve()), "at": time.time()}
            connection.execute(
                upsert(tables.exported).values(row).on_conflict_do_update(index_elements=["path"], set_=row)
            )

    def exports(self) -> list[Path]:
        """The files that were written from traces."""
        with self._engine.connect() as connection:
            return [Path(path) for path in connection.execute(select(tables.exported.c.path)).scalars()]

    # --- what they share --------------------------------------------------------------------------------------------------

    def _of(self, account: str, consented: bool = False) -> list[str]:
        build = tables.build
        wanted = select(build.c.id).where(build.c.account == account).distinct()
        with self._engine.connect() as connection:
            return list(connection.execute(wanted.where(build.c.consent) if consented else wanted).scalars())

    def _forget(self, ids: list[str], why: str, account: str | None = None) -> None:
        call, outcome, placeholder = tables.call, tables.outcome, tables.placeholder
        with tables.writing(self._engine) as connection:
            if account is not None:
                alone = select(call.c.id).where(call.c.account == account)
                connection.execute(delete(placeholder).where(placeholder.c.scope.in_(alone)))
                connection.execute(delete(call).where(call.c.account == account))
                connection.execute(delete(outcome).where(outcome.c.account == account))
            _delete(connection, ids)
            _remember(connection, ids, why)
        tables.emptied(self._engine)

    def _redaction(self, connection: Connection, scope: str) -> _Numbered:
        return _Numbered(connection, scope, self._key)


class _Numbered:
    """The redaction of a trace, with the numbers that it has given before; new ones are kept at the end."""

    def __init__(self, connection: Connection, scope: str, key: bytes) -> None:
        self._connection, self._scope = connection, scope
        placeholder = tables.placeholder
        rows = connection.execute(select(placeholder).where(placeholder.c.scope == scope))
        self._redaction = Redaction(key, scope, {(row.kind, row.hash): row.number for row in rows})

    def __enter__(self) -> Redaction:
        return self._redaction

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None and self._redaction.new:
            rows = [
                {"scope": self._scope, "kind": of, "hash": digest, "number": number}
                for (of, digest), number in self._redaction.new.items()
            ]
            self._connection.execute(upsert(tables.placeholder).values(rows).on_conflict_do_nothing())


def _rows(connection: Connection, table: Table, which: Any, order: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(table).where(which).order_by(order)).mappings()]


def _delete(connection: Connection, ids: Iterable[str]) -> None:
    for id in ids:
        connection.execute(delete(tables.build).where(tables.build.c.id == id))
        connection.execute(delete(tables.call).where(tables.call.c.build == id))
        connection.execute(delete(tables.outcome).where(tables.outcome.c.build == id))
        connection.execute(delete(tables.placeholder).where(tables.placeholder.c.scope == id))


def _remember(connection: Connection, ids: Iterable[str], why: str) -> None:
    for id in ids:
        row = {"build": id, "at": time.time(), "why": why}
        connection.execute(upsert(tables.forgotten).values(row).on_conflict_do_nothing())
