"""The base model for training, out of the very file that serves it, so that what is trained is what will be served."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from . import attention

TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def load_base(file: Path, precision: torch.dtype, trees: bool = True) -> PreTrainedModel:
    """The frozen model, its quantised weights made plain. trees: with the attention of attention.py, else the library's."""
    with _quiet():
        model: Any = AutoModelForCausalLM.from_pretrained(
            str(file.parent),
            gguf_file=file.name,
            dtype=precision,
            attn_implementation=attention.NAME if trees else "sdpa",
        )
    # The weights are plain by now; what says otherwise would make the trainer refuse them.
    for mark in ("hf_quantizer", "quantization_method", "is_quantized"):
        model.__dict__.pop(mark, None)
    model.config.__dict__.pop("quantization_config", None)
    model.requires_grad_(False)
    model.config.use_cache = False
    return model


def load_tokenizer(file: Path) -> PreTrainedTokenizerBase:
    """The tokenizer in the model's file."""
    with _quiet():
        tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(str(file.parent), gguf_file=file.name)
    return tokenizer


def encoder(tokenizer: PreTrainedTokenizerBase) -> Any:
    """Text to token numbers, without marks that the text does not hold."""
    return lambda text: tokenizer(text, add_special_tokens=False)["input_ids"]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without the library's bars and advice while it unpacks."""
    from transformers.utils import logging as library

    level = library.get_verbosity()
    library.set_verbosity(logging.ERROR)
    library.disable_progress_bar()
    try:
        yield
    finally:
        library.set_verbosity(level)
        library.enable_progress_bar()
