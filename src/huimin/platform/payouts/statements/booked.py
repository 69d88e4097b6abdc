"""Our payouts beside a statement: what it proves is taken first, and then what we have booked is laid beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from huimin.errors import HuiminError
from huimin.platform.foundation.models import City
from huimin.platform.gateways.api import bank_of
from huimin.platform.payments.api import (
    Books,
    CaseKind,
    Counterpart,
    DayFile,
    Difference,
    DifferenceAnswer,
    DifferenceKind,
    FoundDifference,
    OurReceipt,
    stated_beside,
    stated_on,
)
from huimin.platform.payouts.models import ClaimPayout, PayoutStatus
from huimin.platform.payouts.overpayments.repaying import (
    policy_named_in,
    repaid,
    repayments_in,
    repayments_of_day,
)
from huimin.platform.payouts.sending import came_back, stated_as_paid
from huimin.platform.payouts.statements.bank_file import Direction, read_statement, transaction_of

__all__ = ["NOT_STATED", "bank_code", "bank_counterpart"]

NOT_STATED = "not_on_statement"
"""Why a payout is owed again of which the bank found that it was never paid: its books have neither movement."""
_RETURNED = "returned_by_bank"
_IN = transaction_of(Direction.IN, "")
_CHUNK = 500
_KINDS = {
    DifferenceKind.MISSING_WITH_US: CaseKind.BANK_NOT_BOOKED,
    DifferenceKind.MISSING_WITH_THEM: CaseKind.BANK_LACKS,
    DifferenceKind.OTHER_AMOUNT: CaseKind.BANK_OTHER_AMOUNT,
    DifferenceKind.TWICE: CaseKind.BANK_TWICE,
}


def bank_code() -> str:
    """The bank among those whose files are compared."""
    return f"bank-{settings.BANK_CODE}"


def bank_counterpart() -> Counterpart:
    """The bank, as `payouts` registers it."""
    return Counterpart(
        bank_code(),
        fetch=lambda city, day: bank_of(city).statement(day),
        read=read_statement,
        books=_books,
        about=_no_payment,
        kinds=_KINDS,
        follow=_follow,
    )


def _books(city: City, file: DayFile) -> Books:
    _take_what_it_proves(city, file)
    named = {line.transaction: line.reference for line in file.lines}
    known = {one.transaction: one for payout in _named(city, file) for one in _booked(payout, named.keys())}
    known |= _repayments(city, named.keys(), named)
    of_day = {one.transaction: one for one in _of_the_day(city, file)}
    left = of_day.keys() - named.keys()
    elsewhere = stated_beside(city, bank_code(), file.day, read_statement) if left else set()
    return Books(of_day | known, left - elsewhere)


def _take_what_it_proves(city: City, file: DayFile) -> None:
    """A payout of which the bank's answer was lost is paid by its line; one that came back is owed again; money for a
    policy on which something is owed back repays it. Policies are locked before payouts, as where claims are paid.
    """
    _take_repayments(city, file)
    payouts = {payout.key: payout for payout in _named(city, file)}
    for line in file.lines:
        payout, at = payouts.get(line.reference), timezone.make_aware(line.at)
        if payout is None or payout.amount != abs(line.amount):
            continue
        if line.amount > 0:
            stated_as_paid(city=city, key=payout.key, at=at)
        else:
            came_back(city=city, key=payout.key, reason=_RETURNED, at=at)


def _take_repayments(city: City, file: DayFile) -> None:
    for line in sorted(file.lines, key=lambda line: (line.reference, line.at)):
        if line.transaction.startswith(_IN):
            repaid(
                city=city,
                transaction=line.transaction,
                policy_number=line.reference,
                amount=-line.amount,
                at=timezone.make_aware(line.at),
            )


def _repayments(city: City, transactions: Set[str], named: Mapping[str, str]) -> dict[str, OurReceipt]:
    """`named`: the policy that the statement names, by movement; where it names none, a person said which one it is."""
    found = repayments_in(city, {one for one in transactions if one.startswith(_IN)})
    return {name: OurReceipt(name, named.get(name, number), -fen) for name, (number, fen) in found.items()}


def _named(city: City, file: DayFile) -> Iterator[ClaimPayout]:
    """The payouts that the statement names, as they stand."""
    keys = sorted({line.reference for line in file.lines})
    for start in range(0, len(keys), _CHUNK):
        yield from ClaimPayout.objects.fetch(city, {"key": keys[start : start + _CHUNK]}, order_by=("id",))


def _booked(payout: ClaimPayout, named: Set[str]) -> Iterator[OurReceipt]:
    """What the books have of a payout at the bank.

    One that the bank said was returned, and whose statement has it go out and come back, moved nothing: both stand.
    """
    out, back = (transaction_of(one, payout.key) for one in (Direction.OUT, Direction.BACK))
    unseen = payout.paid_at is None and payout.status == PayoutStatus.RETURNED and {out, back} <= named
    if payout.fault == NOT_STATED:
        return
    if payout.paid_at is not None or unseen:
        yield OurReceipt(out, payout.key, payout.amount)
    if (payout.paid_at is not None and payout.status == PayoutStatus.RETURNED) or unseen:
        yield OurReceipt(back, payout.key, -payout.amount)


def _of_the_day(city: City, file: DayFile) -> Iterator[OurReceipt]:
    """What moved at the bank on the day, as our books have it."""
    start = timezone.make_aware(datetime.combine(file.day, time.min))
    end = start + timedelta(days=1)
    moved = Q(paid_at__gte=start, paid_at__lt=end) | Q(ended_at__gte=start, ended_at__lt=end, paid_at__isnull=False)
    for payout in ClaimPayout.objects.of(city).filter(moved).order_by("pk"):
        for one in _booked(payout, set()):
            at = payout.paid_at if one.amount > 0 else payout.ended_at
            if at is not None and start <= at < end:
                yield one
    yield from _repayments(city, repayments_of_day(city, start, end), {}).values()


def _no_payment(city: City, one: Difference) -> int | None:
    """A payout is no payment that came in."""
    return None


def _follow(city: City, found: FoundDifference) -> None:
    """What was never paid is owed again, and what repays a policy is booked as its repayment.

    Raises HuiminError: `payout_not_paid` where it does not stand as paid; `nothing_to_repay` where no policy of ours is
    named, or nothing is owed back on it.
    """
    if found.answer == DifferenceAnswer.NOT_PAID and not came_back(city=city, key=found.reference, reason=NOT_STATED):
        raise HuiminError(f"payout {found.reference} does not stand as paid", code="payout_not_paid")
    if found.answer == DifferenceAnswer.REPAYS and not repaid(
        city=city,
        transaction=found.transaction,
        policy_number=policy_named_in(found.policy),
        amount=-found.theirs,
        at=_stated_at(city, found),
    ):
        text = f"on the policy {found.policy!r} nothing is owed back; expected one on which something is"
        raise HuiminError(text, code="nothing_to_repay", values={"policy": found.policy})


def _stated_at(city: City, found: FoundDifference) -> datetime:
    """When the bank booked it."""
    lines = stated_on(city, bank_code(), [found.day], read_statement)
    (at,) = {line.at for line in lines if line.transaction == found.transaction}
    return timezone.make_aware(at)
