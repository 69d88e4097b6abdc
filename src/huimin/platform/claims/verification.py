"""`huimin ledger verify`: everything recomputed from the facts, and compared with what stands in the books."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from huimin.platform.catalogue.selectors import terms_of
from huimin.platform.claims.closings import faults_of_closings
from huimin.platform.claims.member_year import decide_year
from huimin.platform.claims.models import SettlementFact
from huimin.platform.claims.owing import answered_in, claims_between, kept_by_senders, paid_in
from huimin.platform.claims.posting import changes, decisions_so_far
from huimin.platform.claims.versions import faults_of_versions
from huimin.platform.enrolment.entries import order_entry
from huimin.platform.enrolment.models import OrderLine, Policy
from huimin.platform.enrolment.selectors import issued_orders, policies_with_lines
from huimin.platform.enrolment.verification import faults_of_policy
from huimin.platform.foundation.limits import faults_of_limit
from huimin.platform.foundation.models import City
from huimin.platform.ledger.models import Account
from huimin.platform.ledger.selectors import Movements, balances, movements_by_source, unbalanced_entries
from huimin.platform.ledger.services import Entry
from huimin.platform.payments.entries import receipt_entry
from huimin.platform.payments.selectors import all_receipts
from huimin.platform.payments.verification import faults_of_cases
from huimin.platform.pool.services import Claim, Premium, claim_entries, premium_entries
from huimin.platform.pool.statements import statement_faults

__all__ = ["Verification", "verify_city"]


@dataclass(slots=True)
class Verification:
    """What was recomputed, and every sentence that says what does not agree. None: the books are right."""

    city: str
    orders: int = 0
    policies: int = 0
    settlements: int = 0
    faults: list[str] = field(default_factory=list)
    balances: Movements = field(default_factory=dict)


def verify_city(city: City) -> Verification:
    """Decide every member-year again and share every fen again, from orders, policies and settlements alone."""
    result = Verification(city.code)
    result.faults += [f"journal entry {pk} is not balanced" for pk in unbalanced_entries(city)]
    result.balances = balances(city)
    if sum(result.balances.values()) != 0:
        result.faults.append("debits and credits differ")
    policies = policies_with_lines(city)
    expected: dict[str, Movements] = {}
    for source, movements in _premium(city, policies, result):
        expected[source] = movements
    for source, movements in _claims(city, policies, result):
        expected[source] = movements
    faults, statements = statement_faults(city)
    result.faults += [*faults, *faults_of_closings(city), *faults_of_cases(city), *faults_of_limit(city)]
    for statement in statements:
        expected[statement.source] = _movements([statement.entry()])
    posted = movements_by_source(city)
    for source in sorted(expected.keys() | posted.keys()):
        if expected.get(source, {}) != posted.get(source, {}):
            result.faults.append(
                f"{source}: the facts give {expected.get(source, {})}, the journal has {posted.get(source, {})}"
            )
    return result


def _premium(city: City, policies: list[Policy], result: Verification) -> Iterator[tuple[str, Movements]]:
    lines_of_order: dict[int, list[OrderLine]] = defaultdict(list)
    premiums: dict[int, list[Premium]] = defaultdict(list)
    for policy in policies:
        result.policies += 1
        result.faults += faults_of_policy(policy)
        lines_of_order[policy.order_line.order_id].append(policy.order_line)
        premiums[policy.plan_year_id].append(Premium(f"policy:{policy.number}", policy.price, policy.cover_from))
    for plan_year_id, rows in premiums.items():
        for entry in premium_entries(city=city, plan_year_id=plan_year_id, cause="", premiums=rows):
            yield entry.source, _movements([entry])
    receipts = all_receipts(city)
    paid = {(receipt.source, receipt.payment_id): receipt.amount for receipt in receipts}
    for order in issued_orders(city):
        result.orders += 1
        payment = order.payment
        told = f"receipt:{payment.provider}:{payment.provider_transaction}"
        if paid.get((told, payment.pk)) != payment.amount:
            result.faults.append(f"order:{order.reference}: {told} of {payment.amount} fen, that paid it, is not there")
        entry = order_entry(order, order.payment, lines_of_order[order.pk])
        yield entry.source, _movements([entry])
    for receipt in receipts:
        own_entry = receipt_entry(receipt)
        if own_entry is not None:
            yield own_entry.source, _movements([own_entry])


def _claims(city: City, policies: list[Policy], result: Verification) -> Iterator[tuple[str, Movements]]:
    claims: dict[int, list[Claim]] = defaultdict(list)
    facts_of_policy: dict[int, list[SettlementFact]] = defaultdict(list)
    for fact in SettlementFact.objects.of(city).defer("body").order_by("pk"):
        if fact.policy_id is not None:
            facts_of_policy[fact.policy_id].append(fact)
    for policy in (policy for policy in policies if policy.pk in facts_of_policy):
        facts = facts_of_policy[policy.pk]
        result.settlements += len(facts)
        year = decide_year(terms_of(policy.plan_year), policy, facts)
        for change in changes(year, facts, decisions_so_far(policy)):
            result.faults.append(
                f"settlement {change.fact.setl_id}, {change.benefit}: the facts give {change.payable} fen, "
                f"the decision that stands {change.before}"
            )
        result.faults += faults_of_versions(year.terms, policy, facts)
        after = paid_in(year), kept_by_senders(facts, answered_in(year, facts))
        claims[policy.plan_year_id] += claims_between(year, facts, ({}, {}), after)
    for plan_year_id, rows in claims.items():
        entries = claim_entries(city=city, plan_year_id=plan_year_id, cause="", claims=rows)
        for decided, shared in zip(entries[::2], entries[1::2], strict=True):
            yield decided.source, _movements([decided, shared])


def _movements(entries: list[Entry]) -> Movements:
    total: Movements = defaultdict(int)
    for entry in entries:
        for line in entry.lines:
            total[str(Account(line.account)), line.party] += line.amount
    return {key: amount for key, amount in total.items() if amount}
