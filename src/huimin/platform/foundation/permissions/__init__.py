"""Who may do what, in one table. docs/permissions.md is generated from it, and tests compare every address and service
with it.
"""

from __future__ import annotations

from collections.abc import Mapping

from huimin.platform.foundation.actions import Action
from huimin.platform.foundation.permissions.many import FOR_COUNTER, FOR_MANY
from huimin.platform.foundation.permissions.paying import FOR_ACCOUNTS, FOR_CLEARING, FOR_RENEWAL, FOR_SUBSIDIES
from huimin.platform.foundation.permissions.residents import FOR_RESIDENTS, FOR_SYSTEMS
from huimin.platform.foundation.permissions.rule import Rule, Scope
from huimin.platform.foundation.permissions.staff import FOR_OPERATION, FOR_STAFF
from huimin.platform.foundation.role_names import NAMES

__all__ = ["NAMES", "RULES", "Action", "Rule", "Scope"]

RULES: Mapping[Action, Rule] = {
    **{**FOR_RESIDENTS, **FOR_SYSTEMS, **FOR_STAFF, **FOR_MANY, **FOR_COUNTER},
    **{**FOR_ACCOUNTS, **FOR_CLEARING, **FOR_OPERATION, **FOR_SUBSIDIES, **FOR_RENEWAL},
}
