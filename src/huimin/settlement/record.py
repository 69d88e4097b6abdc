"""One settled bill, with the primitives of the national interface (setlinfo of 2304/5203), all in fen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from huimin.errors import Refusal
from huimin.settlement.care import Care

__all__ = [
    "AMOUNT_FIELDS",
    "FUND_FIELDS",
    "MED_TYPES",
    "NOT_REPORTED",
    "OTHER_PAYERS",
    "QUANTITIES",
    "Settlement",
    "bill_of_amounts",
    "quantities",
    "quantity",
]

FUND_FIELDS = ("hifp_pay", "cvlserv_pay", "hifob_pay", "hifmi_pay", "maf_pay", "hifes_pay", "oth_pay")
"""The funds by name: pooled, civil servants, employees' large sums, residents' critical illness, medical
assistance, enterprise supplement, other."""

OTHER_PAYERS = ("mutual_aid_pay", "charity_pay", "other_insu_pay")
"""What others have paid of the person's part: a union's mutual aid, charity, other commercial insurance. The national
interface has no such fields, so a payer that a bill does not name has paid nothing of it.
"""

AMOUNT_FIELDS = (
    "medfee_sumamt",
    "fulamt_ownpay_amt",
    "overlmt_selfpay",
    "preselfpay_amt",
    "inscp_scp_amt",
    "fund_pay_sumamt",
    *FUND_FIELDS,
    "hosp_part_amt",
    "psn_part_amt",
    "acct_pay",
    "psn_cash_pay",
    "acct_mulaid_pay",
    *OTHER_PAYERS,
)
"""Every amount that a settlement may carry. An amount that was not reported is absent: unknown, not zero."""

MED_TYPES = {
    "inpatient": "21",
    "special_outpatient": "14",
    "outpatient": "11",
    "pharmacy": "41",
}
"""The care settings that terms may name, with the national code `med_type`."""

QUANTITIES: Mapping[str, tuple[tuple[int, str], ...]] = {
    "total": ((1, "medfee_sumamt"),),
    "out_of_list": ((1, "fulamt_ownpay_amt"),),
    "over_limit": ((1, "overlmt_selfpay"),),
    "first_self_pay": ((1, "preselfpay_amt"),),
    "in_policy": ((1, "inscp_scp_amt"),),
    "funds": ((1, "fund_pay_sumamt"),),
    "personal": ((1, "psn_part_amt"),),
    "self_funded": ((1, "fulamt_ownpay_amt"),),
    "self_paid": ((1, "psn_part_amt"), (-1, "fulamt_ownpay_amt")),
    "mutual_aid": ((1, "mutual_aid_pay"),),
    "charity": ((1, "charity_pay"),),
    "other_insurance": ((1, "other_insu_pay"),),
}
"""The quantities that terms may name, each as a signed sum of reported amounts."""


NOT_REPORTED = Care()


@dataclass(frozen=True, slots=True)
class Settlement:
    """A settled bill. `amounts` maps national field names to fen; a field that is absent is unknown."""

    setl_id: str
    psn_no: str
    setl_time: datetime
    med_type: str
    amounts: Mapping[str, int] = field(default_factory=dict)
    admission: date | None = None
    discharge: date | None = None
    reverses: str | None = None
    """The id of the settlement that this one cancels. The amounts of a reversal are not used."""
    care: Care = NOT_REPORTED
    fault: Refusal | None = None
    """Why this row cannot be adjudicated, found while reading it. A reversal can still cancel it."""


def quantity(settlement: Settlement, name: str) -> int | None:
    """The named quantity in fen, or None when a part of it was not reported."""
    found = quantities(settlement, (name,))
    return None if isinstance(found, str) else found[name]


def quantities(settlement: Settlement, names: Iterable[str]) -> dict[str, int] | str:
    """The named quantities in fen; or the name of the first of which a part was not reported."""
    amounts = settlement.amounts
    found: dict[str, int] = {}
    for name in names:
        value = 0
        for sign, amount_field in QUANTITIES[name]:
            amount = amounts.get(amount_field)
            if amount is not None:
                value += sign * amount
            elif amount_field not in OTHER_PAYERS:
                return name
        found[name] = value
    return found


def bill_of_amounts(
    psn_no: str,
    day: date,
    self_paid: int,
    self_funded: int,
    *,
    setting: str = "inpatient",
    care: Care = NOT_REPORTED,
    admission: date | None = None,
    paid_by_others: Mapping[str, int] | None = None,
) -> Settlement:
    """A bill from what the person pays inside and outside the lists (fen), settled on the day of discharge.

    Without an `admission` the stay is one day. `paid_by_others`: fen by the fields of OTHER_PAYERS.
    """
    return Settlement(
        setl_id="bill",
        psn_no=psn_no,
        setl_time=datetime.combine(day, time()),
        med_type=MED_TYPES[setting],
        amounts={
            "psn_part_amt": self_paid + self_funded,
            "fulamt_ownpay_amt": self_funded,
            **(paid_by_others or {}),
        },
        admission=admission or day,
        discharge=day,
        care=care,
    )
