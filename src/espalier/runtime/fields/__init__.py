"""The types of field at run time, one file each, named as in blueprint/fields/: storage here, inputs and display beside it."""

import importlib
import pkgutil

from .base import FIELD_KINDS, FieldKind, kind

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

__all__ = ["FIELD_KINDS", "FieldKind", "kind"]
