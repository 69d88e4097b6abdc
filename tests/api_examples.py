"""Every example of the OpenAPI document, made by asking the platform: requests, answers and each problem."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.db import OperationalError, transaction
from django.test import Client

from acting import acting
from api_statement_examples import STATEMENT_ANSWERS, STATEMENT_PROBLEMS
from api_trial_examples import trial_answers, trial_problems
from bulk_support import an_employer
from cast import FATHER, WANG_FANG
from claims_support import bureau, found, it_is, next_year, policy_in
from huimin.adjudication.holding import refused_for_fact
from huimin.errors import Refusal
from huimin.platform.api import bulk_files, enrolment, settlements
from huimin.platform.api.describing import EXCEL
from huimin.platform.bulk import receiving
from huimin.platform.bulk.models import BulkFile
from huimin.platform.bulk.sending import cancel_file
from huimin.platform.claims import outcome
from huimin.platform.claims.models import Finding, ReviewItem
from huimin.platform.enrolment.models import Policy
from huimin.platform.enrolment.offers import Offer
from huimin.platform.foundation.actors import resident_actor
from huimin.platform.foundation.keys import shared_key
from huimin.platform.foundation.models import City
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.gateways.signing import hmac_hex
from huimin.platform.payments.agreements.signing import sign_agreement
from huimin.platform.payments.models import DeductionAgreement
from huimin.platform.people.limits import Limit
from huimin.platform.people.models import Resident
from huimin.platform.processes.messages import Head
from huimin.platform.processes.refusals import refusal
from platform_support import Caller, a_bill, person
from work_support import work_off

__all__ = ["EXAMPLES", "examples_of", "examples_of_everywhere", "without_chance"]

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "src" / "huimin" / "platform" / "api" / "examples.json"
SETTLEMENTS, ORDERS, ELIGIBILITY = "/api/v1/settlements", "/api/v1/orders", "/api/v1/eligibility"
DAY = "2022-04-19 10:00:00"
BILL = {
    "setl_id": "S20220419-0001",
    "psn_no": WANG_FANG,
    "setl_time": DAY,
    "med_type": "21",
    "medfee_sumamt": "172172.38",
    "fulamt_ownpay_amt": "3617.58",
    "hifp_pay": "48915.28",
    "oth_pay": "4411.99",
    "fund_pay_sumamt": "53327.27",
    "psn_part_amt": "118845.11",
}
ORDER = {
    "applicant": person(0),
    "insured": [{**person(0), "relation": "self"}, {**person(1), "relation": "parent"}],
    "terms_opened": True,
}
BULK_FILES = "/api/v1/bulk-files"
_LIST = (
    f"编号,姓名,证件号码\nE1,{person(0)['name']},{person(0)['id_number']}\nE2,无名,{person(1)['id_number']}\n".encode()
)
BULK_FILE = {
    "organisation": "factory",
    "consented": True,
    "name": "people.csv",
    "size": len(_LIST),
    "digest": hashlib.sha256(_LIST).hexdigest(),
}
PART = {"place": 0, "content": base64.b64encode(_LIST).decode()}
STRANGER = {"id_number": person(0)["id_number"], "name": "无名"}
NOTICE = "N20220215-0001"
Ask = Callable[[Caller, City], Any]
_CHANCE = {
    "review": 17,
    "id": "5f0c2a9d41b7",
    "file": 12,
    "reference": "4f1c9a60d2e87b35c0a1e6d9",
    "policy": "HM202200000101",
    "number": "HM202200000101",
    "trial": "3f6d2c1e-8a47-4b0f-9c25-71d0e4a86b93",
    "replaced_by": "b81e7f40-25cd-4e6a-8f13-0a9c64d2e757",
    "computed_at": "2022-04-20T10:04:31+08:00",
    "valid_until": "2022-04-20T10:34:31+08:00",
    "pay_at": "http://127.0.0.1:8001/payment-company/pay?reference=4f1c9a60d2e87b35c0a1e6d9&…",
}
"""What differs from run to run, and what stands in the examples for it."""


def without_chance(value: Any) -> Any:
    """An answer with what differs from run to run taken out."""
    if isinstance(value, dict):
        return {name: _shown(name, inner) for name, inner in value.items()}
    return [without_chance(inner) for inner in value] if isinstance(value, list) else value


def _shown(name: str, value: Any) -> Any:
    if name in _CHANCE and value not in (None, ""):
        return _CHANCE[name]
    if name == "detail":
        value = re.sub(r"HM\d{12,}", _CHANCE["policy"], value)  # type: ignore[call-overload]
        value = re.sub(r"no file \d+ of", "no file 1 of", value)
        return re.sub(r"under [0-9a-f]{12}", f"under {_CHANCE['id']}", value)
    return without_chance(value)


def examples_of(api: Caller, city: City) -> Iterator[tuple[str, str, str, Any]]:
    """(operation, `answers` or `problems`, name, document) for each. `city` is the covered one, of 20 April 2022."""
    for operation, asks in _ANSWERS.items():
        for name, ask in asks.items():
            yield operation, "answers", name, _content(_asked(ask, api, city))
    for operation, asks in _PROBLEMS.items():
        for code, ask in asks.items():
            answer = _content(_asked(ask, api, city))
            assert answer["code"] == code, f"{operation}: expected {code}, found {answer}"
            yield operation, "problems", code, answer


def _asked(ask: Ask, api: Caller, city: City) -> Any:
    with transaction.atomic():
        answer = ask(api, city)
        transaction.set_rollback(True)
    forget_all()
    city.refresh_from_db()
    return answer


def _content(answer: Any) -> Any:
    if answer["Content-Type"] == "application/pdf":
        return answer.content[:4].decode()
    if answer["Content-Type"] == EXCEL:
        return answer.content[:2].decode()
    text = answer.content.decode()
    return text if answer["Content-Type"].startswith("text/") else without_chance(json.loads(text))


def _bill(**fields: str | None) -> Ask:
    """One bill with other fields, or without those that are None."""
    body = {name: value for name, value in {**BILL, **fields}.items() if value is not None}
    return lambda api, city: api.settle(body)


def _then(*bodies: dict[str, str], client: str = "hospital-1") -> Ask:
    """Several bills one after another; what is answered to the last counts. `client` sends the last."""

    def ask(api: Caller, city: City) -> Any:
        *first, last = bodies
        for body in first:
            api.settle(body)
        if client == "bureau":
            bureau(city)
        return api.settle(last, client=client)

    return ask


def _order(**fields: Any) -> Ask:
    return lambda api, city: api.post("channel-1", ORDERS, {**ORDER, **fields})


def _before(day: date, ask: Ask) -> Ask:
    """Asked on another day, before anybody was covered."""

    def then(api: Caller, city: City) -> Any:
        it_is(city, day)
        return ask(api, city)

    return then


def _new_family(city: City) -> list[dict[str, Any]]:
    """Two people of the register who are not covered yet."""
    taken = Policy.objects.of(city).values_list("insured_id", flat=True)
    free = Resident.objects.of(city).exclude(pk__in=list(taken)).filter(insured=True, insutype="310").order_by("pk")
    return [{"id_number": one.id_number, "name": one.name, "relation": "self"} for one in free[:2]]


def _ordered(api: Caller, city: City, **more: Any) -> Any:
    it_is(city, date(2022, 2, 15))
    one = _new_family(city)[0]
    applicant = {name: one[name] for name in ("id_number", "name")}
    body = {"applicant": applicant, "insured": [one], "terms_opened": True}
    return api.post("channel-1", ORDERS, body, **more)


def _paid(api: Caller, city: City) -> Any:
    order = _ordered(api, city).json()
    api.pay(order["reference"], order["total"])
    return api.get("channel-1", f"{ORDERS}/{order['reference']}")


def _sold(tail: str = "", client: str = "channel-1") -> Ask:
    """A policy of an order that channel-1 placed, asked for by a client."""

    def ask(api: Caller, city: City) -> Any:
        (number, *_) = [policy["number"] for policy in _paid(api, city).json()["policies"]]
        return api.get(client, f"/api/v1/policies/{number}{tail}")

    return ask


def _notified(api: Caller, city: City) -> Any:
    order = _ordered(api, city).json()
    return api.pay(order["reference"], order["total"], notice=NOTICE)


def _reused_key(api: Caller, city: City) -> Any:
    _ordered(api, city, key="order-1")
    return api.post("channel-1", ORDERS, {**ORDER, "terms_opened": False}, key="order-1")


def _guessing(path: str, body: dict[str, Any]) -> Ask:
    def ask(api: Caller, city: City) -> Any:
        with patch.object(enrolment, "MISSED_BY_CHANNEL", Limit("missed_channel", 0, 3600)):
            return api.post("channel-1", path, body)

    return ask


def _held_for(refusal_of: Callable[[str], Refusal]) -> Ask:
    """Held as the core holds a bill under terms that this city's plan does not have."""

    def ask(api: Caller, city: City) -> Any:
        with patch.object(outcome, "_inadmissible", lambda settlement, *_: refusal_of(settlement.setl_id)):
            return api.settle(BILL)

    return ask


def _missing_items(setl_id: str) -> Refusal:
    reason = "the benefit special_drugs pays for items of a list; the bill's items were not reported"
    return Refusal(setl_id, "missing_items", reason)


def _missing_date(setl_id: str) -> Refusal:
    return Refusal(setl_id, "missing_date", "the plan places a bill by its discharge date, which was not reported")


def _two_policies(api: Caller, city: City) -> Any:
    it_is(city, date(2023, 3, 1))
    policy_in(city, next_year(city, first=date(2022, 1, 1)), first=date(2022, 3, 1))
    return api.settle(a_bill("S20220419-0001", "2022-04-19", 20_000_00))


def _refused(api: Caller, city: City) -> Any:
    body = {**BILL, "medfee_sumamt": "172172.39"}
    api.settle(body)
    review = ReviewItem.objects.of(city).get(setl_id=BILL["setl_id"])
    found(city, review, Finding.REFUSE, "The hospital confirmed that there is no such bill.")
    return api.settle(body)


def _no_plan(ask: Ask) -> Ask:
    def then(api: Caller, city: City) -> Any:
        with patch.object(enrolment, "plan_on_sale", lambda city: None):
            forget_all()
            return ask(api, city)

    return then


def _nothing_to_pay(api: Caller, city: City) -> Any:
    with patch.object(Offer, "own_part", 0):
        return _ordered(api, city)


def _unsigned_notice(api: Caller, city: City) -> Any:
    return Client().generic("POST", f"/api/v1/payments/{city.code}/sandbox/notices", b"{}")


def _reply(city: City, content: dict[str, str]) -> Any:
    body = json.dumps(content).encode()
    headers = {"X-Message-Signature": hmac_hex(shared_key("message gateway"), body)}
    return Client().generic("POST", f"/api/v1/messages/{city.code}/replies", body, headers=headers)


def _agreement(city: City, code: str = "sandbox", **content: str) -> Any:
    body = json.dumps({"number": "W20220201-0001", "at": "2022-02-01T09:30:00+08:00", **content}).encode()
    headers = {"X-Payment-Signature": hmac_hex(shared_key("payment notice"), body)}
    return Client().generic("POST", f"/api/v1/payments/{city.code}/{code}/agreements", body, headers=headers)


def _signed(api: Caller, city: City) -> Any:
    person = Resident.objects.of(city).get(psn_no=BILL["psn_no"])
    sign_agreement(actor=resident_actor(city, person.pk), resident_id=person.pk, back="")
    key = DeductionAgreement.objects.of(city).get(resident=person).key
    return _agreement(city, agreement=key, state="in_force")


def _announced(api: Caller, city: City, *, key: str | None = None) -> Any:
    an_employer(city)
    return api.post("channel-1", BULK_FILES, BULK_FILE, key=key)


def _part_sent(api: Caller, city: City, **fields: Any) -> Any:
    file = _announced(api, city).json()["file"]
    return api.post("channel-1", f"{BULK_FILES}/{file}/parts", {**PART, **fields})


def _list_of(api: Caller, city: City, tail: str) -> Any:
    file = _part_sent(api, city).json()["file"]
    work_off()
    return api.get("channel-1", f"{BULK_FILES}/{file}{tail}")


def _other_bytes(api: Caller, city: City) -> Any:
    file = _part_sent(api, city).json()["file"]
    other = base64.b64encode(bytes(len(_LIST))).decode()
    return api.post("channel-1", f"{BULK_FILES}/{file}/parts", {**PART, "content": other})


def _cancelled_meanwhile(api: Caller, city: City) -> Any:
    file = _announced(api, city).json()["file"]
    cancel_file(actor=acting(city, "handler"), file_id=file, note="对方撤回")
    return api.post("channel-1", f"{BULK_FILES}/{file}/parts", PART)


def _known_to_another(api: Caller, city: City) -> Any:
    _announced(api, city)
    BulkFile.objects.of(city).update(channel="staff")
    return api.post("channel-1", BULK_FILES, BULK_FILE)


def _too_many_files(api: Caller, city: City) -> Any:
    with patch.object(receiving, "FILES_A_DAY", 0):
        return _announced(api, city)


def _no_plan_for_lists(api: Caller, city: City) -> Any:
    with patch.object(bulk_files, "plan_on_sale", lambda city: None):
        return _announced(api, city)


def _bad_notice(api: Caller, city: City) -> Any:
    return api.pay("R", "0.00", notice=NOTICE)


def _reverse(named: str = BILL["setl_id"], setl_id: str = "R20220419-0001", **fields: str) -> dict[str, str]:
    return {"setl_id": setl_id, "psn_no": BILL["psn_no"], "setl_time": DAY, "reverses": named, **fields}


_UNKNOWN_CITY = "/api/v1/payments/nowhere/sandbox/notices"
_PLAN: Ask = lambda api, city: api.get("channel-1", "/api/v1/plan?language=en")  # noqa: E731
_ELIGIBLE: Ask = lambda api, city: api.post("channel-1", ELIGIBILITY, person(0))  # noqa: E731
_ANSWERS: dict[str, dict[str, Ask]] = {
    "post /settlements": {
        "adjudicated": _bill(),
        "reversal": _then(BILL, _reverse()),
        "reversal waiting": _then(_reverse()),
    },
    **trial_answers(BILL),
    "get /settlements/{setl_id}": {
        "reversed later": lambda api, city: (
            api.settle(BILL)
            and api.settle(_reverse())
            and api.get("hospital-1", f"{SETTLEMENTS}/{_reverse()['setl_id']}")
        )
    },
    **STATEMENT_ANSWERS,
    "get /plan": {"in English": _PLAN},
    "post /eligibility": {
        "may join": _before(
            date(2022, 2, 15),
            lambda api, city: api.post(
                "channel-1", ELIGIBILITY, {k: v for k, v in _new_family(city)[0].items() if k != "relation"}
            ),
        ),
        "covered already": _before(date(2022, 2, 15), _ELIGIBLE),
    },
    "post /orders": {"waiting": _ordered},
    "get /orders/{reference}": {"issued": _paid},
    "post /bulk-files": {"announced": _announced},
    "post /bulk-files/{file}/parts": {"the last part": _part_sent},
    "get /bulk-files/{file}": {"checked": lambda api, city: _list_of(api, city, "")},
    "get /bulk-files/{file}/result": {"checked": lambda api, city: _list_of(api, city, "/result")},
    "get /policies/{number}": {"sold": _sold()},
    "get /policies/{number}/document": {"made": _sold("/document")},
    "post /messages/{city_code}/replies": {
        "recorded": lambda api, city: _reply(city, {"key": "1:notice:was-it-you-7-12", "text": "T"}),
    },
    "post /payments/{city_code}/{provider_code}/notices": {"recorded": _notified},
    "post /payments/{city_code}/{provider_code}/agreements": {"recorded": _signed},
}
_OF_SETTLEMENTS: dict[str, Ask] = {
    "bad_request": lambda api, city: api.settle({**BILL, "medfee_sumamt": 172172.38}),  # type: ignore[dict-item]
    "bad_text": _bill(psn_no="P\t00000001"),
    "unknown_member": _bill(psn_no="P-nobody"),
    "uncovered_date": _bill(setl_time="2022-02-15"),
    "two_policies": _two_policies,
    "settlement_in_future": _bill(setl_time="2022-06-01"),
    "bad_date": _bill(setl_time="yesterday"),
    "missing_date": _held_for(_missing_date),
    "missing_id": _bill(setl_id=" "),
    "missing_member": _bill(psn_no=" "),
    "spoilt_id": _bill(setl_id="2.02204E+11"),
    "bad_amount": _bill(psn_part_amt="1.234"),
    "negative_amount": _bill(psn_part_amt="-1.00"),
    "missing_amount": _bill(psn_part_amt=None),
    "unbalanced_scope": _bill(overlmt_selfpay="0.00", preselfpay_amt="0.00", inscp_scp_amt="1.00"),
    "unbalanced_total": _bill(medfee_sumamt="172172.39"),
    "unbalanced_funds": _bill(
        **dict.fromkeys(("cvlserv_pay", "hifob_pay", "hifmi_pay", "maf_pay", "hifes_pay"), "0.00"), oth_pay="0.00"
    ),
    "unbalanced_personal": _bill(acct_pay="0.00", psn_cash_pay="100.00"),
    "self_funded_above_personal": _bill(fulamt_ownpay_amt="118845.12"),
    "other_payers_above_personal": _bill(charity_pay="118845.12", mutual_aid_pay="0.00", other_insu_pay="0.00"),
    "missing_med_type": _bill(med_type=None),
    "unknown_med_type": _bill(med_type="999"),
    "unknown_terms": _bill(med_type="41"),
    "missing_fact": _held_for(lambda setl_id: refused_for_fact(setl_id, "place")),
    "missing_items": _held_for(_missing_items),
    "bad_care": _bill(place="somewhere"),
    "reverses_reversal": _then(BILL, _reverse(), _reverse("R20220419-0001", "R20220419-0002")),
    "reverses_other_member": _then(BILL, _reverse(psn_no=FATHER)),
    "reverses_of_other_sender": _then(BILL, _reverse(), client="hospital-2"),
    "reverses_ambiguous": lambda api, city: (
        api.settle(BILL) and api.settle(BILL, client="hospital-2") and _then(_reverse(), client="bureau")(api, city)
    ),
    "already_reversed": _then(BILL, _reverse(), _reverse(setl_id="R20220419-0002")),
    "not_a_reversal": _then(BILL, client="bureau"),
    "not_allowed": _then(BILL, client="channel-1"),
    "conflicting_duplicate": _then(BILL, {**BILL, "setl_time": "2022-04-19 11:00:00"}),
    "refused_on_review": _refused,
}
_PROBLEMS: dict[str, dict[str, Ask]] = {
    "post /settlements": _OF_SETTLEMENTS,
    **trial_problems(BILL, _OF_SETTLEMENTS),
    "get /settlements/{setl_id}": {
        "not_found": lambda api, city: api.get("hospital-1", f"{SETTLEMENTS}/nothing"),
        "not_allowed": lambda api, city: api.get("channel-1", f"{SETTLEMENTS}/nothing"),
    },
    **STATEMENT_PROBLEMS,
    "get /plan": {
        "not_allowed": lambda api, city: api.get("hospital-1", "/api/v1/plan"),
        "not_found": _no_plan(_PLAN),
        "bad_request": lambda api, city: api.get("channel-1", "/api/v1/plan?language=fr"),
    },
    "post /eligibility": {
        "not_allowed": lambda api, city: api.post("hospital-1", ELIGIBILITY, STRANGER),
        "bad_request": lambda api, city: api.post("channel-1", ELIGIBILITY, {"name": "王芳"}),
        "not_found": _no_plan(_ELIGIBLE),
        "not_in_register": lambda api, city: api.post("channel-1", ELIGIBILITY, STRANGER),
        "bad_identity_number": lambda api, city: api.post("channel-1", ELIGIBILITY, {**STRANGER, "id_number": "123"}),
        "bad_name": lambda api, city: api.post("channel-1", ELIGIBILITY, {**STRANGER, "name": "13800138000"}),
        "too_many_lookups": _guessing(ELIGIBILITY, STRANGER),
    },
    "post /orders": {
        "not_allowed": lambda api, city: api.post("hospital-1", ORDERS, ORDER),
        "bad_request": _order(insured=[]),
        "not_found": _no_plan(_order()),
        "not_in_register": _order(applicant=STRANGER),
        "bad_identity_number": _order(applicant={**STRANGER, "id_number": "123"}),
        "bad_name": _order(applicant={**STRANGER, "name": "13800138000"}),
        "relation_impossible": _order(insured=[{**ORDER["insured"][0], "relation": "child"}]),  # type: ignore[index]
        "too_many_lookups": _guessing(ORDERS, ORDER),
        "terms_not_opened": lambda api, city: api.post(
            "channel-1",
            ORDERS,
            {
                "applicant": {name: _new_family(city)[0][name] for name in ("id_number", "name")},
                "insured": _new_family(city)[:1],
                "terms_opened": False,
            },
        ),
        "not_eligible": _order(),
        "person_twice": _order(insured=[ORDER["insured"][0]] * 2),  # type: ignore[index]
        "nothing_to_pay": _nothing_to_pay,
        "idempotency_key_reused": _reused_key,
    },
    "post /bulk-files": {
        "not_allowed": lambda api, city: api.post("hospital-1", BULK_FILES, BULK_FILE),
        "bad_request": lambda api, city: api.post("channel-1", BULK_FILES, {**BULK_FILE, "size": "115"}),
        "not_found": _no_plan_for_lists,
        "bad_bulk_file": lambda api, city: api.post("channel-1", BULK_FILES, BULK_FILE),
        "bulk_file_known": _known_to_another,
        "too_many_bulk_files": _too_many_files,
        "idempotency_key_reused": lambda api, city: (
            _announced(api, city, key="list-1")
            and api.post("channel-1", BULK_FILES, {**BULK_FILE, "size": 7}, key="list-1")
        ),
    },
    "post /bulk-files/{file}/parts": {
        "not_allowed": lambda api, city: api.post("hospital-1", f"{BULK_FILES}/1/parts", PART),
        "bad_request": lambda api, city: api.post("channel-1", f"{BULK_FILES}/1/parts", {**PART, "place": -1}),
        "not_found": lambda api, city: api.post("channel-1", f"{BULK_FILES}/0/parts", PART),
        "bad_bulk_part": lambda api, city: _part_sent(api, city, place=1),
        "bulk_part_differs": _other_bytes,
        "bulk_file_not_open": _cancelled_meanwhile,
    },
    "get /bulk-files/{file}": {
        "not_found": lambda api, city: api.get("channel-1", f"{BULK_FILES}/0"),
        "not_allowed": lambda api, city: api.get("hospital-1", f"{BULK_FILES}/0"),
        "bad_request": lambda api, city: api.get("channel-1", f"{BULK_FILES}/first"),
    },
    "get /bulk-files/{file}/result": {
        "not_found": lambda api, city: api.get("channel-1", f"{BULK_FILES}/0/result"),
        "not_allowed": lambda api, city: api.get("hospital-1", f"{BULK_FILES}/0/result"),
        "bad_request": lambda api, city: api.get("channel-1", f"{BULK_FILES}/first/result"),
    },
    "get /policies/{number}": {
        "not_found": lambda api, city: api.get("channel-1", "/api/v1/policies/nothing"),
        "not_allowed": _sold(client="hospital-1"),
    },
    "get /policies/{number}/document": {
        "not_found": lambda api, city: api.get("channel-1", "/api/v1/policies/nothing/document"),
        "not_allowed": _sold("/document", client="hospital-1"),
    },
    "get /orders/{reference}": {
        "not_found": lambda api, city: api.get("channel-1", f"{ORDERS}/nothing"),
        "not_allowed": lambda api, city: api.get("hospital-1", f"{ORDERS}/nothing"),
    },
    "post /messages/{city_code}/replies": {
        "not_found": lambda api, city: Client().generic("POST", "/api/v1/messages/nowhere/replies", b"{}"),
        "bad_signature": lambda api, city: Client().generic("POST", f"/api/v1/messages/{city.code}/replies", b"{}"),
        "bad_reply": lambda api, city: _reply(city, {"text": "T"}),
    },
    "post /payments/{city_code}/{provider_code}/notices": {
        "not_found": lambda api, city: Client().generic("POST", _UNKNOWN_CITY, b"{}"),
        "unknown_provider": lambda api, city: Client().generic("POST", "/api/v1/payments/demo/nobody/notices", b"{}"),
        "bad_signature": _unsigned_notice,
        "bad_notice": _bad_notice,
    },
    "post /payments/{city_code}/{provider_code}/agreements": {
        "not_found": lambda api, city: Client().generic("POST", "/api/v1/payments/nowhere/sandbox/agreements", b"{}"),
        "unknown_provider": lambda api, city: _agreement(city, "nobody"),
        "agreement_not_known": lambda api, city: _agreement(city, agreement="nobody", state="in_force"),
        "bad_signature": lambda api, city: Client().generic(
            "POST", f"/api/v1/payments/{city.code}/sandbox/agreements", b"{}"
        ),
        "bad_notice": lambda api, city: _agreement(city, agreement="nobody", state="perhaps"),
    },
}


@contextmanager
def _failing(error: BaseException) -> Iterator[None]:
    with patch.object(settlements, "receive_settlement", side_effect=error):
        yield


def _database(sqlstate: str) -> OperationalError:
    cause = Exception("the driver's")
    cause.sqlstate = sqlstate  # type: ignore[attr-defined]
    error = OperationalError("the database's")
    error.__cause__ = cause
    return error


def examples_of_everywhere(api: Caller, city: City) -> dict[str, Any]:
    """Problems that are the same at every address, by code."""
    shown: dict[str, Any] = {}
    for code, sqlstate in (
        *(("database_unavailable", "57P03"), ("database_busy", "55P03"), ("database_slow", "57014")),
        ("storage_full", "53100"),
    ):
        with _failing(_database(sqlstate)):
            shown[code] = _content(api.settle(BILL))
    with _failing(RuntimeError("nobody foresaw it")):
        shown["internal_error"] = _content(api.settle(BILL))
    head = Head("POST", SETTLEMENTS, "", "HTTP/1.1", "http", "", "192.0.2.1", ())
    for code in (
        *("too_many_requests", "request_too_slow", "request_too_large", "overloaded"),
        *("duplicate_header", "header_too_long"),
    ):
        shown[code] = json.loads(refusal(head, code).body)
    proxy = (ROOT / "docs" / "nginx.conf").read_text("utf-8")
    (unavailable,) = re.findall(r"return 503 '(.*?)'", proxy)
    shown["unavailable"] = json.loads(unavailable)
    shown["bad_host"] = _content(Client().generic("GET", "/api/v1/plan", headers={"Host": "elsewhere.example"}))
    shown["bad_signature"] = _content(Client().generic("GET", "/api/v1/plan"))
    shown["broken_json"] = _content(api._call("hospital-1", "POST", SETTLEMENTS, b'{"setl_id": ', "k", {}))
    shown["unsupported_media_type"] = _content(
        Client().generic("POST", SETTLEMENTS, b"<bill/>", content_type="text/xml")
    )
    shown["bad_text"] = _content(api._call("hospital-1", "POST", SETTLEMENTS, b'{"setl_id": "\\u0000"}', "k", {}))
    assert {code for code, document in shown.items() if document["code"] != code} == set()
    return shown
