"""What takes two people: proposed by one, done or sent back by another, and never other than it was seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from huimin.errors import HuiminError
from huimin.platform.foundation.actors import Actor, command_actor, staff_actor
from huimin.platform.foundation.approvals import use_cases
from huimin.platform.foundation.approvals.models import Answer
from huimin.platform.foundation.approvals.proposal import Answered, Proposal
from huimin.platform.foundation.approvals.selectors import open_proposal, open_proposals, open_proposals_on
from huimin.platform.foundation.approvals.services import ApprovalError, answer_proposal, propose, withdraw
from huimin.platform.foundation.approvals.use_cases import Prepared, UseCase, register_use_cases, use_case_named
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.models import AppendOnlyError, Approval, ApprovalAnswer, AuditEvent, City
from huimin.platform.foundation.permissions import Action

DRUGS = Subject("drug_list", "7")


@dataclass
class Registry:
    """A use case of the tests: what it would change, and what was done and told."""

    price: int = 100
    impossible: bool = False
    done: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def prepare(self, proposal: Proposal) -> Prepared:
        if self.impossible:
            raise HuiminError("the list is closed", code="closed")

        def carry_out(actor: Actor) -> str:
            self.done.append(f"{proposal.arguments['to']} by {actor.text}")
            return "done"

        return Prepared({"before": self.price, "after": proposal.arguments["to"]}, carry_out)

    def answered(self, proposal: Proposal, answered: Answered) -> None:
        self.told.append(f"{proposal.subject} {answered.answer}")


@pytest.fixture
def drugs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    registry = Registry()
    monkeypatch.setattr(use_cases, "_use_cases", {})
    register_use_cases(UseCase("set_price", Action.FIND, Action.AGREE, registry.prepare, registry.answered))
    yield registry


def handler(city: City, user: int = 1) -> Actor:
    return staff_actor(city, user, ["handler"])


def approver(city: City, user: int = 2) -> Actor:
    return staff_actor(city, user, ["approver"])


def proposed(city: City, to: int = 120, actor: Actor | None = None) -> Proposal:
    actor = actor or handler(city)
    return propose(actor=actor, use_case="set_price", subject=DRUGS, arguments={"to": to}, reason="new list")


def answer(city: City, proposal: Proposal, agrees: bool = True, **fields: Any) -> Answered:
    fields = {"actor": approver(city), "reason": "seen", **fields}
    return answer_proposal(approval_id=proposal.id, agrees=agrees, **fields)


def test_a_proposal_does_nothing_and_shows_what_it_would_change(city: City, drugs: Registry) -> None:
    proposal = proposed(city)
    assert (proposal.would_change, drugs.done) == ({"before": 100, "after": 120}, [])
    assert open_proposal(city, "set_price", DRUGS) == proposal
    assert open_proposals(city, ["set_price"], 1).rows == [proposal]
    assert open_proposals(city, ["another"], 1).rows == []


def test_another_person_agrees_and_it_is_done_once(city: City, drugs: Registry) -> None:
    proposal = proposed(city)
    answered = answer(city, proposal)
    assert (answered.answer, answered.result, drugs.done) == (Answer.APPROVED, "done", ["120 by staff:2"])
    assert drugs.told == ["drug_list:7 approved"]
    assert open_proposal(city, "set_price", DRUGS) is None
    with pytest.raises(ApprovalError) as caught:
        answer(city, proposal)
    assert (caught.value.code, len(drugs.done)) == ("nothing_to_agree", 1)


def test_another_person_sends_it_back_and_nothing_is_done(city: City, drugs: Registry) -> None:
    assert answer(city, proposed(city), agrees=False).answer == Answer.SENT_BACK
    assert (drugs.done, drugs.told) == ([], ["drug_list:7 sent_back"])
    assert proposed(city, to=130).would_change["after"] == 130


def test_what_would_change_something_else_by_now_is_outdated_and_nothing_is_done(city: City, drugs: Registry) -> None:
    proposal = proposed(city)
    drugs.price = 101
    answered = answer(city, proposal)
    assert (answered.answer, answered.would_change) == (Answer.OUTDATED, {"before": 101, "after": 120})
    assert (drugs.done, drugs.told) == ([], ["drug_list:7 outdated"])
    row = ApprovalAnswer.objects.of(city).get(approval=proposal.id)
    assert (row.answer, row.would_change) == ("outdated", {"before": 101, "after": 120})


def test_what_was_seen_and_came_back_to_the_same_is_done(city: City, drugs: Registry) -> None:
    proposal = proposed(city)
    drugs.price = 101
    drugs.price = 100
    assert answer(city, proposal).answer == Answer.APPROVED
    assert drugs.done == ["120 by staff:2"]


def test_the_first_person_is_not_the_second_in_whatever_role(city: City, drugs: Registry) -> None:
    both = staff_actor(city, 1, ["handler", "approver"])
    proposal = proposed(city, actor=both)
    for agrees in (True, False):
        with pytest.raises(ApprovalError) as caught:
            answer(city, proposal, agrees=agrees, actor=both)
        assert caught.value.code == "same_person"
    assert drugs.done == []
    assert answer(city, proposal).answer == Answer.APPROVED


@pytest.mark.parametrize("agrees", [True, False])
def test_who_may_not_agree_is_refused(city: City, drugs: Registry, agrees: bool) -> None:
    proposal = proposed(city)
    for actor in (handler(city, 2), command_actor(city)):
        with pytest.raises(NotAllowed):
            answer(city, proposal, agrees=agrees, actor=actor)
    assert drugs.done == []


def test_who_may_not_propose_is_refused_before_anything_is_worked_out(city: City, drugs: Registry) -> None:
    drugs.impossible = True
    with pytest.raises(NotAllowed):
        proposed(city, actor=approver(city))


def test_what_cannot_be_done_is_not_proposed_and_not_answered(city: City, drugs: Registry) -> None:
    proposal = proposed(city)
    drugs.impossible = True
    with pytest.raises(HuiminError, match="the list is closed"):
        answer(city, proposal)
    assert open_proposal(city, "set_price", DRUGS) == proposal
    assert answer(city, proposal, agrees=False).answer == Answer.SENT_BACK
    with pytest.raises(HuiminError, match="the list is closed"):
        proposed(city)
    assert Approval.objects.of(city).count() == 1


def test_one_thing_is_proposed_once_until_it_is_answered(city: City, drugs: Registry) -> None:
    proposed(city)
    with pytest.raises(ApprovalError) as caught:
        proposed(city, to=130)
    assert caught.value.code == "already_proposed"


def test_what_nobody_answered_can_be_taken_back_by_who_could_propose_it(city: City, drugs: Registry) -> None:
    proposal = proposed(city)
    with pytest.raises(NotAllowed):
        withdraw(actor=approver(city), approval_id=proposal.id, reason="mistaken")
    assert withdraw(actor=handler(city), approval_id=proposal.id, reason="mistaken").answer == Answer.WITHDRAWN
    assert (open_proposal(city, "set_price", DRUGS), drugs.told) == (None, ["drug_list:7 withdrawn"])
    with pytest.raises(ApprovalError) as caught:
        withdraw(actor=handler(city), approval_id=proposal.id, reason="again")
    assert caught.value.code == "nothing_to_agree"


def test_no_step_is_taken_without_a_reason(city: City, drugs: Registry) -> None:
    proposal = proposed(city)
    acts = [
        lambda: propose(actor=handler(city), use_case="set_price", subject=DRUGS, arguments={"to": 1}, reason=" "),
        lambda: answer(city, proposal, reason=" "),
        lambda: answer(city, proposal, agrees=False, reason=" "),
        lambda: withdraw(actor=handler(city), approval_id=proposal.id, reason=" "),
    ]
    for act in acts:
        with pytest.raises(ApprovalError) as caught:
            act()
        assert caught.value.code == "note_missing"


def test_another_citys_proposal_is_not_there(city: City, drugs: Registry) -> None:
    other = City.objects.create(code="other", name_zh="他市", name_en="Other")
    proposal = proposed(city)
    with pytest.raises(ApprovalError) as caught:
        answer(other, proposal)
    assert caught.value.code == "nothing_to_agree"
    assert open_proposal(other, "set_price", DRUGS) is None
    assert open_proposals(other, ["set_price"], 1).rows == []


def test_what_is_done_and_its_answer_are_there_together_or_not_at_all(city: City, drugs: Registry) -> None:
    proposal = proposed(city)

    def stopped(*_: Any) -> None:
        raise ZeroDivisionError

    drugs.answered = stopped  # type: ignore[method-assign]
    use_cases._use_cases.clear()
    register_use_cases(UseCase("set_price", Action.FIND, Action.AGREE, drugs.prepare, drugs.answered))
    with pytest.raises(ZeroDivisionError):
        answer(city, proposal)
    assert open_proposal(city, "set_price", DRUGS) == proposal


def test_both_steps_are_in_the_audit(city: City, drugs: Registry) -> None:
    proposal = proposed(city)
    answer(city, proposal, agrees=False)
    events = AuditEvent.objects.of(city).filter(subject=f"approval:{proposal.id}").order_by("pk")
    assert list(events.values_list("action", "actor")) == [
        ("approval_proposed", "staff:1"),
        ("approval_sent_back", "staff:2"),
    ]
    assert events[0].detail == {"use_case": "set_price", "subject": "drug_list:7"}


def test_a_proposal_has_one_answer_and_neither_changes(city: City, drugs: Registry) -> None:
    proposal = proposed(city)
    answer(city, proposal, agrees=False)
    row = ApprovalAnswer.objects.of(city).get()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.pk, row._state.adding = None, True
        row.save()
    for model in (Approval, ApprovalAnswer):
        rows = model.objects.of(city)
        for act in (rows.get().save, rows.get().delete, rows.delete, lambda rows=rows: rows.update(reason="other")):
            with pytest.raises(AppendOnlyError):
                act()


def test_two_use_cases_cannot_have_one_name_and_an_unknown_one_is_named(drugs: Registry) -> None:
    with pytest.raises(ValueError, match="two use cases are named 'set_price'"):
        register_use_cases(UseCase("set_price", Action.FIND, Action.FIND, drugs.prepare))
    with pytest.raises(LookupError, match="expected one that is registered: set_price"):
        use_case_named("another")


def test_an_open_proposal_is_found_by_its_use_case_and_not_once_it_is_answered(city: City, drugs: Registry) -> None:
    register_use_cases(UseCase("strike_out", Action.FIND, Action.AGREE, drugs.prepare))
    other = propose(actor=handler(city), use_case="strike_out", subject=DRUGS, arguments={"to": 7}, reason="r")
    assert open_proposal(city, "set_price", DRUGS) is None
    mine = propose(actor=handler(city), use_case="set_price", subject=DRUGS, arguments={"to": 90}, reason="r")
    for use_case, proposal in (("set_price", mine), ("strike_out", other)):
        found = open_proposal(city, use_case, DRUGS)
        assert found is not None
        assert found.id == proposal.id
        assert [one.id for one in open_proposals_on(city, use_case, DRUGS.kind, [DRUGS.id])] == [proposal.id]
    withdraw(actor=handler(city), approval_id=mine.id, reason="r")
    assert open_proposals_on(city, "set_price", DRUGS.kind, [DRUGS.id]) == []
