"""Redaction, with Presidio itself: what goes, what stays, and that one value has one placeholder."""

import subprocess
import sys

import pytest

from espalier.data.traces import filled, redact
from espalier.data.traces.measure import labelled, measure
from espalier.data.traces.personal import find
from espalier.data.traces.redaction import LONGEST, Redaction


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("mail ada@lovelace.org", "mail <EMAIL_1>"),
        ("call me on +44 7911 123456 please", "call me on <PHONE_1> please"),
        ("account de89 3704 0044 0532 0130 00", "account <IBAN_1>"),
        ("card 4111 1111 1111 1111.", "card <CARD_1>."),
        ("from 84.22.101.7 only", "from <IP_1> only"),
        ("my name is ada lovelace and I bake", "my name is <NAME_1> and I bake"),
        ("password: Tr0ub4dor&3", "password: <PASSWORD_1>"),
        ("use sk_live_51Hc9QdLkjPq8sTuVwXy", "use <KEY_1>"),
        ("from postgres://bob:hunter2@db.host/app", "from <URL_1>"),
        ("codice fiscale RSSMRA85T10A562S", "codice fiscale <ID_1>"),
    ],
)
def test_each_kind_is_taken_out(said, kept):
    assert redact(said).text == kept


@pytest.mark.parametrize(
    "text",
    [
        "password: at least 12 characters, one digit",
        "Price 1200-1500 EUR, season 2024-2025, sizes 36-46, open 10:30 to 18:00",
        "Mark tasks as done. Maria's Kitchen in Anna Street, Martin Luther King Day",
        "name: text, email: email!, phone: phone, iban: text, card: number",
        "the server runs on 127.0.0.1 and ::1",
        "Invoice 2024-000123, ISBN 978-3-16-148410-0, order 10045678",
    ],
)
def test_what_is_nobodys_stays(text):
    assert redact(text).text == text


def test_one_value_has_one_placeholder_however_it_is_written():
    said = "ada@lovelace.org, call +44 7911 123456, write to ADA@lovelace.org or grace@hopper.org, phone +447911123456"
    assert redact(said).text == "<EMAIL_1>, call <PHONE_1>, write to <EMAIL_1> or <EMAIL_2>, phone <PHONE_1>"


def test_a_name_is_replaced_where_nothing_introduces_it():
    redaction = Redaction()
    redaction.learn("I am the owner, my name is Zenobia Quist")
    assert redaction.words("app: Salon\nabout: by Zenobia Quist", people=False) == "app: Salon\nabout: by <NAME_1>"


def test_names_that_a_model_invents_stay():
    invented = "seed:\n  Guest:\n    - {name: Anna Schmidt}"
    assert Redaction().words(invented, people=False) == invented
    assert "Anna Schmidt" not in redact(invented).text


def test_redacting_again_changes_nothing():
    once = redact("I'm Anna, anna@x.org, password: Tr0ub4dor&3, https://x.org/?token=abcdef123456").text
    assert "abcdef" not in once and redact(once).text == once


def test_the_same_value_has_another_hash_in_another_trace_and_never_stands_in_what_is_kept():
    one, other = Redaction(b"k" * 32, "one"), Redaction(b"k" * 32, "other")
    for redaction in (one, other):
        redaction.words("ada@lovelace.org")
    assert one.new.keys().isdisjoint(other.new) and "ada" not in repr(one) + repr(one.new)


def test_placeholders_are_filled_with_what_belongs_to_nobody():
    assert (
        filled("write to <EMAIL_2> or <EMAIL_1>, <NAME_1>")
        == "write to kim2@example.com or alex1@example.com, Alex Reed"
    )


@pytest.mark.parametrize("text", ["a" * 90_000, "1 " * 45_000, "a@" * 45_000, "Anna " * 20_000, "password " * 10_000])
def test_long_nonsense_ends(text):
    assert len(redact(text).text) <= LONGEST * 2


def test_what_is_found_of_the_labelled_texts():
    texts = labelled()
    assert len(texts) >= 200 and len({one.language for one in texts}) >= 15
    assert sum(not one.holds for one in texts) > len(texts) / 2
    for part in (texts, [one for one in texts if one.part == "measured"]):
        tallies = measure(part)
        for kind in ("EMAIL", "KEY", "IBAN", "CARD", "URL", "IP", "ID"):
            assert tallies[kind].recall == 1, (kind, tallies[kind].missed)
        for kind in ("PHONE", "PASSWORD", "NAME"):
            assert tallies[kind].recall >= 0.8, (kind, tallies[kind].missed)
            assert tallies[kind].precision >= 0.85, (kind, tallies[kind].wrong)


def test_most_texts_of_an_app_builder_hold_nothing():
    clean = [one for one in labelled() if not one.holds]
    assert sum(bool(find(one.text)) for one in clean) <= len(clean) * 0.05


def test_what_presidio_could_use_but_need_not_is_not_loaded():
    code = (
        "import sys; from espalier.data.traces import redact; redact('ada@lovelace.org 1');"
        "print([m for m in ('torch', 'transformers') if m in sys.modules]); import importlib.util as u; u.find_spec('torch')"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
