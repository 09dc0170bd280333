"""A base cut out of another one: fewer tokens in its vocabulary, and its widest layers in the blocks that processors multiply fastest.

A small model with a large vocabulary spends a third of its time on its last layer, which is read whole for every token. A
byte-pair vocabulary is a list in the order in which its pairs were joined, so its first so many entries are a vocabulary too: any
text can still be written, rare words in more pieces. Nothing is learnt or measured here: the same file comes out everywhere, and the store
holds it to its hash as any other.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from espalier.config import Settings

from ..bases import Base
from .unavailable import Unavailable

if TYPE_CHECKING:
    from gguf import GGUFReader, GGUFWriter

LIST = "tokenizer.ggml.tokens"
ROWS = ("token_embd.weight", "output.weight")  # one row a token
QUICK = ("ffn_gate", "ffn_up", "attn_q", "attn_output")  # layers that become Q4_0


def fetch(base: Base, source: dict[str, Any], part: Path, settings: Settings, told: Callable[[int], None]) -> None:
    """Write the cut model into `part`, anew each time. source: `base`, which is fetched when it is not here, and `tokens`, how many stay."""
    from .. import bases, store
    from ..errors import ModelError

    try:
        whole = store.pull(bases.base(source["base"]), settings)
    except ModelError as error:
        raise Unavailable(str(error)) from None
    told(0)
    cut(whole, part, int(source["tokens"]))
    told(part.stat().st_size)


def cut(whole: Path, out: Path, tokens: int) -> None:
    """Write a model with the first `tokens` entries of the vocabulary and those that are marks (`<|im_start|>` and the like)."""
    from gguf import GGUFReader, GGUFWriter

    reader = GGUFReader(str(whole))
    kept = _kept(reader, tokens)
    writer = GGUFWriter(str(out), reader.fields["general.architecture"].contents(), use_temp_file=False)
    _metadata(reader, writer, kept)
    _tensors(reader, writer, kept)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _kept(reader: GGUFReader, tokens: int) -> list[int]:
    """The numbers of the tokens that stay, rising."""
    from gguf import TokenType

    kinds = reader.fields["tokenizer.ggml.token_type"].contents()
    marks = (TokenType.CONTROL, TokenType.USER_DEFINED)
    return [number for number, kind in enumerate(kinds) if number < tokens or kind in marks]


def _metadata(reader: GGUFReader, writer: GGUFWriter, kept: list[int]) -> None:
    place = {old: new for new, old in enumerate(kept)}
    names = reader.fields[LIST].contents()
    there = {names[old] for old in kept}
    lists = {LIST, "tokenizer.ggml.token_type", "tokenizer.ggml.scores"}
    for key, field in reader.fields.items():
        if key.startswith("GGUF.") or key == "general.architecture":
            continue
        said = field.contents()
        if key in lists:
            said = [said[old] for old in kept]
        elif key == "tokenizer.ggml.merges":
            said = [pair for pair in said if pair.replace(" ", "") in there]
        elif key.startswith("tokenizer.ggml.") and key.endswith("_token_id"):
            said = place[said]
        elif key == "general.name":
            said = f"{said}, {len(kept)} tokens"
        elif key.endswith(".vocab_size"):
            said = len(kept)
        kind, *inner = field.types
        writer.add_key_value(key, said, kind, sub_type=inner[-1] if inner else None)


def _tensors(reader: GGUFReader, writer: GGUFWriter, kept: list[int]) -> None:
    from gguf import GGMLQuantizationType
    from gguf.quants import dequantize, quantize

    quick = GGMLQuantizationType.Q4_0
    for tensor in reader.tensors:
        data, kind = tensor.data, tensor.tensor_type
        if tensor.name in ROWS:
            data = data[kept]
        elif tensor.name.endswith(".weight") and tensor.name.split(".")[-2] in QUICK:
            data, kind = quantize(dequantize(data, kind), quick), quick
        writer.add_tensor(tensor.name, data, raw_dtype=kind)
