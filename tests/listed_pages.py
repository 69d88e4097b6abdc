"""Every page of the platform: who opens it, and in which states. `test_every_page.py` holds this list to urls.py."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction
from django.db.models import F
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from acting import acting, themself
from bank_days import bank_line, stated
from bulk_support import (
    a_list_refused,
    a_list_that_waits,
    a_list_with_faults,
    asked_and_read,
    asked_for_group,
    money_proposed,
    the_list,
    the_organisation,
    the_proposal,
)
from clearing_pages import disputed_line_of, statement_made, statement_of
from company_files import company_file, paid_line
from counter_support import (
    a_cash_order,
    a_counted_till,
    a_telephone_order,
    a_write_off_proposed,
    an_account_told,
    an_issued_order,
    at_the_counter,
    the_closing,
)
from disclosure_support import confirm_by_page, have_read
from huimin.actuarial.studies.asked import KINDS
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.catalogue.selectors import plan_on_sale
from huimin.platform.claims.models import ReviewItem, SettlementFact
from huimin.platform.demonstration.load import PASSWORD
from huimin.platform.desk.models import Study
from huimin.platform.desk.services import request_study
from huimin.platform.disclosure.models import ShownMoment
from huimin.platform.enrolment.account_orders import place_order_from_account
from huimin.platform.enrolment.models import Order, OtherCoverTold, Policy
from huimin.platform.enrolment.services import confirm_payment, open_terms, place_order
from huimin.platform.foundation.actors import command_actor, demonstration_actor, provider_actor, queue_actor
from huimin.platform.foundation.approvals.services import answer_proposal
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.limits import set_second_person_above
from huimin.platform.foundation.models import Approval, City, User
from huimin.platform.foundation.relations import Relation
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.gateways.payment_company import Notice
from huimin.platform.invoicing.paid import paid_amounts_of
from huimin.platform.messages.centre import keep_sent
from huimin.platform.messages.texts import text_of
from huimin.platform.payments.api import propose_refund
from huimin.platform.payments.models import (
    AccountLine,
    AccountList,
    BalanceAsked,
    CaseKind,
    Payment,
    PaymentCase,
    Refund,
)
from huimin.platform.payments.personal_account.agency import decide_lines
from huimin.platform.payments.personal_account.listing import make_list
from huimin.platform.payments.personal_account.models import AskState
from huimin.platform.payments.personal_account.rules import rule_on
from huimin.platform.payments.personal_account.transfers import record_transfer
from huimin.platform.payments.reconciliation.services import reconcile
from huimin.platform.payouts.models import ClaimPayout
from huimin.platform.people.medical import PURPOSE, ask_for_consent
from huimin.platform.people.models import MedicalConsent, Resident
from huimin.platform.people.selectors import persons_by_id
from huimin.platform.quick_claims.models import QuickClaim
from huimin.platform.recalculation.models import Recalculation
from huimin.platform.recalculation.services import request_recalculation
from huimin.platform.renewal.models import Renewal
from huimin.platform.renewal.years.importing import send_earlier_years
from huimin.platform.safeguards.models import Asked
from huimin.platform.servicing.checking import check_code
from huimin.platform.servicing.withdrawal import withdraw
from huimin.platform.subsidies.amounts import PerPerson
from huimin.platform.subsidies.drawing import Wanted, reserve, secure, use
from huimin.platform.subsidies.funds import open_fund, open_roster, open_sponsor, pay_in
from huimin.platform.subsidies.grants import grant_cover
from huimin.platform.subsidies.models import Granted, RosterEntry, RosterVersion, SponsorKind
from huimin.platform.subsidies.roster_tasks import read_sent
from huimin.platform.subsidies.rosters import propose_version, send_roster
from huimin.platform.subsidies.selectors import roster_by_code
from huimin.platform.tasks.models import Task
from huimin.platform.tasks.services import enqueue
from huimin.platform.web.accounts import CLOSED
from invoicing_pages import a_list_with_invoice, invoices_in_each_state, refused_invoice
from invoicing_support import an_issuer
from overpayment_pages import owes_back, paid_and_overpaid
from payouts_support import CARD, account_given
from quick_support import FETCHED, claimed_by_page
from renewal_support import agreed, announced
from sample_support import a_sample, first_sampled
from servicing_pages import (
    ask_for,
    contest,
    last_request,
    propose_last,
    record_of,
    records_for,
    sell_editions,
)
from work_support import work_off

__all__ = ["NO_PAGES", "PAGES", "Listed", "Opened", "named_addresses", "prepare", "render", "render_all"]

NO_PAGES = {
    **dict.fromkeys(("openapi-json", "openapi-view", "api-root"), "of the API: programs read it"),
    **dict.fromkeys(("display", "set_language", "leave", "enrol-add", "enrol-remove"), "a button's address"),
    "refunds-begin": "a button's address",
    **dict.fromkeys(("renewal-told", "renewal-undo"), "a button's address"),
    "policy-document": "a PDF",
    **dict.fromkeys(("invoice-document", "organisation-invoice"), "a PDF"),
    "organisation-invoice-ask": "a button's address",
    **dict.fromkeys(("policy-request-paper", "hospital-sheet"), "a file"),
    **dict.fromkeys(
        ("enrol-edition", "task-retry", "task-cancel", "family-withdraw", "calendar", "verify", "study-cancel"),
        "a button's address",
    ),
    **dict.fromkeys(("review-take", "review-give-back"), "a button's address"),
    "failed-messages": "leads to the page of all work",
    **dict.fromkeys(("message-answer", "was-it-you-answer"), "a button's address"),
    "session-page": "inside of a box on the page of its moment",
    **dict.fromkeys(("agency-make", "agency-decide", "agency-transfer", "agency-upload"), "a button's address"),
    **dict.fromkeys(("account-match", "account-return", "account-settle", "reconciliation-ask"), "a button's address"),
    **dict.fromkeys(("reconciled-day-close", "reconciled-day-upload"), "a button's address"),
    **dict.fromkeys(("quick-claim-withdraw", "fetch-consent-back"), "a button's address"),
    "agency-sheet": "a file",
    **dict.fromkeys(("debt-pay", "policy-decline", "roster-grant", "roster-file"), "a button's address"),
    **dict.fromkeys(("bulk-result", "bulk-workbook"), "a file"),
    **dict.fromkeys(("bulk-accept", "group-cover-answer"), "a button's address"),
    **dict.fromkeys(("counter-remove", "counter-code", "counter-take", "counter-forgo"), "a button's address"),
    "till-pay-out": "a button's address",
    "counter-policy": "a PDF",
    **dict.fromkeys(("study-document", "study-workbook", "fund-workbook", "mfa_download_recovery_codes"), "a file"),
    "enrol-account": "a button's address",
    **dict.fromkeys(CLOSED, "closed: nobody is offered it"),
}
"""Addresses of web/urls.py that show no page of their own, and why."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page by the name of its address, in one state. `who`: nobody, resident, or a demonstration user's name."""

    name: str
    who: str = "nobody"
    state: str = ""
    arguments: Callable[[City], dict[str, Any]] = lambda city: {}
    query: str = ""
    post: Callable[[City], dict[str, str]] | None = None
    before: Callable[[City, Client], None] = lambda city, client: None
    status: int = 200

    @property
    def title(self) -> str:
        return f"{self.name}, {self.state}" if self.state else self.name

    @property
    def is_residents(self) -> bool:
        return self.who in ("nobody", "resident") and not self.name.startswith(
            ("account", "mfa", "forgotten", "problem")
        )


@dataclass(frozen=True, slots=True)
class Opened:
    listed: Listed
    address: str
    html: str


def _city(city: City) -> dict[str, Any]:
    return {"city_code": city.code}


def _year(city: City) -> PlanYear:
    found = plan_on_sale(city)
    assert found is not None
    return found


def _resident(city: City) -> Resident:
    """Somebody with a bill: the pages of a resident then have something to show."""
    fact = SettlementFact.objects.of(city).filter(reverses=None).select_related("policy__holder").order_by("pk").first()
    assert fact is not None
    return fact.policy.holder


def _uncovered(city: City) -> Resident:
    insured = Policy.objects.of(city).values_list("insured_id", flat=True)
    found = Resident.objects.of(city).exclude(pk__in=list(insured)).filter(insutype="310").order_by("pk").first()
    assert found is not None
    return found


def own_amount(city: City) -> dict[str, Any]:
    """What the resident paid last."""
    return {**_city(city), "source": paid_amounts_of(city, _resident(city).pk)[0].source}


def _bill(city: City) -> dict[str, Any]:
    fact = SettlementFact.objects.of(city).filter(reverses=None, policy__holder=_resident(city)).first()
    return {**_city(city), "fact_id": fact.pk}


def _paid_and_overpaid(city: City, client: Client) -> None:
    fact = SettlementFact.objects.of(city).get(pk=_bill(city)["fact_id"])
    paid_and_overpaid(city, fact)
    _sign_in(client, city, _resident(city))


def _no_bill(city: City) -> dict[str, Any]:
    return {**_city(city), "fact_id": 10**9}


def _sign_in(client: Client, city: City, resident: Resident, **more: Any) -> None:
    session = client.session
    session["resident_id"] = [city.code, resident.pk]
    session.update(more)
    session.save()


def _as_newcomer(city: City, client: Client) -> None:
    """Somebody without cover yet, with oneself in the draft of an order."""
    _sign_in(client, city, _uncovered(city))


def _opened(city: City, client: Client) -> None:
    _as_newcomer(city, client)
    open_terms(actor=themself(_uncovered(city)), resident=_uncovered(city), plan_year=_year(city))


def _read(city: City, client: Client) -> None:
    _as_newcomer(city, client)
    have_read(city, _uncovered(city))


def _account(state: AskState, **account: Any) -> Callable[[City, Client], None]:
    """The bureau was asked for the account of somebody who has read everything, and this came of it."""

    def before(city: City, client: Client) -> None:
        _read(city, client)
        answer = json.dumps({"current": 0, "held": 0, "relatives": [], **account}) if account else None
        BalanceAsked.objects.create(
            city=city, resident=_uncovered(city), asked_at=timezone.now(), state=state, answer=answer
        )

    return before


def _read_through(city: City, client: Client) -> None:
    """In large letters the key terms come one at a time, and none is passed over."""
    _read(city, client)
    for part in range(6):
        client.get(f"/{city.code}/enrol/key-terms/?part={part}")


def _not_insured(city: City, client: Client) -> None:
    _opened(city, client)
    Resident.objects.of(city).filter(pk=_uncovered(city).pk).update(insured=False)


def _advice(city: City) -> dict[str, Any]:
    return {**_city(city), "resident_id": _uncovered(city).pk}


def _ordered(city: City) -> dict[str, Any]:
    person = _uncovered(city)
    have_read(city, person)
    placed = place_order(
        actor=themself(person), plan_year=_year(city), applicant=person, insured=[(person, Relation.SELF)]
    )
    return {**_city(city), "reference": placed.order.reference}


DAY_SHOWN = {"provider": "sandbox", "of": "2022-02-14"}


BANK_SHOWN = {"provider": "bank-main", "of": "2022-02-14"}


def _a_bank_day(city: City, client: Client) -> None:
    """The bank's statement has a fee that no payout explains, twice."""
    day = date(2022, 2, 14)
    fee = bank_line(day, "fee", 200_00)
    reconcile(actor=queue_actor(city), provider="bank-main", day=day, content=stated(fee, fee))


def _bank_case(city: City) -> dict[str, Any]:
    _a_bank_day(city, Client())
    return {"case_id": PaymentCase.objects.of(city).get(kind="bank_twice").pk}


def _a_day_that_differs(city: City, client: Client) -> None:
    content = company_file(paid_line("T1"), paid_line("T1"))
    reconcile(actor=queue_actor(city), provider="sandbox", day=date(2022, 2, 14), content=content)


def _listed(city: City, client: Client) -> None:
    """Somebody pays from their account, and the month's list is made."""
    person = _uncovered(city)
    (facts,) = persons_by_id(city, [person.pk]).values()
    rule = rule_on("jiangsu", date(2022, 2, 1))
    assert rule is not None
    place_order_from_account(
        actor=themself(person),
        plan_year=_year(city),
        applicant=facts,
        insured=[(facts, Relation.SELF)],
        account_area="329901",
        rule=rule,
        pays={person.pk: 158_00},
        terms_opened_now=True,
        held=True,
    )
    make_list(actor=queue_actor(city), area="329901", month=date(2022, 2, 1))


def _list_shown(city: City) -> dict[str, Any]:
    return {"list_id": AccountList.objects.of(city).order_by("-pk")[0].pk}


def _transferred(city: City, client: Client) -> None:
    """The list is approved, and what the insured's area owes is on its way."""
    _listed(city, client)
    agency = acting(city, "agency")
    decide_lines(actor=agency, list_id=_list_shown(city)["list_id"], approved=None)
    area = AccountLine.objects.of(city).order_by("-pk")[0].insured_area
    if agency.owns(f"area:{area}"):
        record_transfer(actor=agency, area=area, reference="B1", amount=158_00, sent_on=date(2022, 2, 15))


def _issued(city: City) -> dict[str, Any]:
    order = Order.objects.of(city).filter(applicant=_resident(city), status="issued").first()
    return {**_city(city), "reference": order.reference}


def _another_city(city: City, client: Client) -> None:
    City.objects.create(code="other", name_zh="另一市（演示）", name_en="Another city (demo)")


def _closed_window(city: City, client: Client) -> None:
    PlanYear.objects.of(city).update(window_last_day=date(2022, 1, 31))
    forget_all()


def _closed_for_newcomer(city: City, client: Client) -> None:
    _as_newcomer(city, client)
    _closed_window(city, client)


def _for_another(city: City) -> Policy:
    """A policy that somebody bought for somebody else."""
    found = Policy.objects.of(city).exclude(holder_id=F("insured_id")).select_related("holder", "insured")
    policy = found.order_by("pk").first()
    assert policy is not None
    return policy


def _own_policy(city: City) -> dict[str, Any]:
    """Cover has begun, and the terms do not say what comes back then."""
    policy = Policy.objects.of(city).filter(holder=_resident(city)).order_by("pk").first()
    assert policy is not None
    return {**_city(city), "number": policy.number}


def _checked(city: City) -> dict[str, Any]:
    number = _own_policy(city)["number"]
    return {**_city(city), "number": number, "code": check_code(city, number)}


def _wrongly_checked(city: City) -> dict[str, Any]:
    return {**_checked(city), "code": "aaaaaaaa"}


def _to_come(city: City) -> Policy:
    """A policy whose cover begins tomorrow, paid today by somebody new."""
    person = _uncovered(city)
    have_read(city, person)
    placed = place_order(
        actor=themself(person), plan_year=_year(city), applicant=person, insured=[(person, Relation.SELF)]
    )
    reference = placed.order.reference
    notice = Notice(f"N-{reference}", reference, "paid", placed.total, f"T-{reference}")
    confirm_payment(actor=provider_actor(city, "sandbox"), notice=notice)
    found = Policy.objects.of(city).order_by("pk").last()
    assert found is not None
    return found


def _with_policy_to_come(city: City, client: Client) -> None:
    _sign_in(client, city, _to_come(city).holder)


def _not_begun(city: City) -> dict[str, Any]:
    policy = Policy.objects.of(city).order_by("pk").last()
    assert policy is not None
    return {**_city(city), "number": policy.number}


def _renewal_announced(city: City, client: Client) -> None:
    """Somebody who had last year's cover agreed, and was told."""
    _sign_in(client, city, announced(city).payer)


def _agreed_and_unsigned(city: City, client: Client) -> None:
    """They agreed, and have not signed with the payment company."""
    _sign_in(client, city, agreed(city, sign=False).holder)


def _last_policy(city: City) -> dict[str, Any]:
    return {**_city(city), "number": Policy.objects.of(city).order_by("-pk")[0].number}


def _renewal_by_one_road(city: City, client: Client) -> None:
    announced(city, received=False)


def _wrong_years(city: City, client: Client) -> None:
    data = "姓名,证件号码,产品,保障起,保障止,是否理赔\n王芳,1,旧产品,2020-01-01,2019-12-31,也许\n".encode()
    handler = acting(city, "handler")
    send_earlier_years(
        actor=handler, file_name="旧.csv", data=data, source="某保险公司来函", source_day=date(2022, 1, 5)
    )
    work_off()


def _renewed_policy(city: City) -> dict[str, Any]:
    return {**_city(city), "number": Renewal.objects.of(city).order_by("-pk")[0].policy_number}


def _unproved(city: City) -> dict[str, str]:
    """The order of a renewal of which nothing says who agreed."""
    reference = _issued(city)["reference"]
    Order.objects.of(city).filter(reference=reference).update(channel="renewal")
    return {"reference": reference}


def _given_up(city: City, client: Client) -> None:
    policy = _to_come(city)
    withdraw(actor=themself(policy.holder), number=policy.number)
    _sign_in(client, city, policy.holder)


def _the_policy(city: City) -> Policy:
    """The one of the resident who opens the pages, of whom they are themself the insured."""
    return Policy.objects.of(city).select_related("holder", "insured").get(number=_own_policy(city)["number"])


def _own_insured(city: City) -> Policy:
    found = Policy.objects.of(city).filter(holder_id=F("insured_id")).select_related("holder", "insured")
    policy = found.order_by("pk").first()
    assert policy is not None
    return policy


def _asked(city: City, client: Client) -> None:
    ask_for(city, _the_policy(city))


def _proposed(city: City, client: Client) -> None:
    _asked(city, client)
    propose_last(city)


def _contested(city: City, client: Client) -> None:
    policy = _own_insured(city)
    contest(city, policy)
    _sign_in(client, city, policy.insured)


def _contested_for_staff(city: City, client: Client) -> None:
    contest(city, _own_insured(city))


def _with_records(city: City, client: Client) -> None:
    policy = _own_insured(city)
    records_for(city, policy)
    _sign_in(client, city, policy.insured)


def _record(city: City) -> dict[str, Any]:
    return {**_city(city), "record_id": record_of(city, _own_insured(city))}


def _with_option_to_come(city: City, client: Client) -> None:
    policy = _to_come(city)
    sell_editions(city)
    Policy.objects.of(city).filter(pk=policy.pk).update(edition="ordinary")
    _sign_in(client, city, policy.holder)


def _relative(city: City) -> dict[str, Any]:
    return {**_city(city), "policy_id": _for_another(city).pk}


def _as_payer(city: City, client: Client) -> None:
    _sign_in(client, city, _for_another(city).holder)


def _asked_for_consent(city: City, client: Client) -> None:
    policy = _for_another(city)
    _as_payer(city, client)
    check = ask_for_consent(actor=themself(policy.holder), grantee=policy.holder, resident=policy.insured)
    session = client.session
    session["family_check"] = [check, policy.insured_id]
    session.save()


def _agreed(city: City, client: Client) -> None:
    """Consents in both directions."""
    other = _for_another(city).holder
    for resident, grantee in ((_resident(city), other), (other, _resident(city))):
        if resident.pk != grantee.pk:
            MedicalConsent.objects.create(
                city=city, resident=resident, grantee=grantee, given=True, purpose=PURPOSE, text_digest="", at=now(city)
            )


def _awaiting_code(city: City, client: Client) -> None:
    client.get("/")
    session = client.session
    session.update({"identity_check": 1, "identity_telephone": "1234", "identity_next": f"/{city.code}/enrol/"})
    session.save()


def _messages(city: City, client: Client) -> None:
    """A resident of the demonstration was told of policies, and asked whether that was meant."""
    person, order = _resident(city), Order.objects.of(city).filter(status="issued").first()
    Asked.objects.create(city=city, order=order, resident=person, at=now(city))
    texts = [("a", "policies_issued"), (f"was-it-you-{order.pk}-{person.pk}", "was_it_you")]
    for key, template in texts:
        keep_sent(
            city=city,
            key=f"{city.pk}:notice:{key}",
            resident_id=person.pk,
            template=template,
            text=text_of(template, {"payer": "王*", "insured": "王*", "hotline": city.hotline}),
            received=template == "was_it_you",
        )


def _a_session(city: City, client: Client) -> None:
    """Somebody has opened what the plan covers and confirmed the key terms."""
    browser = Client()
    _sign_in(browser, city, _uncovered(city))
    browser.get(f"/{city.code}/enrol/")
    confirm_by_page(browser, city)


def _the_session(city: City) -> dict[str, Any]:
    found = ShownMoment.objects.of(city).first()
    if found is None:
        _a_session(city, Client())
        found = ShownMoment.objects.of(city).first()
    return {"session": found.session}


def _the_moment(city: City) -> dict[str, Any]:
    named = _the_session(city)
    return {**named, "moment_id": ShownMoment.objects.of(city).filter(**named, address="enrol-key-terms").first().pk}


def _of_the_session(city: City) -> dict[str, str]:
    person = _uncovered(city)
    return {"name": person.name, "id_number": person.id_number}


def _odd_payment(city: City, client: Client) -> None:
    """Money that came in and belongs to no order."""
    PaymentCase.objects.create(
        city=city,
        kind=CaseKind.UNKNOWN_PAYMENT,
        key="sandbox:N-1",
        reference="0123456789abcdef",
        amount=158_00,
        detail={"notice": "N-1", "status": "paid", "asked": 158_00},
        opened_at=now(city),
    )


def _payment_case(city: City) -> dict[str, Any]:
    _odd_payment(city, Client())
    return {"case_id": PaymentCase.objects.of(city).order_by("pk").last().pk}


def _large_refund(city: City, client: Client) -> None:
    """Two refunds: one for two people, and one that the company refused."""
    for source, status in (("order:0a", "second_person"), ("receipt:sandbox:T-0", "refused")):
        Refund.objects.create(
            city=city,
            key=source,
            source=source,
            reason="no_cover" if source.startswith("order") else "paid_again",
            payment=Payment.objects.of(city).order_by("pk").first(),
            provider="sandbox",
            reference="0a",
            transaction="T-0",
            amount=158_00,
            payee=_resident(city),
            created_at=now(city),
            status=status,
            fault="transaction_not_known" if status == "refused" else "",
        )


_CARD_GIVEN = {"bank_name": "工商银行", "number": CARD}


def _claims_to_pay(city: City, client: Client) -> None:
    """Somebody to whom two amounts were paid: one that came back, and one for a second person."""
    policy = _own_insured(city)
    payee = policy.insured
    account = account_given(payee)
    for fen, status, fault in ((5_500_00, "returned", "account_closed"), (61_234_56, "second_person", "")):
        key = f"payout-{fen}"
        ClaimPayout.objects.create(
            city=city,
            key=key,
            policy_number=policy.number,
            payee=payee,
            account_id=account.id,
            amount=fen,
            created_at=now(city),
            due_on=account.usable_from,
            status=status,
            fault=fault,
        )
    _sign_in(client, city, payee)


def _overpayment(city: City) -> dict[str, Any]:
    policy = _own_insured(city)
    owes_back(city, policy)
    return {"policy_number": policy.number}


def _overpaid(**how: bool) -> Callable[[City, Client], None]:
    """On one's own policy 5,500 yuan were paid too much, and asked for."""

    def before(city: City, client: Client) -> None:
        policy = _own_insured(city)
        owes_back(city, policy, **how)
        _sign_in(client, city, policy.insured)

    return before


def _payout(city: City) -> dict[str, Any]:
    _claims_to_pay(city, Client())
    return {"payout_id": ClaimPayout.objects.of(city).get(status="second_person").pk}


def _claimed(
    *,
    waits: bool = False,
    withdrawn: bool = False,
    bills: Sequence[tuple[str, str, int]] | None = None,
    account: bool = False,
) -> Callable[[City, Client], None]:
    """The resident has claimed by one tap, and this is what came of it."""

    def before(city: City, client: Client) -> None:
        policy = _own_insured(city)
        _sign_in(client, city, policy.insured)
        if account:
            account_given(policy.insured)
        claimed_by_page(city, policy, waits=waits, withdrawn=withdrawn, bills=bills)
        if account:
            work_off()

    return before


def _the_quick_claim(city: City) -> dict[str, Any]:
    return {**_city(city), "key": QuickClaim.objects.of(city).order_by("-pk")[0].key}


def _proposed_refund(city: City, client: Client) -> None:
    _large_refund(city, client)
    refund = Refund.objects.of(city).get(status="second_person")
    propose_refund(actor=acting(city, "handler"), refund_id=refund.pk, note="the company shows both")


def _refund(city: City) -> dict[str, Any]:
    _large_refund(city, Client())
    return {"refund_id": Refund.objects.of(city).order_by("pk").first().pk}


def _told_of_other_cover(city: City, client: Client) -> None:
    orders = Order.objects.of(city).order_by("pk")[:2]
    number = Policy.objects.of(city).order_by("pk").first().number
    for order, (plan, of_city) in zip(orders, (("邻市惠民保", ""), ("江苏医惠保1号", number)), strict=True):
        days = {"first_day": date(2022, 1, 1), "last_day": date(2022, 12, 31)}
        named = {"city": city, "order": order, "resident": order.applicant, "plan": plan, "number": of_city}
        OtherCoverTold.objects.create(**named, **days, told_at=now(city))


def _an_adult(city: City) -> Resident:
    """Somebody of age whom nobody has insured, beside the newcomer."""
    rows = Resident.objects.of(city).exclude(pk=_uncovered(city).pk).filter(birth_date__lt=date(1990, 1, 1))
    found = rows.order_by("pk").first()
    assert found is not None
    return found


def _adult_in_draft(city: City) -> dict[str, Any]:
    return {**_city(city), "resident_id": _an_adult(city).pk}


def _with_an_adult(city: City, client: Client) -> None:
    draft = {str(_uncovered(city).pk): Relation.SELF.value, str(_an_adult(city).pk): Relation.SPOUSE.value}
    _sign_in(client, city, _uncovered(city), enrolment_draft=draft)


def _adult_asked(city: City, client: Client) -> None:
    _with_an_adult(city, client)
    client.post(reverse("enrol-consent", kwargs=_adult_in_draft(city)), {"send": "1"})


def _issuer(city: City, client: Client) -> None:
    an_issuer(city)


def _invoices(city: City, client: Client) -> None:
    invoices_in_each_state(city, _resident(city))


def _refused_invoice(city: City) -> dict[str, Any]:
    _invoices(city, Client())
    return refused_invoice(city)


def _failed_task(city: City, client: Client) -> None:
    enqueue(city=city, kind="notice", key="pages-1", payload={"template": "none"})
    failed = {"status": "failed", "fault_code": "unreadable", "attempts": 24, "finished_at": timezone.now()}
    Task.objects.of(city).filter(key="pages-1").update(**failed)


def _running_task(city: City, client: Client) -> None:
    enqueue(city=city, kind="notice", key="pages-2", payload={"template": "none"})
    progress = {"done": 37, "of": 100, "step": ""}
    Task.objects.of(city).filter(key="pages-2").update(status="running", progress=progress, attempts=1)


def _just_signed_in(city: City, client: Client) -> None:
    """What asks again for the password within five minutes does not ask now."""
    session = client.session
    session["account_authentication_methods_user"] = str(User.objects.get(username="admin").pk)
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session.save()


def _second_factor(city: City, client: Client) -> None:
    _just_signed_in(city, client)
    user = User.objects.get(username="admin")
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)


def _half_signed_in(city: City, client: Client) -> None:
    """The password was right; the second factor is still to come."""
    user = User.objects.get(username="admin")
    TOTP.activate(user, generate_totp_secret())
    client.post("/staff/accounts/login/", {"login": "admin", "password": PASSWORD})


def _proposed_limit(city: City, client: Client) -> None:
    set_second_person_above(actor=command_actor(city), fen=city.second_person_above + 1, reason="large bills")


def _proposal(city: City) -> dict[str, Any]:
    _proposed_limit(city, Client())
    return {"approval_id": Approval.objects.of(city).order_by("pk").last().pk}


def _funds(city: City, client: Client) -> None:
    """A fund that has paid for fourteen people, and a list that is wrong."""
    actor, year = demonstration_actor(city), _year(city)
    people = list(Resident.objects.of(city).order_by("pk")[:14])
    open_roster(actor=actor, code="hardship", name_zh="困难群众资助名册", name_en="People in hardship")
    open_sponsor(
        actor=actor, code="charity", kind=SponsorKind.DONOR, name_zh="市慈善总会", name_en="Charity Federation"
    )
    open_fund(
        actor=actor,
        code="love-2022",
        name_zh="爱心资助资金",
        name_en="Fund of love",
        sponsor="charity",
        roster="hardship",
        plan_year_id=year.id,
        use_order=1,
        amounts={"": PerPerson(leaves=0)},
        opens_on=date(2021, 12, 1),
        closes_on=date(2022, 12, 31),
    )
    pay_in(actor=actor, fund="love-2022", amount=20_000_00, bank="pool-1", transfer="B-1", received_on=date(2022, 1, 5))
    _list(city, people)
    forget_all()
    with transaction.atomic():
        entries = dict(RosterEntry.objects.of(city).values_list("resident_id", "pk"))
        references = reserve(city, [Wanted("love-2022", one.pk, entries[one.pk], 158_00) for one in people])
        secure(city, references)
        use(city, references, now(city))
    _list(city, people, until="2022-02-30")


def _list(city: City, people: list[Resident], until: str = "2022-12-31") -> RosterVersion | None:
    """A list that is sent and read; where it is in order, it comes into force."""
    lines = ["姓名,身份证号,资助类别,有效期起,有效期止"]
    lines += [f"{one.name},{one.id_number},低保对象,2021-12-01,{until}" for one in people]
    handler = acting(city, "handler")
    number = send_roster(actor=handler, roster="hardship", file_name="名单.csv", data="\n".join(lines).encode())
    read_sent(city=city, file_id=number)
    version = RosterVersion.objects.of(city).filter(file=number).first()
    if version is not None and version.number == 1:
        proposal = propose_version(actor=handler, version_id=version.pk, reason="a letter of the department")
        answer_proposal(actor=acting(city, "approver"), approval_id=proposal.id, agrees=True, reason="compared")
    return version


def _fund(city: City) -> dict[str, Any]:
    return {"code": "love-2022"}


def _roster(city: City) -> dict[str, Any]:
    return {"code": "hardship"}


def _next_version(city: City) -> RosterVersion:
    _funds(city, Client())
    version = _list(city, list(Resident.objects.of(city).order_by("pk")[4:20]))
    assert version is not None
    return version


def _roster_version(city: City) -> dict[str, Any]:
    return {"code": "hardship", "version_id": _next_version(city).pk}


def _proposed_roster(city: City, client: Client) -> None:
    propose_version(actor=acting(city, "handler"), version_id=_next_version(city).pk, reason="a letter")


def _granted(city: City, client: Client) -> None:
    """Cover was granted to somebody who may still decline."""
    _as_newcomer(city, client)
    _funds(city, client)
    found = roster_by_code(city, "hardship")
    assert found is not None
    grant = grant_cover(
        actor=acting(city, "handler"),
        roster_id=found.id,
        plan_year=_year(city),
        until=date(2022, 2, 25),
        reason="a decision of the city",
    )
    Granted.objects.create(
        city=city, grant_id=grant, resident=_uncovered(city), order="0123456789abcdef", fault="", recorded_at=now(city)
    )


def _review(city: City) -> dict[str, Any]:
    return {"review_id": ReviewItem.objects.of(city).order_by("pk").first().pk}


def _study(kind: str) -> Callable[[City], dict[str, Any]]:
    def arguments(city: City) -> dict[str, Any]:
        return {"study_id": Study.objects.of(city).filter(kind=kind, task__status="done").first().pk}

    return arguments


def _recalculation(city: City) -> dict[str, Any]:
    return {"recalculation_id": Recalculation.objects.of(city).filter(task__status="done").first().pk}


def _amounts(city: City) -> dict[str, str]:
    return {"self_paid": "115227.53", "self_funded": "3617.58"}


def _first_step(city: City) -> dict[str, str]:
    """In elderly mode this leads to the second question."""
    return {**_amounts(city), "step": "1", "go": "on"}


PAGES = (
    Listed("cities", before=_another_city),
    Listed("home", arguments=_city),
    Listed("home", state="window closed", arguments=_city, before=_closed_window),
    Listed("plan", arguments=_city),
    Listed("plan", state="window closed", arguments=_city, before=_closed_window),
    Listed("help", arguments=_city),
    Listed("calculator", arguments=_city),
    Listed("calculator", state="answered", arguments=_city, post=_amounts),
    Listed("calculator", state="sent empty", arguments=_city, post=lambda city: {}),
    Listed("calculator", state="asked on", arguments=_city, post=_first_step),
    Listed("identity", arguments=_city),
    Listed("identity", state="faults", arguments=_city, post=lambda city: {"name": "", "id_number": "1"}),
    Listed("code", arguments=_city, before=_awaiting_code),
    Listed("code", state="faults", arguments=_city, before=_awaiting_code, post=lambda city: {"code": "12"}),
    Listed("enrol", "resident", arguments=_city, before=_as_newcomer),
    Listed("enrol", "resident", state="covered already", arguments=_city),
    Listed("enrol", "resident", state="window closed", arguments=_city, before=_closed_for_newcomer),
    Listed(
        "enrol-add", "resident", state="faults", arguments=_city, before=_as_newcomer, post=lambda city: {}, status=422
    ),
    Listed("enrol-terms", "resident", arguments=_city, before=_as_newcomer),
    Listed("enrol-terms", "resident", state="opened", arguments=_city, before=_opened),
    Listed("enrol-key-terms", "resident", arguments=_city, before=_opened),
    Listed("enrol-key-terms", "resident", state="one of five", arguments=_city, before=_opened, query="?part=2"),
    Listed("enrol-key-terms", "resident", state="last", arguments=_city, before=_read_through, query="?part=5"),
    Listed(
        "enrol-key-terms",
        "resident",
        state="faults",
        arguments=_city,
        before=_read_through,
        post=lambda city: {"words": "x"},
        status=422,
    ),
    Listed("enrol-advice", "resident", arguments=_advice, before=_not_insured),
    Listed(
        "enrol-advice",
        "resident",
        state="disputed",
        arguments=_advice,
        before=_not_insured,
        post=lambda city: {"decision": "disputed"},
    ),
    Listed("enrol-pay", "resident", arguments=_city, before=_read),
    Listed("enrol-pay", "resident", state="faults", arguments=_city, before=_read, post=lambda city: {}),
    Listed("enrol-pay", "resident", state="account asked", arguments=_city, before=_account(AskState.ASKED)),
    Listed("enrol-pay", "resident", state="no account", arguments=_city, before=_account(AskState.NO_ACCOUNT)),
    Listed("enrol-pay", "resident", state="account failed", arguments=_city, before=_account(AskState.FAILED)),
    Listed(
        "enrol-pay",
        "resident",
        state="account pays",
        arguments=_city,
        before=_account(AskState.ANSWERED, area="329901", historic=5_000_00),
    ),
    Listed(
        "enrol-pay",
        "resident",
        state="account may not pay",
        arguments=_city,
        before=_account(AskState.ANSWERED, area="329901", historic=4_000_00),
    ),
    Listed("enrol-consent", "resident", arguments=_adult_in_draft, before=_with_an_adult),
    Listed("enrol-consent", "resident", state="asked", arguments=_adult_in_draft, before=_adult_asked),
    Listed("order", "resident", state="waiting", arguments=_ordered, before=_as_newcomer),
    Listed("order", "resident", state="issued", arguments=_issued),
    Listed("order-status", "resident", state="waiting", arguments=_ordered, before=_as_newcomer),
    Listed("messages", "resident", arguments=_city, before=_messages),
    Listed("messages", "resident", state="none", arguments=_city, before=_as_newcomer),
    Listed("policies", "resident", arguments=_city),
    Listed("policies", "resident", state="none", arguments=_city, before=_as_newcomer),
    Listed("policies", "resident", state="given up", arguments=_city, before=_given_up),
    Listed("invoices", "resident", arguments=_city, before=_invoices),
    Listed("invoices", "resident", state="none", arguments=_city, before=_as_newcomer),
    Listed("invoice-ask", "resident", arguments=own_amount, before=_issuer),
    Listed(
        "invoice-ask",
        "resident",
        state="faults",
        arguments=own_amount,
        before=_issuer,
        post=lambda city: {"kind": "organisation", "name": "示例公司", "number": "1"},
    ),
    Listed("invoice-title", "resident", arguments=own_amount, before=_invoices),
    Listed("other-cover", "handler", before=_told_of_other_cover),
    Listed("other-cover", "handler", state="none"),
    Listed("invoice-queue", "handler", before=_invoices),
    Listed("invoice-queue", "handler", state="none"),
    Listed("invoice-work", "handler", state="faults", arguments=_refused_invoice, post=lambda city: {"note": ""}),
    Listed("policy-validity", arguments=_checked),
    Listed("policy-validity", state="not valid", arguments=_checked, query="?day=2024-01-01"),
    Listed("policy-validity", state="not found", arguments=_wrongly_checked, status=404),
    Listed("policy-withdraw", "resident", arguments=_not_begun, before=_with_policy_to_come),
    Listed("renewal", "resident", arguments=_own_policy),
    Listed("renewal", "resident", state="announced", arguments=_renewed_policy, before=_renewal_announced),
    Listed("renewal", "resident", state="not signed yet", arguments=_last_policy, before=_agreed_and_unsigned),
    Listed(
        "renewal",
        "resident",
        state="other words",
        arguments=_own_policy,
        post=lambda city: {"do": "agree", "words": ""},
        status=422,
    ),
    Listed("earlier-years", "handler"),
    Listed("earlier-years", "handler", state="faults", post=lambda city: {"source": ""}, status=422),
    Listed("earlier-years", "handler", state="a list with faults", before=_wrong_years),
    Listed("renewals", "handler"),
    Listed("renewals", "handler", state="to be told", before=_renewal_by_one_road),
    Listed("renewal-proof", "handler"),
    Listed("renewal-proof", "handler", state="faults", post=lambda city: {"reference": ""}, status=422),
    Listed("renewal-proof", "handler", state="none", post=lambda city: {"reference": "none"}),
    Listed("renewal-proof", "handler", state="lacking", post=_unproved),
    Listed("policy-withdraw", "resident", state="refused", arguments=_own_policy, status=409),
    Listed("policy-correct", "resident", arguments=_own_policy),
    Listed("policy-correct", "resident", state="faults", arguments=_own_policy, post=lambda city: {"words": ""}),
    Listed("policy-correct", "resident", state="asked", arguments=_own_policy, before=_asked),
    Listed("policy-death", "resident", arguments=_own_policy),
    Listed("policy-id-number", "resident", arguments=_own_policy),
    Listed("policy-id-number", "resident", state="faults", arguments=_own_policy, post=lambda city: {"id_number": "1"}),
    Listed("policy-option", "resident", arguments=_not_begun, before=_with_option_to_come),
    Listed("policy-option", "resident", state="begun", arguments=_own_policy),
    Listed("health-records", "resident", arguments=_city),
    Listed("health-records", "resident", state="contested", arguments=_city, before=_contested),
    Listed("health-contest", "resident", arguments=_record, before=_with_records),
    Listed("claims", "resident", arguments=_city),
    Listed("claims", "resident", state="none", arguments=_city, before=_as_newcomer),
    Listed("claim", "resident", arguments=_bill),
    Listed("claim", "resident", state="paid and overpaid", arguments=_bill, before=_paid_and_overpaid),
    Listed("family", "resident", arguments=_city),
    Listed("family", "resident", state="agreed", arguments=_city, before=_agreed),
    Listed("family-consent", "resident", arguments=_relative, before=_as_payer),
    Listed("family-consent", "resident", state="asked", arguments=_relative, before=_asked_for_consent),
    Listed(
        "family-consent",
        "resident",
        state="faults",
        arguments=_relative,
        before=_asked_for_consent,
        post=lambda city: {"code": "1"},
    ),
    Listed("staff", "handler"),
    Listed("staff", "admin", state="nothing waits"),
    Listed("reviews", "handler"),
    Listed("reviews", "handler", state="searched", query="?q=none&code=unknown_member"),
    Listed("review", "handler", arguments=_review),
    Listed("review", "handler", state="faults", arguments=_review, post=lambda city: {"note": ""}),
    Listed("was-it-you", "handler", before=_messages),
    Listed("was-it-you", "handler", state="faults", post=lambda city: {}, status=422),
    Listed("launch", "handler"),
    Listed("launch", "bureau", state="minutes", query="?step=minute"),
    Listed("sessions", "handler"),
    Listed("sessions", "handler", state="faults", post=lambda city: {"reference": ""}, status=422),
    Listed("sessions", "handler", state="found", before=_a_session, post=_of_the_session),
    Listed("sessions", "handler", state="none", post=lambda city: {"reference": "none"}),
    Listed("session", "handler", before=_a_session, arguments=_the_session),
    Listed("session-moment", "handler", before=_a_session, arguments=_the_moment),
    Listed("payment-cases", "handler", before=_odd_payment),
    Listed("reconciliation", "handler", state="none"),
    Listed("reconciliation", "handler", state="a day", before=_a_day_that_differs),
    Listed("reconciled-day", "handler", arguments=lambda city: DAY_SHOWN, before=_a_day_that_differs),
    Listed("reconciled-day", "handler", state="bank", arguments=lambda city: BANK_SHOWN, before=_a_bank_day),
    Listed("payment-cases", "handler", state="bank", before=_a_bank_day),
    Listed("payment-case-find", "handler", state="faults", arguments=_bank_case, post=lambda city: {"note": ""}),
    Listed("account-money", "handler", state="none"),
    Listed("account-money", "handler", before=_transferred),
    Listed("account-money", "bureau", before=_transferred),
    Listed("agency", "agency", state="none"),
    Listed("agency", "agency", before=_transferred),
    Listed("agency-list", "agency", arguments=_list_shown, before=_listed),
    Listed("payment-cases", "handler", state="none"),
    Listed("payment-case-close", "handler", state="faults", arguments=_payment_case, post=lambda city: {"note": ""}),
    Listed("policy-requests", "handler", before=_asked),
    Listed("policy-requests", "handler", state="none"),
    Listed("policy-request", "handler", arguments=last_request, before=_asked),
    Listed("policy-request", "handler", state="contested", arguments=last_request, before=_contested_for_staff),
    Listed("policy-request", "approver", state="proposed", arguments=last_request, before=_proposed),
    Listed("policy-request-new", "handler"),
    Listed("policy-request-death", "handler"),
    Listed("quick-claims", "resident", arguments=_city),
    Listed("quick-claims", "resident", state="none", arguments=_city, before=_as_newcomer),
    Listed("quick-claims", "resident", state="claimed", arguments=_city, before=_claimed()),
    Listed("quick-claims", "resident", state="faults", arguments=_city, post=lambda city: {"policy": "x"}, status=422),
    Listed("quick-claim", "resident", state="asking", arguments=_the_quick_claim, before=_claimed()),
    Listed("quick-claim", "resident", state="waiting", arguments=_the_quick_claim, before=_claimed(waits=True)),
    Listed("quick-claim", "resident", state="withdrawn", arguments=_the_quick_claim, before=_claimed(withdrawn=True)),
    Listed("quick-claim", "resident", state="nothing", arguments=_the_quick_claim, before=_claimed(bills=())),
    Listed("quick-claim", "resident", state="no account", arguments=_the_quick_claim, before=_claimed(bills=FETCHED)),
    Listed(
        "quick-claim",
        "resident",
        state="paying",
        arguments=_the_quick_claim,
        before=_claimed(bills=FETCHED, account=True),
    ),
    Listed("fetch-consents", "resident", arguments=_city, before=_claimed(bills=FETCHED)),
    Listed("fetch-consents", "resident", state="taken back", arguments=_city, before=_claimed(withdrawn=True)),
    Listed("fetch-consents", "resident", state="none", arguments=_city),
    Listed("payouts", "resident", arguments=_city),
    Listed("payouts", "resident", arguments=_city, state="given", before=_claims_to_pay),
    Listed("payouts", "resident", arguments=_city, status=422, state="faults", post=lambda city: {"number": "6222"}),
    Listed("payouts", "resident", arguments=_city, state="asked", post=lambda city: _CARD_GIVEN),
    Listed("payouts", "resident", arguments=_city, state="overpaid", before=_overpaid()),
    Listed("sample", "handler", state="none"),
    Listed("sample", "handler", before=a_sample),
    Listed("sampled", "handler", before=a_sample, arguments=first_sampled),
    Listed(
        "sampled", "handler", state="faults", before=a_sample, arguments=first_sampled, post=lambda city: {}, status=422
    ),
    Listed("overpayments", "handler", before=_overpaid()),
    Listed("overpayments", "handler", state="late", before=_overpaid(late=True)),
    Listed("overpayments", "approver", state="proposed", before=_overpaid(proposed=True)),
    Listed("overpayments", "approver", state="none"),
    Listed(
        "overpayment", "handler", status=422, state="faults", arguments=_overpayment, post=lambda city: {"note": ""}
    ),
    Listed("hospital-statements", "handler", before=lambda city, client: statement_made(city) and None),
    Listed("hospital-statements", "approver", state="none"),
    Listed("hospital-statement", "handler", arguments=statement_of),
    Listed("hospital-statement", "handler", state="disputed", arguments=partial(statement_of, answered=True)),
    Listed(
        "hospital-statement",
        "approver",
        state="proposed",
        arguments=partial(statement_of, answered=True, proposed=True, account=True),
    ),
    Listed(
        "hospital-line",
        "handler",
        status=422,
        state="faults",
        arguments=disputed_line_of,
        post=lambda city: {"note": ""},
    ),
    Listed("hospital-upload", "handler", status=422, state="faults", arguments=statement_of, post=lambda city: {}),
    Listed("hospital-account", "handler", status=422, state="faults", arguments=statement_of, post=lambda city: {}),
    Listed(
        "hospital-account-answer",
        "approver",
        status=422,
        state="faults",
        arguments=partial(statement_of, account=True),
        post=lambda city: {"note": ""},
    ),
    Listed("claim-payouts", "handler", before=_claims_to_pay),
    Listed("claim-payouts", "approver", state="none"),
    Listed("claim-payout", "handler", status=422, state="faults", arguments=_payout, post=lambda city: {"note": ""}),
    Listed("refunds", "handler", before=_large_refund),
    Listed("refunds", "handler", state="none"),
    Listed("refunds", "approver", state="proposed", before=_proposed_refund),
    Listed("refund", "handler", state="faults", arguments=_refund, post=lambda city: {"note": ""}),
    Listed("funds", "handler", before=_funds),
    Listed("funds", "admin", state="none"),
    Listed("fund", "handler", before=_funds, arguments=_fund),
    Listed(
        "fund-contribution",
        "handler",
        state="faults",
        before=_funds,
        arguments=_fund,
        post=lambda city: {"amount": "x"},
    ),
    Listed("roster", "handler", before=_funds, arguments=_roster),
    Listed("roster", "approver", state="proposed", before=_proposed_roster, arguments=_roster),
    Listed(
        "roster-answer",
        "approver",
        state="faults",
        before=_proposed_roster,
        arguments=_roster,
        post=lambda city: {"note": ""},
    ),
    Listed("roster-version", "handler", arguments=_roster_version),
    Listed("roster-propose", "handler", state="faults", arguments=_roster_version, post=lambda city: {"note": ""}),
    Listed("sponsor", "donor", before=_funds),
    Listed("sponsor", "donor", state="none"),
    Listed("policies", "resident", state="granted", arguments=_city, before=_granted),
    Listed("bulk", "handler", state="no organisation"),
    Listed("bulk", "handler", before=a_list_with_faults),
    Listed("bulk", "handler", state="faults", before=a_list_with_faults, post=lambda city: {}, status=422),
    Listed("bulk-file", "handler", state="to accept", before=a_list_with_faults, arguments=the_list),
    Listed("bulk-file", "approver", state="waits for money", before=a_list_that_waits, arguments=the_list),
    Listed("bulk-file", "handler", state="refused", before=a_list_refused, arguments=the_list),
    Listed(
        "bulk-cancel",
        "handler",
        state="faults",
        before=a_list_that_waits,
        arguments=the_list,
        post=lambda city: {"note": ""},
        status=422,
    ),
    Listed("organisations", "handler", state="none"),
    Listed("organisations", "handler", before=a_list_that_waits),
    Listed("organisations", "handler", state="faults", post=lambda city: {"code": "x"}, status=422),
    Listed("organisation", "handler", before=a_list_that_waits, arguments=the_organisation),
    Listed("organisation", "handler", state="list paid", before=a_list_with_invoice, arguments=the_organisation),
    Listed("organisation", "approver", state="proposed", before=money_proposed, arguments=the_organisation),
    Listed(
        "organisation-deposit",
        "handler",
        state="faults",
        before=a_list_that_waits,
        arguments=the_organisation,
        post=lambda city: {"amount": "x"},
        status=422,
    ),
    Listed(
        "organisation-payout",
        "handler",
        state="faults",
        before=a_list_that_waits,
        arguments=the_organisation,
        post=lambda city: {"amount": "x"},
        status=422,
    ),
    Listed(
        "organisation-answer",
        "approver",
        state="faults",
        before=money_proposed,
        arguments=the_proposal,
        post=lambda city: {"note": ""},
        status=422,
    ),
    Listed("counter", "counter"),
    Listed("counter", "counter", state="faults", post=lambda city: {"name": "", "id_number": "1"}, status=422),
    Listed("counter-person", "counter", before=at_the_counter),
    Listed("counter-person", "counter", state="faults", before=at_the_counter, post=lambda city: {}, status=422),
    Listed("counter-person", "counter", state="account", before=an_account_told),
    Listed("counter-account", "counter", state="faults", before=at_the_counter, post=lambda city: {}, status=422),
    Listed("counter-add", "counter", state="faults", before=at_the_counter, post=lambda city: {}, status=422),
    Listed("counter-order", "counter", state="waits for cash", arguments=a_cash_order),
    Listed("counter-order", "counter", state="waits for a telephone", arguments=a_telephone_order),
    Listed("counter-order", "counter", state="issued", arguments=an_issued_order),
    Listed("till", "counter", state="empty"),
    Listed("till", "counter", before=a_counted_till),
    Listed("till", "counter", state="faults", before=a_counted_till, post=lambda city: {"counted": "x"}, status=422),
    Listed("tills", "handler", before=a_counted_till),
    Listed("tills", "approver", state="none"),
    Listed("tills", "approver", state="write-off proposed", before=a_write_off_proposed),
    Listed(
        "till-write-off",
        "handler",
        state="faults",
        before=a_counted_till,
        arguments=the_closing,
        post=lambda city: {"do": "propose", "note": ""},
        status=422,
    ),
    Listed(
        "till-banked",
        "handler",
        state="faults",
        before=a_counted_till,
        arguments=the_closing,
        post=lambda city: {"bank": ""},
        status=422,
    ),
    Listed("group-cover", "resident", state="none", arguments=_city, before=_as_newcomer),
    Listed("group-cover", "resident", state="to read first", arguments=_city, before=asked_for_group),
    Listed("group-cover", "resident", state="asked", arguments=_city, before=asked_and_read),
    Listed("approvals", "admin", before=_proposed_limit),
    Listed("approvals", "admin", state="none"),
    Listed("approval", "admin", state="faults", arguments=_proposal, post=lambda city: {"note": ""}),
    Listed("insurer", "insurer"),
    Listed("insurer", "insurer03", state="not the lead"),
    Listed("recalculations", "insurer"),
    Listed("recalculations", "insurer", state="faults", post=lambda city: {"text": "x", "sources": ""}),
    Listed("recalculation", "insurer", arguments=_recalculation),
    Listed("studies", "insurer"),
    *(Listed("studies", "insurer", state=kind, query=f"?kind={kind}") for kind in KINDS if kind != "price"),
    Listed("studies", "insurer", state="faults", post=lambda city: {"people": "many"}),
    Listed("study", "insurer", arguments=_study("city")),
    Listed("study-result", "insurer", arguments=_study("city")),
    Listed("study-result", "insurer", state="reserve", arguments=_study("reserve")),
    Listed("bureau", "bureau"),
    Listed("administration", "admin"),
    Listed("calendar", "admin", state="faults", post=lambda city: {"day": "x"}),
    Listed("tasks", "admin", state="failed", before=_failed_task, query="?view=failed"),
    Listed("tasks", "admin", state="open", before=_running_task, query="?view=open"),
    Listed("tasks", "admin", state="done", query="?view=done&kind=study"),
    Listed("tasks", "admin", state="none", query="?view=cancelled"),
    Listed("designer", "admin"),
    Listed("designer", "admin", state="faults", post=lambda city: {"text": 'name = "x"', "sources": ""}),
    Listed("bureau", "handler", state="refused", status=403),
    Listed("review", "handler", state="not found", arguments=lambda city: {"review_id": 10**9}, status=404),
    Listed(
        "claim", "resident", state="not found", arguments=lambda city: {**_city(city), "fact_id": 10**9}, status=404
    ),
    Listed("account_login"),
    Listed("account_login", state="faults", post=lambda city: {"login": "", "password": ""}),
    Listed("account_logout", "admin"),
    Listed("account_inactive"),
    Listed("account_change_password", "admin", before=_just_signed_in),
    Listed("account_reauthenticate", "admin"),
    Listed("mfa_index", "admin", before=_just_signed_in),
    Listed("mfa_index", "admin", state="active", before=_second_factor),
    Listed("mfa_activate_totp", "admin", before=_just_signed_in),
    Listed("mfa_activate_totp", "admin", state="faults", before=_just_signed_in, post=lambda city: {"code": "1"}),
    Listed("mfa_deactivate_totp", "admin", before=_second_factor),
    Listed("mfa_view_recovery_codes", "admin", before=_second_factor),
    Listed("mfa_generate_recovery_codes", "admin", before=_second_factor),
    Listed("mfa_reauthenticate", "admin", before=_second_factor),
    Listed("mfa_authenticate", before=_half_signed_in),
    Listed("forgotten"),
    Listed("problems"),
    Listed("problem", arguments=lambda city: {"code": "uncovered_date"}),
)


def named_addresses() -> set[str]:
    """The names of all addresses that a browser may open."""

    def walk(patterns: list[Any]) -> Iterator[str]:
        for one in patterns:
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns)
            elif one.name and not one.name.startswith(("get_", "post_")):
                yield one.name

    return set(walk(get_resolver().url_patterns))


def prepare(city: City) -> None:
    """What takes a while, once: a study of each of two kinds, and a year decided again."""
    year = _year(city)
    terms = {"plan_text": year.plan_text, "sources_text": year.sources_text}
    triangle = "month,0,1,2\n2022-01,100,150,160\n2022-02,110,170\n2022-03,120\n"
    request_study(kind="city", numbers={"people": 20_000, "seed": 1}, actor=acting(city, "insurer"), **terms)
    request_study(
        kind="reserve", numbers={"expected": 200.0}, triangle_text=triangle, actor=acting(city, "insurer"), **terms
    )
    request_recalculation(plan_year=year, actor=acting(city, "insurer"), **terms)
    work_off()


def render(city: City, listed: Listed, language: str, *, large: bool = False) -> Opened:
    """The page as the platform answers it now. Call within a transaction that is rolled back."""
    client = Client(HTTP_ACCEPT_LANGUAGE="en" if language == "en" else "zh-hans")
    client.cookies["language"] = "en" if language == "en" else "zh-hans"
    if large:
        client.cookies["large"] = "1"
    if listed.who == "resident":
        _sign_in(client, city, _resident(city))
    elif listed.who != "nobody":
        user = User.objects.get(username=listed.who)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    listed.before(city, client)
    address = reverse(listed.name, kwargs=listed.arguments(city)) + listed.query
    answer = client.get(address) if listed.post is None else client.post(address, listed.post(city))
    assert answer.status_code == listed.status, f"{listed.title}: {answer.status_code} {answer.headers.get('Location')}"
    return Opened(listed, address, answer.content.decode())


def render_all(city: City, language: str, *, large: bool = False) -> list[Opened]:
    """Every page that is listed, each in a savepoint of its own."""
    found = []
    for listed in PAGES:
        if large and not listed.is_residents:
            continue
        with transaction.atomic():
            found.append(render(city, listed, language, large=large))
            transaction.set_rollback(True)
        forget_all()
        city.refresh_from_db()  # its day may have been another for this page
    return found
