"""More rules that one line of code holds each, on both sides; `test_rules_of_one_line.py` has the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from cast import STRANGER
from claims_support import staff
from huimin.errors import HuiminError, InputError
from huimin.platform.catalogue.selectors import plan_on_sale, terms_of
from huimin.platform.claims.cases.case import cases_of
from huimin.platform.claims.messages import _agree, message_of
from huimin.platform.claims.models import Finding, ReviewItem, SettlementFact
from huimin.platform.claims.reviews import ReviewError, find
from huimin.platform.enrolment.family import refuse_impossible_relation
from huimin.platform.enrolment.offers import _refuse_edition
from huimin.platform.foundation.actors import command_actor
from huimin.platform.foundation.clocks.declared import days_of_city
from huimin.platform.foundation.clocks.declaring import declare_moratorium
from huimin.platform.foundation.models import ApiClient, City
from huimin.platform.foundation.relations import Relation
from huimin.platform.ledger.accounts import INSURER_CLAIMS, INSURER_PREMIUM
from huimin.platform.ledger.parties import PartyError, insurer
from huimin.platform.payments.personal_account.deciding import Decision
from huimin.platform.people.models import Resident
from huimin.platform.people.selectors import persons_by_id
from platform_support import Caller, a_bill

pytestmark = pytest.mark.django_db


def test_nobody_is_their_own_spouse_and_nobody_but_the_applicant_is_self(city: City) -> None:
    rows = list(Resident.objects.of(city).order_by("pk")[:2])
    people = persons_by_id(city, [row.pk for row in rows])
    one, two = (people[row.pk] for row in rows)
    younger = replace(two, birth_date=one.birth_date + timedelta(days=1))
    for person, relation in ((one, "spouse"), (two, "self"), (younger, "parent"), (one, "child"), (one, "parent")):
        with pytest.raises(HuiminError) as refused:
            refuse_impossible_relation(one, person, Relation(relation))
        assert refused.value.code == "relation_impossible"
    for person, relation in ((two, "spouse"), (one, "self"), (younger, "child")):
        refuse_impossible_relation(one, person, Relation(relation))
    refuse_impossible_relation(younger, one, Relation.PARENT)


def test_a_refused_edition_says_that_there_are_none(city: City) -> None:
    year = plan_on_sale(city)
    assert year is not None
    plan = terms_of(year).plan
    with pytest.raises(InputError, match="expected none, since the plan has no editions"):
        _refuse_edition(plan, "gold")
    _refuse_edition(plan, "")


def test_two_tell_of_one_bill_where_what_both_report_is_equal(api: Caller, covered: City) -> None:
    api.settle(a_bill("A", "2022-04-18", 20_000_00))
    fact = SettlementFact.objects.of(covered).get(setl_id="A")
    client = ApiClient.objects.of(covered).get(code="hospital-1")

    def agree(**fields: str) -> bool:
        return _agree(message_of(client, {**a_bill("A", "2022-04-18", 20_000_00), **fields}).settlement, fact)

    assert agree()
    assert agree(enddate="2022-04-17")  # the stored bill does not say
    assert not agree(med_type="14")
    fact.discharge = date(2022, 4, 17)
    assert agree()
    assert agree(enddate="2022-04-17")
    assert not agree(enddate="2022-04-16")


def test_a_moratorium_may_be_of_one_day_and_not_end_before_it_begins(city: City) -> None:
    day = date(2022, 2, 1)
    declare_moratorium(actor=command_actor(city), first_day=day, last_day=day, reason="flood")
    assert [(one.first_day, one.last_day) for one in days_of_city(city).moratoria] == [(day, day)]
    with pytest.raises(InputError) as refused:
        declare_moratorium(actor=command_actor(city), first_day=day, last_day=day - timedelta(days=1), reason="flood")
    assert refused.value.code == "bad_moratorium"


def test_a_finding_without_a_reason_is_refused_before_anything_else(api: Caller, covered: City) -> None:
    api.settle({**a_bill("U", "2022-04-18", 20_000_00), "psn_no": STRANGER})
    review = ReviewItem.objects.of(covered).get(setl_id="U")
    for review_id in (review.pk, 0):
        with pytest.raises(ReviewError) as refused:
            find(actor=staff(covered, "handler"), review_id=review_id, finding=Finding.REFUSE, note=" ")
        assert refused.value.code == "note_missing"


def test_no_held_bills_have_no_cases_and_an_account_that_pays_nothing_pays_nothing(city: City) -> None:
    assert cases_of(city, []) == []
    assert (Decision().pays, Decision().rest) == (0, 0)


@pytest.mark.parametrize("account", [INSURER_PREMIUM, INSURER_CLAIMS])
def test_an_insurers_account_names_it_with_its_kind(account: Any) -> None:
    assert account.party_of("insurer:lead") == insurer("lead")
    with pytest.raises(PartyError, match="'lead'"):
        account.party_of("lead")
    account.refuse_party(insurer("lead"))
