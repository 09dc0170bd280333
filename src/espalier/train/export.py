"""The trained adapter as llama.cpp reads it: one GGUF file, in eight bits.

The q and k rows of a model of the llama family stand in another order in GGUF than in transformers (llama.cpp's converter
permutes them for its rotary embedding), so the rows of those B matrices are brought into that order too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from gguf import GGMLQuantizationType, GGUFReader, GGUFWriter, quants

NAMES = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
PERMUTED = {"llama": ("attn_q", "attn_k")}  # architectures whose rows of q and k GGUF holds in another order
WEIGHT = re.compile(r"layers\.(\d+)\.((?:self_attn|mlp)\.\w+_proj)\.lora_([AB])(?:\.\w+)?\.weight$")


def export(weights: Mapping[str, torch.Tensor], alpha: float, base: Path, out: Path, bits: int = 8) -> Path:
    """Write the adapter.

    weights: PEFT's, by name; A is (rank, in), B is (out, rank). alpha: the scale is alpha / rank. base: the GGUF that it was
    trained on. bits: 8, or 16 where the eight are to be compared with something. Raises ValueError for a weight it does not know.
    """
    reader = GGUFReader(base)
    family = str(reader.fields["general.architecture"].contents())
    heads = {
        "attn_q": int(reader.fields[f"{family}.attention.head_count"].contents()),
        "attn_k": int(reader.fields[f"{family}.attention.head_count_kv"].contents()),
    }
    partial = out.with_suffix(".part")
    writer = GGUFWriter(partial, family)
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", float(alpha))
    for short, count in heads.items():  # for reading it back without the base
        writer.add_uint32(f"espalier.heads.{short}", count)
    for name, weight in sorted(weights.items()):
        found = WEIGHT.search(name)
        if not found or found[2] not in NAMES:
            raise ValueError(f"no place in GGUF is known for {name}")
        short, side = NAMES[found[2]], found[3].lower()
        array = weight.detach().float().cpu().numpy()
        if side == "b" and short in PERMUTED.get(family, ()):
            array = permuted(array, heads[short])
        kind = GGMLQuantizationType.Q8_0 if bits == 8 and array.shape[1] % 32 == 0 else GGMLQuantizationType.F16
        data = quants.quantize(np.ascontiguousarray(array), kind)
        writer.add_tensor(f"blk.{found[1]}.{short}.weight.lora_{side}", data, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    partial.replace(out)
    return out


def permuted(rows: np.ndarray, heads: int) -> np.ndarray:
    """The rows of q or k as llama.cpp orders them (its convert_hf_to_gguf.py, `LlamaModel.permute`)."""
    return rows.reshape(heads, 2, rows.shape[0] // heads // 2, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)


def weights(file: Path) -> dict[str, torch.Tensor]:
    """The weights of an exported adapter under PEFT's names again, to go on from where its checkpoints are not at hand.

    What the eight bits rounded off stays off.
    """
    reader = GGUFReader(file)
    family = str(reader.fields["general.architecture"].contents())
    long = {short: name for name, short in NAMES.items()}
    found = {}
    for tensor in reader.tensors:
        layer, short, side = re.match(r"blk\.(\d+)\.(\w+)\.weight\.lora_([ab])$", tensor.name).groups()  # type: ignore[union-attr]
        array = quants.dequantize(tensor.data, tensor.tensor_type)
        if side == "b" and short in PERMUTED.get(family, ()):
            heads = int(reader.fields[f"espalier.heads.{short}"].contents())
            array = array.reshape(heads, array.shape[0] // heads // 2, 2, -1).swapaxes(1, 2).reshape(array.shape)
        name = f"base_model.model.model.layers.{layer}.{long[short]}.lora_{side.upper()}.weight"
        found[name] = torch.tensor(np.ascontiguousarray(array, dtype=np.float32))
    return found
