"""The language: reading, checking, printing and editing blueprints.

Imports nothing of ours; knows nothing of databases or web pages.
"""

from .printer import print_blueprint, print_tree
from .problems import BlueprintError, Fix, Problem
from .reader import Reading, read, read_all, read_tree
from .schema import Blueprint

__all__ = [
    "Blueprint",
    "BlueprintError",
    "Fix",
    "Problem",
    "Reading",
    "print_blueprint",
    "print_tree",
    "read",
    "read_all",
    "read_tree",
]
