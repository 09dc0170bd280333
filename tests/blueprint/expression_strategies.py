"""Random expressions, as text, that are sound in the example blueprint; each function gives texts of one type."""

from hypothesis import strategies as st

LEAVES = {
    "Appointment": {
        "int": ["number", "service.minutes", "dog.age", "dog.visits", "dog.likes", "length(notes)", "length(tools)",
                "length(dog.friends)", "count(Appointment where dog = this.dog)", "dog.owner.id",
                "sum(Appointment.number where assignee = this.assignee)"],
        "number": ["score", "discount", "dog.weight", "service.factor",
                   "avg(Appointment.score where service = this.service)"],
        "money": ["deposit", "cost", "service.price", "dog.spent", "max(Appointment.deposit where dog = this.dog)"],
        "text": ["notes", "dog.name", "status", "service.name", "dog.owner.name", "me.name"],
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
        "text": ["name", "breed", "owner.name", "latest(Appointment.notes)"],
        "bool": ["done", "heavy", "me in likes", "owner = me", "me in friends", '"good" in tags', "tags = null",
                 "likes = null", "owner in friends", "count(Appointment where paid and this.done) > 0",
                 "latest(Appointment.status) = Done"],
        "date": ["birthday", "today", "max(Appointment.day)", "min(Appointment.day where paid)"],
        "datetime": ["created", "now", "max(Appointment.starts)"],
    },
}  # fmt: skip


def expressions(entity: str) -> dict[str, st.SearchStrategy[str]]:
    """A strategy for each type, of expressions about a record of the entity."""
    leaves = LEAVES[entity]
    made: dict[str, st.SearchStrategy[str]] = {}

    def binary(left: str, signs: list[str], right: str) -> st.SearchStrategy[str]:
        return st.builds("({} {} {})".format, deep(left), st.sampled_from(signs), deep(right))

    def call(form: str, *kinds: str) -> st.SearchStrategy[str]:
        return st.builds(form.format, *(deep(kind) for kind in kinds))

    def deep(kind: str) -> st.SearchStrategy[str]:
        return st.deferred(lambda: made[kind])

    def chosen(kind: str) -> list[st.SearchStrategy[str]]:
        return [call("if({}, {}, {})", "bool", kind, kind), call("coalesce({}, {})", kind, kind)]

    whole = st.integers(-4, 12).map(str)
    decimals = st.integers(-300, 900).map(lambda hundredths: f"{hundredths / 100:.2f}")
    operators = ["=", "!=", "<", "<=", ">", ">="]
    unit = st.sampled_from(["days", "weeks", "months", "years"])
    amounts = st.integers(-40, 40).map(str)
    period = st.sampled_from(["day", "week", "month", "quarter", "year"])

    made["int"] = st.one_of(
        st.sampled_from(leaves["int"]), whole, binary("int", ["+", "-", "*", "%"], "int"), call("-{}", "int"),
        call("abs({})", "int"), call("min({}, {})", "int", "int"), call("weekday({})", "date"),
        call("round({})", "number"), call("length({})", "text"), call("weekday({})", "datetime"),
        st.builds("{}({}, {})".format, unit, deep("date"), deep("date")), call("minutes({}, {})", "datetime", "datetime"),
        *chosen("int"),
    )  # fmt: skip
    made["number"] = st.one_of(
        st.sampled_from(leaves["number"]), decimals, binary("number", ["+", "-", "*", "/"], "number"),
        binary("int", ["/"], "number"), binary("money", ["/"], "money"), call("round({}, 2)", "number"),
        call("max({}, {})", "number", "int"), call("hours({}, {})", "datetime", "datetime"), *chosen("number"),
    )  # fmt: skip
    made["money"] = st.one_of(
        st.sampled_from(leaves["money"]), binary("money", ["+", "-"], "money"), binary("money", ["*", "/"], "number"),
        binary("int", ["*"], "money"), call("round({})", "money"), call("round({}, 1)", "money"), call("-{}", "money"),
        st.builds("({} + {})".format, deep("money"), decimals), st.builds("max({}, {})".format, deep("money"), decimals),
        call("({} * {} / 100)", "money", "number"), *chosen("money"),
    )  # fmt: skip
    made["text"] = st.one_of(
        st.sampled_from(leaves["text"]), st.sampled_from(['"a"', '"Rex"', '"Ü b"', '""']), binary("text", ["+"], "text"),
        call("lower({})", "text"), *chosen("text"),
    )  # fmt: skip
    made["date"] = st.one_of(
        st.sampled_from(leaves["date"]),
        st.builds("({} {} {}({}))".format, deep("date"), st.sampled_from("+-"), unit, st.one_of(amounts, deep("int"))),
        st.builds("{}({})".format, period, deep("date")), st.builds("{}({})".format, period, deep("datetime")),
        call("max({}, {})", "date", "date"), *chosen("date"),
    )  # fmt: skip
    made["datetime"] = st.one_of(
        st.sampled_from(leaves["datetime"]),
        st.builds("({} {} {}({}))".format, deep("datetime"), st.sampled_from("+-"),
                  st.sampled_from(["minutes", "hours", "days", "months"]), amounts),
        call("({} + hours({}))", "date", "number"), call("min({}, {})", "datetime", "datetime"),
    )  # fmt: skip
    made["bool"] = st.one_of(
        st.sampled_from(leaves["bool"]), st.just("true"), binary("bool", ["and", "or"], "bool"),
        call("(not {})", "bool"), binary("bool", ["=", "!="], "bool"), call("contains({}, {})", "text", "text"),
        *(binary(kind, operators, kind) for kind in ("int", "number", "money", "text", "date", "datetime")),
        binary("number", operators, "int"), binary("datetime", operators, "date"), binary("date", operators, "datetime"),
        st.builds("({} > {})".format, deep("money"), decimals), call("({} in [{}, {}])", "int", "int", "int"),
        call("({} = null)", "money"), call("({} != null)", "date"), *chosen("bool"),
    )  # fmt: skip
    return made
