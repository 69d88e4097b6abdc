"""The facts: the national settlement record, its identities, its readers, members and ID numbers."""

from huimin.settlement.care import CARE_COLUMNS, Care, Item, care_from_row
from huimin.settlement.identities import IDENTITIES, Imbalance, check_amounts, first_imbalance
from huimin.settlement.member import INSUTYPES, Member
from huimin.settlement.record import (
    AMOUNT_FIELDS,
    FUND_FIELDS,
    MED_TYPES,
    Settlement,
    bill_of_amounts,
    quantities,
    quantity,
)
from huimin.settlement.resolution import Resolution, resolve

__all__ = [
    "AMOUNT_FIELDS",
    "CARE_COLUMNS",
    "FUND_FIELDS",
    "IDENTITIES",
    "INSUTYPES",
    "MED_TYPES",
    "Care",
    "Imbalance",
    "Item",
    "Member",
    "Resolution",
    "Settlement",
    "bill_of_amounts",
    "care_from_row",
    "check_amounts",
    "first_imbalance",
    "quantities",
    "quantity",
    "resolve",
]
