"""Everything of `people` that other contexts may import."""

from __future__ import annotations

from huimin.platform.people.confirming import (
    Identity,
    agree_to_history,
    confirm_person,
    history_consents,
    identities_of,
)
from huimin.platform.people.correcting import correct_person, refuse_taken_number, register_death
from huimin.platform.people.cover_consent import ask_to_be_insured, check_agreed
from huimin.platform.people.insured_years import carried, keep_insured_years
from huimin.platform.people.limits import (
    MISSED_AT_COUNTER,
    MISSED_BY_CHANNEL,
    MISSED_BY_RESIDENT,
    Source,
    too_many_checks,
)
from huimin.platform.people.medical import (
    PURPOSE,
    ask_for_consent,
    consenting,
    give_consent,
    grants_of,
    withdraw_consent,
)
from huimin.platform.people.models import Area, Household, Resident
from huimin.platform.people.persons import NamedPerson, PersonFacts
from huimin.platform.people.selectors import (
    areas,
    count_by_area,
    find_person,
    find_persons,
    has_died,
    identity_ending,
    lock_persons,
    masked_name,
    match_persons,
    named_persons,
    persons_by_id,
    telephone_of,
)
from huimin.platform.people.services import (
    check_code,
    count_missed,
    look_up,
    missed_so_far,
    record_consent,
    refuse_guessing,
    send_code,
    send_counter_code,
    send_own_code,
    sign_in,
)

__all__ = [
    "MISSED_AT_COUNTER",
    "MISSED_BY_CHANNEL",
    "MISSED_BY_RESIDENT",
    "PURPOSE",
    "Area",
    "Household",
    "Identity",
    "NamedPerson",
    "PersonFacts",
    "Resident",
    "Source",
    "agree_to_history",
    "areas",
    "ask_for_consent",
    "ask_to_be_insured",
    "carried",
    "check_agreed",
    "check_code",
    "confirm_person",
    "consenting",
    "correct_person",
    "count_by_area",
    "count_missed",
    "find_person",
    "find_persons",
    "give_consent",
    "grants_of",
    "has_died",
    "history_consents",
    "identities_of",
    "identity_ending",
    "keep_insured_years",
    "lock_persons",
    "look_up",
    "masked_name",
    "match_persons",
    "missed_so_far",
    "named_persons",
    "persons_by_id",
    "record_consent",
    "refuse_guessing",
    "refuse_taken_number",
    "register_death",
    "send_code",
    "send_counter_code",
    "send_own_code",
    "sign_in",
    "telephone_of",
    "too_many_checks",
    "withdraw_consent",
]
