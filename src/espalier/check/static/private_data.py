"""What people would not have everybody read: how to reach them, their health, what they owe, what they wrote to somebody.

It goes by the words of names and by field types, and knows that a shop's phone, a team's emails and an advertisement are
meant to be read. What only some records show (`read: published`) is left to the author.
"""

from __future__ import annotations

from collections.abc import Iterator

from espalier.blueprint.field import Field

from ..checks import check
from ..report import Finding, fine, wrong
from ..rights import STRANGER
from ..structure import Structure
from ..subject import Subject
from .words import any_of

# Never for strangers, whatever they belong to; but for what is sold, cooked or listed.
SECRET = frozenset(
    "password passcode pin ssn social_security passport national_id id_number tax_id iban bank_account account_number card_number cvv "
    "salary wage payslip diagnosis medication prescription allergy symptom medical_note medical_history medical_condition blood_pressure "
    "emergency_contact next_of_kin private_note internal_note staff_note licence_key license_key auth_code access_code door_code".split()
)
# Private when they are a person's.
CONTACT = frozenset("email mail phone mobile telephone tel reply_to home_address postal_address street_address".split())
PERSONAL = frozenset(
    "birthday birthdate born date_of_birth birth_date dob balance weight_kg health debt owed owes arrear outstanding income blood_type "
    "disability treatment religion".split()
)
TOLD = frozenset(
    "text long email phone int number money date datetime url percent".split()
)  # kinds that tell something
# People, and what people send: what stands there of a person is theirs.
PEOPLE = frozenset(
    "customer client patient member student pupil resident tenant guest attendee participant applicant candidate employee donor "
    "subscriber lead contact person people parent child family household borrower buyer passenger rider learner volunteer caregiver "
    "debtor user trainee recruit bride groom runner camper".split()
)
SENT = frozenset(
    "booking reservation appointment order enquiry inquiry message request application registration signup rsvp complaint donation "
    "claim subscription quote feedback report referral callback consultation intake pledge checkin sign_up waitlist response "
    "submission entry visit".split()
)
# Kinds of records that are private as a whole.
WHOLE = frozenset(
    "enquiry inquiry contact_message contact_request direct_message private_message complaint medical_record health_record patient "
    "prescription diagnosis payslip salary invoice debt job_application loan_application application_form treatment therapy_session "
    "vital symptom medication blood_pressure callback diary_entry journal_entry".split()
)
# Places, firms, staff and advertisements: to be reached is what they are listed for.
PUBLIC = frozenset(
    "shop store venue place restaurant company business clinic hotel listing provider supplier organisation organization club "
    "location branch office team staff agent coach doctor instructor speaker vendor trader maker artist host guide contractor seller "
    "school service charity sponsor exhibitor museum gallery farm brewery department practice stylist therapist trainer teacher tutor "
    "advert ad classified offer lost found event group society chapter studio partner institution agency broker lawyer dentist vet "
    "photographer caterer property home house flat room job opening vacancy position product animal pet dog cat plant".split()
)
SOLD = frozenset("product dish meal recipe menu ingredient medicine drug item stage sponsor".split())


@check("static", weight=6, strict=True)
def private_data(subject: Subject) -> Iterator[Finding]:
    """What is private (how to reach people, health, debts, messages) is not for everybody to read, nor for all who sign up."""
    structure = subject.structure
    for name, entity in subject.blueprint.data.items():
        if structure.may("read", name, STRANGER) is not True:
            private = [field.name for field in entity.fields.values() if _is_private(structure, name, field)]
            joining = [one for one in structure.joining if structure.may("read", name, one) is True]
            told = [
                field for field in private if any(structure.reads_field(name, field, one) is True for one in joining)
            ]
            if told and name != "User":
                yield wrong(
                    f"access > {name} > read",
                    f"everybody who signs up (as {joining[0]}) may read `{told[0]}` of every `{name}`",
                    "write `read: own` with the roles that need it, or `signup: invite`",
                )
            elif private:
                yield fine(f"access > {name}")
            continue
        if (
            any_of(name, WHOLE)
            and not any_of(name, PUBLIC)
            and name in structure.made
            and not _is_conversation(structure, name)
        ):
            yield wrong(
                f"access > {name} > read",
                f"anyone may read every `{name}`, which is private",
                "write `read: own`, with the role that answers",
            )
            continue
        for field in entity.fields.values():
            if not _is_private(structure, name, field):
                continue
            where = f"access > {name} > {field.name}"
            if structure.reads_field(name, field.name, STRANGER) is True:
                yield wrong(
                    where,
                    f"anyone may read `{field.name}` of every `{name}`",
                    f"write `{field.name}: {{read: own}}` there, or `read: own` for all of it",
                )
            else:
                yield fine(where)


def _is_private(structure: Structure, entity: str, field: Field) -> bool:
    if field.kind not in TOLD:
        return False
    if any_of(field.name, SECRET):
        return not any_of(entity, PUBLIC | SOLD)
    reaches = field.kind in ("email", "phone") or any_of(field.name, CONTACT)
    personal = any_of(field.name, PERSONAL)
    if not reaches and not personal:
        return False
    if any_of(entity, PUBLIC):
        return False
    return any_of(entity, PEOPLE) or (reaches and any_of(entity, SENT))


def _is_conversation(structure: Structure, entity: str) -> bool:
    """Is it written to be read by all: a wall, a guest book?"""
    return any(
        entity in structure.shows(placed.block) and STRANGER in structure.audience(placed)
        for placed in structure.blocks
    ) and not any_of(
        entity,
        frozenset({"patient", "payslip", "salary", "diagnosis", "medical_record", "health_record", "prescription"}),
    )
