"""The reader: what people and small models get wrong is understood where it has one meaning, and explained where not."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from espalier.blueprint import BlueprintError, print_blueprint, read, read_all
from tests.samples import GALLERY, REPAIRS, SMALL


def with_page(lines: str, fields: str = "    name: text!\n    status: Open | In review = Open\n    due: date\n") -> str:
    body = "".join(f"    {line}\n" for line in lines.splitlines())
    return f"app: Test\nroles: [client, boss]\ndata:\n  Ticket:\n{fields}pages:\n  Home:\n{body}"


def problems(text: str) -> list[str]:
    return [str(problem) for problem in read_all(text).problems]


# The traps of YAML: what stands there is what is meant.


@pytest.mark.parametrize("word", ["18:30", "Yes", "No", "on", "null", "1e3", "0x1f", "2027-03-31", "007", "1_000", "~"])
def test_words_of_yaml_stay_as_they_are_written(word):
    blueprint = read(SMALL.replace("app: Small", f"app: {word}"))
    assert blueprint.app == word
    assert read(print_blueprint(blueprint)).app == word


def test_a_time_in_a_seed_row_stays_a_time():
    text = "app: T\ndata:\n  Shift:\n    name: text!\n    begins: time\npages:\n  Home:\n    - list: Shift\nseed:\n  Shift:\n    - Late | 18:30\n"
    assert read(text).seed["Shift"][0].cells == ("Late", "18:30")


def test_a_colour_code_is_no_comment():
    for theme in ("{primary: #ff8800, background: #222}", "\n  primary: #ff8800\n  background: #222"):
        blueprint = read(SMALL.replace("data:", f"theme: {theme}\ndata:", 1))
        assert (blueprint.theme.primary, blueprint.theme.background) == ("#ff8800", "#222")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("- text: Note: we close at five", "Note: we close at five"),
        ("- text: Really? Yes, really #1 in town", "Really? Yes, really #1 in town"),
        ("- text: !important news", "!important news"),
        ("- text: @home we say *hello* & mean it", "@home we say *hello* & mean it"),
        ("- text: {braces} at the start", "{braces} at the start"),
        ("- text: 'it's ours'", "it's ours"),
        ('- text: "quote" and more', '"quote" and more'),
        ("- text: % off: today", "% off: today"),
    ],
)
def test_prose_that_yaml_would_misread(line, words):
    blueprint = read(with_page(line))
    assert blueprint.pages["Home"][0].text == words
    assert read(print_blueprint(blueprint)) == blueprint


def test_a_comma_in_a_flow_map_does_not_split_prose():
    blueprint = read(with_page("- hero: {title: Come in, sit down, text: Tea, cake and talk}"))
    hero = blueprint.pages["Home"][0]
    assert (hero.of, hero.text) == ("Come in, sit down", "Tea, cake and talk")


def test_a_blueprint_inside_a_chat_answer():
    reading = read_all(f"Sure! Here is your app:\n\n```yaml\n{SMALL}```\nEnjoy!")
    assert reading.blueprint == read(SMALL)
    assert reading.fixes


def test_tabs_carriage_returns_and_a_byte_order_mark():
    assert read("\ufeff" + SMALL.replace("\n", "\r\n")) == read(SMALL)
    assert read(SMALL.replace("    name", "\t\tname").replace("    done", "\t\tdone")) == read(SMALL)


# Other shapes of the same thing.


def test_older_and_other_shapes_are_one_shape():
    blueprint = read(
        with_page(
            "- table: {of: Ticket, show: [name, status], sort: due desc}\n"
            "- faq:\n  - May I come?: Please do\n  - How: By bus\n"
            "- features: [Fast: in a day, Cheap]\n"
            "- stats: [count Ticket where status = In review, Open: count(Ticket)]\n"
            "- hero: {title: Hello, button: Go -> Home}\n"
            "- newsletter\n- kanban: tickets by status\n"
        ).replace("- newsletter\n", "- newsletter: News\n")
    )
    table, faq, features, stats, hero, _, board = blueprint.pages["Home"]
    assert str(table.of) == "Ticket" and table.show == ["name", "status"] and str(table.sort[0]) == "-due"
    assert faq.of == {"May I come?": "Please do", "How": "By bus"}
    assert features.of == {"Fast": "in a day", "Cheap": ""}
    assert [str(expression) for expression in stats.of.values()] == [
        "count(Ticket where status = In review)",
        "count(Ticket)",
    ]
    assert hero.of == "Hello"
    assert (board.kind, str(board.of)) == ("board", "Ticket by status")


@pytest.mark.parametrize("who", ["own client", "[own, client]", "own, client", "own or client", "own || client"])
def test_who_in_all_the_ways_people_write_it(who):
    text = with_page("- list: Ticket").replace("pages:", f"access:\n  Ticket: {{read: {who}, write: boss}}\npages:")
    assert str(read(text).access["Ticket"].read) == "own or client"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("string", "text"), ("integer", "int"), ("boolean", "bool"), ("Text!", "text!"), ("float", "number"), ("photo", "image"),
        ("text !", "text!"), ("text required", "text!"), ("int(1..5)", "int 1..5"), ("varchar(80)", "text"), ("A|B |C", "A | B | C"),
        ("text unique!", "text unique"), ("int 1..5!", "int 1..5"),
    ],
)  # fmt: skip
def test_names_that_people_write_for_types(written, meant):
    reading = read_all(with_page("- list: Ticket", f"    name: text!\n    field: {written}\n"))
    if reading.blueprint is None:
        # Where `!` stands is not guessed; it is explained.
        assert (
            written.endswith("!")
            and "not" in problems(with_page("- list: Ticket", f"    name: text!\n    field: {written}\n"))[0]
        )
    else:
        assert str(reading.blueprint.data["Ticket"].fields["field"]) == meant


def test_a_field_as_other_tools_write_it():
    text = with_page(
        "- list: Ticket",
        "    name: {type: text, required: true}\n    size: {type: enum, options: [S, M, L], default: M}\n",
    )
    fields = read(text).data["Ticket"].fields
    assert [str(field) for field in fields.values()] == ["text!", "S | M | L = M"]


def test_seed_rows_as_lists_and_as_groups():
    text = (
        with_page("- list: Ticket")
        + "seed:\n  Ticket:\n    - [First, In review, 2027-01-02]\n    - {name: Second, due: 2027-01-03}\n    - Third: the last | Open\n"
    )
    assert [str(row) for row in read(text).seed["Ticket"]] == [
        "First | In review | 2027-01-02",
        "Second | | 2027-01-03",
        "Third: the last | Open",
    ]


# Errors: all at once, with place, text and suggestion.


def test_all_errors_at_once_with_line_text_and_suggestion():
    text = """\
app: Broken
roles: [client]
data:
  Ticket:
    name: txt!
    client: Custmer
    status: Open | Closed = Opne
access:
  Tickets: {read: clint}
pages:
  Home (client):
    - tabel: Ticket
    - list: Ticket
      sorted: name
"""
    reading = read_all(text)
    said = {(problem.line, problem.text) for problem in reading.problems}
    assert {(5, "txt!"), (12, "tabel"), (14, "sorted")} <= said
    assert "`text`" in str(reading.problems[0]) and "`table`" in problems(text)[1] and "`sort`" in problems(text)[2]
    mended = text.replace("txt!", "text!").replace("tabel", "table").replace("      sorted: name\n", "")
    second = read_all(mended)
    assert [(problem.line, problem.where.split(" > ")[0]) for problem in second.problems] == [
        (6, "data"),
        (7, "data"),
        (9, "access"),
    ]
    assert "`Ticket`" in second.problems[2].suggestion


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("just words", "group of keys"),
        ("- a\n- b", "group of keys"),
        ("app: X\npages: {Home: []}\ndata: {a: &x {b: text}, C: *x}", "alias"),
        ("app: X\ndata:\n  Note:\n  name: text\npages:\n", ""),
        ("app: [unclosed\npages:\n  Home:\n    - text: hi", "not closed"),
        (SMALL + "app: Again\n", "twice"),
        (SMALL.replace("name: text!", "name: text!\n    name: long"), "twice"),
        (SMALL.replace("list: Note", "list: Note by x.y"), "no field"),
        (SMALL.replace("list: Note", "board: Note by name"), "cannot go by"),
        (SMALL.replace("list: Note", "chart: bar Note"), "by what"),
        (SMALL.replace("list: Note", "button: Go -> Nowhere"), "no page"),
        (SMALL.replace("list: Note", "stats:\n        N: count(Nota)"), "did you mean"),
        (SMALL.replace("done: bool", "done: bool\n    id: int"), "already"),
        (SMALL.replace("done: bool", "where: text"), "where"),
        (SMALL.replace("done: bool", "done: [text]"), "many"),
        (SMALL.replace("done: bool", "done: text part"), "part"),
        (SMALL.replace("done: bool", "total: int = count(Other)"), "Other"),
        (SMALL.replace("done: bool", "a: int = b\n    b: int = a"), "a"),
        (SMALL.replace("Note:", "note:", 1), "one word such as `Note`"),
        (SMALL + "seed:\n  Note:\n    - A | perhaps\n", "yes or no"),
        (SMALL + "seed:\n  Note:\n    - A | true | 7\n", "3 values"),
        (SMALL + "automations:\n  whenever: email owner x\n", "trigger"),
        (SMALL + "automations:\n  when Note created: email nobody_here \"x\"\n", "nobody_here"),
        (SMALL + "automations:\n  when Note created: shout loudly\n", "not a step"),
        (SMALL + "extra: 1\n", "not known"),
    ],
)  # fmt: skip
def test_an_error_says_what_is_wrong(text, words):
    found = problems(text)
    assert found and words in " ".join(found)


# Bounds and hostile input.


def test_a_ten_megabyte_blueprint():
    assert "too large" in problems("app: X\n" + "# filler\n" * 1_200_000)[0]


def test_an_alias_bomb():
    bomb = "a: &a [x, x]\n" + "".join(
        f"{new}: &{new} [*{old}, *{old}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert "alias" in " ".join(problems(bomb))


def test_deep_nesting():
    assert problems("app: X\ndata: " + "[" * 5000 + "]" * 5000)
    assert problems("app: X\n" + "".join(" " * n + "a:\n" for n in range(400)))


def test_five_hundred_entities():
    data = "".join(f"  E{n}:\n    name: text\n" for n in range(500))
    assert "at most 60" in problems(f"app: X\ndata:\n{data}pages:\n  Home:\n    - list: E1\n")[0]


def test_cycles():
    text = "app: X\ndata:\n  A:\n    name: text\n    b: B! part\n  B:\n    name: text\n    a: A! part\npages:\n  Home:\n    - list: A\n"
    assert "part of itself" in " ".join(problems(text))
    refer = text.replace("! part", "")
    assert read(refer).data["A"].fields["b"].target == "B"


@pytest.mark.parametrize("code", [*range(9), 11, 12, *range(14, 32), 127])
def test_control_characters_are_refused_or_kept_out(code):
    reading = read_all(SMALL.replace("Small", f"Sm{chr(code)}all"))
    assert reading.blueprint is None and "control character" in str(reading.problems[0])


@pytest.mark.parametrize(
    "name",
    ["select", "table", "class", "import", "script", "group", "order", "from", "index", "values", "count", "sum"],
)
def test_words_of_other_languages_are_good_field_names(name):
    blueprint = read(
        SMALL.replace("done", name).replace(
            "- list: Note", f"- list: Note\n      where: {name} = true\n      sort: {name}"
        )
    )
    assert name in blueprint.data["Note"].fields


@pytest.mark.parametrize(("entity", "field"), [("顧客", "名前"), ("Größe", "straße"), ("Клиент", "имя")])
def test_names_in_any_script(entity, field):
    text = (
        SMALL.replace("Note", entity)
        .replace("done", field)
        .replace(f"list: {entity}", f"list: {entity}\n      where: {field} = true")
    )
    assert field in read(text).data[entity].fields


def test_right_to_left_text_and_emoji_are_words_like_any():
    blueprint = read(SMALL.replace("Small", "مقهى النخيل 🌴"))
    assert blueprint.app == "مقهى النخيل 🌴"
    assert read(print_blueprint(blueprint)) == blueprint


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_the_reader_never_falls_over(data):
    """Any damage to a real blueprint gives a blueprint or problems with words, never another exception."""
    text = data.draw(st.sampled_from([REPAIRS, *(path.read_text() for path in GALLERY[:4])]))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(text)))
        until = min(len(text), at + data.draw(st.integers(0, 40)))
        text = (
            text[:at]
            + data.draw(
                st.text(max_size=12)
                | st.sampled_from(["\n", ": ", "- ", "{", "[", "|", "'", '"', "#", "&a", "*a", "\n  "])
            )
            + text[until:]
        )
    reading = read_all(text)
    if reading.blueprint is None:
        assert reading.problems and all(problem.message for problem in reading.problems)
    else:
        printed = print_blueprint(reading.blueprint)
        assert print_blueprint(read(printed)) == printed


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=8) | st.integers(),
        lambda kids: (
            st.lists(kids, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "app",
                        "data",
                        "pages",
                        "access",
                        "seed",
                        "theme",
                        "roles",
                        "automations",
                        "Note",
                        "name",
                        "list",
                        "read",
                        "Home",
                        "table",
                        "of",
                    ]
                )
                | st.text(max_size=6),
                kids,
                max_size=5,
            )
        ),
        max_leaves=25,
    )
)
def test_any_tree_is_understood_or_refused(tree):
    from espalier.blueprint import read_tree

    try:
        read_tree(tree)
    except BlueprintError as error:
        assert error.problems


@pytest.mark.parametrize(
    "text",
    ["[" * 30_000, "{a: " * 30_000, "- " * 100_000, "? " * 100_000, "app: [" + "[" * 20_000],
    ids=["lists", "groups", "dashes", "keys", "a list under a key"],
)
def test_what_nests_thousands_deep_is_refused_before_a_tree_is_made_of_it(text):
    reading = read_all(text)
    assert reading.blueprint is None
    assert "nested too deeply" in str(reading.problems[0])


def test_half_a_character_is_refused():
    reading = read_all("app: A\ud800\npages: {}")
    assert "control character" in str(reading.problems[0])
