"""Random expressions, as text, that are sound in the example blueprint."""

import re

from hypothesis import strategies as st

LEAVES = {
    "Appointment": {
        "int": ["number", "service.minutes", "dog.age", "dog.visits", "dog.likes", "length(notes)", "length(tools)",
                "length(dog.friends)", "count(Appointment where dog = this.dog)", "dog.owner.id",
                "sum(Appointment.number where assignee = this.assignee)"],
        "number": ["score", "discount", "dog.weight", "service.factor",
                   "avg(Appointment.score where service = this.service)"],
        "money": ["deposit", "cost", "service.price", "dog.spent", "max(Appointment.deposit where dog = this.dog)"],
        "text": ["notes", "dog.name", "lower(status)", "service.name", "dog.owner.name", "me.name"],
        "bool": ["paid", "dog.done", "dog.heavy", "client", "groomer", "me in dog.likes", "me in dog.friends",
                 "assignee = me", "assignee = dog.owner", "assignee in dog.friends", "dog != null", "tools = null",
                 "assignee != owner", '"good" in dog.tags', "Dry comb in tools", "status = Needs repair",
                 "status != Done", "status in [Booked, On hold]", "dog.friends = null", "me.team = assignee.team",
                 'time < "12:00"', "service.name = null", "starts = day", "starts <= today", "day < starts",
                 "starts != today", "starts > day"],
        "date": ["day", "dog.birthday", "today", "min(day, today)"],
        "datetime": ["starts", "now", "created", "coalesce(starts, now)"],
    },
    "Dog": {
        "int": ["age", "visits", "likes", "length(friends)", "count(Appointment where status = Done)",
                "sum(Appointment.number)", "streak(Appointment.day)", "streak(Appointment.starts where paid)",
                "max(Appointment.number where day > this.birthday)", "count(Appointment.score)",
                "latest(Appointment.number)", "count(Appointment where assignee = this.owner)"],
        "number": ["weight", "avg(Appointment.score)", "sum(Appointment.discount)", "min(Appointment.score)",
                   "latest(Appointment.score where paid)", "avg(Appointment.number)"],
        "money": ["spent", "sum(Appointment.deposit)", "avg(Appointment.cost)", "max(Appointment.service.price)",
                  "latest(Appointment.deposit)"],
        "text": ["name", "breed", "owner.name", "latest(Appointment.notes)", 'if(done, "a", lower(breed))'],
        "bool": ["done", "heavy", "me in likes", "owner = me", "me in friends", '"good" in tags', "tags = null",
                 "likes = null", "owner in friends", "count(Appointment where paid and this.done) > 0",
                 "latest(Appointment.status) = Done"],
        "date": ["birthday", "today", "max(Appointment.day)", "min(Appointment.day where paid)"],
        "datetime": ["created", "now", "max(Appointment.starts)"],
    },
}  # fmt: skip


COMPARISONS = [f"(<{kind}> {sign} <{kind}>)" for kind in ("int", "number", "money", "text", "date", "datetime")
               for sign in ("=", "!=", "<", "<=", ">", ">=")]  # fmt: skip
UNITS = ("days", "weeks", "months", "years")
PERIODS = ("day", "week", "month", "quarter", "year")
FORMS = {
    "int": ["<whole>", "(<int> + <int>)", "(<int> - <int>)", "(<int> * <int>)", "(<int> % <int>)", "-<int>", "abs(<int>)",
            "min(<int>, <int>)", "weekday(<date>)", "weekday(<datetime>)", "round(<number>)", "length(<text>)",
            "minutes(<datetime>, <datetime>)", *(f"{unit}(<date>, <date>)" for unit in UNITS),
            "days(<datetime>, <date>)"],
    "number": ["<decimal>", "(<number> + <number>)", "(<number> - <number>)", "(<number> * <number>)",
               "(<number> / <number>)", "(<int> / <int>)", "(<money> / <money>)", "round(<number>, 2)",
               "max(<number>, <int>)", "hour(<datetime>)", "hours(<datetime>, <datetime>)", "(<int> * <number>)", "-<number>"],
    "money": ["(<money> + <money>)", "(<money> - <money>)", "(<money> * <number>)", "(<money> / <number>)",
              "(<int> * <money>)", "(<money> / <int>)", "round(<money>)", "round(<money>, 1)", "-<money>",
              "(<money> + <decimal>)", "max(<money>, <decimal>)", "(<money> * <number> / 100)", "abs(<money>)",
              "(<number> * <money> * <number>)"],
    "text": ['"a"', '"Rex"', '"Ü b"', '""', "(<text> + <text>)", "lower(<text>)"],
    "date": ["(<date> + <whole> days)", *(f"(<date> {sign} {unit}(<int>))" for unit in UNITS for sign in "+-"),
             *(f"{period}({kind})" for period in PERIODS for kind in ("<date>", "<datetime>")), "max(<date>, <date>)"],
    "datetime": [*(f"(<datetime> {sign} {unit}(<int>))" for unit in ("minutes", "hours", *UNITS) for sign in "+-"),
                 "(<date> + hours(<number>))", "(<datetime> - minutes(<number>))", "min(<datetime>, <datetime>)",
                 "max(<datetime>, <date>)"],
    "bool": ["true", "(<bool> and <bool>)", "(<bool> or <bool>)", "(not <bool>)", "(<bool> = <bool>)",
             "(<bool> != <bool>)", "contains(<text>, <text>)", *COMPARISONS, "(<int> < <number>)",
             *(f"(<datetime> {sign} <date>)" for sign in ("=", "!=", "<", "<=", ">", ">=")), "(<date> < <datetime>)",
             "(<money> > <decimal>)", "(<int> in [<int>, <whole>])", "(<text> in [<text>, <text>])",
             "(<money> = null)", "(<date> != null)", "(<bool> and <bool> and <bool> or <bool>)"],
}  # fmt: skip
for _kind, _forms in FORMS.items():
    _forms += [f"if(<bool>, <{_kind}>, <{_kind}>)", f"coalesce(<{_kind}>, <{_kind}>)"]


@st.composite
def expressions(draw: st.DrawFn, entity: str, kind: str, depth: int = 3) -> str:
    """The text of an expression of this type about a record of the entity, nested at most so deep."""

    def make(kind: str, depth: int) -> str:
        forms: list[str]
        if kind == "whole":
            return str(draw(st.integers(0, 12)))
        if kind == "decimal":
            return f"{draw(st.integers(-300, 900)) / 100:.2f}"
        forms = LEAVES[entity][kind]
        if depth > 0:
            forms = draw(st.sampled_from([forms, FORMS[kind], FORMS[kind]]))
        form = draw(st.sampled_from(forms))
        if forms is LEAVES[entity][kind]:
            return f"({form})" if " " in form else form
        return re.sub(r"<(\w+)>", lambda match: make(match[1], depth - 1), form)

    return make(kind, depth)
