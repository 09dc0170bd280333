"""The score of a check as a reward: for a model's whole answer, in the signatures that trainers of language models call.

The blueprint is taken out of the answer as a person would: out of the last fenced block, after any thinking. Judging is
bounded (bounded.py), as the answers come from a model that may find out what hangs a check. Environments are environment.py's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .bounded import Case, judge_bounded, shared_pool

if TYPE_CHECKING:
    from .requirements import Rubric

FENCED = re.compile(r"^[ \t]*(```+|~~~+)[^\n`]*\n(.*?)(?:^[ \t]*\1[ \t]*$|\Z)", re.DOTALL | re.MULTILINE)
START = re.compile(r"^app[ \t]*:", re.MULTILINE)


def blueprint_in(answer: str) -> str:
    """The blueprint in a model's answer: in the last fenced block that is one, or from the line `app:` on; else the whole."""
    answer = answer.rpartition("</think>")[2]
    blocks = [found[2] for found in FENCED.finditer(answer)]
    for block in (*reversed([block for block in blocks if START.search(block)]), *blocks[-1:]):
        return block
    start = START.search(answer)
    return answer[start.start() :] if start else answer


def reward(prompt: str, completion: str, rubric: Rubric | dict[str, Any] | str | None = None) -> float:
    """The score in [0, 1] of the blueprint in an answer to a prompt. rubric: what was asked; drawn from the prompt without."""
    return judge_bounded(blueprint_in(completion), prompt, _rubric(rubric)).score


def trl_reward(
    prompts: Sequence[Any], completions: Sequence[Any], rubric: Sequence[Any] | None = None, **_: Any
) -> list[float]:
    """Rewards as TRL's trainers ask for them (`reward_funcs=[trl_reward]`): one for each completion, judged side by side.

    prompts and completions are texts or conversations (lists of messages); a column `rubric` of the data set holds rubrics as
    JSON, where there are any.
    """
    rubrics = rubric or [None] * len(prompts)
    cases = (
        Case(blueprint_in(_text(completion)), _text(prompt, "user"), _rubric(one))
        for prompt, completion, one in zip(prompts, completions, rubrics, strict=True)
    )
    return [report.score for report in shared_pool().judge_all(cases)]


def verl_score(
    data_source: str, solution_str: str, ground_truth: Any = None, extra_info: Any = None, **_: Any
) -> float:
    """The reward as verl asks for it (`custom_reward_function`). ground_truth: the rubric as JSON; extra_info: {"prompt": ...}."""
    prompt = (extra_info or {}).get("prompt", "")
    return reward(_text(prompt, "user"), solution_str, ground_truth or None)


def _text(said: Any, role: str = "assistant") -> str:
    """A text, or what stands in the last message of this role."""
    if isinstance(said, str):
        return said
    spoken = [message["content"] for message in said if message.get("role") == role]
    last = spoken[-1] if spoken else ""
    return last if isinstance(last, str) else "".join(part.get("text", "") for part in last)


def _rubric(rubric: Any) -> Any:
    return json.loads(rubric) if isinstance(rubric, str) and rubric.strip() else rubric or None
