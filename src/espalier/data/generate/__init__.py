"""Pairs made by composing: a domain of the taxonomy, some of its entities, an audience, extras, a look; and a prompt that says so.

What a prompt says is in its blueprint and in its rubric, by construction; what it does not say follows from habit. Everything
follows from a seed number. Nothing here asks a model.
"""
