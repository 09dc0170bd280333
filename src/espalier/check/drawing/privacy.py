"""What nobody would want strangers to read, said or not: what people book, owe, ask, apply with, and how they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..requirements.base import Requirement
from ..requirements.private import Private
from ..words import Like
from .prompt import Prompt

# What is asked about, with the entities that hold it and what in a prompt says that it is public after all.
MATTERS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (r"\b(?:appointments?|bookings?|reservations?|consultations?)\b", ("appointment", "booking", "reservation", "consultation"), r"\bwho (?:is|has|booked)|\bsee (?:who|what|which)|\bcalendar everyone|\bpublic calendar|\bteam\b|\boffice\b|\bshared\b|\bqueue\b|\bclub\b|\bmeeting rooms?\b"),
    (r"\b(?:patients?|medical|diagnos\w+|therap(?:y|ist|ists)|symptoms?|prescriptions?|medications?)\b", ("patient", "prescription", "diagnosis", "symptom", "medical record", "session note", "medication"), r"\bpublic register\b"),
    (r"\b(?:invoices?|debts?|salar(?:y|ies)|payroll|owes?|expenses?|spending|budget|claims?)\b", ("invoice", "debt", "salary", "expense", "bill"), r"\btransparen|\bpublish(?:ed)? (?:the )?(?:costs|expenses|budget)|\bshow readers\b"),
    (r"\b(?:enquir(?:y|ies)|inquir(?:y|ies)|contact form|quote requests?|request a quote|intake|consultation requests?)\b", ("enquiry", "quote request", "intake", "consultation request"), r"\bpublic (?:questions|answers)\b|\banswered publicly"),
    (r"\b(?:cv|resume|cover letter|applicants?|candidates?)\b", ("application", "applicant", "candidate"), r"\bvote|\belection|\bpublic profile|\breferenda|\bclass representative"),
    (r"\b(?:diary|mood journal|mood tracker|private (?:diary|journal|notes)|gratitude|my (?:weight|sleep|habits|spending))\b", ("entry", "diary entry", "mood", "day", "weigh in", "dream", "habit", "sleep"), r"\bshare|\bpublic|\bfeed\b|\bcommunity|\bgroup\b|\bsite\b"),
    (r"\b(?:orders?|checkout|purchases?)\b", ("order", "purchase", "checkout"), r"\bin order\b|\border of\b|\bwork orders?\b|\bgroup order|\bteam\b"),
    (r"\b(?:registrations?|enrol\w*|sign[- ]?ups?|rsvps?|(?:can|to|may|should|and|who) register for|sign up for)\b", ("registration", "enrolment", "signup", "rsvp"), r"\bsee who|\bwho(?:'s| is| are)? (?:coming|going|in|signed)|\bpotluck|\battendee list|\bparticipants? list|\bpublic register"),
    (r"\b(?:complaints?|whistle\w*|incidents?|safeguarding|grievances?|payments?|donors?|members?' (?:data|details))\b", ("complaint", "incident", "concern", "payment", "grievance"), r"\bpublic|\bmap\b|\btransparen|\bcommunity|\bneighbo|\bvisible to (?:all|everyone)|\bfeed\b"),
)  # fmt: skip

COMPILED = tuple((re.compile(says), entities, re.compile(public)) for says, entities, public in MATTERS)
# What sounds like one of these and may be seen.
OPEN = ("photo", "file", "ticket", "document", "competition", "event", "post", "episode")


def hear(prompt: Prompt) -> Iterator[Requirement]:
    """Entities that must be closed to strangers."""
    for says, entities, public in COMPILED:
        if says.search(prompt.low) and not public.search(prompt.low):
            yield Private(entity=Like(any=entities, but=OPEN), if_any=True, weight=0.5)
