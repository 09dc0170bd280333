"""A random adapter, small and loud, in the format that llama.cpp reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from gguf import GGUFReader, GGUFWriter

RANK = 4


def random_adapter(model: Path, path: Path, seed: int, loudness: float = 0.6) -> Path:
    """An adapter of the attention's q and v, the same for the same seed."""
    reader = GGUFReader(model)
    writer = GGUFWriter(path, str(reader.fields["general.architecture"].contents()))
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", float(RANK))
    random = np.random.default_rng(seed)
    for tensor in reader.tensors:
        if tensor.name.startswith("blk.") and any(part in tensor.name for part in ("attn_q.", "attn_v.")):
            width, height = (int(size) for size in tensor.shape)
            down = (random.normal(size=(RANK, width)) / np.sqrt(width)).astype(np.float32)
            up = (random.normal(size=(height, RANK)) * loudness).astype(np.float32)
            writer.add_tensor(f"{tensor.name}.lora_a", down)
            writer.add_tensor(f"{tensor.name}.lora_b", up)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
