"""The score as a reward, and as an environment of `verifiers` whose model answers over a real connection."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from espalier.blueprint.card import card
from espalier.check.judge import judge
from espalier.check.rewards import blueprint_in, reward, trl_reward, verl_score

HOUSE = Path(__file__).parents[2]
SMALL = (HOUSE / "src/espalier/starter.yaml").read_text()
POOR = "app: Bare\ndata:\n  Book:\n    title: text!\naccess:\n  Book: {read: nobody, write: nobody}\npages:\n  Home:\n    - table: Book\n"
PROMPT = "A blue list of books that members may borrow"


@pytest.mark.parametrize(
    ("answer", "blueprint"),
    [
        ("app: x\ndata: y", "app: x\ndata: y"),
        ("Here it is:\n```yaml\napp: x\n```\nEnjoy!", "app: x\n"),
        ("```\napp: x\n```", "app: x\n"),
        ("~~~yaml\napp: x\n~~~", "app: x\n"),
        ("````yaml\napp: x\nabout: a ``` b\n```\n````", "app: x\nabout: a ``` b\n```\n"),
        ("```yaml\napp: x\npages:", "app: x\npages:"),
        ("First\n```yaml\napp: old\n```\nbetter\n```yaml\napp: new\n```\n", "app: new\n"),
        ("```yaml\napp: x\n```\nRun it:\n```sh\nespalier serve x\n```", "app: x\n"),
        ("<think>```yaml\napp: thought\n```</think>\n```yaml\napp: said\n```", "app: said\n"),
        ("Sure! This is it.\napp: x\npages: y", "app: x\npages: y"),
        ("no blueprint at all", "no blueprint at all"),
        ("```python\nprint(1)\n```", "print(1)\n"),
        ("", ""),
    ],
)
def test_the_blueprint_is_taken_out_of_an_answer(answer, blueprint):
    assert blueprint_in(answer) == blueprint


def test_a_reward_is_the_judges_score():
    assert reward(PROMPT, f"```yaml\n{SMALL}```") == judge(SMALL, PROMPT).score
    assert reward("", SMALL) == judge(SMALL).score > reward("", POOR)
    assert reward(PROMPT, "I cannot do that.") == 0
    assert reward(PROMPT, SMALL, '{"requirements": []}') == judge(SMALL, PROMPT, _rubric()).score


def _rubric():
    from espalier.check.requirements import Rubric

    return Rubric()


def test_as_trl_asks_for_it():
    want = [judge(SMALL, PROMPT).score, 0.0]
    answers = [f"```yaml\n{SMALL}```", "no"]
    assert trl_reward([PROMPT] * 2, answers, completion_ids=[[1], [2]], trainer_state=None) == want
    prompts = [[{"role": "system", "content": "card"}, {"role": "user", "content": PROMPT}]] * 2
    talks = [[{"role": "assistant", "content": answer}] for answer in answers]
    assert trl_reward(prompts=prompts, completions=talks) == want
    rubric = ['{"requirements": []}', None]
    assert trl_reward([PROMPT] * 2, answers, rubric=rubric)[0] == judge(SMALL, PROMPT, _rubric()).score


def test_as_verl_asks_for_it():
    assert verl_score("espalier", SMALL, None, {"prompt": PROMPT}) == judge(SMALL, PROMPT).score
    assert verl_score("espalier", SMALL, '{"requirements": []}') == judge(SMALL, "", _rubric()).score


@contextmanager
def endpoint(answer: str, asked: list[dict]):
    """A small server that speaks as an OpenAI-compatible endpoint does, and always gives one answer."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            message = {"role": "assistant", "content": answer}
            said = {
                "id": "answer",
                "object": "chat.completion",
                "created": 1,
                "model": asked[-1]["model"],
                "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
                "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
            }
            body = json.dumps(said).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


needs_verifiers = pytest.mark.skipif(not importlib.util.find_spec("verifiers"), reason="needs the extra `verifiers`")


def roll_out(prompts: Path, answer: str):
    """The traces of one rollout for each prompt, and what the endpoint was asked."""
    import verifiers.v1 as vf

    from espalier.check.environment import load_environment

    asked: list[dict] = []

    async def run(url: str):
        environment = load_environment(prompts)
        client = vf.EvalClientConfig(base_url=url, api_key_var="NO_SUCH_KEY")
        context = vf.ModelContext(model="small", client=client)
        async with environment.serving():
            slots = [slot for task in environment.taskset for slot in environment.slots(task)]
            return [await environment.run_slot(slot, context) for slot in slots]

    with endpoint(answer, asked) as url:
        episodes = asyncio.run(run(url))
    return [trace for episode in episodes for trace in episode.traces], asked


@needs_verifiers
def test_a_rollout_through_verifiers(tmp_path):
    prompts = tmp_path / "prompts.jsonl"
    prompts.write_text(
        json.dumps({"id": "drawn", "prompt": PROMPT})
        + "\n"
        + json.dumps({"prompt": PROMPT, "rubric": {"requirements": []}})
        + "\n"
    )
    traces, asked = roll_out(prompts, f"Here you are.\n\n```yaml\n{SMALL}```\n")
    assert [trace.errors for trace in traces] == [[], []]
    report = judge(SMALL, PROMPT)
    drawn, given = traces
    assert drawn.reward == report.score > 0
    assert given.reward == judge(SMALL, PROMPT, _rubric()).score
    assert drawn.metrics["works"] == report.works
    assert drawn.metrics["static"] == report.share("static")
    assert drawn.metrics["use"] == report.share("use")
    assert drawn.metrics["read"] == 1
    assert drawn.info["failed"] == [one.name for one in report.failed]
    assert drawn.task.data.id == "drawn"
    assert len(asked) == 2
    system, user = asked[0]["messages"]
    assert (system["role"], user) == ("system", {"role": "user", "content": PROMPT})
    assert card() in system["content"]


@needs_verifiers
def test_an_answer_without_a_blueprint_earns_nothing(tmp_path):
    prompts = tmp_path / "prompts.jsonl"
    prompts.write_text(json.dumps({"prompt": PROMPT}) + "\n")
    (trace,), _ = roll_out(prompts, "I would rather not.")
    assert trace.reward == 0
    assert trace.metrics["read"] == 0
    assert trace.info["problems"]
    assert not trace.errors


@needs_verifiers
def test_verifiers_finds_it_by_its_name():
    from verifiers.v1.utils.loaders import default_harness_id, environment_class, taskset_class

    from espalier.check.environment import NAME, Apps, Wishes

    assert taskset_class(NAME) is Wishes
    assert environment_class(NAME) is Apps
    assert default_harness_id(NAME) == NAME


@needs_verifiers
@pytest.mark.parametrize(
    "line", ['{"prompt": "a", "rubric": {"requirements": [{"kind": "none"}]}}', '{"prompt": 7}', "no JSON", "{}"]
)
def test_faulty_prompts_are_found_before_anything_is_asked(tmp_path, line):
    from espalier.check.environment import load_environment

    prompts = tmp_path / "prompts.jsonl"
    prompts.write_text(line + "\n")
    with pytest.raises(ValueError, match=r"prompts\.jsonl, line 1"):
        list(load_environment(prompts).taskset)
