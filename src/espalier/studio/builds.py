"""Builds as people see them: asked for, watched, stopped, tried again, chosen from. The work itself is jobs.py's.

A build is an app to be made of a prompt, or a change to be made of an app (kind `edit`), which ends as a proposal that is applied or
dropped. Its candidates are the answers to choose from: the first, and one more each time that somebody asks for another.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import anyio
from sqlalchemy import Connection, func, insert, select, update

from espalier.blueprint.reader import read

from . import accounts, apps, changes, outcomes, partial, publishing, versions
from . import store as tables
from .errors import Faulty, NotThere, TooMuch
from .jobs import brief
from .store import new_id
from .versions import Change

if TYPE_CHECKING:
    from .accounts import Account
    from .studio import Studio

LONGEST = 200_000  # characters of a prompt that are kept; how much of it is read is the model's to say
ENDED = ("done", "failed", "refused", "cancelled")
MOST_WAITING = 6  # builds of one account that are not at their end
MOST_CANDIDATES = 4
SIGN_OF_LIFE = 15.0  # seconds between two of a stream in which nothing happens


# --- asking -----------------------------------------------------------------------------------------------------------


def ask(studio: Studio, account: Account, given: dict[str, Any]) -> dict[str, Any]:
    """Begin an app: `prompt`, or `from` for one of the gallery, or both for one of the gallery with a change.

    Returns {build, url, app?}; build is empty when nothing has to be written.
    """
    prompt, name = _words(given.get("prompt", "")), str(given.get("from") or "")
    if name:
        app = apps.from_gallery(studio, account, name)
        build = request(studio, account, app, {"request": prompt})["build"] if prompt else ""
        return {"build": build, "url": f"/apps/{app.slug}", "app": app.id}
    if not re.search(r"\w", prompt):
        raise Faulty(
            "There is nothing to build from.",
            "Say in a sentence what the app is for, such as: a booking page for my dog salon.",
        )
    id = _add(studio, account, kind="build", prompt=prompt)
    return {"build": id, "url": f"/builds/{id}"}


def request(studio: Studio, account: Account, app: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Ask for a change of an app: `request`, and `block` (`PAGE:INDEX`) when one was pointed at; `base`: the version meant.

    Returns {build, url}. Raises Faulty when nothing is asked for.
    """
    words = _words(given.get("request", ""))
    if not re.search(r"\w", words):
        raise Faulty("There is nothing to change.", "Say what should be different, such as: clients can cancel.")
    base = int(given.get("base") or app.head)
    versions.get(studio, app, base)
    before = outcomes.build_of(studio.store, app.id, base)
    id = _add(
        studio,
        account,
        kind="edit",
        prompt=app.prompt,
        app=app.id,
        request=words,
        block=str(given.get("block") or "")[:200],
        base=base,
    )
    outcomes.note(studio.store, before, account.id, "follow_up", message=words[:2000], by=id)
    return {"build": id, "url": f"/apps/{app.slug}"}


def again(studio: Studio, account: Account, row: Any) -> dict[str, Any]:
    """Another candidate of the same words: both are kept, to choose from. For what failed, one more try."""
    if row.state not in ENDED:
        raise Faulty("It is still being written.", "Wait until it is done, or stop it first.")
    build, candidate = tables.build, tables.candidate
    with studio.store.write() as connection:
        number = (
            int(
                connection.execute(select(func.max(candidate.c.number)).where(candidate.c.build == row.id)).scalar_one()
            )
            + 1
        )
        if number > MOST_CANDIDATES:
            raise TooMuch(f"There are {MOST_CANDIDATES} to choose from already.", "Choose one, or ask in other words.")
        _add_candidate(connection, row.id, number)
        connection.execute(
            update(build)
            .where(build.c.id == row.id)
            .values(state="queued", stage="", words="", candidate=number, decision="", ended=None)
        )
    outcomes.note(studio.store, row.id, account.id, "regenerated", candidate=number)
    studio.jobs.begin(row.id)
    return {"build": row.id, "candidate": number}


def cancel(studio: Studio, row: Any) -> None:
    """Stop a build. What is written stays."""
    if row.state not in ENDED:
        studio.jobs.cancel(row.id)


# --- deciding ---------------------------------------------------------------------------------------------------------


def choose(studio: Studio, account: Account, row: Any, number: int) -> dict[str, Any]:
    """Take one of the candidates: of a new app it becomes the head, of a change the proposal."""
    if row.state not in ENDED:
        raise Faulty("It is still being written.", "Wait until it is done, or stop it first.")
    chosen = _candidate(studio, row.id, number)
    if not chosen.text:
        raise Faulty("Nothing came of this one.", "Choose another.")
    others = [one.number for one in _candidates(studio, row.id) if one.text and one.number != number]
    build = tables.build
    with studio.store.write() as connection:
        connection.execute(update(build).where(build.c.id == row.id).values(candidate=number, state="done", words=""))
    if others:
        outcomes.note(studio.store, row.id, account.id, "compared", chosen=number, others=others)
    if row.kind == "edit":
        return {"candidate": number, "app": row.app}
    change = Change(chosen.text, "build", f"Candidate {number}: {row.prompt}", build=row.id, candidate=number)
    if not row.app:
        app = apps.create(studio, account, change, id=row.id, prompt=row.prompt)
        with studio.store.write() as connection:
            connection.execute(update(build).where(build.c.id == row.id).values(app=app.id))
    else:
        app = apps.of(studio, account, row.app)
        versions.commit(studio, account, app, app.head, change)
    return {"candidate": number, "app": row.app or app.id, "url": f"/apps/{app.slug}"}


def apply(studio: Studio, account: Account, app: Any, row: Any, base: int | None) -> int:
    """Make the proposal of a build a version of its app. Returns its number. Raises Moved when the head is another."""
    if row.kind != "edit" or row.app != app.id:
        raise NotThere("This is no proposal for this app.")
    one = _candidate(studio, row.id, row.candidate)
    if row.state != "done" or not one.text:
        raise Faulty("There is no proposal to apply.", "Wait until it is done, or ask in other words.")
    if row.decision == "applied":
        raise Faulty("This proposal was applied already.", "The history has it.")
    change = Change(one.text, "edit", row.request, one.patch, row.id, one.number)
    number = versions.commit(studio, account, app, row.base if base is None else base, change)
    _decide(studio, row.id, "applied")
    outcomes.note(studio.store, row.id, account.id, "kept", version=number)
    return number


def drop(studio: Studio, account: Account, row: Any) -> None:
    """Do not apply a proposal."""
    _decide(studio, row.id, "dropped")
    outcomes.note(studio.store, row.id, account.id, "dropped")


def keep(studio: Studio, account: Account, row: Any) -> None:
    """Somebody says that what came of it is good."""
    outcomes.note(studio.store, row.id, account.id, "kept", candidate=row.candidate)


def thumbs(studio: Studio, account: Account, row: Any, given: dict[str, Any]) -> None:
    """Up or down, with a reason."""
    if not isinstance(given.get("up"), bool):
        raise Faulty("Up or down?", "Send `up` as true or false.")
    reason = str(given.get("reason", ""))[:2000]
    outcomes.note(studio.store, row.id, account.id, "thumbs", up=given["up"], reason=reason, candidate=row.candidate)


# --- reading ----------------------------------------------------------------------------------------------------------


def of(studio: Studio, account: Account, id: str) -> Any:
    """The row of a build, for whoever asked for it or may change its app. Raises NotThere."""
    build = tables.build
    with studio.store.read() as connection:
        row = connection.execute(select(build).where(build.c.id == id)).first()
    if row is None:
        raise NotThere
    if row.app:
        apps.of(studio, account, row.app)
    elif row.account != account.id:
        raise NotThere
    return row


def whole(studio: Studio, account: Account, row: Any) -> dict[str, Any]:
    """Everything of a build: its state, what is written, its candidates, what became of it."""
    live = studio.jobs.live.get(row.id)
    candidates = _candidates(studio, row.id)
    now = next(one for one in candidates if one.number == row.candidate)
    state = live.state if live and live.candidate == row.candidate else row.state
    texts = {str(number): text for number, text in live.texts.items()} if live and live.texts else now.written
    said = {
        "id": row.id,
        "kind": row.kind,
        "app": row.app,
        "url": f"/apps/{_slug(studio, row.app)}" if row.app else f"/builds/{row.id}",
        "prompt": row.prompt,
        "request": row.request,
        "block": row.block,
        "base": row.base,
        "state": state,
        "stage": live.stage if live else row.stage,
        "words": row.words,
        "decision": row.decision,
        "candidate": row.candidate,
        "section": live.section if live else 0,
        "written": texts,
        "preview": preview(studio, account, row),
        "candidates": [_shown(studio, account, row, one) for one in candidates],
        "created": row.created,
        "started": row.started,
        "ended": row.ended,
        "outcomes": outcomes.of(studio.store, row.id),
    }
    if row.kind == "edit" and row.state == "done" and not row.decision:
        said["proposal"] = proposal(studio, account, row, now)
    return said


def proposal(studio: Studio, account: Account, row: Any, candidate: Any) -> dict[str, Any]:
    """A change that may be applied: the patch, what is different in sentences, what happens to the data, a preview."""
    app = apps.of(studio, account, row.app)
    before = versions.get(studio, app, row.base).text
    return {
        "build": row.id,
        "base": row.base,
        "current": app.head == row.base,
        "patch": candidate.patch,
        "text": candidate.text,
        "changes": changes.sentences(read(before), read(candidate.text), publishing.renames_of(candidate.patch)),
        "effect": publishing.effect(studio, app, candidate.text, candidate.patch),
        "preview": studio.hosting.preview(build=row.id, candidate=candidate.number, by=account.id),
        "score": candidate.score,
        "report": brief(candidate.report),
    }


def preview(studio: Studio, account: Account, row: Any, number: int = 0) -> str:
    """Where a candidate can be seen, as far as it is written."""
    return studio.hosting.preview(build=row.id, candidate=number or row.candidate, by=account.id)


def of_app(studio: Studio, app: str) -> list[dict[str, Any]]:
    """The builds of an app, the conversation of its workspace, oldest first."""
    build = tables.build
    columns = [
        build.c[name]
        for name in ("id", "kind", "request", "block", "base", "state", "words", "decision", "created", "ended")
    ]
    with studio.store.read() as connection:
        rows = connection.execute(select(*columns).where(build.c.app == app).order_by(build.c.created)).mappings()
        return [dict(row) for row in rows]


def mine(studio: Studio, account: Account) -> list[dict[str, Any]]:
    """The builds of an account that are under way or came to nothing lately, newest first: those without an app."""
    build = tables.build
    with studio.store.read() as connection:
        rows = connection.execute(
            select(build.c.id, build.c.prompt, build.c.state, build.c.words, build.c.created)
            .where(build.c.account == account.id, build.c.app == "", build.c.kind == "build")
            .order_by(build.c.created.desc())
            .limit(10)
        ).mappings()
        return [dict(row) | {"url": f"/builds/{row['id']}"} for row in rows]


def report_of(studio: Studio, app: str, version: Any) -> dict[str, Any] | None:
    """The check's report on a version, when a build wrote it as it is."""
    if not version.build or version.how not in ("build", "edit"):
        return None
    return brief(_candidate(studio, version.build, version.candidate).report)


@dataclass(frozen=True)
class Position:
    """How far somebody has watched. texts: characters of each answer."""

    candidate: int = 0
    run: int = 0
    section: int = 0
    reports: int = 0
    texts: tuple[tuple[int, int], ...] = ()
    over: bool = False

    def __str__(self) -> str:
        texts = ",".join(f"{number}:{length}" for number, length in self.texts)
        return f"{self.candidate}.{self.run}.{self.section}.{self.reports}.{int(self.over)}.{texts}"

    @classmethod
    def of(cls, text: str) -> Position:
        """The position of an event's id; the beginning for anything else."""
        match = re.fullmatch(r"(\d{1,6})\.(\d{1,6})\.(\d{1,6})\.(\d{1,6})\.([01])\.((?:\d{1,3}:\d{1,9},?)*)", text)
        if not match:
            return cls()
        texts = tuple((int(n), int(at)) for n, _, at in (one.partition(":") for one in match[6].split(",") if one))
        return cls(int(match[1]), int(match[2]), int(match[3]), int(match[4]), texts, match[5] == "1")


async def events(studio: Studio, account: Account, row: Any, last: str = "") -> AsyncIterator[str]:
    """The events of a build as a stream for a browser (text/event-stream), from where somebody stopped to its end.

    What is sent is the difference between what they have and what there is: a lost connection loses nothing, and a build that was
    begun anew after a restart is told from its beginning.
    """
    at, told = Position.of(last), ("", "")
    while True:
        live = studio.jobs.live.get(row.id)
        if live is None or live.over:
            break
        if live.candidate:  # its turn has come
            if (at.candidate, at.run) != (live.candidate, live.run):
                at = Position(live.candidate, live.run)
            have = dict(at.texts)
            for number, text in list(live.texts.items()):
                start = have.get(number, 0)
                if len(text) > start:
                    have[number] = len(text)
                    at = _moved(at, texts=tuple(sorted(have.items())))
                    said = {"from": start, "piece": text[start:], "answer": number, "candidate": live.candidate}
                    yield _event("text", said, at)
            if live.section > at.section:
                at = _moved(at, section=live.section)
                where = preview(studio, account, row, live.candidate)
                yield _event("section", {"number": live.section, "preview": f"{where}?section={live.section}"}, at)
            if live.reports > at.reports and live.report is not None:
                at = _moved(at, reports=live.reports)
                yield _event("report", live.report, at)
        if (live.state, live.stage) != told:
            told = (live.state, live.stage)
            yield _event("state", {"state": live.state, "stage": live.stage}, at)
            continue  # what came meanwhile first
        if live.over:
            continue
        before = (live.state, live.stage, live.section, live.reports, sum(map(len, live.texts.values())))
        if before[2:4] == (at.section, at.reports) and before[4] == sum(length for _, length in at.texts):
            await live.change(SIGN_OF_LIFE)
            now = (live.state, live.stage, live.section, live.reports, sum(map(len, live.texts.values())))
            if now == before and not live.over:
                yield ": still here\n\n"
    for one in await anyio.to_thread.run_sync(_end_of, studio, account, row.id, at):
        yield one


def over(row: Any, last: str) -> bool:
    """Has somebody with this last event heard the end of a build?"""
    at = Position.of(last)
    return at.over and row.state in ENDED and (at.candidate, at.run) == (row.candidate, row.runs)


class Builds:
    """What the apps' origin needs of builds: what can be shown of one."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio

    def partial(self, id: str, number: int) -> tuple[int, str]:
        """The newest blueprint that can be shown of a candidate, and its number, which rises; ("" while there is none)."""
        live = self.studio.jobs.live.get(id)
        if live and live.candidate == number and not live.over and live.partial:
            return live.section, live.partial
        one = _candidate(self.studio, id, number)
        if one.text:
            return 1_000, str(one.text)
        written = dict(one.written).get("0", "")
        return 0, partial.readable(written) if written else ""


# --- what they share --------------------------------------------------------------------------------------------------


def _end_of(studio: Studio, account: Account, id: str, at: Position) -> list[str]:
    """The last events of a build that is over."""
    row = of(studio, account, id)
    candidates = _candidates(studio, id)
    one = next(one for one in candidates if one.number == row.candidate)
    if (at.candidate, at.run) != (row.candidate, row.runs):
        at = Position(row.candidate, row.runs)
    said, have = [], dict(at.texts)
    for name, text in sorted(dict(one.written).items()):
        number = int(name)
        if len(text) > have.get(number, 0):
            start = have.get(number, 0)
            have[number] = len(text)
            at = _moved(at, texts=tuple(sorted(have.items())))
            said.append(
                _event("text", {"from": start, "piece": text[start:], "answer": number, "candidate": one.number}, at)
            )
    if one.report and not at.reports:
        at = _moved(at, reports=1)
        said.append(_event("report", brief(one.report), at))
    at = _moved(at, over=True)
    said.append(_event("state", {"state": row.state, "stage": ""}, at))
    if row.state == "done":
        total = round(float(dict(one.seconds).get("total", 0)), 2)
        done = {
            "app": row.app,
            "url": f"/apps/{_slug(studio, row.app)}",
            "kind": row.kind,
            "seconds": total,
            "tokens": one.tokens_in + one.tokens_out,
            "cost": one.cost,
            "rented": one.rented,
            "score": one.score,
            "model": one.model,
            "adapter": one.adapter,
            "notes": one.notes,
            "candidates": [_shown(studio, account, row, other) for other in candidates],
        }
        if row.kind == "edit":
            done["proposal"] = proposal(studio, account, row, one)
        said.append(_event("done", done, at))
    else:
        said.append(_event("failed", {"words": row.words, "state": row.state}, at))
    return said


def _event(name: str, data: Any, at: Position) -> str:
    return f"id: {at}\nevent: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _moved(at: Position, **more: Any) -> Position:
    from dataclasses import replace

    return replace(at, **more)


def _shown(studio: Studio, account: Account, row: Any, one: Any) -> dict[str, Any]:
    """A candidate as JSON."""
    return {
        "number": one.number,
        "state": one.state,
        "chosen": one.number == row.candidate,
        "text": one.text,
        "patch": one.patch,
        "score": one.score,
        "report": brief(one.report),
        "tries": one.tries,
        "notes": one.notes,
        "seconds": one.seconds,
        "tokens_in": one.tokens_in,
        "tokens_out": one.tokens_out,
        "cost": one.cost,
        "rented": one.rented,
        "endpoint": one.endpoint,
        "model": one.model,
        "adapter": one.adapter,
        "preview": preview(studio, account, row, one.number),
    }


def _candidates(studio: Studio, id: str) -> list[Any]:
    candidate = tables.candidate
    with studio.store.read() as connection:
        found = connection.execute(select(candidate).where(candidate.c.build == id).order_by(candidate.c.number))
        return list(found.all())


def _candidate(studio: Studio, id: str, number: int) -> Any:
    found = next((one for one in _candidates(studio, id) if one.number == number), None)
    if found is None:
        raise NotThere("There is no such candidate.")
    return found


def _slug(studio: Studio, app: str) -> str:
    with studio.store.read() as connection:
        return str(connection.execute(select(tables.app.c.slug).where(tables.app.c.id == app)).scalar() or app)


def _decide(studio: Studio, id: str, decision: str) -> None:
    build = tables.build
    with studio.store.write() as connection:
        connection.execute(update(build).where(build.c.id == id).values(decision=decision))


def _words(given: Any) -> str:
    return str(given or "").replace("\x00", "").strip()[:LONGEST]


def _add(studio: Studio, account: Account, **values: Any) -> str:
    """A build that waits for its turn. Raises TooMuch when this account has too many under way."""
    build, id = tables.build, new_id()
    accounts.by_id(studio.store, account.id)
    with studio.store.write() as connection:
        waiting = select(func.count()).where(build.c.account == account.id, build.c.state.not_in(ENDED))
        if connection.execute(waiting).scalar_one() >= MOST_WAITING:
            raise TooMuch("There are many builds under way already.", "Wait until one is done, or stop one.")
        connection.execute(
            insert(build).values({"id": id, "account": account.id, "state": "queued", "created": time.time()} | values)
        )
        _add_candidate(connection, id, 1)
    studio.jobs.begin(id)
    return id


def _add_candidate(connection: Connection, build: str, number: int) -> None:
    connection.execute(
        insert(tables.candidate).values(
            build=build,
            number=number,
            state="queued",
            written={},
            memory={},
            tries=[],
            notes=[],
            seconds={},
            at=time.time(),
        )
    )


__all__ = ["Builds", "again", "apply", "ask", "cancel", "choose", "drop", "events", "request", "whole"]
