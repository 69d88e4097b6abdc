"""All parties of the sandbox, put together: who answers what, and which pages each has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from huimin.sandbox.agreements import CHOICES
from huimin.sandbox.bank import RETURN_KINDS, STATEMENT_KINDS, Bank
from huimin.sandbox.bureau import SETTLEMENT_KINDS, Bureau
from huimin.sandbox.daily_file import FILE_KINDS
from huimin.sandbox.hospital import FIELDS, Hospital
from huimin.sandbox.invoice_platform import TO_CONFIRM, Invoices
from huimin.sandbox.message_gateway import UNDELIVERED, Gateway
from huimin.sandbox.misbehaving import CALL_KINDS, Behaviour
from huimin.sandbox.pages import rendered
from huimin.sandbox.party import Party
from huimin.sandbox.payment_company import NOTICE_KINDS, WAYS, Company
from huimin.sandbox.skeletons import PROMISES, refusing
from huimin.sandbox.wire import Answer, Request, Signing, fen_of, page, problem, signed_by

__all__ = [
    "bank_party",
    "bureau_party",
    "hospital_party",
    "invoice_platform_party",
    "message_gateway_party",
    "payment_company_party",
    "skeleton",
]

_SEE_OTHER = 303


def payment_company_party(keys: Mapping[str, str]) -> tuple[Party, Company]:
    """Its calls may go wrong, and so may its notices."""
    behaviour = Behaviour((*CALL_KINDS, *NOTICE_KINDS, *FILE_KINDS))
    signing = Signing(keys.get("payment request", ""), keys.get("payment notice", ""))
    company = Company(signing.answer_key, behaviour)

    def refused(request: Request, language: str) -> Answer | None:
        """The addresses of the payer's pages are signed by the platform."""
        content, _, signature = request.query.rpartition("&signature=")
        if signed_by(signing.request_key, content.encode(), signature):
            return None
        return page(rendered("notice.html", language, title="bad_request", hint="bad_request_hint"), 400)

    def ask(request: Request, language: str) -> Answer:
        return refused(request, language) or page(
            rendered("pay.html", language, order=company.open(request.fields), ways=WAYS[1:])
        )

    def agree(request: Request, language: str) -> Answer:
        return refused(request, language) or page(
            rendered("agree.html", language, agreement=company.agreements.open(request.fields))
        )

    def choose(request: Request, language: str) -> Answer:
        """The payer's choice on the page of an agreement, and what is done with one on the company's own page."""
        key, how = request.fields.get("agreement", ""), request.fields.get("how", "")
        if how in CHOICES:
            back = company.agreements.choose(key, how)
            if back is not None:
                return Answer(_SEE_OTHER, headers={"Location": back})
        elif how == "turn":
            company.agreements.turn(key)
        elif how != "end" or not company.agreements.end(key):
            return page(rendered("notice.html", language, title="not_found"), 404)
        return Answer(_SEE_OTHER, headers={"Location": "/payment-company/"})

    def pay(request: Request, language: str) -> Answer:
        back = company.pay(request.fields.get("reference", ""), request.fields.get("how", ""))
        if back is None:
            return page(rendered("notice.html", language, title="not_found"), 404)
        return Answer(_SEE_OTHER, headers={"Location": back})

    def shown() -> dict[str, Any]:
        newest = list(reversed(company.orders.values()))[:20]
        return {
            "orders": newest,
            "refunds": list(reversed(company.refunds.values()))[:20],
            "agreements": list(reversed(company.agreements.known.values()))[:20],
        }

    pages = {("GET", "pay"): ask, ("POST", "pay"): pay, ("GET", "agree"): agree, ("POST", "agree"): choose}
    return Party("payment-company", signing, company.answer, shown, pages, behaviour, CALL_KINDS), company


def message_gateway_party(keys: Mapping[str, str]) -> tuple[Party, Gateway]:
    key = keys.get("message gateway", "")
    gateway = Gateway(key)
    behaviour = Behaviour((*CALL_KINDS, UNDELIVERED))
    shown = lambda: {"texts": gateway.newest_first()[:50]}  # noqa: E731 - one line says it

    def reply(request: Request, language: str) -> Answer:
        gateway.reply(request.fields.get("key", ""), request.fields.get("text", ""))
        return Answer(_SEE_OTHER, headers={"Location": "/message-gateway/"})

    pages = {("POST", "reply"): reply}
    party = Party("message-gateway", Signing(key, key), gateway.answer, shown, pages, behaviour)
    return party, gateway


def bureau_party(keys: Mapping[str, str], people: Iterable[Mapping[str, Any]]) -> tuple[Party, Bureau]:
    """Its calls may go wrong, and so may the settlements that it tells of."""
    behaviour, key = Behaviour((*CALL_KINDS, *SETTLEMENT_KINDS)), keys.get("bureau", "")
    bureau = Bureau(people, behaviour)
    shown = lambda: {"count": bureau.count, "holds": list(reversed(bureau.holds.values()))[:20]}  # noqa: E731
    return Party("bureau", Signing(key, key), bureau.answer, shown, {}, behaviour, CALL_KINDS), bureau


def bank_party(keys: Mapping[str, str]) -> tuple[Party, Bank]:
    """Its calls may go wrong, its payouts may come back, and its statements may be wrong."""
    behaviour, key = Behaviour((*CALL_KINDS, *RETURN_KINDS, *STATEMENT_KINDS)), keys.get("bank", "")
    bank = Bank(behaviour)

    def send_back(request: Request, language: str) -> Answer:
        bank.send_back(request.fields.get("key", ""))
        return Answer(_SEE_OTHER, headers={"Location": "/bank/"})

    def pay_in(request: Request, language: str) -> Answer:
        try:
            amount = fen_of(request.fields.get("amount", ""))
        except ValueError:
            amount = 0
        if amount <= 0:
            return problem(422, "bad_amount", "Expected an amount in yuan above zero, such as 158.00.")
        bank.pay_in(request.fields.get("remark", "")[:60], amount)
        return Answer(_SEE_OTHER, headers={"Location": "/bank/"})

    def shown() -> dict[str, Any]:
        paid_in = [line for line in reversed(bank.lines) if line.paid_in]
        return {"payouts": list(reversed(bank.payouts.values()))[:20], "paid_in": paid_in[:20]}

    pages = {("POST", "back"): send_back, ("POST", "in"): pay_in}
    return Party("bank", Signing(key, key), bank.answer, shown, pages, behaviour, CALL_KINDS), bank


def invoice_platform_party(keys: Mapping[str, str]) -> tuple[Party, Invoices]:
    invoices, key = Invoices(), keys.get("invoices", "")
    shown = lambda: {"invoices": invoices.newest_first()[:20]}  # noqa: E731 - one line says it

    def confirm(request: Request, language: str) -> Answer:
        invoices.confirm(request.fields.get("key", ""), request.fields.get("how") == "yes")
        return Answer(_SEE_OTHER, headers={"Location": "/invoice-platform/"})

    pages = {("POST", "confirm"): confirm}
    behaviour = Behaviour((*CALL_KINDS, TO_CONFIRM))
    return Party("invoice-platform", Signing(key, key), invoices.answer, shown, pages, behaviour), invoices


def hospital_party(hospital: Hospital) -> Party:
    """It sends bills to the platform. What the platform may ask of a hospital is still to come."""

    asks = {"try": hospital.try_bill, "confirm": hospital.confirm}

    def settle(request: Request, language: str) -> Answer:
        fields = request.fields
        status, said = asks.get(fields.get("how", ""), hospital.send)(fields)
        trial = ""
        with suppress(ValueError):
            answer = json.loads(said)
            said = json.dumps(answer, indent=2, ensure_ascii=False)
            trial = answer.get("replaced_by") or answer.get("trial", "")
        result = {"status": status, "said": said, "trial": trial, "client": fields.get("client", "")}
        return page(rendered("party.html", language, party=party, result=result, **_counter(hospital, fields)))

    party = Party(
        "hospital",
        Signing("", ""),
        refusing("hospital"),
        lambda: _counter(hospital, hospital.example()),
        {("POST", ""): settle},
        Behaviour(()),
        whole=False,
    )
    return party


def skeleton(code: str) -> Party:
    if code not in PROMISES:
        raise ValueError(f"found no party {code!r}; expected one of {', '.join(PROMISES)}")
    return Party(code, Signing("", ""), refusing(code), behaviour=Behaviour(()), whole=False)


def _counter(hospital: Hospital, fields: Mapping[str, str]) -> dict[str, Any]:
    """The counter's form: hospitals to choose from, and each field with its value."""
    return {
        "clients": [(key, client["name"], key == fields.get("client")) for key, client in hospital.clients.items()],
        "form": [(name, fields.get(name, "")) for name in FIELDS],
    }
