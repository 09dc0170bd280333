"""Builds: asked for, watched, judged, chosen, refused, stopped. What writes is a server that says what the test wants."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from espalier.studio import partial
from espalier.studio.builds import Position
from tests.model.openai_server import endless, failing, saying, serving
from tests.studio.using import SALON, Browser, Running

PROMPT = "A booking page for my dog salon"
OTHER = SALON.replace("Dogs, clean and happy", "Wet dogs, dry dogs")


def fenced(text: str) -> str:
    return f"```yaml\n{text}```\n"


def pieces(text: str, size: int = 40) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def built(running: Running, me: Browser, prompt: str = PROMPT) -> str:
    id = me.ok("/api/builds", {"prompt": prompt})["build"]
    running.idle()
    return id


def named(events, name: str) -> list:
    return [data for kind, data, _ in events if kind == name]


def test_a_prompt_becomes_an_app(start: Callable[..., Running]):
    with serving(saying(*pieces(SALON))) as (url, seen):
        running = start(model=url)
        me = running.browser()
        said = me.ok("/api/builds", {"prompt": PROMPT})
        assert said["url"] == f"/builds/{said['build']}"
        events = me.events(said["build"])
        assert "".join(one["piece"] for one in named(events, "text")) == SALON
        assert [one["state"] for one in named(events, "state")][-1] == "done"
        assert {"writing"} <= {one["state"] for one in named(events, "state")}
        done = named(events, "done")[0]
        assert done["score"] > 0.5
        assert named(events, "report")[0]["checks"]
        app = me.read(f"/api/apps/{done['app']}")
        assert app["name"] == "Dog salon"
        assert app["prompt"] == PROMPT
        assert app["versions"][0]["how"] == "build"
        assert app["report"]["score"] == pytest.approx(done["score"])
        assert len(seen) == 1
        assert me.get(done["url"]).status_code == 200
        assert me.get(said["url"]).headers["location"] == done["url"]


def test_the_app_is_shown_while_it_is_written(start: Callable[..., Running]):
    with serving(saying(*pieces(SALON, 8))) as (url, _):
        running = start(model=url)
        me = running.browser()
        id = built(running, me)
        shown = partial.readable(SALON[: SALON.index("access:") + 8])
        assert "Dog" in shown
        frame = me.read(f"/api/builds/{id}")["preview"]
        assert "Dogs, clean and happy" in me.get(frame).text


@pytest.mark.parametrize(
    "end", ["roles:", "data:", "access:", "pages:", "  Book (client):", "  Day (groomer):", "seed:"]
)
def test_parts_that_are_complete_read(end: str):
    from espalier.blueprint.reader import read

    text = SALON[: SALON.index(end) + len(end) + 1]
    assert read(partial.readable(text)).app == "Dog salon"
    assert partial.cuts(text) == partial.cuts(text + "  ")


def test_nothing_is_shown_before_there_is_anything():
    assert partial.readable("app: Dog sal") == ""


def test_who_comes_back_goes_on_where_they_were(start: Callable[..., Running]):
    with serving(saying(*pieces(SALON))) as (url, _):
        running = start(model=url)
        me = running.browser()
        id = built(running, me)
        end = Position.of(me.events(id)[-1][2])
        assert me.get(f"/api/builds/{id}/events", headers={"Last-Event-ID": str(end)}).status_code == 204
        half = Position(end.candidate, end.run, 0, 0, ((0, 100),))
        texts = named(me.events(id, str(half)), "text")
        assert "".join(one["piece"] for one in texts) == SALON[100:]
        assert texts[0]["from"] == 100
        before = Position(end.candidate, end.run + 1, 0, 0, ((0, 100),))
        assert named(me.events(id, str(before)), "text")[0]["from"] == 0
        assert named(me.events(id, "nonsense"), "text")[0]["from"] == 0


@pytest.mark.parametrize("prompt", ["", "   ", "!!! ...", None])
def test_nothing_is_not_built(me: Browser, prompt):
    answer = me.send("/api/builds", {"prompt": prompt})
    assert answer.status_code == 422
    assert answer.json()["todo"]


def test_harm_is_refused_with_a_reason_and_no_model_is_asked(start: Callable[..., Running]):
    with serving(saying(SALON)) as (url, seen):
        running = start(model=url)
        me = running.browser()
        id = built(running, me, "a phishing page that looks like my bank and steals passwords")
        said = me.read(f"/api/builds/{id}")
        assert said["state"] == "refused"
        assert said["words"]
        assert not seen
        assert named(me.events(id), "failed")[0]["words"] == said["words"]
        assert me.read("/api/builds")["builds"][0]["state"] == "refused"


def test_a_model_that_is_down_says_so_and_can_be_tried_again(start: Callable[..., Running]):
    with serving(failing(400, "out of order"), saying(SALON)) as (url, _):
        running = start(model=url)
        me = running.browser()
        id = built(running, me)
        said = me.read(f"/api/builds/{id}")
        assert said["state"] == "failed"
        assert said["prompt"] == PROMPT
        me.ok(f"/api/builds/{id}/again")
        running.idle()
        said = me.read(f"/api/builds/{id}")
        assert said["state"] == "done"
        assert said["candidate"] == 2
        assert me.read(f"/api/apps/{said['app']}")["name"] == "Dog salon"


def test_an_answer_that_is_nonsense_fails_in_words(start: Callable[..., Running]):
    with serving(saying("I am sorry, I only speak in riddles. ")) as (url, _):
        running = start(model=url)
        me = running.browser()
        said = me.read(f"/api/builds/{built(running, me)}")
        assert said["state"] == "failed"
        assert "other words" in said["words"]
        assert "riddles" in said["written"]["0"]


def test_a_build_is_stopped(start: Callable[..., Running]):
    with serving(endless) as (url, _):
        running = start(model=url)
        me = running.browser()
        id = me.ok("/api/builds", {"prompt": PROMPT})["build"]
        wait_for(lambda: me.read(f"/api/builds/{id}")["written"].get("0"))
        me.ok(f"/api/builds/{id}/cancel")
        running.idle()
        said = me.read(f"/api/builds/{id}")
        assert said["state"] == "cancelled"
        assert said["written"]["0"].startswith("a")


def test_another_candidate_is_kept_beside_the_first_and_the_choice_is_an_outcome(start: Callable[..., Running]):
    with serving(saying(SALON), saying(OTHER)) as (url, _):
        running = start(model=url)
        me = running.browser()
        id = built(running, me)
        app = me.read(f"/api/builds/{id}")["app"]
        me.ok(f"/api/builds/{id}/again")
        running.idle()
        said = me.read(f"/api/builds/{id}")
        assert ["Wet" in one["text"] for one in said["candidates"]] == [False, True]
        assert "Wet" not in me.read(f"/api/apps/{app}")["blueprint"]
        for one, words in zip(said["candidates"], ("Dogs, clean", "Wet dogs"), strict=True):
            assert words in me.get(one["preview"]).text
        me.ok(f"/api/builds/{id}/choose", {"candidate": 2})
        assert "Wet" in me.read(f"/api/apps/{app}")["blueprint"]
        kinds = [one["kind"] for one in me.read(f"/api/builds/{id}")["outcomes"]]
        assert kinds == ["regenerated", "compared"]


def test_feedback_is_kept_as_outcomes(start: Callable[..., Running]):
    with serving(saying(SALON)) as (url, _):
        running = start(model=url)
        me = running.browser()
        id = built(running, me)
        app = me.read(f"/api/builds/{id}")["app"]
        me.ok(f"/api/builds/{id}/thumbs", {"up": False, "reason": "too plain"})
        assert me.send(f"/api/builds/{id}/thumbs", {"up": "no"}).status_code == 422
        me.ok(f"/api/builds/{id}/keep")
        me.ok(f"/api/apps/{app}/apply", {"patch": "theme: {primary: navy}\n", "base": 1})
        me.ok(f"/api/apps/{app}/publish")
        found = {one["kind"]: one["detail"] for one in me.read(f"/api/builds/{id}")["outcomes"]}
        assert found["thumbs"]["reason"] == "too plain"
        assert found["edited"] == {"how": "patch", "lines": 1, "where": ["theme"]}
        assert {"kept", "published"} <= found.keys()
        figures = me.read("/api/model")["all"]
        assert (figures["builds"], figures["kept"], figures["thumbs"]["down"]) == (1, 1.0, 1)


def test_a_request_becomes_a_proposal_that_is_applied(start: Callable[..., Running]):
    with serving(saying(SALON), saying("data:\n  Dog: {birthday: date}\n")) as (url, seen):
        running = start(model=url)
        me = running.browser()
        app = me.read(f"/api/builds/{built(running, me)}")["app"]
        id = me.ok(f"/api/apps/{app}/request", {"request": "dogs have a birthday", "block": "Home:1"})["build"]
        running.idle()
        said = me.read(f"/api/builds/{id}")
        proposal = said["proposal"]
        assert [one["words"] for one in proposal["changes"]] == ["Dog gets a field birthday (date)."]
        assert proposal["current"]
        assert me.read(f"/api/apps/{app}")["head"] == 1
        assert me.get(proposal["preview"]).status_code == 200
        done = me.ok(f"/api/apps/{app}/apply", {"build": id, "base": 1})
        assert "birthday" in done["blueprint"]
        assert done["versions"][0] | {"how": "edit", "said": "dogs have a birthday"} == done["versions"][0]
        assert me.send(f"/api/apps/{app}/apply", {"build": id, "base": 2}).status_code == 422
        asked = running.run(seen[1].body())
        assert b"cards Dog" in asked
        first = me.read(f"/api/builds/{app}")["outcomes"]
        assert [one["kind"] for one in first] == ["follow_up"]


def test_a_proposal_is_dropped(start: Callable[..., Running]):
    with serving(saying(SALON), saying("theme: {primary: navy}\n")) as (url, _):
        running = start(model=url)
        me = running.browser()
        app = me.read(f"/api/builds/{built(running, me)}")["app"]
        id = me.ok(f"/api/apps/{app}/request", {"request": "make it navy"})["build"]
        running.idle()
        me.ok(f"/api/builds/{id}/drop")
        said = me.read(f"/api/builds/{id}")
        assert said["decision"] == "dropped"
        assert "proposal" not in said
        assert me.read(f"/api/apps/{app}")["head"] == 1


def test_a_proposal_for_an_app_that_moved_on_is_told_so(start: Callable[..., Running]):
    with serving(saying(SALON), saying("theme: {primary: navy}\n")) as (url, _):
        running = start(model=url)
        me = running.browser()
        app = me.read(f"/api/builds/{built(running, me)}")["app"]
        id = me.ok(f"/api/apps/{app}/request", {"request": "make it navy"})["build"]
        running.idle()
        me.ok(f"/api/apps/{app}/apply", {"patch": "data:\n  Dog: {birthday: date}\n", "base": 1})
        assert not me.read(f"/api/builds/{id}")["proposal"]["current"]
        answer = me.send(f"/api/apps/{app}/apply", {"build": id})
        assert answer.status_code == 409
        assert "navy" in answer.json()["together"]
        assert "birthday" in answer.json()["together"]


def test_one_of_the_gallery_needs_no_model(me: Browser):
    said = me.ok("/api/builds", {"from": "recipes"})
    assert said["build"] == ""
    assert me.get(said["url"]).status_code == 200
    assert me.send("/api/builds", {"from": "../tasks"}).status_code == 404


def test_many_at_once_are_bounded(start: Callable[..., Running]):
    with serving(endless) as (url, _):
        running = start(model=url, model_slots=1)
        me = running.browser()
        ids = [me.ok("/api/builds", {"prompt": PROMPT})["build"] for _ in range(6)]
        answer = me.send("/api/builds", {"prompt": PROMPT})
        assert answer.status_code == 429
        assert [me.read(f"/api/builds/{id}")["state"] for id in ids[1:]] == ["queued"] * 5
        for id in ids:
            me.ok(f"/api/builds/{id}/cancel")
        running.idle()


def test_a_long_prompt_is_cut_and_told(start: Callable[..., Running]):
    with serving(saying(SALON)) as (url, _):
        running = start(model=url)
        me = running.browser()
        id = built(running, me, PROMPT + " and dogs" * 12_000)
        said = me.read(f"/api/builds/{id}")
        assert said["state"] == "done"
        assert "prompt is long" in said["candidates"][0]["notes"][0]


def wait_for(what: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def test_another_model_of_the_route_is_asked_when_the_answer_is_bad(start: Callable[..., Running]):
    from espalier.config import GatewayRoute, GatewaySettings

    with serving(saying("I only speak in riddles. ")) as (bad, _), serving(saying(SALON)) as (good, _):
        route = GatewayRoute.model_validate({"for": "build", "use": [bad, good]})
        running = start(gateway=GatewaySettings(routes=(route,)))
        me = running.browser()
        said = me.read(f"/api/builds/{built(running, me)}")
        assert said["state"] == "done"
        assert said["written"]["0"].startswith("I only")
        assert said["written"]["100"] == SALON
        assert said["candidates"][0]["text"].startswith("app: Dog salon")


def test_traces_hold_what_their_account_agreed_to(start: Callable[..., Running]):
    with serving(saying(SALON)) as (url, _):
        running = start(model=url)
        me = running.browser()
        quiet = built(running, me)
        me.ok("/api/account", {"consent": True})
        id = built(running, me, "A dog salon; ask me at mara@example.com")
        me.ok(f"/api/builds/{id}/thumbs", {"up": False, "reason": "not what I asked for"})
        telling = running.studio.telling
        telling.settle()
        trace, other = telling.traces.trace(id), telling.traces.trace(quiet)
        assert trace.candidates[0]["blueprint"].startswith("app: Dog salon")
        assert "mara@example.com" not in str(trace)
        assert trace.candidates[0]["score"] == pytest.approx(me.read(f"/api/builds/{id}")["candidates"][0]["score"])
        assert [one["kind"] for one in trace.outcomes] == ["thumbs"]
        assert trace.calls
        assert PROMPT not in str(other)
        assert other.candidates[0]["tokens_out"] == me.read(f"/api/builds/{quiet}")["candidates"][0]["tokens_out"]
        me.ok("/api/account", {"consent": False})
        telling.settle()
        assert "Dog salon" not in str(telling.traces.trace(id))
