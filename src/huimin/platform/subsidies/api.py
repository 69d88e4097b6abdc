"""Everything of `subsidies` that other contexts may import."""

from __future__ import annotations

from huimin.platform.subsidies.amounts import FUND_KEY, PerPerson, fund_code
from huimin.platform.subsidies.drawing import Wanted, reserve
from huimin.platform.subsidies.facts import FundFacts, Named
from huimin.platform.subsidies.funds import open_fund, open_roster, open_sponsor, pay_in
from huimin.platform.subsidies.grants import (
    GrantFacts,
    grant_by_task,
    grant_cover,
    granted_orders,
    grants_of_roster,
    keep_declined,
    keep_granted,
    still_to_grant,
    to_finish,
)
from huimin.platform.subsidies.models import SponsorKind
from huimin.platform.subsidies.roster_files import RowFault
from huimin.platform.subsidies.roster_selectors import (
    changes_of_version,
    files_of_roster,
    proposal_of_roster,
    version_in_force,
)
from huimin.platform.subsidies.roster_tasks import read_sent
from huimin.platform.subsidies.rosters import propose_version, send_roster
from huimin.platform.subsidies.selectors import (
    all_funds,
    fund_by_code,
    funds_by_code,
    left_in_funds,
    roster_by_code,
    rosters,
)
from huimin.platform.subsidies.sharing import Priced, shares_of
from huimin.platform.subsidies.statements import SEVERAL, Cell, FundStatement, fund_statement
from huimin.platform.subsidies.verification import drawn_by_claim

__all__ = [
    "FUND_KEY",
    "SEVERAL",
    "Cell",
    "FundFacts",
    "FundStatement",
    "GrantFacts",
    "Named",
    "PerPerson",
    "Priced",
    "RowFault",
    "SponsorKind",
    "Wanted",
    "all_funds",
    "changes_of_version",
    "drawn_by_claim",
    "files_of_roster",
    "fund_by_code",
    "fund_code",
    "fund_statement",
    "funds_by_code",
    "grant_by_task",
    "grant_cover",
    "granted_orders",
    "grants_of_roster",
    "keep_declined",
    "keep_granted",
    "left_in_funds",
    "open_fund",
    "open_roster",
    "open_sponsor",
    "pay_in",
    "proposal_of_roster",
    "propose_version",
    "read_sent",
    "reserve",
    "roster_by_code",
    "rosters",
    "send_roster",
    "shares_of",
    "still_to_grant",
    "to_finish",
    "version_in_force",
]
