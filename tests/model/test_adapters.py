"""Adapters: those that are here, whether they are whole and fit, and which is in use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from espalier.config import Settings
from espalier.model import Ask, ModelDamaged, ModelMissing, Sampling, choices
from espalier.model import adapters as room
from espalier.model.bases import base
from espalier.model.choices import Choices
from espalier.model.endpoints import open_endpoint, usual
from espalier.model.prompt import build_messages
from espalier.model.store import sha256
from tests.model.conftest import run


@pytest.fixture
def settings(real_settings: Settings, tmp_path: Path) -> Settings:
    return real_settings.model_copy(update={"data": tmp_path / "data", "model": "", "model_threads": 1})


def make(folder: Path, file: Path, **said: object) -> Path:
    """An adapter's folder, as training exports it."""
    folder.mkdir(parents=True)
    (folder / "adapter.gguf").write_bytes(file.read_bytes())
    manifest = {
        "name": folder.name,
        "tier": "small",
        "base": {"name": "smollm2-135m", "sha256": base("small").sha256},
        "sha256": sha256(file),
        "rank": 4,
        "created": "2030-01-01T00:00:00+00:00",
        "figures": {"score": 0.9},
        "more": ["is", "kept"],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest | said))
    return folder


def own(settings: Settings, name: str) -> Path:
    return settings.data / "adapters" / name


def test_the_newest_is_in_use_until_one_is_chosen(settings, adapters):
    make(own(settings, "red"), adapters["red"], created="2031-01-01")
    make(own(settings, "blue"), adapters["blue"], created="2032-01-01")
    make(
        own(settings, "other"), adapters["red"], tier="standard", base={"name": "x", "sha256": base("standard").sha256}
    )
    assert room.in_use("small", settings).name == "blue"
    choices.write(settings, Choices(adapters={"small": "red"}))
    one = room.in_use("small", settings)
    assert (one.name, one.base, one.manifest.rank, one.verified().name) == ("red", base("small"), 4, "adapter.gguf")
    assert one.manifest.model_extra == {"more": ["is", "kept"]}
    assert {each.name for each in room.fitting(base("small"), settings)} >= {"red", "blue"}
    assert "other" not in {each.name for each in room.fitting(base("small"), settings)}


def test_a_name_opens_what_it_stands_for(settings, adapters):
    """The tier speaks with the adapter in use, the base without any, and a name with its own; all of one process's adapters."""
    make(own(settings, "red"), adapters["red"], created="2031-01-01")
    make(own(settings, "blue"), adapters["blue"], created="2032-01-01")
    question = Ask(build_messages("a shop for kites"), sampling=Sampling(max_tokens=8))

    async def said(name: str, **more: object) -> tuple[str, str]:
        one = open_endpoint(name, settings)
        try:
            answer = await one.complete(Ask(question.messages, sampling=question.sampling, **more))  # type: ignore[arg-type]
            assert one.trained == (name != "base:small")
            return answer.adapter, answer.text
        finally:
            await one.close()

    voices = [run(said("small")), run(said("red")), run(said("base:small"))]
    assert [adapter for adapter, _ in voices] == ["blue", "red", ""]
    assert len({text for _, text in voices}) == 3
    assert run(said("base:small", adapter="red")) == voices[1]


def test_what_is_not_there_is_said_with_what_is(settings, adapters):
    with pytest.raises(ModelMissing, match=r"There is no model `big`. Write one of small, standard, .*base:small"):
        open_endpoint("big", settings)
    make(own(settings, "red"), adapters["red"])
    choices.write(settings, Choices(adapters={"small": "gone"}))
    with pytest.raises(ModelMissing, match=r"`gone` is in use for `small` and not here any more"):
        open_endpoint("small", settings)
    with pytest.raises(ModelMissing, match=r"There is no adapter `x`; there is: .*red"):
        room.named("x", settings)


def test_damage_is_noticed_before_it_is_loaded(settings, adapters):
    folder = make(own(settings, "red"), adapters["red"])
    choices.write(settings, Choices(adapters={"small": "red"}))
    whole = adapters["red"].read_bytes()
    cases = {
        "changed": (whole[:-1] + b"x", "is damaged or was changed"),
        "cut": (b"GGUF", "cut off or damaged"),
        "no gguf": (b"<!DOCTYPE html>", "not a GGUF file but a web page"),
    }
    for data, words in cases.values():
        (folder / "adapter.gguf").write_bytes(data)
        with pytest.raises(ModelDamaged, match=words):
            open_endpoint("small", settings)
    (folder / "adapter.gguf").unlink()
    with pytest.raises(ModelMissing, match=r"red has no adapter.gguf"):
        open_endpoint("small", settings)


def test_a_base_is_no_adapter(settings, model):
    make(own(settings, "wrong"), model, sha256="0" * 64)
    with pytest.raises(ModelDamaged, match="is no adapter but a GGUF file of the kind `model`"):
        open_endpoint("wrong", settings)


def test_an_adapter_of_another_base_is_never_loaded(settings, adapters):
    make(own(settings, "stray"), adapters["red"], base={"name": "older", "sha256": "1" * 64})
    with pytest.raises(ModelMissing, match=r"trained on older with SHA-256 111111111111.*another version of Espalier"):
        open_endpoint("stray", settings)


def test_folders_that_hold_none_are_told_of_and_passed_by(settings, adapters):
    make(own(settings, "red"), adapters["red"])
    make(own(settings, "odd"), adapters["red"], name="../../etc")
    (own(settings, "empty")).mkdir()
    (own(settings, "garbage")).mkdir()
    (own(settings, "garbage") / "manifest.json").write_bytes(b"\xff\x00")
    there, faults = room.find_all(settings)
    assert "red" in {one.name for one in there}
    assert len(faults) == 3
    assert any("holds no adapter" in str(fault) for fault in faults)


def test_an_export_is_taken_in_whole(settings, adapters, tmp_path):
    export = make(tmp_path / "run" / "export", adapters["red"], name="mine")
    assert room.add(export, settings).folder == own(settings, "mine")
    again = make(tmp_path / "again" / "export", adapters["blue"], name="mine")
    assert room.add(again, settings).verified().read_bytes() == adapters["blue"].read_bytes()
    (export / "adapter.gguf").write_bytes(b"GGUF")
    with pytest.raises(ModelDamaged):
        room.add(export, settings)
    assert room.named("mine", settings).verified().read_bytes() == adapters["blue"].read_bytes()


def test_what_writes_when_nobody_says(settings):
    assert usual(settings) == "small"
    choices.write(settings, Choices(model="standard"))
    assert usual(settings) == "standard"
    assert usual(settings.model_copy(update={"model": "http://a/v1#b"})) == "http://a/v1#b"
    (settings.data / "models.json").write_text("{")
    with pytest.raises(ModelDamaged, match="Delete it"):
        usual(settings)
