"""Settlements as facts, decisions as versions, and bills that need a human look."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.claims.cases.rules import Turn
from huimin.platform.claims.sampling.models import SampleAnswer, SampledBill, SampleDrawn
from huimin.platform.claims.trials.models import SettlementTrial, TrialEnd
from huimin.platform.foundation.fields import EncryptedTextField, FenField, ReservedKey
from huimin.platform.foundation.masking import MaskedCharField, MaskedJSONField, MaskedTextField
from huimin.platform.foundation.models import AppendOnly, CityRow
from huimin.platform.ledger.api import Party, PartyKind

__all__ = [
    "ONE_FACT_A_REVISION",
    "BenefitDecisionVersion",
    "Finding",
    "ReviewItem",
    "SampleAnswer",
    "SampleDrawn",
    "SampledBill",
    "SettlementFact",
    "SettlementTrial",
    "TrialEnd",
]

ONE_FACT_A_REVISION = "one_fact_a_revision"


_AS_SENT = ("client_id", "setl_id", "revision")
"""Identifies a fact before its key is known. The key is drawn last, so that keys are in order of arrival."""


class SettlementFact(AppendOnly):
    """A bill or a reversal that was accepted as a fact of a member's year.

    An id belongs to its sender: two hospitals may use the same one. Facts with the same sender and id are revisions of
    one bill. Each replaces the one before it, which is kept, so that the highest revision counts.
    """

    policy = models.ForeignKey(
        "enrolment.Policy", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    """Null for a reversal that came before its bill: it belongs to no year yet. When the bill comes, the reversal is
    appended again, as the next revision, in the year of the bill. If it cannot reverse that bill, it is appended again
    as withdrawn, in no year, and a person finds it in the queue.
    """
    client = models.ForeignKey("foundation.ApiClient", on_delete=models.PROTECT, related_name="+", db_index=False)
    # Indexes that begin with the city serve both keys. With an index of the client alone, PostgreSQL might use it to
    # find a bill's id while the table is small, and keep that plan when the hospital has sent thousands.
    setl_id = models.CharField(max_length=60)
    psn_no = models.CharField(max_length=30)
    setl_time = models.DateTimeField()
    med_type = models.CharField(max_length=10)
    amounts = models.JSONField()
    """Fen by national field name; fields that were not reported are absent."""
    admission = models.DateField(null=True)
    discharge = models.DateField(null=True)
    reverses = models.CharField(max_length=60, null=True)  # noqa: DJ001 - unknown and empty differ
    care = EncryptedTextField(null=True, bound_to=_AS_SENT)
    """Place, ward, diagnoses, items and the like, as JSON by column; null if nothing was reported."""
    body = EncryptedTextField(bound_to=_AS_SENT)
    """The message as it came."""
    content_digest = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    payee = models.CharField(max_length=40)
    """The code of the client whose bill this is, or whose bill it reverses. That client is owed the plan's payment."""
    payee_kind = models.CharField(max_length=20, null=True)  # noqa: DJ001 - see below
    """For a bill: the kind of party that its sender is in the journal (`PartyKind`). Null on reversals, for which
    nothing is owed.
    """
    decided_afterwards = models.BooleanField(default=False)
    """The plan's payment on this bill is owed to the insured, all of it: a person released the bill when they had left
    the counter, and the hospital had not credited them (ADR 27).
    """
    revision = models.PositiveSmallIntegerField(default=0)
    """0 for the first content under the id; each correction has the next number."""
    withdrawn = models.BooleanField(default=False)
    """This revision says that the id no longer has a fact in this year: a corrected bill belongs to another year, or a
    waiting reversal was set aside.
    """

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "client", "setl_id", "revision"], name=ONE_FACT_A_REVISION)
        ]
        indexes: ClassVar = [
            models.Index(fields=["city", "policy"], name="settlements_of_policy"),
            models.Index(
                fields=["city", "reverses"], name="reversals_of_bill", condition=models.Q(reverses__isnull=False)
            ),
            models.Index(
                fields=["city", "received_at"], name="reversals_waiting", condition=models.Q(policy__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.setl_id

    @property
    def sender_party(self) -> Party:
        """The party that is owed the plan's payment on this bill at the counter."""
        return Party(PartyKind(self.payee_kind or PartyKind.HOSPITAL), self.payee)


class BenefitDecisionVersion(AppendOnly):
    """What a benefit pays on a settlement, as of one version. The highest version counts.

    `change` is the payment less that of the version before, so that the sum of `change` over any set of rows is what
    the plan pays on it now.
    """

    policy = models.ForeignKey("enrolment.Policy", on_delete=models.PROTECT, related_name="+", db_index=False)
    settlement = models.ForeignKey(SettlementFact, on_delete=models.PROTECT, related_name="decisions", db_index=False)
    cause = models.ForeignKey(SettlementFact, on_delete=models.PROTECT, related_name="+", null=True)
    """The fact that caused this version; null where the member's facts changed instead."""
    recalculated_by = models.CharField(max_length=80, default="", db_default="")
    """What was learned of the member then, by its name in the journal; empty where a fact came."""
    benefit = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    base = FenField()
    deductible_applied = FenField()
    excess = FenField()
    payable = FenField()
    change = FenField()
    decided_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "settlement", "benefit", "version"], name="one_decision_a_version"),
        ]
        indexes: ClassVar = [models.Index(fields=["city", "policy"], name="decisions_of_policy")]

    def __str__(self) -> str:
        return f"{self.settlement_id} {self.benefit} v{self.version}"


class ReviewItem(CityRow):
    """A case: a message that could not be decided automatically. It is kept whole, also after a person has dealt with
    it.

    Its history has what happened to it (subject `review:` and its key). `turn`, `due_on` and `taken_by` are its place
    in the queue: they are computed from the history and compared with it each night (cases/checking.py).
    """

    sealed: ClassVar = (
        *("client_id", "setl_id", "psn_no", "body", "content_digest", "received_at"),
        *("code", "reason", "amount"),
    )

    id = ReservedKey()
    client = models.ForeignKey("foundation.ApiClient", on_delete=models.PROTECT, related_name="+")
    setl_id = models.CharField(max_length=60)
    psn_no = MaskedCharField(max_length=30)
    """As it came, but masked if the sender put an ID number there. `body` has the whole."""
    body = EncryptedTextField()
    content_digest = models.CharField(max_length=64)
    code = models.CharField(max_length=40)
    reason = MaskedTextField()
    values = MaskedJSONField(default=dict)
    """What the reason names, as in `Refusal.values`: pages put these into the code's sentence."""
    amount = FenField(default=0)
    """The bill's total in fen, for the queue's order; 0 if it is not known."""
    received_at = models.DateTimeField()
    turn = models.CharField(max_length=20, default=Turn.HANDLER.value)
    due_on = models.DateField(null=True)
    taken_by = models.CharField(max_length=80, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    """The finding that closed it, or `decided_on_resend` if the sender sent the bill again and it was decided."""
    note = MaskedTextField(blank=True)
    settlement = models.ForeignKey(SettlementFact, on_delete=models.PROTECT, related_name="+", null=True)
    """The fact that it became, if any."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["city", "client", "setl_id", "content_digest"], name="one_review_a_message"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["city", "received_at"], name="reviews_open", condition=models.Q(closed_at__isnull=True)
            ),
            models.Index(
                fields=["city", "due_on", "received_at"], name="reviews_due", condition=models.Q(closed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.setl_id} {self.code}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Finding(models.TextChoices):
    """What a person may find about a held bill. Nobody types in an amount: what is paid follows from the finding.

    What a second person answers stands in the case's history.
    """

    RELEASE = "released"
    """The reason for holding it has been cleared: the bill is decided as it came, and the payment is owed to the
    insured, who had to pay for themselves when they left.
    """
    RELEASE_CREDITED = "released_credited"
    """The same, but the hospital has credited the patient, or has not closed their account yet: the payment is owed to
    it.
    """
    SECOND_STANDS = "second_stands"
    """Of two contents under one id the later one is genuine, and replaces the first."""
    FIRST_STANDS = "first_stands"
    ASK_AGAIN = "asked_again"
    """The sender is asked to send the bill again. It stays in the queue until then."""
    REFUSE = "refused"
