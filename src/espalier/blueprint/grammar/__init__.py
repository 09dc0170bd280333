"""Grammars in GBNF under which a model writes blueprints and patches: what it writes reads, and names only what is there."""

from .stages import Stage, next_stage, stage_without_more

__all__ = ["Stage", "next_stage", "stage_without_more"]
