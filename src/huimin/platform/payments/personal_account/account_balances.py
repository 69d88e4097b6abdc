"""What a resident's account holds, asked of the bureau with their consent, and what it can pay for whom."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from huimin.platform.foundation.actors import Actor
from huimin.platform.foundation.authorising import authorise_enrolling
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.models import City
from huimin.platform.foundation.relations import Relation
from huimin.platform.gateways.api import Balance, DoorError, Unreachable, bureau_of
from huimin.platform.payments.personal_account.areas import rule_of_area
from huimin.platform.payments.personal_account.deciding import Asked, Decision, decide
from huimin.platform.payments.personal_account.models import AccountLine, AskState, BalanceAsked, LineState
from huimin.platform.payments.personal_account.rules import AccountRule
from huimin.platform.people.api import PersonFacts, areas, persons_by_id
from huimin.platform.tasks.api import Attempt, NotNowError, TryAgainError, Write, enqueue

__all__ = [
    "ASK_BALANCE",
    "AccountOffer",
    "AskedFor",
    "Told",
    "answer_balance",
    "ask_balance",
    "offer_of",
    "told_balance",
]

ASK_BALANCE = "account_balance"
_USED_FOR = timedelta(minutes=30)
_ENDED = (LineState.REFUSED, LineState.RELEASING, LineState.RELEASED, LineState.STRUCK_OUT)


@dataclass(frozen=True, slots=True)
class Told:
    """The newest question for a balance. `balance` is there once it was answered and there is an account."""

    state: AskState
    balance: Balance | None = None


@dataclass(frozen=True, slots=True)
class AskedFor:
    """Somebody for whom the account is to pay. `own_part`: fen that the order's payer pays for them."""

    person: PersonFacts
    relation: Relation
    own_part: int


@dataclass(frozen=True, slots=True)
class AccountOffer:
    """What the account can pay for one person; `rule` None where accounts of its area may not pay at all."""

    asked_for: AskedFor
    rule: AccountRule | None
    decision: Decision | None

    @property
    def pays(self) -> int:
        return self.decision.pays if self.decision is not None and self.decision.may_pay else 0


@transaction.atomic
def ask_balance(*, actor: Actor, resident: PersonFacts) -> None:
    """Have the bureau asked. The caller has recorded the resident's consent. Raises NotAllowed."""
    authorise_enrolling(actor, resident.id)
    row = BalanceAsked.objects.create(city=actor.city, resident_id=resident.id, asked_at=timezone.now())
    enqueue(city=actor.city, kind=ASK_BALANCE, key=f"{row.pk}")


def told_balance(city: City, resident: PersonFacts) -> Told | None:
    """What came of the newest question of the last half hour; None where there was none."""
    rows = BalanceAsked.objects.of(city).filter(resident=resident.id, asked_at__gt=timezone.now() - _USED_FOR)
    row = rows.order_by("-asked_at", "-pk").first()
    if row is None:
        return None
    if row.answer is None:
        return Told(AskState(row.state))
    said = json.loads(row.answer)
    return Told(AskState(row.state), Balance(**{**said, "relatives": frozenset(said["relatives"])}))


def answer_balance(attempt: Attempt) -> Write | None:
    """Ask the bureau, as a worker. Safe to run twice."""
    city = attempt.task.city
    row = BalanceAsked.objects.of(city).filter(pk=int(attempt.task.key), state=AskState.ASKED).first()
    if row is None:
        return None
    person = persons_by_id(city, [row.resident_id])[row.resident_id]
    try:
        found = bureau_of(city).balance(f"balance:{row.pk}", person.psn_no)
    except Unreachable as failure:
        raise NotNowError(failure.code, failure.retry_after) from failure
    except DoorError as failure:
        if attempt.task.attempts < attempt.kind.most_attempts:
            raise TryAgainError(failure.code) from failure
        return lambda: _answered(row, AskState.FAILED, None)
    return lambda: _answered(row, AskState.NO_ACCOUNT if found is None else AskState.ANSWERED, found)


def _answered(row: BalanceAsked, state: AskState, balance: Balance | None) -> None:
    row.state, row.answered_at = state, timezone.now()
    if balance is not None:
        said = {name: getattr(balance, name) for name in ("area", "historic", "current", "held")}
        row.answer = json.dumps({**said, "relatives": sorted(balance.relatives)})
    row.save(update_fields=["state", "answered_at", "answer"])


def offer_of(
    city: City, payer: PersonFacts, balance: Balance, people: Sequence[AskedFor], plan_year_id: int
) -> list[AccountOffer]:
    """What the account can pay for each, in the order in which they are named: what is used up for one is gone."""
    rule = rule_of_area(city, balance.area, today(city))
    if rule is None:
        return [AccountOffer(one, None, None) for one in people]
    codes = {area.id: area.code for area in areas(city)}
    relatives = _relatives_of(city, payer, plan_year_id)
    held, found = balance.held, []
    for one in people:
        asked = replace(
            _asked(city, balance, one, codes[one.person.area_id]),
            held=held,
            relatives_before=len(relatives - {one.person.id}),
        )
        offer = AccountOffer(one, rule, decide(rule, asked) if one.own_part > 0 else None)
        held += offer.pays
        if offer.pays and one.relation is not Relation.SELF:
            relatives.add(one.person.id)
        found.append(offer)
    return found


def _asked(city: City, balance: Balance, one: AskedFor, area: str) -> Asked:
    """The resident has shown by a code to the registered telephone who they are."""
    return Asked(
        day=today(city),
        premium=one.own_part,
        relation=one.relation,
        historic=balance.historic,
        current=balance.current,
        filed=one.person.psn_no in balance.relatives,
        same_province=area[:2] == balance.area[:2],
        in_benefit=one.person.insured,
    )


def _relatives_of(city: City, payer: PersonFacts, plan_year_id: int) -> set[int]:
    """Relatives for whom this account pays already in the plan year."""
    rows = AccountLine.objects.of(city).filter(payer=payer.id, plan_year=plan_year_id).exclude(state__in=_ENDED)
    return set(rows.exclude(relation=Relation.SELF).values_list("insured_id", flat=True))
