"""The tables of `renewal`, by its rooms."""

from __future__ import annotations

from huimin.platform.renewal.automatic.models import Renewal, RenewalNotice, RenewalStatus, ToldBy
from huimin.platform.renewal.consents.models import KeptWords, RenewalConsent, Road
from huimin.platform.renewal.years.models import EarlierFile, EarlierYear

__all__ = [
    "EarlierFile",
    "EarlierYear",
    "KeptWords",
    "Renewal",
    "RenewalConsent",
    "RenewalNotice",
    "RenewalStatus",
    "Road",
    "ToldBy",
]
