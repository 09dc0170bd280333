"""Words for visitors on the first page."""

from __future__ import annotations

import re

from ..draft import Draft
from ..needs import need
from .base import home


def faq(draft: Draft) -> bool:
    page = home(draft)
    if not page or not draft.domain.faq:
        return False
    lines = dict(draft.rng.sample(draft.domain.faq, min(len(draft.domain.faq), draft.rng.randint(2, 4))))
    draft.tree["pages"][page].append({"faq": lines})
    draft.tell("faq", need("block", any=("faq",)), must=True)
    return True


def contact(draft: Draft) -> bool:
    """How to reach the people; sometimes the prompt says the number itself."""
    page = home(draft)
    if not page:
        return False
    block = {
        "contact": draft.pick(("Find us", "Get in touch", "Where we are", "Say hello")),
        "phone": f"555 0{draft.rng.randint(100, 199)}",
    }
    if draft.chance(0.7):
        block["address"] = f"{draft.rng.randint(1, 90)} {draft.pick(('Elm', 'Mill', 'Station', 'Orchard', 'Church', 'River', 'Garden'))} {draft.pick(('Street', 'Road', 'Lane'))}"  # fmt: skip
    if draft.chance(0.4):
        block["hours"] = draft.pick(("Mon-Fri 9-17", "Tue-Sat 10-18", "daily 8-20", "Mon-Sat 8-13"))
    draft.tree["pages"][page].append(block)
    known = [block[key] for key in ("phone", "address", "hours") if key in block]
    if draft.chance(0.5):
        texts = [need("text", like=f"/{re.escape(one)}/") for one in known]
        draft.tell("contact_told", need("block", any=("contact",)), *texts, must=True, details=", ".join(known))
    else:
        draft.tell("contact", need("block", any=("contact",)), must=True)
    return True


def newsletter(draft: Draft) -> bool:
    page = home(draft)
    if not page:
        return False
    draft.tree["pages"][page].append(
        {"newsletter": draft.pick(("News once a month", "Hear it first", "Letters from us", "Stay in touch"))}
    )
    draft.tell("newsletter", need("flow", name="subscribers"), must=True)
    return True


def testimonials(draft: Draft) -> bool:
    page = home(draft)
    if not page or draft.audience != "site":
        return False
    who = draft.rng.sample(
        ("Mira L.", "Jonas P.", "Adaeze O.", "Tom and Ines", "The Haddads", "Kaito S.", "Rosa V.", "Ben"), 2
    )
    said = draft.rng.sample(
        (
            "Exactly as promised",
            "I told all my friends",
            "They remembered my name",
            "Worth every cent",
            "Kind people who know their craft",
            "Quick answers and no fuss",
        ),
        2,
    )
    draft.tree["pages"][page].append({"testimonials": dict(zip(who, said, strict=True))})
    draft.tell("testimonials", need("block", any=("testimonials",)), must=True)
    return True


def steps(draft: Draft) -> bool:
    """How it works, in three steps."""
    page = home(draft)
    if not page or draft.audience != "site":
        return False
    draft.tree["pages"][page].append({"steps": dict(draft.pick(STEPS))})
    draft.tell("steps", need("block", any=("steps",)), must=True)
    return True


def features(draft: Draft) -> bool:
    """Why to come here."""
    page = home(draft)
    if not page:
        return False
    chosen = draft.rng.sample(REASONS, 3)
    draft.tree["pages"][page].append({"features": dict(chosen)})
    draft.tell(
        "features", need("block", any=("features",)), must=True, reasons=", ".join(head.lower() for head, _ in chosen)
    )
    return True


def banner(draft: Draft) -> bool:
    """A notice that the prompt dictates."""
    page = home(draft)
    if not page:
        return False
    words = draft.pick(NOTICES)
    draft.tree["pages"][page].insert(0, {"banner": words})
    draft.tell(
        "banner", need("block", any=("banner",)), need("text", like=f"/{re.escape(words)}/"), must=True, words=words
    )
    return True


STEPS = (
    (
        ("Ask", "Write to us in two minutes"),
        ("Hear back", "We answer within a day"),
        ("Come by", "Everything is ready for you"),
    ),
    (("Choose", "Look around in peace"), ("Send", "A name and a number are enough"), ("Done", "We do the rest")),
    (("Tell us", "What you need and when"), ("We look", "And call you back"), ("It happens", "On the day we agreed")),
    (("First", "You look at what we have"), ("Then", "You tell us what you want"), ("At last", "We meet")),
)
REASONS = (
    ("Near", "Around the corner from the station"), ("Fair", "The price is the price"), ("Careful", "We take the time it takes"), ("Open", "Come in and look"),
    ("Small", "You know everybody after a week"), ("Experienced", "Twenty years of doing this"), ("Quick", "An answer on the same day"), ("Green", "With power from our own roof"),
    ("Friendly", "There is always coffee"), ("Honest", "We say so when it cannot be done"),
)  # fmt: skip
NOTICES = (
    "Closed in August", "We are looking for helpers", "New opening hours from May", "Open house on Saturday", "No parking in the yard this week", "Cash only, please", "Back on Monday",
    "Please ring twice", "Sold out until June", "The road from the south is closed",
)  # fmt: skip
WAYS = (faq, contact, contact, newsletter, testimonials, steps, features, banner)
