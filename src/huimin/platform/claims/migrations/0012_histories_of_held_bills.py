"""The histories of bills that were held before histories were kept, made from the rows that tell of them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations
from django.utils import timezone

from huimin.platform.claims.cases.rules import Happened, place_of
from huimin.platform.foundation.clocks import Calendar
from huimin.platform.foundation.events import Event
from huimin.platform.foundation.services import content_digest

SECOND = {"sent_back": Happened.SENT_BACK, "outdated": Happened.OUTDATED}
ROW_FIELDS = ("id", "city_id", "client_id", "setl_id", "code", "amount", "received_at")
END_FIELDS = ("closed_at", "closed_by", "outcome", "note", "settlement_id")


class Telling:
    """One held bill's history, written as it is told."""

    def __init__(self, apps: Any, review: Any) -> None:
        self.review = review
        self.events: list[Event] = []
        self.proposal: Any = None
        self.finding: Any = None
        self.with_sender = False
        self.now = timezone.now()
        self.rows = {name: apps.get_model("foundation", name).objects for name in TABLES}
        self.subject = {"city_id": review.city_id, "subject_kind": "review", "subject_id": str(review.pk)}

    def happened(self, kind: Happened, actor: str, at: Any, reason: str = "", data: Any = None) -> None:
        last = self.events[-1].learned_at if self.events else at
        event = Event(len(self.events) + 1, kind.value, max(at, last), max(at, last), actor, reason, data or {})
        self.events.append(event)
        self.with_sender = kind == Happened.ASKED_AGAIN or (self.with_sender and kind == Happened.TAKEN)
        self.rows["RecordedEvent"].create(
            **self.subject,
            number=event.number,
            kind=event.kind,
            happened_at=event.happened_at,
            learned_at=event.learned_at,
            recorded_at=self.now,
            actor=actor,
            reason=reason,
            data=event.data,
        )

    def answered(self, answer: str, actor: str, at: Any, reason: str, would_change: Any = None) -> None:
        self.rows["ApprovalAnswer"].create(
            city_id=self.review.city_id,
            approval=self.proposal,
            answer=answer,
            would_change=would_change,
            reason=reason,
            answered_by=actor,
            answered_at=at,
            recorded_at=self.now,
        )
        self.proposal = None

    def taken_back(self, actor: str, at: Any, reason: str) -> None:
        if self.proposal is not None:
            self.answered("withdrawn", actor, at, reason)
            self.happened(Happened.WITHDRAWN, actor, at, reason)

    def found(self, row: Any) -> None:
        """A first person's finding, with the proposal where a second one has to agree."""
        self.taken_back(row.actor, row.at, row.note)
        if row.finding == "asked_again":
            return self.happened(Happened.ASKED_AGAIN, row.actor, row.at, row.note)
        if row.needs_second:
            seen = row.would_pay if row.would_pay is not None else {"amount": row.amount}
            self.proposal = self.rows["Approval"].create(
                **self.subject,
                use_case="held_bill",
                arguments={"finding": row.finding},
                would_change=seen,
                seen_digest=content_digest(seen),
                reason=row.note,
                proposed_by=row.actor,
                proposed_at=row.at,
                recorded_at=self.now,
            )
        self.finding = self.rows["RecordedFinding"].create(
            **self.subject,
            question="held_bill",
            answer=row.finding,
            author=row.actor,
            role="handler",
            reason=row.note,
            evidence=[],
            supersedes=self.finding,
            approval=self.proposal,
            found_at=row.at,
            recorded_at=self.now,
        )
        data = {"finding": row.finding, "amount": row.amount}
        self.happened(Happened.PROPOSED if row.needs_second else Happened.FOUND, row.actor, row.at, row.note, data)

    def second(self, row: Any) -> None:
        """What a second person said."""
        answer = row.finding if row.finding in SECOND else "approved"
        if self.proposal is not None:
            self.answered(answer, row.actor, row.at, row.note, row.would_pay)
        self.happened(SECOND.get(row.finding, Happened.AGREED), row.actor, row.at, row.note)

    def sent_again(self, other: Any) -> None:
        if self.with_sender:
            self.happened(Happened.SENT_AGAIN, f"client:{other.client_id}", other.received_at)

    def end(self) -> None:
        review = self.review
        if review.closed_at is not None:
            if self.proposal is not None:
                self.answered("withdrawn", review.closed_by, review.closed_at, review.outcome)
            data = {"outcome": review.outcome}
            data |= {"settlement": review.settlement_id} if review.settlement_id is not None else {}
            self.happened(Happened.CLOSED, review.closed_by, review.closed_at, review.note, data)
        place = place_of(self.local(), Calendar(), ())
        review.turn, review.due_on, review.taken_by = place.turn.value, place.due_on, place.taken_by
        review.save(update_fields=["turn", "due_on", "taken_by"])

    def local(self) -> list[Event]:
        """The events with times of the city's zone, by whose days clocks go."""
        zoned = timezone.localtime
        return [Event(one.number, one.kind, zoned(one.happened_at), zoned(one.learned_at)) for one in self.events]


TABLES = ("RecordedEvent", "Approval", "ApprovalAnswer", "RecordedFinding")


def tell(apps: Any, schema_editor: Any) -> None:
    reviews, findings = apps.get_model("claims", "ReviewItem").objects, apps.get_model("claims", "ReviewFinding").objects
    for review in reviews.order_by("pk").only(*ROW_FIELDS, *END_FIELDS):
        telling = Telling(apps, review)
        data = {"code": review.code, "amount": review.amount}
        telling.happened(Happened.HELD, f"client:{review.client_id}", review.received_at, "", data)
        others = reviews.filter(
            city_id=review.city_id,
            client_id=review.client_id,
            setl_id=review.setl_id,
            received_at__gt=review.received_at,
        )
        steps = [(row.at, 0, row.pk, row) for row in findings.filter(review_id=review.pk)]
        steps += [(other.received_at, 1, other.pk, other) for other in others.only(*ROW_FIELDS)]
        for _at, resent, _pk, row in sorted(steps, key=lambda step: step[:3]):
            if resent:
                telling.sent_again(row)
            elif row.agrees_with_id is not None:
                telling.second(row)
            else:
                telling.found(row)
        telling.end()


class Migration(migrations.Migration):
    """Nothing of before is changed: the old findings are sealed and stay where they are."""

    dependencies: ClassVar = [("claims", "0011_places_in_the_queue")]
    operations: ClassVar = [migrations.RunPython(tell, migrations.RunPython.noop)]
