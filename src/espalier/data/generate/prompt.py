"""From a draft's statements to a prompt, in one of five styles: which of them are said, in what words, in what order."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

import yaml

from espalier.blueprint.names import plural
from espalier.check.requirements import Requirement

from . import doings as doing
from .draft import Draft, EntityDraft, FieldDraft, Statement, article
from .entities import needs_of
from .needs import need
from .noise import hurried
from .taxonomy import ME

CHOICE = re.compile(r"\[([^\[\]]*)\]")
PLURAL = ("visitors", "people", "everybody", "the team", "all of us", "users", "members")
LAST = ("name", "colors", "color", "dark_color", "dark", "accent", "style")
VOICE = {"short": "noun", "formal": "plain", "list": "bullet", "messy": "casual", "chatty": "plain"}
ASKING = ("how", "why", "what", "when", "where", "who", "whom", "whose", "until", "from", "for", "to")
LOOSE_ENDS = ("by", "to", "from", "for", "with", "of", "in", "at", "on", "until")
MIXED = 0.35  # of the sentences of a chatty prompt are casual


@cache
def phrases() -> dict[str, dict[str, list[str]]]:
    return yaml.load((resources.files(__package__) / "phrases.yaml").read_text("utf-8"), yaml.CSafeLoader)


def write(draft: Draft) -> tuple[str, list[Requirement]]:
    """The prompt, and what it demands."""
    chosen = _chosen(draft)
    needs: list[Requirement] = []
    sentences: list[str] = []
    if draft.style == "short":
        return _short(draft, chosen)
    fields_said: set[tuple[str, str]] = set()
    body: list[tuple[str, str]] = []  # (entity, sentence)
    if draft.doings:
        for sentence, demands in _doings(draft, fields_said):
            body.append(("", sentence))
            needs += demands
    for entity in draft.entities.values() if not draft.doings else ():
        sentence, demands = _entity(draft, entity, fields_said)
        if sentence:
            body.append((entity.kind.key, sentence))
            needs += demands
    roles = [one for one in chosen if one.kind == "role"]
    rest = [one for one in chosen if one.kind not in LAST and one not in roles]
    if len(roles) > 1 and draft.chance(0.7):
        words = [one.slots["role"] for one in roles]
        body.append(
            (
                "roles",
                say(
                    draft,
                    "roles",
                    roles=listed([many(w) for w in words], draft),
                    any=listed(words, draft, "or"),
                    count=number(len(words)),
                ),
            )
        )
        needs += [need for one in roles for need in one.needs]
    else:
        rest = roles + rest
    by_entity = draft.chance(0.6)
    for one in rest:
        slots = _slots(draft, one)
        if one.kind == "flow" and (one.about, one.slots["field"]) in fields_said:
            continue
        sentence = say(draft, one.kind, **slots)
        at = (
            max((at for at, (about, _) in enumerate(body) if about == one.about), default=len(body) - 1)
            if by_entity and one.about
            else len(body) - 1
        )
        body.insert(at + 1, (one.about, sentence))
        needs += one.needs
    if not by_entity and draft.chance(0.5):
        head, tail = body[: len(draft.entities)], body[len(draft.entities) :]
        draft.rng.shuffle(tail)
        body = head + tail
    look = [one for one in chosen if one.kind in LAST]
    draft.rng.shuffle(look)
    last = [say(draft, one.kind, **_slots(draft, one)) for one in look]
    needs += [need for one in look for need in one.needs]
    sentences = [sentence for _, sentence in body]
    if look and draft.chance(0.12):
        sentences = [*last, *sentences]
    else:
        sentences += last
    return _joined(draft, _opening(draft), sentences), _distinct(needs)


def _chosen(draft: Draft) -> list[Statement]:
    """What is said: all that nobody would guess, and some of the rest."""
    share = {"short": 0.0, "messy": 0.22, "formal": 0.45, "list": 0.35, "chatty": 0.3}[draft.style]
    return [one for one in draft.statements if one.must or draft.chance(share)]


def _short(draft: Draft, chosen: list[Statement]) -> tuple[str, list[Requirement]]:
    text = _opening(draft)
    needs: list[Requirement] = []
    nouns = []
    named = [entity for entity in draft.entities.values() if entity.function not in ("line", "news")]
    if draft.chance(0.35):
        text = f"{draft.pick((f'{draft.called} site', f'{draft.called} app', draft.called, text))}{draft.pick((': ', ' with ', ' - '))}"
        text += listed(
            [draft.pick((entity.many, entity.many, f"our {entity.many}")) for entity in named],
            draft,
            draft.pick(("and", "")),
        )
        needs += [need("entity", like=draft.like(entity)) for entity in named]
    for one in chosen:
        table = phrases()[one.kind]
        if "noun" not in table:
            continue
        nouns.append(expand(draft, draft.pick(table["noun"]), _slots(draft, one)))
        needs += one.needs
    for noun in nouns:
        join = (
            ", "
            if re.match(r"(in|called|just|only|members|internal|dark|private|with|should)\b", noun) or draft.chance(0.4)
            else draft.pick((" with ", ", with ", " and "))
        )
        text += join + noun
    if draft.chance(0.35):
        text = text[:1].upper() + text[1:]
    if draft.chance(0.12):
        text += "."
    if draft.chance(0.25):
        text = hurried(text, draft.rng, 0.5)
    lead = draft.lead
    if not needs and (lead.words in text.lower() or lead.many in text.lower()):
        needs.insert(0, need("entity", like=draft.like(lead)))
    return text, _distinct(needs)


def _opening(draft: Draft) -> str:
    does, called = draft.pick(draft.purpose.does), draft.called
    we = draft.pick((draft.domain.me or ME) if draft.audience == "own" else draft.domain.we)
    slots = {"does": does, "called": called, "we": we, "a_does": article(does), "a_called": article(called)}
    return expand(draft, draft.pick(phrases()["open"][draft.style]), slots)


def _entity(draft: Draft, entity: EntityDraft, said: set[tuple[str, str]]) -> tuple[str, list[Requirement]]:
    """A sentence about an entity and its fields. Fields that are not named are those anybody would expect."""
    if entity.function in ("inbox", "review", "idea") and draft.chance(0.7):
        return "", []
    needs: list[Requirement] = [need("entity", like=draft.like(entity))]
    rare = [one for one in entity.fields.values() if not one.kind.core and not one.kind.computed]
    bare = not rare and draft.chance(0.35)
    if bare:
        if entity is draft.lead and draft.chance(0.5):
            return "", []
        return say(draft, "entity_bare", **_of(entity)), needs
    named = []
    words = []
    for one in entity.fields.values():
        if one.kind.computed:
            continue
        if one.kind.flow:
            if draft.chance(0.5):
                continue
            said.add((entity.kind.key, one.words))
        named.append(one)
    if draft.chance(0.15):
        draft.rng.shuffle(named)
    for one in named:
        words.append(_field(draft, entity, one))
        needs += needs_of(draft, entity, one)
        if " required" in words[-1]:
            needs[-1] = needs[-1].model_copy(update={"required": True})
    return say(draft, "entity", fields=listed(words, draft), **_of(entity)), needs


def _doings(draft: Draft, said: set[tuple[str, str]]) -> list[tuple[str, list[Requirement]]]:
    """Sentences that tell what people do, side by side, and what they demand."""
    found: list[tuple[str, list[Requirement]]] = []
    for who, doings in doing.sides(draft).values():
        people = (
            who
            if who in ("I", "we")
            else who
            if who in PLURAL
            else listed([many(one.replace("_", " ")) for one in who.split(" or ")], draft)
        )
        if draft.audience == "own":
            people = draft.pick(("I want to", "I need to", "It should let me", "I would like to"))
        can = (
            ""
            if draft.audience == "own"
            else draft.pick(
                ("can", "can", "should be able to", "may", "must be able to")
                if draft.style == "formal"
                else ("can", "can", "should be able to")
            )
        )
        parts: list[tuple[str, list[Requirement]]] = []
        for words, demands, entity in doings:
            text, more = _filled(draft, words, entity, said)
            parts.append((text, [*demands, *more]))
        while parts:
            take = draft.rng.randint(1, 3) if draft.style != "list" else 1 if draft.chance(0.6) else 2
            now, parts = parts[:take], parts[take:]
            text = f"{people} {can} {listed([text for text, _ in now], draft)}"
            if draft.style == "list" and draft.chance(0.4) and draft.audience != "own":
                text = f"{people}: {listed([text for text, _ in now], draft)}"
            found.append((re.sub(r" {2,}", " ", text), [one for _, demands in now for one in demands]))
    return found


def _filled(draft: Draft, words: str, entity: EntityDraft, said: set[tuple[str, str]]) -> tuple[str, list[Requirement]]:
    """The words of a doing, with the fields, states and verbs of its entity put in."""
    more: list[Requirement] = []
    slots = _of(entity)
    rare = [one for one in entity.fields.values() if not one.kind.core and not one.kind.computed and not one.kind.flow]
    core = [
        one for one in entity.fields.values() if one.kind.core and not one.kind.flow and one.kind.kind != "reference"
    ]
    named = [*core[1 : 1 + draft.rng.randint(1, 2)], *rare]
    if "{fields}" in words and not named:
        words = re.sub(r" (with|and their|by leaving) \{fields\}", "", words)
    elif rare and "{fields}" not in words:
        words, named = f"{words} with {{fields}}", rare
    if "{fields}" in words:
        slots["fields"] = listed(
            [one.words if one.kind.kind == "reference" else _field(draft, entity, one) for one in named], draft
        )
        more += [demand for one in named for demand in needs_of(draft, entity, one)]
    flow = entity.flow
    verbs = doing.verbs_of(entity)
    if "{verbs}" in words and not verbs:
        words = "handle {entities}"
    if "{first}" in words and (flow is None or len(flow.choices) < 3):
        words = "keep track of {entities}"
    if flow:
        steps = flow.choices[: len(flow.choices) - flow.kind.exits]
        slots |= {"first": steps[0].lower(), "last": steps[-1].lower(), "verbs": listed(verbs, draft, "or")}
    return expand(draft, words, slots), more


def _field(draft: Draft, entity: EntityDraft, one: FieldDraft) -> str:
    words, kind = spoken(draft, one), one.kind
    formal = draft.style in ("formal", "list")
    if one.choices:
        values = [
            value
            if (value[:1].isupper() and formal and draft.chance(0.7)) or any(c.isupper() for c in value[1:])
            else value.lower()
            for value in one.choices
        ]
        shape = draft.rng.random()
        if shape < 0.55:
            return f"{words} ({listed(values, draft, draft.pick(('or', 'or', 'and', '')))})"
        if shape < 0.8 or not formal:
            return (
                f"{words} {'/'.join(values)}"
                if draft.chance(0.4)
                else f"{words}: {listed(values, draft, 'or')}"
                if draft.style == "list"
                else f"{words} ({'/'.join(values)})"
            )
        return f"{words} with the values {listed(values, draft, 'and')}"
    parameter = re.match(r"\w+!? (\S+)", one.type)
    extra = parameter[1] if parameter and parameter[1] not in ("=", "unique", "owner", "part") else ""
    if extra == draft.currency:
        extra = ""  # told of all money at once
    if ".." in extra:
        low, high = extra.split("..")
        words = (
            f"{words} ({low} to {high})"
            if draft.chance(0.6)
            else f"{words} from {low} to {high}"
            if draft.chance(0.6)
            else words
        )
    elif extra:
        if words.endswith(f" {extra}"):  # `height cm` is the height, in cm
            words = one.called = words.removesuffix(f" {extra}")
        words = f"{words} in {extra}" if draft.chance(0.6) else f"{words} ({extra})"
    match kind.kind:
        case "bool" if draft.chance(0.5) and not words.startswith("whether"):
            return draft.pick((f"whether {words}", f"{words} yes/no", f"{words} or not", f"{words} (yes or no)"))
        case "image" | "long" if draft.chance(0.4) and _is_noun(words):
            return article(words)
        case "reference" if draft.chance(0.5) and _is_noun(words):
            return f"{draft.pick(('the', 'which'))} {words}"
    if kind.required and formal and kind.core and draft.chance(0.06):
        return f"{words} (required)"
    return words


def _is_noun(words: str) -> bool:
    """Can an article stand before it? Not before `how to tell` or `led by`."""
    parts = words.split()
    return parts[0] not in ASKING and parts[-1] not in LOOSE_ENDS


@cache
def _spoken() -> dict[str, list[str]]:
    return yaml.load((resources.files(__package__) / "spoken.yaml").read_text("utf-8"), yaml.CSafeLoader)


def known_words(name: str) -> list[str]:
    """What people say instead of a field's name; empty when they say the name."""
    return _spoken().get(name, [])


def spoken(draft: Draft, one: FieldDraft) -> str:
    """The words of a field, or what people say instead. What is asked with `whether` is a yes or a no, and nothing else is."""
    known = [said for said in known_words(one.name) if said.startswith("whether") == (one.kind.kind == "bool")]
    if known and draft.chance(0.8):
        one.called = draft.pick(known)
    return one.called or one.words


# --- words ------------------------------------------------------------------------------------------------------------


def say(draft: Draft, kind: str, **slots: str) -> str:
    """One way to say it in the draft's style."""
    table = phrases()[kind]
    voice = VOICE[draft.style]
    if draft.style == "chatty" and draft.chance(MIXED):
        voice = "casual"
    if draft.style == "list" and "bullet" not in table:
        voice = "noun" if draft.chance(0.7) else "plain"
    for choice in (voice, "noun" if voice == "bullet" else "plain", "plain", "casual", "noun"):
        if choice in table:
            return expand(draft, draft.pick(table[choice]), slots)
    raise AssertionError(kind)


def expand(draft: Draft, template: str, slots: dict[str, str]) -> str:
    while match := CHOICE.search(template):
        template = template[: match.start()] + draft.pick(match[1].split("|")) + template[match.end() :]

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        if name in slots:
            return slots[name]
        low = name[0].lower() + name[1:]
        if low in slots:
            return upper(slots[low])
        if name.lower().startswith("a_") and name[2:].lower() in slots:
            said = article(slots[name[2:].lower()])
            return upper(said) if name[0] == "A" else said
        raise AssertionError(f"{name} of {template}")

    return re.sub(r" {2,}", " ", re.sub(r"\{(\w+)\}", fill, template)).strip()


def _of(entity: EntityDraft) -> dict[str, str]:
    return {"entity": entity.words, "entities": entity.many}


def _slots(draft: Draft, one: Statement) -> dict[str, str]:
    slots = dict(one.slots)
    if one.kind in ("reminder", "calendar") and (known := _spoken().get(slots["field"].replace(" ", "_"))):
        slots["field"] = known[0]
    if one.kind == "reminder":
        vague = slots["field"] in ("date", "day", "start time", "date and time", "time")
        if vague and draft.chance(0.4):
            slots["field"] = f"{slots['entity']} date"
        elif vague or draft.chance(0.5):
            slots["field"] = f"{slots['field']} of {article(slots['entity'])}"
    if one.kind == "flow":
        values = [
            value if draft.style in ("formal", "list") and draft.chance(0.7) else value.lower()
            for value in slots["all"].split(", ")
        ]
        steps = slots["steps"].split(", ")
        exits = [value for value in slots["exits"].split(", ") if value]
        low = [value.lower() for value in steps]
        slots |= {
            "all": listed(values, draft), "any": listed(values, draft, "or"), "slashes": " / ".join(values),
            "steps_then": ", then ".join(low) + (f" (or {' or '.join(value.lower() for value in exits)})" if exits else ""),
            "arrows": " -> ".join(low) + (f", or {' or '.join(value.lower() for value in exits)}" if exits else ""),
        }  # fmt: skip
    if one.kind == "role":
        slots["roles"] = many(slots["role"])
    if one.kind == "own_only":
        slots["roles_of"] = many(slots["role"])
    if one.kind == "actions":
        slots["verbs_or"] = listed(slots["verbs"].split(", "), draft, "or")
    if one.kind in ("only_write", "hidden", "actions", "approval", "internal_note") and "roles" in slots:
        words = slots["roles"].split(" or ")
        slots["roles"] = listed(
            [many(word) if word not in ("user", "own") else "members" for word in words], draft, "and"
        )
    return slots


def many(role: str) -> str:
    return plural(role)


def number(count: int) -> str:
    return {2: "two", 3: "three", 4: "four", 5: "five"}.get(count, str(count))


def upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def listed(items: list[str], draft: Draft, word: str = "and") -> str:
    """`a, b and c`; somebody in a hurry leaves the word out."""
    if draft.style == "messy" and draft.chance(0.6):
        return ", ".join(items)
    if len(items) < 2 or not word:
        return ", ".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def _joined(draft: Draft, opening: str, sentences: list[str]) -> str:
    if draft.style == "list":
        mark = draft.pick(("- ", "- ", "* ", "• ", "", "{n}. "))
        lines = [
            mark.replace("{n}", str(at)) + (upper(one) if draft.chance(0.3) else one)
            for at, one in enumerate(sentences, 1)
        ]
        return "\n".join([opening, *lines])
    if draft.style == "messy":
        text = opening
        for one in sentences:
            text += (
                draft.pick((". ", ". ", ", ", ", also ", ". and ", ". also ", "; ", " and ", ". oh and ", ". plus "))
                + one
            )
        if draft.chance(0.2):
            text += draft.pick((". thanks", ". thx!", ". thank you!!", ". nothing fancy", ". keep it simple"))
        return hurried(text, draft.rng)
    text = upper(opening)
    for one in sentences:
        text = text.rstrip(".") + ("." if not text.rstrip().endswith(("!", "?", ",")) else "") + " " + upper(one)
    if not text.endswith((".", "?", "!")):
        text += "."
    if draft.style == "chatty" and draft.chance(0.3):
        text += " " + draft.pick(
            (
                "Thank you!",
                "Thanks a lot.",
                "Please keep it simple.",
                "We are not very technical.",
                "That would make our lives easier.",
                "It does not need more than that.",
            )
        )
    return text


def _distinct(needs: list[Requirement]) -> list[Requirement]:
    found: dict[str, Requirement] = {}
    for one in needs:
        found.setdefault(one.model_dump_json(), one)
    return list(found.values())
