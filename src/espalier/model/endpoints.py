"""From a name to something that can be asked.

- `small`, `standard`: our own, a base with the adapter of that tier that is in use
- the name of an adapter: that one
- `base:small`, and the name of a base: untrained, a generalist that needs the card
- `https://server/v1#model`: any server that speaks OpenAI's protocol
"""

from __future__ import annotations

from espalier.config import Settings

from . import adapters, choices, store
from .bases import Base, base, bases, tiers
from .embedded import Embedded
from .endpoint import Endpoint
from .errors import ModelDamaged, ModelMissing
from .remote import Remote
from .worker import Options

USUAL = "small"


def usual(settings: Settings) -> str:
    """The name that counts when none is given: of the settings, else what was chosen, else USUAL."""
    return settings.model or choices.read(settings).model or USUAL


def open_endpoint(name: str, settings: Settings) -> Endpoint:
    """What a name stands for; empty for the usual one. It loads with the first question, and should be closed.

    Raises ModelMissing or ModelDamaged, which say what to do.
    """
    name = name or usual(settings)
    if name.startswith(("http://", "https://")):
        return Remote(name, settings)
    if name.startswith("base:"):
        return _embedded(name, base(name.removeprefix("base:")), "", settings)
    if name in tiers():
        adapter = adapters.in_use(name, settings)
        return _embedded(name, adapter.base, adapter.name, settings)
    if name in bases():
        return _embedded(name, base(name), "", settings)
    there = [one.name for one in adapters.find_all(settings)[0]]
    if name in there:
        return _embedded(name, adapters.named(name, settings).base, name, settings)
    known = [*tiers(), *there, *(f"base:{tier}" for tier in tiers()), *bases()]
    raise ModelMissing(
        f"There is no model `{name}`. Write one of {', '.join(known)}, or the address of a server such as `http://localhost:8080/v1#model`."
    )


def _embedded(name: str, of: Base, adapter: str, settings: Settings) -> Embedded:
    """A base of this machine, with every adapter that fits it: one more costs little, and can be asked for by name."""
    model = store.need(of, settings)
    files = {}
    for one in adapters.fitting(of, settings):
        try:
            files[one.name] = one.verified()
        except (ModelMissing, ModelDamaged):
            if one.name == adapter:
                raise
    return Embedded(
        name,
        model,
        files,
        adapter,
        options=Options(context=of.context, slots=settings.model_slots, threads=settings.model_threads),
        line_ends_join=of.line_ends_join,
        seconds=settings.model_seconds,
    )
