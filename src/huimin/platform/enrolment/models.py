"""Orders, their lines, and the policies that come of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huimin.platform.enrolment.bureau.models import BureauFact, HealthRecord
from huimin.platform.enrolment.policy_facts import MEMBER_COLUMNS, member_facts
from huimin.platform.foundation.fields import FenField
from huimin.platform.foundation.models import AppendOnly, CityRow
from huimin.platform.foundation.relations import Relation
from huimin.settlement import Member

__all__ = [
    "BureauFact",
    "HealthRecord",
    "LineMeans",
    "MeansStatus",
    "Order",
    "OrderLine",
    "OrderStatus",
    "OtherCoverTold",
    "Policy",
    "PolicyDifference",
    "TermsOpened",
]


class OrderStatus(models.TextChoices):
    ASKING = "asking"
    """The bureau is asked about the people whom it names: nothing can be paid yet."""
    REFUSED = "refused"
    """By what the bureau said, somebody named cannot join, or not at this price: each line says why."""
    WAITING = "waiting"
    ISSUED = "issued"
    FAILED = "failed"
    REFUND_DUE = "refund_due"
    """Paid, and nobody could be covered: the money is owed back."""


class TermsOpened(AppendOnly):
    """A resident had the cover and its exclusions opened, in these terms, before paying."""

    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+")
    plan_year = models.ForeignKey("catalogue.PlanYear", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "resident", "plan_year"], name="terms_opened_by")]

    def __str__(self) -> str:
        return f"terms {self.plan_year_id} opened"


class Order(CityRow):
    """One resident pays for themself and family."""

    reference = models.CharField(max_length=40)
    applicant = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+")
    plan_year = models.ForeignKey("catalogue.PlanYear", on_delete=models.PROTECT, related_name="+")
    plan_digest = models.CharField(max_length=64)
    """Of the terms that the applicant saw and ordered: the policies say the same."""
    payment = models.OneToOneField("payments.Payment", on_delete=models.PROTECT, related_name="+", null=True)
    """What the payment company is to collect; null where other means pay everything."""
    status = models.CharField(max_length=10, choices=OrderStatus.choices, default=OrderStatus.WAITING)
    channel = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    """When the bureau had said everything that was asked for this order; null where nothing was."""
    told_to_wait_at = models.DateTimeField(null=True)
    """When the applicant got the message that the bureau does not answer, and that the order keeps its place."""
    issued_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "reference"], name="order_reference_in_city")]
        indexes: ClassVar = [
            models.Index(fields=["city", "applicant"], name="orders_of_applicant"),
            models.Index(fields=["city", "id"], name="orders_asking", condition=models.Q(status="asking")),
        ]

    def __str__(self) -> str:
        return self.reference


class OrderLine(CityRow):
    sealed: ClassVar = ("order_id", "insured_id", "relation", "edition", "price", "paid_by", "other_means")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    insured = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+")
    relation = models.CharField(max_length=10, choices=Relation.choices)
    edition = models.CharField(max_length=40, blank=True, default="")
    """Of the plan; empty where it has none."""
    price = FenField()
    """The whole premium of this person, whoever pays it."""
    paid_by = models.JSONField(default=dict)
    """What others than the payer of the order bear of the price, as the terms say: fen by payer."""
    other_means = FenField(default=0)
    """What of the own part is not paid through the payment company, in fen: the sum of the line's `LineMeans`."""
    refund_due = models.BooleanField(default=False)
    """Paid for, and no cover could be given: the money goes back."""
    refund_reason = models.CharField(max_length=30, blank=True, default="")
    """Why there is no cover, as a code: `covered_already` by another order meanwhile, `window_closed`, `means_failed`;
    of an order that is refused, what the bureau said."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "order", "insured"], name="person_once_an_order"),
        ]

    def __str__(self) -> str:
        return f"line {self.pk}"

    @property
    def own_part(self) -> int:
        """What the order's payer pays for this person, by whatever means, in fen."""
        return int(self.price - sum(self.paid_by.values()))

    @property
    def company_part(self) -> int:
        """What of the own part is paid through the payment company, in fen."""
        return int(self.own_part - self.other_means)


class MeansStatus(models.TextChoices):
    EXPECTED = "expected"
    IN = "in"
    """As sure as the order waits for: held or approved by the agency, as its rule says; drawn from the fund."""
    FAILED = "failed"


class LineMeans(CityRow):
    """A part of one person's premium that is not paid through the payment company.

    A line that the company alone is paid for has none.
    """

    sealed: ClassVar = ("line_id", "kind", "party", "amount", "reference", "created_at")

    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="means")
    kind = models.CharField(max_length=10)
    """Of payments' `MeansKind`."""
    party = models.CharField(max_length=40)
    """Whose money it is in the journal: the code of the account's agency, or of the fund."""
    amount = FenField()
    reference = models.CharField(max_length=40)
    """By which whoever collects it knows it: unique for its kind."""
    status = models.CharField(max_length=10, choices=MeansStatus.choices, default=MeansStatus.EXPECTED)
    reason = models.CharField(max_length=40, blank=True, default="")
    """Why it failed, as a code."""
    created_at = models.DateTimeField()
    moved_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "kind", "reference"], name="means_reference_in_city"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="means_are_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class OtherCoverTold(AppendOnly):
    """The payer was told, before paying, that somebody of the order has other cover for the same days."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    resident = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+", db_index=False)
    plan = models.CharField(max_length=120)
    first_day = models.DateField()
    last_day = models.DateField()
    number = models.CharField(max_length=24, blank=True)
    """Of the policy, where it is one of this city."""
    told_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city", "-id"], name="other_cover_by_time")]

    def __str__(self) -> str:
        return f"{self.plan} {self.resident_id}"


class Policy(CityRow):
    """A person's cover for a plan year, with the facts that terms use, frozen when it was issued.

    Its row is also the lock of the member-year: whoever decides settlements locks it first.
    """

    sealed: ClassVar = (
        *("number", "plan_year_id", "plan_digest", "order_line_id", "holder_id", "insured_id", "psn_no", "price"),
        *("cover_from", "cover_to", "birth_date", "sex", "insutype", "area_id", "continuous_years"),
        *("claim_free_years", "pre_existing", "issued_at", "edition"),
    )

    number = models.CharField(max_length=24)
    plan_year = models.ForeignKey("catalogue.PlanYear", on_delete=models.PROTECT, related_name="+")
    plan_digest = models.CharField(max_length=64)
    """The digest of the terms that were sold: what the policy says, whatever becomes of the plan year's row."""
    order_line = models.OneToOneField(OrderLine, on_delete=models.PROTECT, related_name="policy")
    holder = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+")
    insured = models.ForeignKey("people.Resident", on_delete=models.PROTECT, related_name="+")
    psn_no = models.CharField(max_length=30)
    edition = models.CharField(max_length=40, blank=True, default="")
    price = FenField()
    cover_from = models.DateField()
    cover_to = models.DateField()
    birth_date = models.DateField()
    sex = models.CharField(max_length=6)
    insutype = models.CharField(max_length=3)
    area = models.ForeignKey("people.Area", on_delete=models.PROTECT, related_name="+")
    continuous_years = models.PositiveSmallIntegerField()
    claim_free_years = models.PositiveSmallIntegerField()
    pre_existing = models.JSONField(default=list)
    issued_at = models.DateTimeField()
    ended_on = models.DateField(null=True)
    """The first day without cover, of a policy that was given up; from its history, and held against it."""
    given_back = FenField(default=0)
    """What of the premium came back since, in fen, as when it ended; likewise."""
    added = FenField(default=0)
    """What was paid beside the price since, in fen, as after a correction; likewise."""
    endorsed = models.JSONField(null=True)
    """What endorsements say of the facts, in the order in which we learned of it (`LearnedFacts`); likewise. Null for
    nearly all."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "number"], name="policy_number_in_city"),
            models.UniqueConstraint(
                fields=["city", "plan_year", "insured"],
                condition=models.Q(ended_on__isnull=True),
                name="one_policy_a_plan_year",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["city", "psn_no"], name="policies_of_member"),
            models.Index(fields=["city", "issued_at"], name="policies_by_time"),
        ]

    def __str__(self) -> str:
        return self.number

    def member(self) -> Member:
        """The frozen facts, as adjudication wants them."""
        return member_facts([getattr(self, name) for name in MEMBER_COLUMNS])


class PolicyDifference(CityRow):
    """What an order asks for a policy that is issued already, in fen: its facts, or its edition, cost more.

    Such an order insures nobody by a line of its own.
    """

    sealed: ClassVar = ("order_id", "policy_id", "amount", "cause", "created_at")

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="+")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+")
    amount = FenField()
    cause = models.CharField(max_length=80)
    """Why it is asked for: a kind, which says who takes it, and after a colon what it belongs to."""
    created_at = models.DateTimeField()
    taken = models.BooleanField(default=False)
    """It was paid, and is premium of the policy; not where it had become pointless by then."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="differences_are_positive"),
        ]
        indexes: ClassVar = [models.Index(fields=["city", "policy"], name="differences_of_policy")]

    def __str__(self) -> str:
        return self.cause
