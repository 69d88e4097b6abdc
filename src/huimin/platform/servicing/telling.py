"""Messages about a policy, to who bought it and to who is insured."""

from __future__ import annotations

from huimin.platform.enrolment.api import PolicyFacts
from huimin.platform.tasks.api import enqueue

__all__ = ["tell", "tell_both"]


def tell_both(policy: PolicyFacts, template: str, key: str) -> None:
    """A message to who bought it and to who is insured, who may be one. Nothing goes to somebody who has died: who
    delivers a message asks the register."""
    for resident_id in sorted({policy.holder_id, policy.insured_id}):
        tell(policy, resident_id, template, f"{key}-{resident_id}")


def tell(policy: PolicyFacts, resident_id: int, template: str, key: str) -> None:
    message = {"template": template, "policy": policy.number, "resident": resident_id}
    enqueue(city=policy.city, kind="notice", key=key[:100], payload=message)
