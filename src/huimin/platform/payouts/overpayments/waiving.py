"""Waiving what a policy owes back: one person proposes, another agrees, and the pool's insurers bear it."""

from __future__ import annotations

from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.approvals.proposal import Answered, Proposal
from huimin.platform.foundation.approvals.services import answer_open, propose
from huimin.platform.foundation.approvals.use_cases import Prepared, UseCase
from huimin.platform.foundation.permissions import Action
from huimin.platform.payouts.failures import PayoutError
from huimin.platform.payouts.overpayments.balancing import waive_all
from huimin.platform.payouts.overpayments.letters import subject_of_debt, tell_of_debt
from huimin.platform.payouts.overpayments.settling import steps_of, take_steps
from huimin.platform.payouts.policies import locked_policy

__all__ = ["WAIVER", "agree_to_waiver", "propose_waiver", "waiver"]

WAIVER = "waive_overpayment"


def propose_waiver(*, actor: Actor, policy_number: str, note: str) -> Proposal:
    """Propose that nothing is asked back on this policy any more.

    Raises NotAllowed; PayoutError `nothing_owed_back`; ApprovalError.
    """
    return propose(actor=actor, use_case=WAIVER, subject=subject_of_debt(policy_number), arguments={}, reason=note)


def agree_to_waiver(*, actor: Actor, policy_number: str, agrees: bool, note: str) -> Answered:
    """Another person agrees, and the insurers bear it; or does not, and it is owed as before.

    Raises NotAllowed; PayoutError `nothing_owed_back`; ApprovalError (`note_missing`, `nothing_to_agree`,
    `same_person`).
    """
    return answer_open(actor=actor, use_case=WAIVER, subject=subject_of_debt(policy_number), agrees=agrees, reason=note)


def waiver() -> UseCase:
    """What two people agree on, as `payouts` registers it."""
    return UseCase(WAIVER, Action.WAIVE_OVERPAYMENT, Action.AGREE_TO_WAIVER, _prepare)


def _prepare(proposal: Proposal) -> Prepared:
    policy = locked_policy(proposal.city, proposal.subject.id)
    steps, after = steps_of(policy) if policy is not None else ([], {})
    waived = waive_all(after)
    if policy is None or not waived:
        raise PayoutError(f"nothing is owed back on {proposal.subject.id}", code="nothing_owed_back")
    amount = sum(step.amount for step in waived)
    would_change = {"policy": policy.number, "amount": amount, "bills": len(waived)}

    def carry_out(actor: Actor) -> None:
        take_steps(policy, [*steps, *waived], actor.text)
        tell_of_debt(policy, 0, actor.text)

    return Prepared(would_change, carry_out)
