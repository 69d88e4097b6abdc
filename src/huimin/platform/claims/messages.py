"""A bill or a reversal as a client sent it, and the fact that is made from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time

from django.utils import timezone

from huimin.platform.claims.models import SettlementFact
from huimin.platform.enrolment.api import PolicyFacts
from huimin.platform.foundation.models import ApiClient, ClientKind
from huimin.platform.foundation.services import content_digest
from huimin.platform.ledger.api import PartyKind
from huimin.settlement import Settlement
from huimin.settlement.care import care_to_row
from huimin.settlement.content import bill_content, refuse_what_cannot_be_kept
from huimin.settlement.reading import settlement_from_row

__all__ = ["Message", "fact_again", "fact_of", "message_of", "set_aside_of", "withdrawal_of"]


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a client. `settlement` is what was read from `body`; two messages are the same if their digests are
    equal.
    """

    client: ApiClient
    body: Mapping[str, str]
    settlement: Settlement
    digest: str
    at_counter: bool = True
    """Whether the sender credits the patient with the answered amount. It does not if a person decides the bill
    later.
    """
    told_by_bureau: bool = False
    """Whether the bureau told of the bill, and not the client whose bill it is. It tells fewer or other fields."""

    def says_again(self, fact: SettlementFact) -> bool:
        """Whether the fact came with this content."""
        if fact.withdrawn:
            return False
        if fact.content_digest == self.digest:
            return True
        if self.told_by_bureau:
            return _agree(self.settlement, fact)
        # The bureau may have told of it before its own sender did, who reports fewer fields.
        return fact.decided_afterwards and _agree(self.settlement, fact) and _says_no_more(self.settlement, fact)


def message_of(client: ApiClient, body: Mapping[str, str]) -> Message:
    """Read a message. Raises InputError (`missing_id`, `bad_text`) for one that cannot even be kept for a person to
    look at.
    """
    settlement = settlement_from_row({"setl_id": "", "psn_no": "", "setl_time": "", **body})
    refuse_what_cannot_be_kept(settlement)
    return Message(client, body, settlement, content_digest(bill_content(settlement, body)))


def _agree(settlement: Settlement, fact: SettlementFact) -> bool:
    """Whether two tell of one bill: what both report is equal. A time of day that is not reported is midnight."""
    told, kept = settlement.setl_time, timezone.make_naive(fact.setl_time)
    same_time = told.date() == kept.date() if time() in (told.time(), kept.time()) else told == kept
    both = settlement.amounts.keys() & fact.amounts.keys()
    pairs = [
        (settlement.med_type, fact.med_type),
        (settlement.admission, fact.admission),
        (settlement.discharge, fact.discharge),
        *((settlement.amounts[name], fact.amounts[name]) for name in both),
    ]
    named = (settlement.psn_no, settlement.reverses) == (fact.psn_no, fact.reverses)
    return named and same_time and all(one == other for one, other in pairs if one not in (None, "") and other)


def _says_no_more(settlement: Settlement, fact: SettlementFact) -> bool:
    """Whether everything that the message reports is in the fact already, so that nothing can be decided otherwise."""
    told, kept = care_to_row(settlement.care), json.loads(fact.care) if fact.care else {}
    days = [(settlement.admission, fact.admission), (settlement.discharge, fact.discharge)]
    return (
        settlement.fault is None
        and settlement.amounts.keys() <= fact.amounts.keys()
        and all(kept.get(name) == value for name, value in told.items())
        and all(said in (None, known) for said, known in days)
    )


def fact_of(
    message: Message, policy: PolicyFacts | None, payee: str, moment: datetime, revision: int = 0
) -> SettlementFact:
    """The fact, not stored yet. `payee`: the code of the client whose bill this is, or whose bill it reverses."""
    settlement = message.settlement
    care = care_to_row(settlement.care)
    return SettlementFact(
        city=message.client.city,
        policy_id=policy.id if policy else None,
        client=message.client,
        payee=payee,
        payee_kind=_payee_kind(message),
        decided_afterwards=settlement.reverses is None and not message.at_counter,
        setl_id=settlement.setl_id,
        psn_no=settlement.psn_no,
        setl_time=timezone.make_aware(settlement.setl_time),
        med_type=settlement.med_type,
        amounts=dict(settlement.amounts),
        admission=settlement.admission,
        discharge=settlement.discharge,
        reverses=settlement.reverses,
        care=json.dumps(care, ensure_ascii=False) if care else None,
        body=json.dumps(dict(message.body), ensure_ascii=False),
        content_digest=message.digest,
        received_at=moment,
        revision=revision,
    )


def _payee_kind(message: Message) -> str | None:
    """The kind of party that the sender of a bill is in the journal; None for a reversal, for which nothing is owed."""
    if message.settlement.reverses is not None:
        return None
    pharmacy = message.client.kind == ClientKind.PHARMACY
    return (PartyKind.PHARMACY if pharmacy else PartyKind.HOSPITAL).value


def fact_again(fact: SettlementFact, policy: PolicyFacts, bill: SettlementFact) -> SettlementFact:
    """The next revision of a waiting reversal, in the year and under the member of the bill that it reverses."""
    return _next_revision(fact, policy_id=policy.id, payee=bill.payee, psn_no=bill.psn_no)


def withdrawal_of(fact: SettlementFact, policy: PolicyFacts, digest: str, moment: datetime) -> SettlementFact:
    """The revision that takes a bill out of a year, because its corrected content belongs to another year."""
    return _next_revision(fact, policy_id=policy.id, withdrawn=True, content_digest=digest, received_at=moment)


def set_aside_of(fact: SettlementFact, moment: datetime) -> SettlementFact:
    """The revision that withdraws a waiting reversal, because it cannot reverse the bill that has now come."""
    return _next_revision(fact, withdrawn=True, received_at=moment)


def _next_revision(fact: SettlementFact, **changes: object) -> SettlementFact:
    names = (field.attname for field in SettlementFact._meta.concrete_fields if not field.primary_key)
    kept = {name: getattr(fact, name) for name in names if name not in changes}
    found = SettlementFact(**kept | changes | {"revision": fact.revision + 1, "decided_afterwards": False})
    found.city = fact.city
    return found
