"""The kinds of block, one file each. Adding a kind is adding a file here and one of the same name in runtime/blocks/."""

import importlib
import pkgutil

from .base import KINDS, Block, DataBlock, Path, Sort, Source

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

__all__ = ["KINDS", "Block", "DataBlock", "Path", "Sort", "Source"]
