"""The types of field, one file each. Adding a type is adding a file here and one of the same name in runtime/fields/."""

import importlib
import pkgutil

from .base import TYPES, FieldType, Range, read_range

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

# Names that people and models write for a type, each with the type it means.
ALIASES: dict[str, str] = {alias: kind.name for kind in TYPES.values() for alias in kind.aliases}

# Types that are written by their own shape (`A | B`, `Customer`), not by their name.
SHAPED = ("choice", "reference")

__all__ = ["ALIASES", "SHAPED", "TYPES", "FieldType", "Range", "read_range"]
