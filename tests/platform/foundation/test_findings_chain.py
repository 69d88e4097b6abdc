"""What stands of findings: the last that counts, without proposals and without what nobody agreed with yet."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from happening import HELD_AT
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.findings import Finding, that_stands
from huimin.platform.foundation.findings.finding import Agreement

BILL = Subject("review", "1")
FIRST = Finding(1, BILL, "genuine", "yes", "staff:1", "handler", "seen", HELD_AT)
SECOND = replace(FIRST, id=2, answer="no", author="staff:2", supersedes=1)
THIRD = replace(FIRST, id=3, answer="yes", supersedes=2)


def test_nothing_stands_where_nothing_was_found() -> None:
    assert that_stands([]) is None


def test_the_last_of_the_chain_stands_in_whatever_order_they_are_given() -> None:
    assert {that_stands(order) for order in permutations([FIRST, SECOND, THIRD])} == {THIRD}


def test_a_finding_whose_second_person_has_not_agreed_leaves_the_one_before_it() -> None:
    for agreement in (Agreement.WAITED_FOR, Agreement.REFUSED):
        assert that_stands([FIRST, replace(SECOND, agreement=agreement)]) == FIRST
    agreed = replace(SECOND, agreement=Agreement.GIVEN)
    assert that_stands([FIRST, agreed]) == agreed


def test_what_a_program_proposed_is_no_fact_however_sure_it_is() -> None:
    proposed = replace(FIRST, confidence=10_000)
    assert that_stands([proposed]) is None
    assert that_stands([proposed, SECOND]) == SECOND


def test_a_finding_without_an_answer_opens_the_question_again() -> None:
    assert that_stands([FIRST, replace(SECOND, answer="")]) is None
    assert that_stands([FIRST, replace(SECOND, answer="", agreement=Agreement.WAITED_FOR)]) == FIRST


@pytest.mark.parametrize(
    "findings",
    [
        [FIRST, replace(FIRST, id=2)],
        [FIRST, SECOND, replace(SECOND, id=3)],
        [SECOND],
        [FIRST, replace(SECOND, question="causal")],
        [FIRST, replace(SECOND, subject=Subject("review", "2"))],
    ],
)
def test_findings_that_are_not_one_chain_are_refused(findings: list[Finding]) -> None:
    with pytest.raises(ValueError, match="expected"):
        that_stands(findings)
