"""To whom the plan owes what for a bill: to the hospital what it was answered, to the insured what changed afterwards.

A hospital credits the patient with the payment that it is answered, and the patient leaves. What late bills, findings
or recalculations change afterwards cannot be settled at its counter any more, so it is owed to the insured, or by them.
Only a correction or a reversal of the bill changes what the hospital itself gets. The patient paid for a bill that was
held at the counter, so what is decided on it later is owed to them (ADR 27).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from huimin.platform.claims.member_year import DecidedYear, day_of, decide_year, standing
from huimin.platform.claims.models import SettlementFact
from huimin.platform.ledger.api import Owed, policy_party
from huimin.platform.pool.api import Claim

__all__ = [
    "Paid",
    "answered_in",
    "claims_between",
    "journal_names",
    "kept_by_senders",
    "owed_of",
    "paid_in",
    "sources_of",
]


@dataclass(frozen=True, slots=True)
class Paid:
    """What the plan pays on one bill, in fen: on the bill itself, and as allowances."""

    indemnity: int = 0
    allowances: int = 0

    @property
    def payable(self) -> int:
        return self.indemnity + self.allowances


NOTHING = Paid()


def paid_in(year: DecidedYear) -> dict[int, Paid]:
    """By settlement row, what the plan pays on each bill of the year."""
    return {fact.pk: Paid(year.indemnity_of(fact), year.allowances_of(fact)) for fact in year.facts}


def kept_by_senders(facts: Iterable[SettlementFact], answered: Mapping[int, int]) -> dict[int, int]:
    """By settlement row, what its sender keeps, in fen: what it was answered at the counter, unless the bill was
    reversed.

    `facts` are those of a policy, by arrival. A corrected bill is another revision with its own answer.
    """
    stands = standing(facts)
    reversed_ids = {(fact.payee, fact.reverses) for fact in stands if fact.reverses is not None}
    kept = {}
    for bill in (fact for fact in stands if fact.reverses is None):
        nothing = bill.decided_afterwards or (bill.payee, bill.setl_id) in reversed_ids
        kept[bill.pk] = 0 if nothing else answered.get(bill.pk, 0)
    return kept


def answered_in(year: DecidedYear, facts: Sequence[SettlementFact]) -> dict[int, int]:
    """By settlement row, what each sender was answered, in fen: what the plan paid when its bill arrived.

    `facts` are all facts of the policy, by arrival. It decides the year once for every bill, so it is for verification
    only.
    """
    answered = {}
    for number, fact in enumerate(facts):
        if fact.reverses is None and not fact.withdrawn:
            known = year.policy.as_known_at(fact.pk)
            last = number + 1 == len(facts) and known == year.policy
            then = year if last else decide_year(known, facts[: number + 1])
            answered[fact.pk] = then.indemnity_of(fact)
    return answered


def claims_between(
    year: DecidedYear,
    facts: Sequence[SettlementFact],
    before: tuple[Mapping[int, Paid], Mapping[int, int]],
    after: tuple[Mapping[int, Paid], Mapping[int, int]],
) -> list[Claim]:
    """The bills for which other amounts are owed. `before` and `after` have what is paid and what the senders keep of
    it.
    """
    found = []
    for fact in facts:
        key = fact.pk
        if all(was.get(key) == now.get(key) for was, now in zip(before, after, strict=True)):
            continue
        was, now = (owed_of(fact, *side) for side in (before, after))
        day, sender, insured = None, fact.sender_party, policy_party(year.policy.number)
        for source, old, new in zip(sources_of(fact), was, now, strict=True):
            if old != new:
                day = day or day_of(year.terms, fact)
                found.append(Claim(source, sender, insured, old, new, day))
    return found


def sources_of(fact: SettlementFact) -> tuple[str, str]:
    """How the journal names this bill, and what is paid beside it as allowances."""
    return journal_names(fact.payee, fact.setl_id)


def journal_names(sender: str, setl_id: str) -> tuple[str, str]:
    """How the journal names a bill of this sender, and what is paid beside it as allowances."""
    return f"settlement:{sender}:{setl_id}", f"allowances:{sender}:{setl_id}"


def owed_of(fact: SettlementFact, paid: Mapping[int, Paid], kept: Mapping[int, int]) -> tuple[Owed, Owed]:
    """What is owed for the bill itself, and as allowances, which always go to the insured."""
    of_bill = paid.get(fact.pk, NOTHING)
    sender = kept.get(fact.pk, 0)
    return Owed(sender, of_bill.indemnity - sender), Owed(0, of_bill.allowances)
