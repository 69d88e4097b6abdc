"""What pool, ledger and payments refuse: shares that are not the whole, days without shares, months that are closed."""

from __future__ import annotations

from datetime import date

import pytest

from acting import acting
from huimin.errors import HuiminError
from huimin.platform.catalogue.models import PlanYear
from huimin.platform.foundation.actors import command_actor, provider_actor
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import AuditEvent, City
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.ledger.accounts import INSURER_PREMIUM, PROVIDER_CLEARING
from huimin.platform.ledger.entries import Entry, Line
from huimin.platform.ledger.models import JournalEntry
from huimin.platform.ledger.parties import insurer, provider
from huimin.platform.ledger.services import EntryWithoutFactError, UnbalancedEntryError, post
from huimin.platform.payments.cases import cases_open, close_case, keep_unreadable, open_cases
from huimin.platform.payments.models import PaymentCase
from huimin.platform.pool.models import Insurer, Share
from huimin.platform.pool.selectors import share_table
from huimin.platform.pool.services import set_shares
from huimin.platform.pool.statements import close_months, refuse_closed_day
from huimin.platform.seals.selectors import read_head

LATER = date(2022, 7, 1)


def code_of(refused: pytest.ExceptionInfo[HuiminError]) -> str:
    return refused.value.code


def shared(city: City, *points: int, lead: int = 0, outside: bool = False) -> None:
    """Set shares from July on: the city's insurers in order of their codes get these basis points."""
    found = list(Insurer.objects.of(city).order_by("code").values_list("code", flat=True))
    set_shares(
        plan_year=PlanYear.objects.of(city).get(),
        basis_points=dict(zip(found, points, strict=False)),
        lead=found[-1] if outside else found[lead],
        from_day=LATER,
        actor=command_actor(city),
    )


@pytest.mark.parametrize("points", [(6_000, 3_999), (6_000, 4_001), (10_000, 0), (10_001, -1), (5_000,)])
def test_shares_are_refused_unless_all_are_positive_and_the_whole_is_given_away(
    city: City, points: tuple[int, ...]
) -> None:
    before = Share.objects.of(city).count()
    with pytest.raises(HuiminError) as refused:
        shared(city, *points)
    assert code_of(refused) == "bad_shares"
    assert f"found shares of {sum(points) / 100:g}%" in refused.value.message
    assert Share.objects.of(city).count() == before


def test_shares_are_refused_where_the_lead_has_none(city: City) -> None:
    with pytest.raises(HuiminError) as refused:
        shared(city, 6_000, 4_000, outside=True)
    assert code_of(refused) == "bad_shares"


def test_shares_down_to_a_basis_point_are_taken_and_the_audit_says_from_which_day(city: City) -> None:
    shared(city, 9_999, 1)
    period = share_table(city, PlanYear.objects.of(city).get().pk).on(LATER)
    assert sorted(period.basis_points.values()) == [1, 9_999]
    lead = Share.objects.of(city).get(from_day=LATER, is_lead=True)
    assert lead.basis_points == 9_999
    event = AuditEvent.objects.of(city).get(action="shares_set", subject__endswith=str(LATER))
    assert event.subject == f"plan_year:{lead.plan_year_id}:{LATER}"


def test_new_shares_count_from_their_first_day_on_and_the_old_ones_until_the_day_before(city: City) -> None:
    shared(city, 9_999, 1)
    table = share_table(city, PlanYear.objects.of(city).get().pk)
    assert table.on(LATER).from_day == LATER
    assert table.on(date(2022, 6, 30)).from_day == table.periods[0].from_day
    assert table.on(LATER).label == f"{PlanYear.objects.of(city).get().pk}:{LATER}"


def test_a_day_before_the_first_shares_is_refused_and_their_first_day_is_not(city: City) -> None:
    table = share_table(city, PlanYear.objects.of(city).get().pk)
    first = table.periods[0].from_day
    assert table.on(first) == table.periods[0]
    with pytest.raises(HuiminError) as refused:
        table.on(date.fromordinal(first.toordinal() - 1))
    assert code_of(refused) == "no_shares"


def test_a_demonstrations_calendar_does_not_go_back_into_a_month_that_is_closed(city: City) -> None:
    """It is 15 February 2022, so that January is the last month that is over."""
    closed = close_months(actor=command_actor(city))
    assert [str(one.month) for one in closed] == ["2021-12-01", "2022-01-01"]
    for day in (date(2021, 12, 1), date(2022, 1, 31)):
        with pytest.raises(HuiminError) as refused:
            refuse_closed_day(city, day)
        assert code_of(refused) == "month_closed"
        assert str(day) in refused.value.message
    refuse_closed_day(city, date(2022, 2, 1))


def test_a_month_is_closed_a_whole_day_after_its_end_and_not_before(city: City) -> None:
    for day, months in ((date(2022, 2, 1), 1), (date(2022, 2, 2), 1)):
        City.objects.filter(pk=city.pk).update(demonstration_day=day)
        city.refresh_from_db()
        forget_all()
        # On 1 February what January brought may still be on its way: only December is closed.
        assert len(close_months(actor=command_actor(city))) == months


def entry(*amounts: int, source: str = "settlement:S", cause: str = "settlement:S") -> Entry:
    parties = [(PROVIDER_CLEARING, provider("sandbox")), (INSURER_PREMIUM, insurer("insurer-01"))]
    lines = tuple(Line(account, fen, party) for (account, party), fen in zip(parties, amounts, strict=True))
    return Entry("premium_shared", source, cause, lines)


@pytest.mark.parametrize("amounts", [(1, 0), (100, -99), (100, -101), (100, 100)])
def test_an_entry_whose_lines_do_not_add_up_posts_nothing_not_even_the_entries_before_it(
    city: City, amounts: tuple[int, int]
) -> None:
    before = JournalEntry.objects.of(city).count()
    with pytest.raises(UnbalancedEntryError) as refused:
        post(city=city, entries=[entry(5, -5), entry(*amounts)], at=now(city))
    assert refused.value.code == "unbalanced_entry"
    assert "premium_shared settlement:S" in refused.value.message
    assert JournalEntry.objects.of(city).count() == before


@pytest.mark.parametrize("names", [{"source": ""}, {"cause": ""}])
def test_an_entry_that_does_not_name_both_its_facts_is_refused(city: City, names: dict[str, str]) -> None:
    with pytest.raises(EntryWithoutFactError) as refused:
        post(city=city, entries=[entry(5, -5, **names)], at=now(city))
    assert refused.value.code == "entry_without_fact"


def test_lines_of_nothing_are_not_posted(city: City) -> None:
    before = JournalEntry.objects.of(city).count()
    post(city=city, entries=[entry(0, 0)], at=now(city))
    assert JournalEntry.objects.of(city).count() == before


@pytest.fixture
def case(city: City) -> PaymentCase:
    keep_unreadable(actor=provider_actor(city, "sandbox"), body=b"<paid/>", fault="no JSON")
    return PaymentCase.objects.of(city).get(kind="unreadable")


def test_a_payment_case_is_closed_once_and_keeps_who_closed_it_and_what_was_done(city: City, case: PaymentCase) -> None:
    assert cases_open(city) == 1
    close_case(case_id=case.pk, note="asked the company: a test of theirs", actor=acting(city, "handler"))
    found = PaymentCase.objects.of(city).get(pk=case.pk)
    assert (found.closed_by, found.note) == (acting(city, "handler").text, "asked the company: a test of theirs")
    assert found.closed_at is not None
    assert cases_open(city) == 0
    assert list(open_cases(city, 1)) == []
    with pytest.raises(HuiminError) as refused:
        close_case(case_id=case.pk, note="again", actor=acting(city, "handler"))
    assert code_of(refused) == "case_closed"
    again = PaymentCase.objects.of(city).get(pk=case.pk)
    assert again.note == "asked the company: a test of theirs"
    assert AuditEvent.objects.of(city).filter(action="payment_case_closed").count() == 1


def test_a_payment_case_that_never_was_cannot_be_closed(city: City, case: PaymentCase) -> None:
    with pytest.raises(HuiminError) as refused:
        close_case(case_id=case.pk + 1, note="done", actor=acting(city, "handler"))
    assert code_of(refused) == "case_closed"
    assert cases_open(city) == 1


@pytest.mark.parametrize("note", ["", "  \n"])
def test_a_payment_case_is_not_closed_without_a_note(city: City, case: PaymentCase, note: str) -> None:
    with pytest.raises(HuiminError) as refused:
        close_case(case_id=case.pk, note=note, actor=acting(city, "handler"))
    assert code_of(refused) == "note_missing"
    assert cases_open(city) == 1


def test_a_message_that_cannot_be_read_twice_is_one_case_and_is_kept_up_to_a_length(city: City) -> None:
    for _ in range(2):
        keep_unreadable(actor=provider_actor(city, "sandbox"), body=b"x" * 20_001, fault="f" * 301)
    (found,) = PaymentCase.objects.of(city).filter(kind="unreadable")
    assert found.content == "x" * 20_000
    assert found.detail == {"fault": "f" * 300}
    assert (found.payment_id, found.amount, found.reference) == (None, 0, "")
    assert found.key.startswith("sandbox:")
    event = AuditEvent.objects.of(city).filter(action="notice_unreadable").last()
    assert event is not None
    assert event.actor == "provider:sandbox"


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "nothing", '{"city": "demo", "block": "x", "digest": "", "sealed_at": ""}']
)
def test_a_line_that_no_command_printed_is_no_head_of_a_chain(text: str) -> None:
    with pytest.raises(HuiminError) as refused:
        read_head(text)
    assert code_of(refused) == "bad_head"
