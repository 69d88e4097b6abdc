"""Examples of the addresses of trials, made as those of `api_examples`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from unittest.mock import patch

from django.conf import settings

from cast import FATHER
from claims_support import found, it_is, next_year, policy_in
from huimin.adjudication.holding import refused_for_fact
from huimin.platform.claims import outcome
from huimin.platform.claims.models import Finding, ReviewItem
from huimin.platform.enrolment.models import Policy
from huimin.platform.foundation.models import City
from platform_support import Caller, a_bill
from trial_support import TRIALS, asked, cancelled, confirmed, trial_of, tried

__all__ = ["trial_answers", "trial_problems"]

Ask = Callable[[Caller, City], Any]
NOBODYS = "00000000-0000-4000-8000-000000000000"
_OF_THE_BUREAU = ("not_a_reversal", "reverses_ambiguous")
"""Problems that only the bureau's channel meets, which tries nothing."""


class _Trying(Caller):
    """Tries each bill before it sends it, and answers what the trial was answered."""

    def settle(self, body: dict[str, str], client: str = "hospital-1") -> Any:
        answer = tried(self, body, client)
        super().settle(body, client)
        return answer


def trial_answers(bill: dict[str, str]) -> dict[str, dict[str, Ask]]:
    """By operation; `bill` is one that is adjudicated."""
    return {
        "post /settlements/trials": {"tried": lambda api, city: tried(api, bill)},
        f"post {_CONFIRM}": {"settled": _then(bill, confirmed)},
        f"post {_CANCEL}": {"cancelled": _then(bill, cancelled)},
        f"get {_TRIAL}": {
            "open": _then(bill, asked),
            "replaced": _then(bill, lambda api, trial: confirmed(api, trial) and asked(api, trial), _earlier(bill)),
        },
    }


def trial_problems(bill: dict[str, str], of_settlements: Mapping[str, Ask]) -> dict[str, dict[str, Ask]]:
    """By operation and code. `of_settlements`: how the one-message road comes to each of its problems."""
    return {
        "post /settlements/trials": {
            **{code: _trying(ask) for code, ask in of_settlements.items() if code not in _OF_THE_BUREAU},
            "uncovered_date": lambda api, city: (
                _policies(bill, cover_to=date(2022, 4, 1))(api, city) and tried(api, bill)
            ),
            "two_policies": _tried_under_two_policies,
            "trial_too_old": lambda api, city: tried(api, {**bill, "setl_time": "2022-04-12"}),
            "too_many_trials": lambda api, city: [tried(api, bill) for _ in range(settings.TRIALS_A_DAY + 1)][-1],
            "bill_settled": lambda api, city: api.settle(bill) and tried(api, bill),
            "idempotency_key_reused": lambda api, city: (
                tried(api, bill, key="trial-1") and tried(api, {**bill, "setl_id": "S20220419-0002"}, key="trial-1")
            ),
        },
        f"post {_CONFIRM}": {
            "not_found": lambda api, city: confirmed(api, NOBODYS),
            "not_allowed": lambda api, city: confirmed(api, NOBODYS, "channel-1"),
            "bad_request": lambda api, city: _without_key(api, "confirm"),
            "trial_outdated": _then(bill, confirmed, _earlier(bill)),
            "trial_cancelled": _then(bill, lambda api, trial: cancelled(api, trial) and confirmed(api, trial)),
            "conflicting_duplicate": _then(
                bill, confirmed, lambda api, city: api.settle({**bill, "setl_time": _LATER})
            ),
            "refused_on_review": _then(bill, confirmed, _refused(bill)),
            "unknown_member": _then(bill, confirmed, _policies(bill, psn_no="P-elsewhere")),
            "uncovered_date": _then(bill, confirmed, _policies(bill, cover_to=date(2022, 4, 1))),
            "two_policies": _two_policies,
            "missing_fact": _then(bill, _not_known_any_more),
            **_of_reversals(bill),
        },
        f"post {_CANCEL}": {
            "not_found": lambda api, city: cancelled(api, NOBODYS),
            "not_allowed": lambda api, city: cancelled(api, NOBODYS, "channel-1"),
            "bad_request": lambda api, city: _without_key(api, "cancel"),
            "bill_settled": _then(bill, lambda api, trial: confirmed(api, trial) and cancelled(api, trial)),
            "trial_outdated": _then(
                bill, lambda api, trial: confirmed(api, trial) and cancelled(api, trial), _earlier(bill)
            ),
        },
        f"get {_TRIAL}": {
            "not_found": lambda api, city: asked(api, NOBODYS),
            "not_allowed": lambda api, city: asked(api, NOBODYS, "channel-1"),
        },
    }


_TRIAL = "/settlements/trials/{trial}"
_CONFIRM, _CANCEL = f"{_TRIAL}/confirm", f"{_TRIAL}/cancel"
_LATER = "2022-04-19 11:00:00"


def _then(bill: dict[str, str], ask: Callable[[Caller, str], Any], meanwhile: Ask | None = None) -> Ask:
    """A trial, what comes meanwhile, and what is asked about the trial then."""

    def then(api: Caller, city: City) -> Any:
        trial = trial_of(api, bill)
        if meanwhile is not None:
            meanwhile(api, city)
        return ask(api, trial)

    return then


def _trying(ask: Ask) -> Ask:
    return lambda api, city: ask(_Trying(api.city), city)


def _earlier(bill: dict[str, str]) -> Ask:
    earlier = {**bill, "setl_id": "S20220418-0001", "setl_time": "2022-04-18 09:00:00"}
    return lambda api, city: api.settle(earlier)


def _policies(bill: dict[str, str], **values: Any) -> Ask:
    return lambda api, city: Policy.objects.of(city).filter(psn_no=bill["psn_no"]).update(**values)


def _without_key(api: Caller, what: str) -> Any:
    return api._call("hospital-1", "POST", f"{TRIALS}/{NOBODYS}/{what}", b"", "", {})


def _not_known_any_more(api: Caller, trial: str) -> Any:
    with patch.object(outcome, "_inadmissible", lambda settlement, *_: refused_for_fact(settlement.setl_id, "place")):
        return confirmed(api, trial)


def _refused(bill: dict[str, str]) -> Ask:
    """The same content was held, and a person has refused it."""

    def then(api: Caller, city: City) -> None:
        held = lambda settlement, *_: refused_for_fact(settlement.setl_id, "place")  # noqa: E731
        with patch.object(outcome, "_inadmissible", held):
            api.settle(bill)
        review = ReviewItem.objects.of(city).get(setl_id=bill["setl_id"])
        found(city, review, Finding.REFUSE, "The hospital confirmed that there is no such bill.")

    return then


def _tried_under_two_policies(api: Caller, city: City) -> Any:
    policy_in(city, next_year(city, first=date(2022, 1, 1)), first=date(2022, 3, 1))
    return tried(api, a_bill("S20220419-0001", "2022-04-19", 20_000_00))


def _two_policies(api: Caller, city: City) -> Any:
    trial = trial_of(api, a_bill("S20220419-0001", "2022-04-19", 20_000_00))
    it_is(city, date(2023, 3, 1))
    policy_in(city, next_year(city, first=date(2022, 1, 1)), first=date(2022, 3, 1))
    return confirmed(api, trial)


def _of_reversals(bill: dict[str, str]) -> dict[str, Ask]:
    """Reversals that were tried before something came that keeps them from taking the bill back."""
    named = bill["setl_id"]
    reversal = {
        "setl_id": "R20220419-0001",
        "psn_no": bill["psn_no"],
        "setl_time": bill["setl_time"],
        "reverses": named,
    }

    def already(api: Caller, city: City) -> Any:
        api.settle(bill)
        second = {**reversal, "setl_id": "R20220419-0002"}
        return _then(second, confirmed, lambda api, city: api.settle(reversal))(api, city)

    itself = {**reversal, "setl_id": named, "reverses": "S20220419-0000"}
    return {
        "already_reversed": already,
        "reverses_reversal": _then(reversal, confirmed, lambda api, city: api.settle(itself)),
        "reverses_other_member": _then(reversal, confirmed, lambda api, city: api.settle({**bill, "psn_no": FATHER})),
        "reverses_of_other_sender": _then(reversal, confirmed, lambda api, city: api.settle(bill, client="hospital-2")),
    }
