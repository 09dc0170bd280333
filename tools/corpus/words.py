"""Words that v0 did not write and the new language wants: labels of figures, periods of charts, styles of themes."""

from __future__ import annotations

import re

from .tree import Tree, entity_type

# Where the rule below would say it clumsily.
STAT_LABELS: dict[str, str] = {
    "sum Order.total": "Sales",
    "avg Order.total": "Average order",
    "sum Job.total": "Billed",
    "sum PurchaseRequest.total": "Value asked for",
    "sum Invoice.total": "Invoiced",
    "sum Order.total where status = Picked up": "Sales",
    "count Attendance where mark = Absent": "Absences",
    "count Intake where urgency = This week": "Intakes this week",
    "count Homework where status = Set": "Homework to do",
    "sum Student.owes": "Still owed",
    "sum House.owes": "Still owed",
    "sum Clean.unpaid": "Unpaid",
    "count Horse where turnout = Stay in": "Horses staying in",
    "avg Inspection.overall": "Average score",
    "count Seating where state = Needs cleaning": "Tables to clean",
    "count Seating where state = Free": "Free tables",
    "sum Reservation.party": "Guests booked",
    "count Reservation where status = No show": "No-shows",
    "count Appointment where status = No show": "No-shows",
    "count Breakdown where severity = Person trapped": "People trapped",
    "count Job where stage = New lead": "New leads",
    "count Job where stage = Quoted": "Jobs quoted",
    "sum Job.quote": "Total quoted",
    "sum Job.quote where status = Delivered": "Earned",
    "sum Ticket.quote": "Total quoted",
    "count Deal where stage = Demo booked": "Demos booked",
    "sum Deal.value": "Value of deals",
    "sum Opportunity.value": "Pipeline",
    "sum Opportunity.weighted": "Weighted pipeline",
    "count Ticket where lesson_blocked = true": "Lessons blocked",
    "count Request where stage = Inbox": "In the inbox",
    "count Release where status = Asked": "Releases asked for",
    "sum Request.effort_hours": "Hours of effort",
    "sum Booking.treatment.price": "Booked value",
    "sum Stock.value": "Stock value",
    "sum Pallet.kg": "Kilos stored",
    "sum Drive.km": "Kilometres",
    "sum Drive.claim": "To be claimed",
    "sum Subscription.monthly": "Cost a month",
    "sum Subscription.wasted": "Wasted a month",
    "sum Invoice.balance": "Still to pay",
    "sum Invoice.still_open": "Still to come",
    "sum Invoice.paid": "Paid",
    "sum Entry.amount": "Balance",
    "count Gear": "Pieces of gear",
    "count Gear where condition = Needs repair": "Gear to repair",
    "sum Gear.insured_for": "Insured for",
    "sum Device.price": "Value of devices",
    "count Task where status = Doing": "Tasks under way",
    "count Inspection where verdict = Reject": "Rejected",
    "sum Nonconformance.quantity": "Pieces affected",
    "sum Run.good": "Good parts",
    "sum Run.scrap": "Scrap",
    "sum Output.good": "Good pieces",
    "sum Output.scrap": "Scrap",
    "sum Run.minutes": "Machine minutes",
    "sum Downtime.minutes": "Minutes of downtime",
    "sum Stop.minutes": "Minutes of downtime",
    "avg Stop.minutes": "Average stop in minutes",
    "sum Tally.passed": "Pieces passed",
    "sum Tally.rejected": "Pieces rejected",
    "sum Tally.pay": "To pay out",
    "count Vehicle where status = Workshop": "Vehicles in the workshop",
    "count Incident where injuries = true": "Incidents with injuries",
    "sum DailyReport.delay_hours": "Hours of delay",
    "sum Pour.cubic_metres": "Cubic metres poured",
    "avg Pour.strength_28d": "Average 28 day strength",
    "count Order where status = Packing": "Orders to pack",
    "sum Lot.co2_saved_tonnes": "Tonnes of CO2 saved",
    "sum Property.price": "Value on the market",
    "count Donation where paid = true": "Donations paid",
    "sum Donation.highest_bid": "Bids in total",
    "count Donation where monthly = true": "Monthly donors",
    "sum Booking.value": "Value of bookings",
    "count Booking where needs_gear = true": "Divers who need gear",
    "count Booking where checked_in = false": "Still to check in",
    "avg Dive.depth_m": "Average depth",
    "avg Dive.max_depth_m": "Average depth",
    "sum Ticket.type.price": "Ticket sales",
    "count Ticket where paid = true": "Paid tickets",
    "sum Order.passes": "Passes reserved",
    "sum Run.distance_km": "Kilometres",
    "avg Cost.amount": "Average cost",
    "avg Expense.amount": "Average expense",
    "count Article where breaking = true": "Breaking news",
    "sum Game.goals_for": "Goals scored",
    "sum Game.goals_against": "Goals let in",
    "sum Match.our_goals": "Our goals",
    "count Application where status = Hired": "Hired",
    "count Request where urgency = Today": "Urgent today",
    "sum Purpose.raised": "Raised so far",
    "avg Day.households": "Average households a day",
    "sum Day.households": "Households served",
    "sum Reading.cost": "Energy cost",
    "avg Reading.used": "Average use",
    "sum Result.spend": "Spent",
    "sum Shift.orders": "Orders picked",
    "sum Shift.errors": "Errors",
    "avg Shift.orders": "Orders a shift",
    "sum Cost.amount where settled = false": "Not yet settled",
    "sum Debt.remaining": "Still to pay",
    "sum Debt.paid": "Paid off",
    "avg Debt.rate": "Average interest",
    "sum Bill.price where status = Due": "Still due",
    "sum Bill.price": "All bills",
    "avg DailyLog.steps": "Steps a day",
    "avg DailyLog.sleep": "Hours of sleep",
    "avg Day.glasses": "Glasses a day",
    "avg Day.sleep": "Hours of sleep",
    "avg Session.pain_before": "Pain before",
    "avg Session.pain_after": "Pain after",
    "count Climb where result = Flash": "Flashes",
    "count Climb where result = Sent": "Sends",
    "count Climb where result = Project": "Projects",
    "sum Climb.attempts": "Attempts",
    "count Bed where state = Cleaning": "Beds to clean",
    "sum Claim.approved_amount": "Approved amount",
    "sum Policy.premium": "Premiums",
    "sum Policy.commission": "Commission",
    "sum Belonging.value": "What it is all worth",
    "sum Invoice.received": "Received",
    "sum Invoice.outstanding": "Outstanding",
    "count Remark where severity = Finding": "Findings",
    "sum Holding.gain": "Gain",
    "sum Holding.value": "Worth today",
    "sum Portfolio.value": "Worth today",
    "sum Portfolio.profit": "Profit",
    "count Pitch where status = Voting": "Up for a vote",
    "sum Flat.profit": "Profit",
    "avg Flat.gross_yield": "Average yield",
    "sum Rent.amount": "Rent received",
    "count Cow where status = Milking": "Cows in milk",
    "sum Field.hectares": "Hectares",
    "sum Harvest.tonnes": "Tonnes harvested",
    "sum Rainfall.millimetres": "Millimetres of rain",
    "avg Rainfall.millimetres": "Average a day",
    "sum Haul.kilos": "Kilos of litter",
    "count Experiment where outcome = Worked": "Worked",
    "avg Experiment.yield_rate": "Average yield",
    "count Workout where status = Done": "Workouts done",
    "count Workout where status = Skipped": "Workouts skipped",
    "avg Workout.felt": "How it felt",
    "count Lesson where paid = false": "Unpaid lessons",
    "count Loan where returned = false": "Loans still out",
    "sum Lesson.fee": "Fees in total",
    "count BookRead": "Books read",
    "count Book where status = Read": "Books read",
    "count Film where seen_at = Cinema": "Seen at the cinema",
    "sum Record.paid": "Paid",
    "sum Record.worth": "Worth",
    "sum Record.profit": "Gain",
    "sum Hike.km": "Kilometres",
    "sum Hike.climb_m": "Metres climbed",
    "sum Coin.paid": "Paid",
    "sum Coin.worth": "Worth",
    "sum Purchase.price": "Spent",
    "count Fee where status = Due": "Fees due",
    "count Rsvp where coming = Yes with joy": "Coming",
    "count Rsvp where answer = Coming": "Coming",
    "count Rsvp where answer = Sadly not": "Not coming",
    "sum Rsvp.people": "People",
    "count Dream where lucid = true": "Lucid dreams",
    "count Activity where status = Idea": "Ideas",
    "sum Activity.cost": "Planned costs",
    "count Bill where paid = false": "Unpaid bills",
    "count Guest where invitation = Accepted": "Coming",
    "count Guest where invitation = Sent": "Yet to answer",
    "sum Cost.estimated": "Estimated",
    "sum Cost.actual": "Spent",
    "count Enquiry where stage = Consultation": "In consultation",
    "count Enquiry where stage = Retained": "Retained",
    "count Enquiry where stage = Won": "Trips sold",
    "sum Batch.litres where stage = Conditioning": "Litres conditioning",
    "count BoxRequest where status = Asked": "Boxes to pack",
    "sum BoxRequest.people where status = Asked": "People to feed",
    "count Proposal where status = Submitted": "Proposals to review",
    "sum Proposal.hours where status = Accepted": "Hours given out",
    "count ObservingRun where outcome = Lost to weather": "Nights lost to weather",
    "count Assignment where status = On board": "On board now",
    "sum Scene.pages where status = Shot": "Pages shot",
    "sum Scene.pages where status = Not shot": "Pages to go",
    "sum BudgetLine.planned": "Planned",
    "sum BudgetLine.spent": "Spent",
    "sum BudgetLine.remaining": "Remaining",
    "count Job where stage = Queued": "In the queue",
    "sum Job.price where stage = Shipped": "Earned",
    "sum Find.weight_g": "Grams found",
    "sum Application.requested": "Asked for",
    "sum Application.awarded": "Awarded",
    "count Campaign where status = Awaiting approval": "Awaiting approval",
    "count Contact where subscribed = true": "Subscribers",
    "count Delivery where result = Clicked": "Clicks",
    "avg Vote.useful": "How useful",
    "count OpenQuestion where status = New": "Open questions",
    "sum Loot.value_gp": "Gold pieces",
    "count Application where status = Documents missing": "Waiting for documents",
    "count Application where status = Inspection": "In inspection",
    "count Plot where rent_paid = false": "Rents unpaid",
    "count WaitingListEntry where status = Waiting": "On the waiting list",
    "sum Birth.alive": "Lambs alive",
    "count Lamb where fate = Bottle": "Lambs on the bottle",
    "sum Request.deposit": "Deposits",
    "count Check where result = Replace": "To replace",
    "sum Report.bounty where status = Fixed": "Bounties paid",
    "count BrokenThing where outcome = Fixed": "Things fixed",
    "sum BrokenThing.kilos where outcome = Fixed": "Kilos saved",
    "count Reading where range = Too warm": "Too warm",
    "count Reading where range = Too cold": "Too cold",
    "avg Satisfaction.stars": "Satisfaction",
    "count Listing where status = Sold": "Sold",
    "sum Item.kg_saved": "Kilos saved from the bin",
    "count Item where status = Listed": "Items for sale",
    "sum Visit.paid": "Earned",
    "sum Service.cost": "Spent on service",
    "sum Fill.cost": "Spent on diesel",
    "sum Asset.cost": "Bought for",
    "sum Asset.book_value": "Book value",
    "sum Asset.yearly_depreciation": "Depreciation a year",
    "count Visit where status = In the chair": "In the chair",
    "count Visit where status = Waiting": "Waiting",
    "count CheckIn": "Check-ins",
    "count Checkin": "Check-ins",
    "count SignUp": "Sign-ups",
    "count Signup": "Sign-ups",
    "count Breakdown where status = Called in": "Breakdowns waiting",
    "count Result where verdict = Above limit": "Above the limit",
    "sum Book.pages": "Pages",
    "sum BookRead.pages": "Pages read",
    "sum Signup.people": "People",
}

MONEY_FIELDS = ("amount", "total")
TAIL_WORDS = {
    "in",
    "on",
    "at",
    "to",
    "off",
    "over",
    "above",
    "below",
    "with",
    "under",
    "not",
    "up",
    "for",
    "by",
    "out",
    "of",
    "from",
}
DAILY = re.compile(r"Day|Log|Entry|Reading|Rainfall|Milking|Observation|CheckIn|Bite|Visit|Shift|Report")
DARK_BOLD = re.compile(
    r"game|gym|club|music|band|tattoo|barber|boxing|climb|motor|race|racing|esport|fight|metal|quiz|comedy|festival|pizza"
    r"|burger|taco|bike|car |cars|garage|skate|hockey|ninja|climbing|dungeon|dice|dj|beat",
    re.IGNORECASE,
)
EDITORIAL = re.compile(r"magazine|newspaper|literary|travel blog|own blog|news site|newsroom", re.IGNORECASE)
RETRO = re.compile(
    r"\bretro\b(?! board)|vinyl|arcade|80s|90s|70s|60s|50s|pixel|diner|vintage|8-bit|cassette|old ?school|typewriter|pinball",
    re.IGNORECASE,
)


def spaced(name: str) -> str:
    """`WorkOrder` and `effort_hours` as `work order` and `effort hours`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("_", " ").lower()


def plural(word: str) -> str:
    irregular = {"person": "people", "child": "children", "man": "men", "loaf": "loaves"}
    for ending, many in irregular.items():
        if word.endswith(ending):
            return word.removesuffix(ending) + many
    if re.search(r"(staff|equipment|news|feedback|species|series|stock|income|gear|attendance|downtime)$", word):
        return word
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    if re.search(r"(s|x|z|ch|sh)$", word):
        return word + "es"
    return word + "s"


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def stat_label(figure: str) -> str:
    """A short label for a v0 figure: `count Ticket where status = Open` is `Open tickets`."""
    if figure in STAT_LABELS:
        return STAT_LABELS[figure]
    found = re.match(r"(count|sum|avg|min|max) ([A-Z]\w*)((?:\.\w+)*)(?: where (\S+) = (.+))?$", figure)
    if not found:
        raise ValueError(f"no label for the figure {figure!r}")
    function, entity, path, field, value = found.groups()
    many = plural(spaced(entity))
    measure = spaced(path.split(".")[-1])
    if function == "avg":
        label = f"average {measure}"
    elif function == "sum":
        label = f"total {many if measure == 'amount' else measure}"
    else:
        label = many
    if not value:
        return sentence(label)
    if value in ("true", "false"):
        negative = "not " if value == "false" else ""
        return sentence(f"{label} {negative}{spaced(field.split('.')[-1])}")
    said = value[0].lower() + value[1:]
    if function != "count":
        return sentence(f"{label}, {said}")
    if set(said.split()) & TAIL_WORDS or len(said.split()) > 2:
        return sentence(f"{label} {said}")
    return sentence(f"{said} {label}")


def period(prompt: str, function: str | None, subject: str, key: str, kind: str, entity: Tree) -> str:
    """A date of a chart's key, cut into the period that fits what is measured.

    A single measure (a weight, a grade) stands at its day; money is looked at by month, counts by week.
    """
    by_day = key if kind == "date" else f"day({key})"
    name, _, field = subject.partition(".")
    if re.search(r"(per|a|each|every|by) day|daily", prompt) and function != "avg":
        return by_day
    if function in ("avg", "min", "max"):
        return by_day
    if function == "sum":
        if entity_type(entity.get(field.split(".")[0], "")) == "money" or "price" in field:
            return f"month({key})"
        return by_day if DAILY.search(name) else f"week({key})"
    if re.search(r"(per|a|each|every|by) month|monthly", prompt):
        return f"month({key})"
    if name in ("Attendance", "CheckIn"):
        return by_day
    return f"week({key})" if key == "created" else f"month({key})"


def theme(old: dict[str, str], prompt: str) -> Tree:
    """The theme with v0's style `dark` as a mode, and the two styles v0 did not have where the prompt asks for them."""
    answer = dict(old)
    if old["style"] == "dark":
        asked = re.search(r"elegant|playful|corporate|retro", prompt)
        answer["style"] = asked[0] if asked else "bold" if DARK_BOLD.search(prompt) else "minimal"
        answer["mode"] = "dark"
    elif RETRO.search(prompt) and old["style"] in ("playful", "bold", "friendly"):
        answer["style"] = "retro"
    elif EDITORIAL.search(prompt) and old["style"] in ("minimal", "elegant"):
        answer["style"] = "editorial"
    return answer
