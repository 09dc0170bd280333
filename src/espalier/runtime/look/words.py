"""What words suggest: the tone of a choice ("Paid" is good news), the icon of a feature, the subject of a picture."""

import re
from functools import lru_cache

_TONES = {
    "success": "done complete completed finished paid approved accepted active available in_stock open_now delivered shipped resolved "
    "solved closed_won won published confirmed yes live healthy returned passed pass online good ready fixed hired attended checked_in "
    "verified harvested adopted ok success fulfilled received signed enrolled present cured safe",
    "danger": "late overdue cancelled canceled rejected declined failed fail urgent critical blocked out_of_stock lost expired no high "
    "unpaid missing broken error offline banned sick absent refused denied emergency severe closed_lost sold_out no_show spam "
    "discontinued withdrawn dead",
    "warning": "pending waiting review in_review on_hold hold paused partial partially_paid low_stock low medium due soon draft_review "
    "awaiting needs_work expiring at_risk maybe unconfirmed tentative warning delayed on_loan waitlist waitlisted moderate away "
    "pending_approval requested out_for_repair in_repair needs_attention reserved",
    "info": "new open in_progress doing started booked scheduled planned sent processing ordered todo upcoming interview contacted "
    "in_transit assigned applied working current running submitted preparing investigating qualified proposal reading watching shipping "
    "next invited enquiry lead",
    "neutral": "draft closed archived inactive none backlog someday unknown other not_started idle retired hidden private normal to_do "
    "unread ended past old",
}
_TONE_OF = {word: name for name, words in _TONES.items() for word in words.split()}
# A word on its own may still tell: "Payment overdue", "Almost done".
_TELLING = {word: name for word, name in _TONE_OF.items() if "_" not in word and len(word) > 3 and name != "neutral"}
_OTHERS = ("primary", "accent", "neutral", "info")


@lru_cache(maxsize=4096)
def tone(label: object) -> str:
    """success, warning, danger, info, neutral, primary or accent. Words that suggest nothing keep one tone of their own."""
    words = re.findall(r"[a-z]+", str(label).lower())
    spoken = "_".join(words)
    if spoken in _TONE_OF:
        return _TONE_OF[spoken]
    if len(words) > 1:
        if "not" in words or "un" in words:
            return "neutral"
        for word in reversed(words):
            if word in _TELLING:
                return _TELLING[word]
    return _OTHERS[sum(map(ord, spoken)) % len(_OTHERS)]


_ICONS = {
    "shield-check": "safe safety secure trust trusted insured protect guarantee certified licensed quality",
    "truck": "deliver delivery ship shipping transport",
    "clock": "time fast quick hour hours minute minutes same-day schedule flexible speed",
    "heart": "love loved care caring heart wellbeing gentle kind passion",
    "users": "team people community together family families group members everyone friends neighbours meet",
    "leaf": "green organic natural sustainable plant plants eco vegan fresh garden season seasonal local nature environment",
    "map-pin": "place location near nearby map local address find visit city",
    "calendar": "book booking booked calendar date event events appointment plan day week",
    "credit-card": "pay payment payments card price pricing fee cost affordable",
    "chart-column": "report reports chart statistics insight insights numbers track tracking analytics progress results",
    "message-circle": "talk chat message answer support help question advice contact ask feedback review",
    "graduation-cap": "learn course courses class classes teach teacher lesson lessons training student students school study expert",
    "wrench": "repair fix service maintenance tools mechanic",
    "package": "box order product stock parcel pack package inventory",
    "utensils": "food eat meal meals dinner lunch kitchen chef menu recipe recipes taste",
    "coffee": "coffee tea cafe breakfast brew roast",
    "paw-print": "dog dogs cat cats pet pets animal animals grooming vet",
    "music": "music sound song concert band",
    "camera": "photo photos picture camera film",
    "house": "home house rooms stay apartment flat",
    "sparkle": "beauty clean cleaning new fresh shine magic simple",
    "hammer": "handmade craft build made built hand wood making",
    "gift": "gift free present bonus reward",
    "globe": "world global travel language online everywhere international",
    "dumbbell": "fitness gym sport strength workout train yoga",
    "book-open": "book books read reading story library stories",
    "lock": "private privacy data secret lock",
    "lightbulb": "idea ideas creative smart design think innovation",
    "award": "award best winning experience years prize master professional",
    "sun": "sun summer light warm outdoor solar",
    "bell": "remind reminder reminders notify alert never",
    "list-checks": "list task tasks todo organise organize manage check simple",
    "palette": "art colour color paint artist style",
    "zap": "energy power electric instant",
    "hand-heart": "donate volunteer charity give giving",
    "flower-2": "flower flowers bouquet bloom florist",
    "bike": "bike bicycle cycling ride",
    "plane": "flight trip holiday journey adventure",
}
_ICON_OF = {word: name for name, words in _ICONS.items() for word in words.split()}
_PLAIN_ICONS = ("circle-check", "star", "compass", "layers", "flame", "target")


@lru_cache(maxsize=4096)
def icon_for(title: str, text: str = "") -> str:
    """The name of the icon that goes with a heading, from its words first and then from those beneath it."""
    for words in (title, text):
        for word in re.findall(r"[a-z-]+", str(words or "").lower()):
            for form in (word, word.removesuffix("s"), word.removesuffix("ing"), word.removesuffix("ed")):
                if form in _ICON_OF:
                    return _ICON_OF[form]
    return _PLAIN_ICONS[sum(map(ord, str(title))) % len(_PLAIN_ICONS)]
