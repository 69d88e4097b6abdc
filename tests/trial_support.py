"""What tests of trials have in common: trying a bill, confirming, cancelling and asking, as a hospital does."""

from __future__ import annotations

from typing import Any

from huimin.platform.claims.models import BenefitDecisionVersion, ReviewItem, SettlementFact
from huimin.platform.foundation.models import City
from huimin.platform.ledger.models import Posting
from huimin.platform.tasks.models import Task
from platform_support import Caller

TRIALS = "/api/v1/settlements/trials"


def tried(api: Caller, body: dict[str, str], client: str = "hospital-1", **more: Any) -> Any:
    return api.post(client, TRIALS, body, **more)


def trial_of(api: Caller, body: dict[str, str], client: str = "hospital-1") -> str:
    """The id of a trial of this bill."""
    answer = tried(api, body, client)
    assert answer.status_code == 200, answer.content
    return str(answer.json()["trial"])


def confirmed(api: Caller, trial: str, client: str = "hospital-1", **more: Any) -> Any:
    return api.post(client, f"{TRIALS}/{trial}/confirm", {}, **more)


def cancelled(api: Caller, trial: str, client: str = "hospital-1") -> Any:
    return api.post(client, f"{TRIALS}/{trial}/cancel", {})


def asked(api: Caller, trial: str, client: str = "hospital-1") -> Any:
    return api.get(client, f"{TRIALS}/{trial}")


def state(api: Caller, trial: str) -> str:
    return str(asked(api, trial).json()["state"])


def written(city: City) -> dict[str, int]:
    """How many rows there are of everything that a settlement, or a bill that is held, writes."""
    models = (SettlementFact, BenefitDecisionVersion, ReviewItem, Posting, Task)
    return {model.__name__: model.objects.of(city).count() for model in models}
