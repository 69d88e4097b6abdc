"""What the rest of the platform may use of `renewal`: nothing else of it is imported from outside."""

from __future__ import annotations

from huimin.platform.renewal.automatic.announcing import announce_in
from huimin.platform.renewal.automatic.models import RenewalStatus, ToldBy
from huimin.platform.renewal.automatic.reading import (
    RenewalSeen,
    renewals_of_policies,
    renewals_of_year,
    renewals_to_tell,
    sheet_in,
)
from huimin.platform.renewal.automatic.roads import record_telling
from huimin.platform.renewal.automatic.undoing import undo_by_reply, undo_renewal
from huimin.platform.renewal.consents.agreeing import agree_to_renewal, standing_consent, take_consent_back
from huimin.platform.renewal.consents.consent_words import consent_words, digest_of
from huimin.platform.renewal.consents.models import Road
from huimin.platform.renewal.proof.finding import Lack, proof_of
from huimin.platform.renewal.years.counting import count_again
from huimin.platform.renewal.years.earlier_rows import EarlierFault
from huimin.platform.renewal.years.importing import earlier_files, send_earlier_years
from huimin.platform.renewal.years.reading import YearsOfPerson, years_of_people

__all__ = [
    "EarlierFault",
    "Lack",
    "RenewalSeen",
    "RenewalStatus",
    "Road",
    "ToldBy",
    "YearsOfPerson",
    "agree_to_renewal",
    "announce_in",
    "consent_words",
    "count_again",
    "digest_of",
    "earlier_files",
    "proof_of",
    "record_telling",
    "renewals_of_policies",
    "renewals_of_year",
    "renewals_to_tell",
    "send_earlier_years",
    "sheet_in",
    "standing_consent",
    "take_consent_back",
    "undo_by_reply",
    "undo_renewal",
    "years_of_people",
]
