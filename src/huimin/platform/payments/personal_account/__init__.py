"""The personal account of basic insurance as a way to pay: each area's rules, and what they allow (个人账户缴费)."""

from __future__ import annotations

from huimin.platform.payments.personal_account.deciding import Asked, Decision, Hindrance, decide
from huimin.platform.payments.personal_account.rules import AccountRule, Mode, Part, rule_on, rules

__all__ = [
    "AccountRule",
    "Asked",
    "Decision",
    "Hindrance",
    "Mode",
    "Part",
    "decide",
    "rule_on",
    "rules",
]
