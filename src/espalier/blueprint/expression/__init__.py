"""Expressions of the blueprint language: reading, printing, binding to a blueprint, evaluating, renaming.

parse(text, choices) -> node; to_text(node), to_cel(node); bind(node, scope) -> Bound; evaluate(bound, environment).
The SQL form lives in espalier.runtime.sql. docs/language.md, section Expressions, is the specification.
"""

from espalier.blueprint.expression.bind import (
    Bound,
    bind,
    bind_condition,
    close_match,
    condition_faults,
    faults,
    money_cents,
)
from espalier.blueprint.expression.errors import ExpressionError
from espalier.blueprint.expression.evaluate import Environment, evaluate, evaluate_aggregate, evaluate_condition
from espalier.blueprint.expression.meaning import Type
from espalier.blueprint.expression.nodes import Node, field_paths, is_constant, walk
from espalier.blueprint.expression.parse import parse
from espalier.blueprint.expression.rename import rename_choice, rename_role, renamed
from espalier.blueprint.expression.spelling import quoted, to_cel, to_text
from espalier.blueprint.expression.vocabulary import FieldInfo, Scope, Vocabulary

__all__ = [
    "Bound",
    "Environment",
    "ExpressionError",
    "FieldInfo",
    "Node",
    "Scope",
    "Type",
    "Vocabulary",
    "bind",
    "bind_condition",
    "close_match",
    "condition_faults",
    "evaluate",
    "evaluate_aggregate",
    "evaluate_condition",
    "faults",
    "field_paths",
    "is_constant",
    "money_cents",
    "parse",
    "quoted",
    "rename_choice",
    "rename_role",
    "renamed",
    "to_cel",
    "to_text",
    "walk",
]
