"""Each area's rule of paying from the personal account: one row of the table, one test, both sides of its boundary."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from huimin.platform.foundation.relations import Relation
from huimin.platform.payments.personal_account import (
    AccountRule,
    Asked,
    Decision,
    Hindrance,
    Mode,
    Part,
    decide,
    rule_on,
    rules,
)

DAY = date(2024, 12, 1)
OWN = Asked(DAY, 158_00, Relation.SELF, historic=10_000_00, current=0)
MOTHER = replace(OWN, relation=Relation.PARENT)
ALL = Decision(158_00, 0)


def of(place: str, day: date = DAY) -> AccountRule:
    found = rule_on(place, day)
    assert found is not None
    return found


def known(rule: AccountRule, **fields: object) -> AccountRule:
    """The rule as if its area had answered what its sources do not say."""
    answers = {
        "part": Part.HISTORIC,
        "above": 0,
        "mode": Mode.REAL_TIME,
        "filing": False,
        "relatives_within": "province",
    }
    said = {name: value for name, value in answers.items() if getattr(rule, name) is None}
    return replace(rule, **said, **fields)  # type: ignore[arg-type]


def refused(*hindrances: Hindrance) -> Decision:
    return Decision(hindrances=hindrances)


def test_jiangsu_pays_for_family_in_every_area_of_the_province_from_a_historic_balance_above_4000() -> None:
    rule = of("jiangsu")
    assert (rule.mode, rule.part) == (Mode.MONTHLY_LIST, Part.HISTORIC)
    assert decide(rule, replace(MOTHER, historic=4_000_01, same_city=False)) == ALL
    assert decide(rule, replace(MOTHER, historic=4_000_00)) == refused(Hindrance.BALANCE_NOT_ABOVE)
    # Money of this year does not count, nor what is set aside already.
    assert decide(rule, replace(OWN, historic=4_000_00, current=500_00)) == refused(Hindrance.BALANCE_NOT_ABOVE)
    assert decide(rule, replace(OWN, historic=4_100_00, held=100_00)) == refused(Hindrance.BALANCE_NOT_ABOVE)
    assert decide(rule, replace(MOTHER, same_province=False)) == refused(Hindrance.INSURED_ELSEWHERE)


def test_suzhou_has_the_payer_pay_first_and_charges_an_account_above_3000_later() -> None:
    rule = of("suzhou")
    assert rule.mode is Mode.PAY_THEN_OFFSET
    assert decide(rule, replace(OWN, historic=3_000_01)) == ALL
    assert decide(rule, replace(OWN, historic=3_000_00)) == refused(Hindrance.BALANCE_NOT_ABOVE)


def test_suzhous_childrens_edition_is_paid_at_once_from_a_parents_account() -> None:
    rule = of("suzhou-child")
    assert rule.mode is Mode.REAL_TIME
    assert decide(known(rule), replace(OWN, premium=880_00, relation=Relation.CHILD)) == Decision(880_00, 0)
    assert decide(known(rule), OWN) == refused(Hindrance.NOT_FOR_THIS_RELATION)


def test_hangzhou_takes_all_or_nothing_and_only_with_the_registered_telephone() -> None:
    rule = of("hangzhou")
    assert decide(rule, replace(OWN, historic=158_00)) == ALL
    assert decide(rule, replace(OWN, historic=157_99)) == refused(Hindrance.DOES_NOT_COVER_ALL)
    assert decide(rule, replace(OWN, telephone_registered=False)) == refused(Hindrance.OTHER_TELEPHONE)


def test_chongqing_pays_for_relatives_who_are_insured_there() -> None:
    rule = known(of("chongqing"))
    assert decide(rule, MOTHER) == ALL
    assert decide(rule, replace(MOTHER, same_city=False)) == refused(Hindrance.INSURED_ELSEWHERE)


def test_tianjin_wants_relatives_filed_first_and_in_benefit() -> None:
    rule = known(of("tianjin"))
    assert decide(rule, replace(MOTHER, filed=True)) == ALL
    assert decide(rule, MOTHER) == refused(Hindrance.NOT_FILED)
    assert decide(rule, replace(MOTHER, filed=True, in_benefit=False)) == refused(Hindrance.NOT_IN_BENEFIT)
    assert decide(rule, OWN) == ALL


def test_beijing_pays_for_relatives_from_the_first_of_december_on() -> None:
    rule = known(of("beijing"))
    filed = replace(MOTHER, filed=True)
    assert decide(rule, replace(filed, day=date(2022, 12, 1))) == ALL
    assert decide(rule, replace(filed, day=date(2022, 11, 30))) == refused(Hindrance.RELATIVES_NOT_YET)
    assert decide(rule, replace(OWN, day=date(2022, 11, 1))) == ALL


def test_shenzhen_lets_the_rest_be_paid_in_another_way() -> None:
    rule = known(of("shenzhen"))
    assert decide(rule, replace(OWN, historic=58_00)) == Decision(58_00, 100_00)
    assert decide(rule, replace(OWN, historic=0)) == refused(Hindrance.NOTHING_LEFT)


def test_guangzhou_pays_for_oneself_and_direct_relatives() -> None:
    assert [decide(known(of("guangzhou")), asked) for asked in (OWN, MOTHER)] == [ALL, ALL]


@pytest.mark.parametrize(("day", "most"), [(date(2024, 4, 22), 5), (date(2024, 4, 23), 6)])
def test_shanghai_pays_for_five_relatives_and_since_2024_for_six(day: date, most: int) -> None:
    rule = known(of("shanghai", day))
    assert decide(rule, replace(MOTHER, relatives_before=most - 1)) == ALL
    assert decide(rule, replace(MOTHER, relatives_before=most)) == refused(Hindrance.TOO_MANY_RELATIVES)
    assert decide(rule, replace(OWN, relatives_before=most)) == ALL


def test_what_an_areas_sources_do_not_say_is_named_and_nothing_is_paid() -> None:
    asked = replace(MOTHER, same_city=False)
    assert decide(of("guangzhou"), asked) == Decision(unknown=("part", "above", "mode", "filing", "relatives_within"))
    assert decide(of("jiangsu"), replace(OWN, premium=4_500_00, historic=4_200_00)) == Decision(unknown=("split",))


def test_every_reason_is_told_at_once() -> None:
    asked = replace(MOTHER, filed=False, in_benefit=False, same_city=False, historic=0)
    assert decide(known(of("tianjin")), asked) == refused(
        Hindrance.NOT_FILED, Hindrance.INSURED_ELSEWHERE, Hindrance.NOT_IN_BENEFIT, Hindrance.NOTHING_LEFT
    )


@pytest.mark.parametrize("premium", [0, -1])
def test_a_premium_that_is_not_above_zero_is_a_fault_of_ours(premium: int) -> None:
    with pytest.raises(ValueError, match="expected more than 0"):
        decide(of("jiangsu"), replace(OWN, premium=premium))


def test_a_rule_holds_from_its_day_until_the_next_one_of_its_place() -> None:
    first = of("jiangsu").since
    assert rule_on("jiangsu", first - timedelta(days=1)) is None
    assert rule_on("nowhere", DAY) is None
    assert of("shanghai", date(2099, 1, 1)).since == date(2024, 4, 23)


def test_what_is_paid_and_the_rest_are_the_premium_under_every_rule() -> None:
    paid = 0
    for rule in rules():
        for historic in (0, 1, 157_99, 158_00, 4_000_01, 9_999_99):
            for relation in Relation:
                found = decide(known(rule, split=True), replace(OWN, day=DAY, historic=historic, relation=relation))
                assert found.pays + found.rest == (158_00 if found.may_pay else 0)
                assert 0 <= found.pays <= historic
                paid += found.may_pay
    assert paid > 100


def test_what_is_not_said_of_a_request_is_what_most_requests_are() -> None:
    """Nothing set aside, no relative before, nothing filed; of the same city and in benefit; one's own number."""
    assert Asked(DAY, 158_00, Relation.SELF, historic=1, current=2) == Asked(
        day=DAY,
        premium=158_00,
        relation=Relation.SELF,
        historic=1,
        current=2,
        held=0,
        relatives_before=0,
        filed=False,
        same_city=True,
        same_province=True,
        in_benefit=True,
        telephone_registered=True,
    )
    assert Decision() == Decision(pays=0, rest=0, hindrances=(), unknown=())
    assert Decision().may_pay


@pytest.mark.parametrize(("left", "decided"), [(0, refused(Hindrance.NOTHING_LEFT)), (1, Decision(1, 157_99))])
def test_a_single_fen_in_the_account_pays_its_part_where_the_rest_may_be_paid_otherwise(
    left: int, decided: Decision
) -> None:
    rule = replace(known(of("suzhou-child")), above=0, split=True, relations=frozenset(Relation))
    assert decide(rule, replace(OWN, historic=left)) == decided
