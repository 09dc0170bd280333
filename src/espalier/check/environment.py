"""The check as an environment of the `verifiers` package: prompts in, one answer each, the score as reward.

    env = load_environment("prompts.jsonl")

or by name, as its command line and prime-rl do: `vf-eval espalier_env --env.taskset.prompts prompts.jsonl`. A task is a prompt
with the language's card as the system prompt; the answer is one turn without tools, so it is asked for in this process and
not by a program in a container. The reward is the score of the blueprint in the answer, and the parts of the score go along
as metrics that count nothing. Needs the extra `verifiers`; rewards for trainers without environments are rewards.py's.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import verifiers.v1 as vf

from espalier.blueprint.card import card

from .bounded import Case, shared_pool
from .report import GROUPS
from .requirements import Rubric
from .rewards import blueprint_in

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletionMessageParam

NAME = "espalier_env"  # the package by which verifiers finds all this
SYSTEM = "You write apps as Espalier blueprints. Answer with one blueprint in a fenced yaml block and nothing else.\n\n"


class Wish(vf.TaskData):
    """A prompt and what it asks for. rubric: as JSON; drawn from the prompt when empty."""

    rubric: str = ""


class Judging(vf.TaskConfig):
    """How answers are judged. salt: changes which part of what is alike is looked at; one a run keeps a model from learning it."""

    thorough: bool = False
    salt: str = ""
    seconds: float | None = None


class WriteApp(vf.Task[Wish, vf.State, Judging]):
    """Write the blueprint that a prompt asks for."""

    @vf.reward
    async def report_score(self, trace: vf.Trace) -> float:
        """The score of the report; its parts are written down as metrics, and what failed under `info`."""
        case = Case(
            blueprint_in(trace.last_reply),
            self.data.prompt_text,
            json.loads(self.data.rubric) if self.data.rubric else None,
            thorough=self.config.thorough,
            salt=self.config.salt,
            seconds=self.config.seconds,
        )
        report = await asyncio.wrap_future(shared_pool().submit(case))
        shares = {group: report.share(group) for group in GROUPS}
        trace.record_metrics({group: share for group, share in shares.items() if share is not None})
        trace.record_metrics({"works": report.works, "asked_for": report.asked, "gates": report.gates})
        trace.record_metrics({"read": float(bool(report.app)), "seconds": report.seconds})
        trace.info["problems"] = [*report.problems, *([report.unfinished] if report.unfinished else [])]
        trace.info["failed"] = [result.name for result in report.failed]
        return report.score


class Prompts(vf.TasksetConfig):
    """prompts: a file of JSON lines, {"prompt": text, "rubric"?: object, "id"?: text}."""

    prompts: Path | None = None
    task: Judging = Judging()


class Wishes(vf.Taskset[WriteApp, Prompts]):
    """One task for each prompt in the file."""

    def load(self) -> Iterator[WriteApp]:
        if self.config.prompts is None:
            raise ValueError(
                "Name a file of prompts: --env.taskset.prompts FILE, a JSON line each with `prompt` and `rubric`"
            )
        with self.config.prompts.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                try:
                    yield WriteApp(_wish(line, number), self.config.task)
                except (ValueError, KeyError, TypeError) as error:
                    place = f"{self.config.prompts.name}, line {number}"
                    raise ValueError(f"{place}: {type(error).__name__}: {str(error)[:300]}") from None


def _wish(line: str, number: int) -> Wish:
    said = json.loads(line)
    rubric = json.dumps(said["rubric"]) if said.get("rubric") else ""
    if rubric:
        Rubric.model_validate_json(rubric)  # a faulty one is found now, not after an answer
    return Wish(id=str(said.get("id", number)), prompt=said["prompt"], system_prompt=SYSTEM + card(), rubric=rubric)


class OneAnswerConfig(vf.HarnessConfig):
    """Nothing to set."""


class OneAnswer(vf.Harness[OneAnswerConfig]):
    """Asks the model once, from this process."""

    APPENDS_SYSTEM_PROMPT = True
    EXECUTES_CODE = False
    NEEDS_CONTAINER = False

    async def launch(
        self,
        ctx: vf.ModelContext,
        trace: vf.Trace,
        runtime: vf.Runtime,
        endpoint: str,
        secret: str,
        mcp_urls: dict[str, str],
        data: vf.TaskData,
        tool_interception_url: str | None = None,
    ) -> vf.ProgramResult:
        from openai import AsyncOpenAI, OpenAIError

        system, prompt = self.resolve_text_prompt(data)
        said: list[ChatCompletionMessageParam] = [{"role": "user", "content": prompt or ""}]
        if system:
            said.insert(0, {"role": "system", "content": system})
        async with AsyncOpenAI(base_url=endpoint, api_key=secret, max_retries=0) as client:
            try:
                await client.chat.completions.create(model=ctx.model, messages=said)
            except OpenAIError as error:
                return vf.ProgramResult(exit_code=1, stdout="", stderr=str(error))
        return vf.ProgramResult(exit_code=0, stdout="", stderr="")


class AppsConfig(vf.EnvConfig):
    """The one who answers does so from this machine: there is no program to shut in."""

    agent: vf.AgentConfig = vf.AgentConfig(runtime=vf.SubprocessConfig())


class Apps(vf.Env[AppsConfig]):
    """One answer for each prompt."""

    async def run(self, task: vf.Task, agents: vf.Agents) -> None:
        await agents.agent.run(task)


def load_environment(prompts: str | Path, *, thorough: bool = False, salt: str = "") -> Apps:
    """The environment over a file of prompts (JSON lines, see Prompts). Raises ValueError for a faulty rubric when iterated."""
    task = {"thorough": thorough, "salt": salt}
    environment = vf.load_environment(
        vf.resolve_env_config({"taskset": {"id": NAME, "prompts": str(prompts), "task": task}})
    )
    assert isinstance(environment, Apps)
    return environment


__all__ = ["Apps", "OneAnswer", "Wishes", "load_environment"]
