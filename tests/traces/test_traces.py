"""Traces in a real database: what is kept, what is not, what goes."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from espalier.data.traces import BuildTrace, Traces
from espalier.data.traces.traces import DAY
from espalier.model.call import Call

SECRET = "zenobia@quist-salon.example"
PROMPT = f"my name is Zenobia Quist, dog salon, mail {SECRET}"


@pytest.fixture
def traces(tmp_path):
    kept = Traces(tmp_path / "traces.db")
    yield kept
    kept.close()


def a_call(id="c1", build="b1", account="ada", **more):
    messages = ({"role": "system", "content": "You write blueprints."}, {"role": "user", "content": PROMPT})
    given = {
        "answer": f"app: Salon of Zenobia Quist\nabout: {SECRET}",
        "tokens_in": 20,
        "tokens_out": 12,
        "cost": 0.25,
        "at": 100.0,
    }
    return Call(id=id, account=account, purpose="build", build=build, endpoint="small", model="m", adapter_sha256="f" * 64,
                messages=messages, sampling={"temperature": 0.0}, **{**given, **more})  # fmt: skip


def a_build(id="b1", account="ada", **more):
    given = {"prompt": PROMPT, "blueprint": "app: Salon of Zenobia Quist", "score": 0.9, "tokens_out": 12, "at": 100.0,
             "report": {"score": 0.9, "results": [{"says": f"the mail {SECRET} is wrong"}]}}  # fmt: skip
    return BuildTrace(id, account, **{**given, **more})


def everything(folder):
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.name.startswith("traces.db"))


def test_a_trace_joins_the_call_the_build_and_what_became_of_it(traces):
    traces.keep_call(a_call(), True)
    traces.keep_build(a_build(sampling={"seed": 3}, stages={"writing": 1.5}), True)
    traces.outcome("b1", "thumbs", up=False, reason=f"still wrong!! write to {SECRET}")
    traces.outcome("b1", "published", version=2)
    trace = traces.trace("b1")
    [build], [call], [thumbs, published] = trace.candidates, trace.calls, trace.outcomes
    assert build["prompt"] == "my name is <NAME_1>, dog salon, mail <EMAIL_1>" == call["messages"][1]["content"]
    assert build["blueprint"] == "app: Salon of <NAME_1>" and call["answer"].endswith("<EMAIL_1>")
    assert build["report"]["results"][0]["says"] == "the mail <EMAIL_1> is wrong" and build["found"] == {
        "NAME": 1,
        "EMAIL": 1,
    }
    assert (build["score"], build["sampling"], build["stages"]) == (0.9, {"seed": 3}, {"writing": 1.5})
    assert (call["tokens_in"], call["adapter_sha256"], call["sampling"]) == (20, "f" * 64, {"temperature": 0.0})
    assert thumbs["detail"] == {"up": False, "reason": "still wrong!! write to <EMAIL_1>", "frustrated": True}
    assert published["kind"] == "published" and published["account"] == "ada"


def test_what_is_redacted_never_reaches_the_disk(traces, tmp_path):
    traces.keep_call(a_call(error=f"no answer for {SECRET}"), True)
    traces.keep_build(a_build(), True)
    traces.outcome("b1", "follow_up", message=f"add {SECRET}", where=[SECRET])
    assert b"quist" not in everything(tmp_path).lower() and b"EMAIL_1" in everything(tmp_path)


def test_without_consent_there_are_counts_and_no_text(traces, tmp_path):
    traces.keep_call(a_call(answer="app: Unmistakable"), False)
    traces.keep_build(a_build(blueprint="app: Unmistakable", request="Unmistakable"), False)
    traces.outcome("b1", "follow_up", message="Unmistakable", by="Unmistakable")
    traces.outcome("b1", "edited", lines=3, where=["Unmistakable"])
    trace = traces.trace("b1")
    assert trace.calls[0]["tokens_out"] == 12 and trace.calls[0]["cost"] == 0.25 and trace.candidates[0]["score"] == 0.9
    assert trace.calls[0]["messages"] == [] and trace.candidates[0]["report"] is None
    assert [one["detail"] for one in trace.outcomes] == [{"frustrated": False}, {"lines": 3}]
    assert b"Unmistakable" not in everything(tmp_path) and b"blueprints" not in everything(tmp_path)


def test_somebody_who_did_not_agree_says_nothing_about_the_build_of_somebody_who_did(traces, tmp_path):
    traces.keep_build(a_build(), True)
    traces.outcome("b1", "thumbs", account="bob", consent=False, up=True, reason="Unmistakable")
    assert traces.trace("b1").outcomes[0]["detail"] == {"up": True, "frustrated": False}
    assert b"Unmistakable" not in everything(tmp_path)


def test_a_value_keeps_its_number_for_days_and_after_a_restart(tmp_path):
    for message in ("other@x.example and", "again"):
        traces = Traces(tmp_path / "traces.db")
        traces.keep_build(a_build(), True)
        traces.outcome("b1", "follow_up", message=f"{message} {SECRET}")
        traces.close()
    traces = Traces(tmp_path / "traces.db")
    assert [one["detail"]["message"] for one in traces.trace("b1").outcomes] == [
        "<EMAIL_2> and <EMAIL_1>",
        "again <EMAIL_1>",
    ]
    traces.close()


def test_candidates_stand_side_by_side_and_a_second_word_on_one_replaces_the_first(traces):
    for candidate, score in ((1, 0.4), (2, 0.8), (1, 0.5)):
        traces.keep_build(a_build(candidate=candidate, score=score), True)
    assert [one["score"] for one in traces.trace("b1").candidates] == [0.5, 0.8]


def test_an_account_is_forgotten_with_all_that_was_said_about_it(traces, tmp_path):
    for account, id in (("ada", "b1"), ("ada", "b2"), ("bob", "b3")):
        traces.keep_call(a_call(f"c{id}", id, account, answer=f"Unmistakable {account}"), True)
        traces.keep_build(a_build(id, account), True)
        traces.outcome(id, "kept", account="bob")
    traces.keep_call(a_call("free", "", "ada", answer="Unmistakable ada"), True)
    assert traces.forget_account("ada") == 2
    assert traces.trace("b1") is None and traces.trace("b3") is not None
    assert traces.forgotten().keys() == {"b1", "b2"}
    assert b"Unmistakable ada" not in everything(tmp_path) and b"Unmistakable bob" in everything(tmp_path)


def test_consent_taken_back_leaves_counts(traces, tmp_path):
    traces.keep_call(a_call(answer="Unmistakable"), True)
    traces.keep_build(a_build(patch="Unmistakable"), True)
    traces.outcome("b1", "thumbs", up=True, reason="Unmistakable")
    assert traces.withdraw("ada") == 1
    trace = traces.trace("b1")
    assert (
        trace.candidates[0]["score"] == 0.9 and not trace.candidates[0]["consent"] and trace.calls[0]["tokens_in"] == 20
    )
    assert trace.outcomes[0]["detail"]["up"] is True and traces.forgotten().keys() == {"b1"}
    assert b"Unmistakable" not in everything(tmp_path)
    traces.outcome("b1", "thumbs", up=True, reason="Unmistakable")
    assert b"Unmistakable" not in everything(tmp_path)


def test_what_is_old_goes_and_is_not_counted_as_forgotten(tmp_path):
    traces = Traces(tmp_path / "traces.db", retention_days=10)
    for id, at in (("old", 0.0), ("young", 5 * DAY)):
        traces.keep_call(a_call(f"c{id}", id, at=at), True)
        traces.keep_build(a_build(id, at=at), True)
        traces.outcome(id, "kept", at=at)
    assert traces.expire(11 * DAY) == 1
    assert traces.trace("old") is None and len(traces.trace("young").calls) == 1 and traces.forgotten() == {}
    traces.close()


def test_no_other_outcome_is_kept(traces):
    with pytest.raises(ValueError, match="delighted"):
        traces.outcome("b1", "delighted")


def test_only_the_owner_of_the_files_may_read_them(traces, tmp_path):
    assert all(file.stat().st_mode & 0o077 == 0 for file in (tmp_path / "traces.db", tmp_path / "traces.key"))


def test_many_at_once_get_numbers_of_their_own(traces):
    traces.keep_build(a_build(), True)

    def say(number):
        traces.outcome("b1", "follow_up", message=f"write to guest{number}@x.example", at=float(number))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(say, range(24)))
    said = [one["detail"]["message"] for one in traces.trace("b1").outcomes]
    assert sorted(said) == sorted(f"write to <EMAIL_{number}>" for number in range(2, 26))
