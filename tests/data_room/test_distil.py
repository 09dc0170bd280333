"""A teacher behind OpenAI's protocol: good answers are kept, bad ones asked again, and a run goes on where it stopped."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from espalier.blueprint.card import card
from espalier.config import load
from espalier.data.distil import Outcome, Terms, distil, prompts_of
from espalier.data.pairs import read_corpus
from espalier.model.endpoints import open_endpoint
from espalier.model.errors import ModelError


class Teacher(ThreadingHTTPServer):
    """Answers each prompt with the next text of its list, the last one again and again."""

    daemon_threads = True

    def __init__(self) -> None:
        self.answers: dict[str, list[str]] = {}
        self.asked: list[dict] = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1#teacher"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(said)
        waiting = self.server.answers[said["messages"][-1]["content"]]
        text = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        head = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "teacher"}
        for piece in (text[:50], text[50:]):
            self._send({**head, "choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})
        self._send({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        self.wfile.write(b"data: [DONE]\n\n")

    def _send(self, chunk: dict) -> None:
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def teacher() -> Iterator[Teacher]:
    server = Teacher()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def ask(
    teacher: Teacher, prompts: list[dict], out: Path, terms: Terms = Terms(tries=3, enough=0.5)
) -> tuple[tuple[int, int], list[Outcome]]:
    outcomes: list[Outcome] = []

    async def run() -> tuple[int, int]:
        endpoint = open_endpoint(teacher.address, load())
        try:
            return await distil(endpoint, prompts, out, terms, on_outcome=outcomes.append)
        finally:
            await endpoint.close()

    return asyncio.run(run()), outcomes


def test_good_answers_are_kept_and_bad_ones_asked_again(teacher: Teacher, seed_pairs, tmp_path: Path):
    one, two, three = seed_pairs[20:23]
    idle = one.blueprint.replace("\nroles: [", "\nroles: [nobody_needs_me, nor_me, ", 1)
    assert idle != one.blueprint
    teacher.answers = {
        one.prompt: ["I cannot do that.", idle, f"Here it is:\n```yaml\n{one.blueprint}```\nEnjoy!"],
        two.prompt: [two.blueprint],
        three.prompt: ["app: Empty\npages:\n  Home:\n    - text: Nothing at all\n"],
    }
    out = tmp_path / "taught" / "pairs_t.jsonl"
    prompts = [{"prompt": one.prompt, "style": "messy"}, {"prompt": two.prompt}, {"prompt": three.prompt}]
    (kept, rejected), outcomes = ask(teacher, prompts, out)
    assert (kept, rejected) == (2, 1)
    tries = {outcome.prompt: outcome.tries for outcome in outcomes if outcome.blueprint}
    assert tries == {one.prompt: 3, two.prompt: 1}
    found = {pair.prompt: pair for pair in read_corpus(out.parent, "pairs_t.jsonl")}
    assert found[one.prompt].blueprint == one.blueprint
    assert (found[one.prompt].source, found[one.prompt].style) == ("distilled", "messy")
    assert found[two.prompt].lineage.startswith("127.0.0.1#teacher, 20")
    assert found[two.prompt].licence == "see the terms of the teacher"
    told = json.loads((out.parent / "pairs_t.rejected.jsonl").read_text())
    assert told["prompt"] == three.prompt
    assert told["why"]


def test_a_teacher_is_given_the_card_and_asked_for_something_else_each_time(teacher: Teacher, tmp_path: Path):
    teacher.answers = {"a bakery": ["no"]}
    ask(teacher, [{"prompt": "a bakery"}], tmp_path / "out.jsonl")
    assert [said["temperature"] for said in teacher.asked] == [0.0, 0.7, 0.7]
    assert teacher.asked[1]["seed"] != teacher.asked[2]["seed"]
    system = teacher.asked[0]["messages"][0]
    assert system["role"] == "system"
    assert card() in system["content"]


def test_a_run_goes_on_where_it_stopped(teacher: Teacher, seed_pairs, tmp_path: Path):
    good, bad = seed_pairs[21], "something impossible"
    teacher.answers = {good.prompt: [good.blueprint], bad: ["no"]}
    out = tmp_path / "out.jsonl"
    ask(teacher, [{"prompt": good.prompt}, {"prompt": bad}], out)
    before, asked = out.read_text(), len(teacher.asked)
    (kept, rejected), _ = ask(teacher, [{"prompt": good.prompt}, {"prompt": bad}], out)
    assert (kept, rejected, len(teacher.asked)) == (0, 0, asked)
    # A line that a crash cut off is asked again, and does not spoil the file.
    out.write_text(before[:40])
    (kept, _), _ = ask(teacher, [{"prompt": good.prompt}, {"prompt": bad}], out)
    assert kept == 1
    assert json.loads(out.read_text().splitlines()[-1])["prompt"] == good.prompt


def test_a_teacher_that_is_not_there_is_said(seed_pairs, tmp_path: Path):
    async def run() -> None:
        endpoint = open_endpoint("http://127.0.0.1:9/v1#nobody", load())
        endpoint._client = endpoint._client.with_options(max_retries=0)
        try:
            await distil(endpoint, [{"prompt": "a bakery"}], tmp_path / "out.jsonl")
        finally:
            await endpoint.close()

    with pytest.raises(ModelError):
        asyncio.run(run())
    assert not (tmp_path / "out.jsonl").exists()


def test_a_file_of_prompts(tmp_path: Path):
    file = tmp_path / "prompts.jsonl"
    file.write_text('{"prompt": "a bakery", "domain": "food"}\n\n')
    assert prompts_of(file) == [{"prompt": "a bakery", "domain": "food"}]
    file.write_text('{"text": "a bakery"}\n')
    with pytest.raises(ValueError, match=r"prompts.jsonl:1: must hold a `prompt`"):
        prompts_of(file)
