"""Findings in the table: one chain a question, with what the second person said, append-only and walled by city."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from huimin.errors import HuiminError
from huimin.platform.foundation.actors import Actor, staff_actor
from huimin.platform.foundation.approvals.models import Answer
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.findings import Finding, that_stands
from huimin.platform.foundation.findings.finding import Agreement
from huimin.platform.foundation.findings.recording import findings_about, record_finding
from huimin.platform.foundation.models import AppendOnlyError, Approval, ApprovalAnswer, City, RecordedFinding

BILL, QUESTION = Subject("bill", "1"), "genuine"


def handler(city: City) -> Actor:
    return staff_actor(city, 1, ["handler"])


def found(city: City, answer: str, before: list[Finding], subject: Subject = BILL, **fields: Any) -> Finding:
    fields = {"actor": handler(city), "role": "handler", "reason": "seen", "question": QUESTION, **fields}
    return record_finding(subject=subject, answer=answer, at=now(city), before=before, **fields)


def proposal(city: City) -> Approval:
    moment = now(city)
    fields = {"subject_kind": "bill", "subject_id": "1", "would_change": {}, "seen_digest": "d", "reason": "r"}
    fields |= {"proposed_by": "staff:1", "proposed_at": moment, "recorded_at": moment}
    return Approval.objects.create(city=city, use_case="x", **fields)


def answered(approval: Approval, answer: Answer) -> None:
    moment = now(approval.city)
    ApprovalAnswer.objects.create(
        city=approval.city,
        approval=approval,
        answer=answer,
        answered_by="staff:2",
        answered_at=moment,
        recorded_at=moment,
    )


def test_what_was_found_is_read_back_as_it_was_recorded(city: City) -> None:
    evidence = [{"document": 3, "page": 2}]
    first = found(city, "yes", [], evidence=evidence)
    assert findings_about(city, BILL, QUESTION) == [first]
    assert (first.author, first.role, first.reason, first.supersedes) == ("staff:1", "handler", "seen", None)
    assert first.evidence == ({"document": 3, "page": 2},)
    assert findings_about(city, BILL, "causal") == findings_about(city, Subject("bill", "2"), QUESTION) == []


def test_a_later_finding_takes_the_place_of_the_last(city: City) -> None:
    first = found(city, "yes", [])
    second = found(city, "no", [first])
    assert second.supersedes == first.id
    assert that_stands(findings_about(city, BILL, QUESTION)) == second


def test_two_people_cannot_take_the_place_of_one_finding_nor_both_be_the_first(city: City) -> None:
    first = found(city, "yes", [])
    with pytest.raises(IntegrityError), transaction.atomic():
        found(city, "no", [])
    found(city, "no", [first])
    with pytest.raises(IntegrityError), transaction.atomic():
        found(city, "yes", [first])


@pytest.mark.parametrize(
    ("answer", "agreement", "stands"),
    [
        (None, Agreement.WAITED_FOR, False),
        (Answer.APPROVED, Agreement.GIVEN, True),
        (Answer.SENT_BACK, Agreement.REFUSED, False),
        (Answer.OUTDATED, Agreement.REFUSED, False),
        (Answer.WITHDRAWN, Agreement.REFUSED, False),
    ],
)
def test_a_finding_that_needs_a_second_person_stands_when_they_agreed_and_not_before(
    city: City, answer: Answer | None, agreement: Agreement, stands: bool
) -> None:
    approval = proposal(city)
    found(city, "yes", [], approval=approval.pk)
    if answer is not None:
        answered(approval, answer)
    (finding,) = findings_about(city, BILL, QUESTION)
    assert finding.agreement == agreement
    assert (that_stands([finding]) is not None) is stands


def test_a_program_proposes_with_its_confidence_in_basis_points(city: City) -> None:
    assert found(city, "yes", [], confidence=10_000).confidence == 10_000
    with pytest.raises(IntegrityError), transaction.atomic():
        found(city, "yes", [], subject=Subject("bill", "2"), confidence=10_001)


def test_a_finding_without_a_reason_is_refused(city: City) -> None:
    with pytest.raises(HuiminError) as caught:
        found(city, "yes", [], reason="  ")
    assert caught.value.code == "note_missing"


def test_a_finding_is_never_changed_and_another_city_does_not_see_it(city: City) -> None:
    other = City.objects.create(code="other", name_zh="他市", name_en="Other")
    found(city, "yes", [])
    rows = RecordedFinding.objects.of(city)
    for act in (rows.get().save, rows.get().delete, rows.delete, lambda: rows.update(answer="no")):
        with pytest.raises(AppendOnlyError):
            act()
    assert findings_about(other, BILL, QUESTION) == []
    assert found(other, "no", []).answer == "no"
