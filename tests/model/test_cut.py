"""A base cut out of another: fewer tokens, the same texts, the same bytes each time, and it answers."""

import asyncio
import hashlib

import pytest
from gguf import GGUFReader

from espalier.model import Ask, Sampling, store
from espalier.model.bases import Base, base
from espalier.model.embedded import Embedded
from espalier.model.errors import ModelMissing
from espalier.model.sources.cut import LIST, cut
from espalier.model.worker import Options

TOKENS = 9_000


@pytest.fixture(scope="module")
def small_cut(model, tmp_path_factory):
    out = tmp_path_factory.mktemp("cut") / "cut.gguf"
    cut(model, out, TOKENS)
    return out


def test_the_first_tokens_and_the_marks_stay(model, small_cut):
    whole, less = GGUFReader(str(model)), GGUFReader(str(small_cut))
    names = less.fields[LIST].contents()
    assert names[:TOKENS] == whole.fields[LIST].contents()[:TOKENS]
    assert "<|im_end|>" in names and len(names) < TOKENS + 100
    rows = {tensor.name: tensor for tensor in less.tensors}
    assert rows["token_embd.weight"].shape[1] == len(names)
    assert rows["blk.0.ffn_up.weight"].tensor_type.name == "Q4_0"
    assert (
        rows["blk.0.ffn_down.weight"].tensor_type
        == {tensor.name: tensor for tensor in whole.tensors}["blk.0.ffn_down.weight"].tensor_type
    )
    merges = less.fields["tokenizer.ggml.merges"].contents()
    assert merges and all(pair.replace(" ", "") in names for pair in merges)
    marks = [less.fields[f"tokenizer.ggml.{kind}_token_id"].contents() for kind in ("bos", "eos")]
    said = whole.fields[LIST].contents()
    assert [names[mark] for mark in marks] == [
        said[whole.fields[f"tokenizer.ggml.{kind}_token_id"].contents()] for kind in ("bos", "eos")
    ]


def test_any_text_can_still_be_said(small_cut):
    """Words whose own token is gone, and other scripts, go in and come out in more pieces."""

    async def answer():
        endpoint = Embedded(
            "cut",
            small_cut,
            {},
            "",
            options=Options(context=512, slots=1, threads=2),
            line_ends_join=False,
            seconds=120,
        )
        try:
            wanted = "pneumothorax \u732b \u043a\u043e\u0442"
            ask = Ask(
                [{"role": "user", "content": wanted}], sampling=Sampling(max_tokens=60), grammar=f'root ::= "{wanted}"'
            )
            return wanted, await endpoint.complete(ask)
        finally:
            await endpoint.close()

    wanted, said = asyncio.run(answer())
    assert said.text == wanted and said.tokens_in > 3


def test_the_store_makes_it_and_holds_it_to_its_hash(model, small_cut, real_settings, tmp_path):
    small = base("small")
    settings = real_settings.model_copy(update={"models": tmp_path / "models", "models_from": model})
    data = small_cut.read_bytes()
    pinned = {
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "name": "cut",
        "file": "cut.gguf",
        "tier": "",
    }
    source = {"kind": "cut", "base": "small", "tokens": TOKENS}
    one = Base(**{**small.model_dump(), **pinned, "sources": (source,)})
    assert store.pull(one, settings).read_bytes() == data
    other = one.model_copy(update={"sources": ({**source, "tokens": TOKENS - 1},)})
    store.remove(one, settings)
    with pytest.raises(ModelMissing, match="a cut of small: what came is not the file"):
        store.pull(other, settings)
