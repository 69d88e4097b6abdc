"""Everything of `bulk` that other contexts may import."""

from __future__ import annotations

from huimin.platform.bulk.checking import check_sent
from huimin.platform.bulk.consents import answer_group, asked_of
from huimin.platform.bulk.enrolling import enrol_agreed
from huimin.platform.bulk.models import FileKind, FileState, RowState
from huimin.platform.bulk.organisations import (
    open_organisation,
    propose_deposit,
    propose_payout,
)
from huimin.platform.bulk.paid import ListPaid, list_paid, lists_paid
from huimin.platform.bulk.receiving import PART_BYTES, add_part, announce_file, missing_parts
from huimin.platform.bulk.results import RowResult, results_of
from huimin.platform.bulk.selectors import (
    FileFacts,
    OrganisationFacts,
    all_organisations,
    bulk_file,
    bulk_files,
    money_moves,
    money_proposals,
    organisation_by_code,
)
from huimin.platform.bulk.sending import accept_file, cancel_file, send_file

__all__ = [
    "PART_BYTES",
    "FileFacts",
    "FileKind",
    "FileState",
    "ListPaid",
    "OrganisationFacts",
    "RowResult",
    "RowState",
    "accept_file",
    "add_part",
    "all_organisations",
    "announce_file",
    "answer_group",
    "asked_of",
    "bulk_file",
    "bulk_files",
    "cancel_file",
    "check_sent",
    "enrol_agreed",
    "list_paid",
    "lists_paid",
    "missing_parts",
    "money_moves",
    "money_proposals",
    "open_organisation",
    "organisation_by_code",
    "propose_deposit",
    "propose_payout",
    "results_of",
    "send_file",
]
