"""Everything of `demonstration` that other contexts may import."""

from __future__ import annotations

from huimin.platform.demonstration.bureau_register import write_register
from huimin.platform.demonstration.load import CITY, PASSWORD, RESIDENTS, load_demonstration
from huimin.platform.demonstration.names import STAFF
from huimin.platform.demonstration.population import FAMILY_OF_FOUR, NEWBORNS_NUMBER, people

__all__ = [
    "CITY",
    "FAMILY_OF_FOUR",
    "NEWBORNS_NUMBER",
    "PASSWORD",
    "RESIDENTS",
    "STAFF",
    "load_demonstration",
    "people",
    "write_register",
]
