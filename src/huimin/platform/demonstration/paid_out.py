"""Claims by one tap in the demonstration, and the payouts that follow: a person for each state they can be in.

What the bureau and the bank say is played here, as the payment company's notices are: nothing waits for them later.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from huimin.money import format_yuan
from huimin.platform.demonstration.bills import bill_of
from huimin.platform.demonstration.names import ELSEWHERE
from huimin.platform.demonstration.staff import staff_named
from huimin.platform.enrolment.api import PolicyFacts
from huimin.platform.foundation.actors import Actor, demonstration_actor, resident_actor
from huimin.platform.foundation.models import City, Role
from huimin.platform.gateways.api import BureauSettlement, PaidOut, PayoutOrder, PayoutState
from huimin.platform.payments.api import reconcile
from huimin.platform.payouts.api import (
    ask_for_account_code,
    asked_at_bank,
    bank_code,
    give_account,
    pay_policy,
    payouts_of_payee,
    propose_payout,
    take_answer,
)
from huimin.platform.people.api import named_persons, persons_by_id
from huimin.platform.quick_claims.api import (
    ConsentText,
    answered,
    claim_quickly,
    claimable_policies,
    consents_of,
    take_fetch_consent_back,
    waits,
    withdraw_quick_claim,
)
from huimin.platform.tasks.api import Task

__all__ = ["load_claims_paid_out"]

_LARGE, _VERY_LARGE, _SMALL = 60_000_00, 400_000_00, 2_000_00
_CARD, _OTHER_CARD = "6222020000000000018", "6217000000000000004"
"""With right check digits, and nobody's."""
_BEFORE, _DAY = timedelta(days=3), timedelta(days=1)
_WORDS = (
    "我同意本产品的承办机构为办理理赔，向医保部门查询{name}在{first:%Y年%-m月%-d日}至{last:%Y年%-m月%-d日}期间的医保结算数据"
    "（就诊机构、结算时间、各项费用和支付金额）。这些数据只用于这次理赔。我可以随时收回同意，收回后不再查询；不同意的，仍可凭票据材料理赔。"
)


def load_claims_paid_out(city: City, today: date, policies: Sequence[PolicyFacts]) -> None:
    """Fourteen people who hold their own policies claim by one tap; payouts are made for seven of them."""
    paid, back, refused, asked, changed, large, proposed, _no_account = policies[:8]
    city.demonstration_day = today - _BEFORE
    for policy in policies[:8]:
        _told(city, policy, [_bill(policy, _VERY_LARGE if policy in (large, proposed) else _LARGE, today)])
    for policy in (paid, back, refused, asked, changed, large, proposed):
        _account(city, policy, _CARD)
    _without_money(city, policies[8:14], today)
    for policy in (paid, back, refused, asked, large, proposed):
        _payout(city, policy)
    handler = staff_named(city, "handler", Role.HANDLER)
    propose_payout(actor=handler, payout_id=_last(city, proposed), note="已核对账单和户名")
    city.demonstration_day = today - _DAY
    booked = [_asked(city, policy) for policy in (paid, back)]
    answer = _asked(city, refused)
    take_answer(city, _last(city, refused), PaidOut(answer.key, PayoutState.RETURNED, answer.amount, "account_closed"))
    _asked(city, asked)
    city.demonstration_day = today
    _account(city, changed, _OTHER_CARD)  # it counts from tomorrow: the payout waits
    _payout(city, changed)
    _statement(city, today - _DAY, booked)


def _without_money(city: City, policies: Sequence[PolicyFacts], today: date) -> None:
    """A bill that a person has to look at, none at all, one below the deductible; and three without an answer."""
    held, nothing, small, waiting, given_up, taken_back = policies
    whole = _bill(held, _LARGE, today)
    _told(city, held, [replace(whole, content={**whole.content, "medfee_sumamt": "99999.99"})])
    _told(city, nothing, [])
    _told(city, small, [_bill(small, _SMALL, today)])
    _account(city, small, _CARD)
    for policy in (waiting, taken_back):
        waits(city, _claimed(city, policy)[1], "busy")
    key, _ = _claimed(city, given_up)
    withdraw_quick_claim(actor=_actor(city, given_up), resident_id=given_up.insured_id, key=key)
    (consent,) = consents_of(city, taken_back.insured_id)
    take_fetch_consent_back(actor=_actor(city, taken_back), resident_id=taken_back.insured_id, consent_id=consent.id)


def _claimed(city: City, policy: PolicyFacts) -> tuple[str, int]:
    """The insured's tap: the claim's key and number. The bureau has not been asked yet."""
    person = persons_by_id(city, [policy.insured_id])[policy.insured_id]
    (one,) = [found for found in claimable_policies(city, person) if found.policy.id == policy.id]
    name = named_persons(city, [person.id])[person.id].name
    key = claim_quickly(
        actor=_actor(city, policy),
        resident_id=person.id,
        policy_number=policy.number,
        key=secrets.token_hex(12),
        text=ConsentText("2022-1", _WORDS.format(name=name, first=one.days[0], last=one.days[1])),
    )
    return key, int(_payload(city, "fetch_settlements", key)["claim"])


def _told(city: City, policy: PolicyFacts, settlements: Sequence[BureauSettlement]) -> None:
    """Somebody claims, and the bureau answers with these settlements."""
    answered(city, _claimed(city, policy)[1], settlements)


def _bill(policy: PolicyFacts, in_policy: int, today: date) -> BureauSettlement:
    """A stay at a hospital of another city, half of which basic insurance paid."""
    code, name = ELSEWHERE[policy.id % len(ELSEWHERE)]
    day = today - timedelta(days=5 + policy.id % 20)
    parts = (in_policy // 20, 0, in_policy // 10, in_policy // 2)
    body = bill_of(f"E{policy.number}", policy.psn_no, datetime.combine(day, time(15, 20)), "21", in_policy, *parts)
    return BureauSettlement(code.lower(), name, body["setl_id"], day, body)


def _account(city: City, policy: PolicyFacts, card: str) -> None:
    """The insured gives a card, and the code that came to their telephone."""
    actor, own = _actor(city, policy), policy.insured_id
    check = ask_for_account_code(actor=actor, resident_id=own)
    code = str(_payload(city, "message", f"identity-{check}")["code"])
    bank = "示范银行云溪支行"
    give_account(actor=actor, resident_id=own, number=card, bank_name=bank, check_id=check, code=code)


def _payout(city: City, policy: PolicyFacts) -> None:
    """As the queue would, once there is an account."""
    pay_policy(city, policy.number, "demonstration")


def _asked(city: City, policy: PolicyFacts) -> PayoutOrder:
    """The bank is asked, and has not carried it out yet."""
    order, _ = asked_at_bank(city, _last(city, policy))
    assert order is not None  # noqa: S101 - made for an account that may be used
    return order


def _statement(city: City, day: date, booked: Sequence[PayoutOrder]) -> None:
    """The bank's statement has both as paid, and the last of them came back in the afternoon."""
    lines = [f"{day} 10:30:00,B-{one.key[:8]},{one.key},代付,{format_yuan(one.amount)},0.00" for one in booked]
    back = booked[-1]
    lines.append(f"{day} 15:45:00,B-{back.key[8:16]},{back.key},退汇,0.00,{format_yuan(back.amount)}")
    out = format_yuan(sum(one.amount for one in booked))
    head, totals = (
        "记账时间,流水号,付款编号,摘要,借方金额,贷方金额",
        f"合计,{len(lines)},,,{out},{format_yuan(back.amount)}",
    )
    content = "\r\n".join([head, *lines, totals]) + "\r\n"
    reconcile(actor=demonstration_actor(city), provider=bank_code(), day=day, content=content)


def _last(city: City, policy: PolicyFacts) -> int:
    return payouts_of_payee(city, policy.insured_id)[0].id


def _actor(city: City, policy: PolicyFacts) -> Actor:
    return resident_actor(city, policy.insured_id)


def _payload(city: City, kind: str, key: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Task.objects.of(city).get(kind=kind, key=key).payload)
    return found
