"""A share of automatic decisions is drawn by chance that nobody foresees, and people say whether they are right."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from django.db.models import Min, Q
from django.test import Client

from acting import acting
from claims_support import found, reversal
from huimin.errors import HuiminError
from huimin.platform.claims.models import Finding, ReviewItem, SampleAnswer, SampledBill, SampleDrawn, SettlementFact
from huimin.platform.claims.sampling import drawing
from huimin.platform.claims.sampling.answering import SUBJECT, answer_sampled
from huimin.platform.claims.sampling.drawing import SHARE, automatic, draw, draw_sample, drawn
from huimin.platform.claims.sampling.rates import MonthSampled, wilson
from huimin.platform.claims.sampling.reading import months_sampled, sampled_bills, samples_open
from huimin.platform.foundation.events import Subject
from huimin.platform.foundation.findings.recording import findings_about
from huimin.platform.foundation.keys import purpose_key
from huimin.platform.foundation.models import AuditEvent, City
from huimin.platform.ledger.verification import verify_city
from listed_pages import PAGES, Listed, render
from platform_support import Caller, a_bill, logged_in
from sample_support import drawn_all

OURS = [one for one in PAGES if one.name in ("sample", "sampled")]


@pytest.fixture
def settled(api: Caller, covered: City) -> City:
    """Three bills that came after those of the demonstration were drawn from; one was corrected, and one was held."""
    drawn_all(covered, luck=False)
    for number in range(3):
        api.settle(a_bill(f"S{number}", "2022-04-18", 20_000_00 + number))
    api.settle(a_bill("S2", "2022-04-18", 30_000_00))
    api.settle(a_bill("HELD", "2022-04-18", 20_000_00, psn_no="P99999999"))
    return covered


def ids(city: City) -> list[str]:
    rows = SampledBill.objects.of(city).order_by("pk")
    return list(rows.values_list("settlement__setl_id", flat=True))


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(HuiminError) as caught:
        call()
    return caught.value.code


def test_chance_draws_two_in_a_hundred_and_the_same_ones_each_time() -> None:
    lucky = [number for number in range(20_000) if drawn("demo", "hospital-1", f"B{number}", "d")]
    assert lucky == [number for number in range(20_000) if drawn("demo", "hospital-1", f"B{number}", "d")]
    # Binomial(20,000, 2 %): mean 400, standard deviation 19.8; five of them on either side.
    assert abs(len(lucky) - 20_000 * SHARE // 10_000) < 100


def test_ids_chosen_under_another_key_escape_nothing() -> None:
    """Who knows a key can choose ids that it does not draw: the key that counts draws as many of them as of others."""
    with patch.object(drawing, "purpose_key", lambda _purpose: purpose_key("policy check")):
        escaping = [number for number in range(20_000) if not drawn("demo", "hospital-1", f"B{number}", "d")]
    caught = sum(drawn("demo", "hospital-1", f"B{number}", "d") for number in escaping)
    assert abs(caught - len(escaping) * SHARE // 10_000) < 100


@pytest.mark.parametrize("place", range(4))
def test_city_sender_id_and_content_each_change_the_draw(place: int) -> None:
    def of(number: int) -> list[str]:
        return [str(number) if part == place else "x" for part in range(4)]

    found = {drawn(*of(number), 5_000) for number in range(50)}
    assert found == {True, False}


def test_bounds_of_the_share() -> None:
    assert not any(drawn("demo", "h", str(number), "d", 0) for number in range(500))
    assert all(drawn("demo", "h", str(number), "d", 10_000) for number in range(500))


def test_bills_that_people_decide_corrections_and_reversals_are_not_drawn(api: Caller, settled: City) -> None:
    api.settle(reversal("R", "2022-04-19", "S0"))
    held = ReviewItem.objects.of(settled).filter(setl_id__in=("S2", "HELD"))
    assert sorted(held.values_list("setl_id", flat=True)) == ["HELD", "S2"]
    found(settled, held.get(setl_id="S2"), Finding.SECOND_STANDS)
    drawn_all(settled)
    assert ids(settled) == ["S0", "S1", "S2"]
    kept = SettlementFact.objects.of(settled).filter(setl_id="S2").order_by("revision")
    assert SampledBill.objects.of(settled).get(settlement__setl_id="S2").settlement_id == kept[0].pk


def test_each_bill_is_drawn_from_once_and_those_that_come_later_too(api: Caller, settled: City) -> None:
    drawn_all(settled)
    assert draw(settled) == 0
    api.settle(a_bill("LATER", "2022-04-19", 20_000_00))
    drawn_all(settled)
    assert ids(settled) == ["S0", "S1", "S2", "LATER"]


def test_a_drawing_that_is_stopped_goes_on_where_it_was(settled: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "_CHUNK", 1)
    monkeypatch.setattr(drawing, "drawn", lambda *_of_bill: True)
    before, through = SampleDrawn.objects.of(settled).count(), SampleDrawn.objects.of(settled).latest("pk").through
    coming = SettlementFact.objects.of(settled).filter(pk__gt=through)
    assert [draw(settled) for _ in range(3)] == [1, 1, 1]
    while draw(settled):
        pass
    assert SampleDrawn.objects.of(settled).count() == before + coming.count()
    assert ids(settled) == ["S0", "S1", "S2"]


def test_a_worker_says_how_far_it_is_after_each_part(settled: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "_CHUNK", 1)
    said: list[tuple[int, int, str]] = []
    task = SimpleNamespace(city=settled)
    draw_sample(SimpleNamespace(task=task, progress=lambda *told: said.append(told)))  # type: ignore[arg-type]
    assert said[:2] == [(1, 1, "drawing"), (2, 2, "drawing")]
    assert [done for done, _of, _step in said] == list(range(1, len(said) + 1))


def test_two_workers_at_one_moment_draw_once(settled: City) -> None:
    """The second began before the first had finished: it finds what the first wrote, and leaves it alone."""
    through = SampleDrawn.objects.of(settled).latest("pk").through
    drawn_all(settled)
    last = SampleDrawn.objects.of(settled).latest("pk").through
    known = SampledBill.objects.of(settled).count()
    with patch.object(drawing, "Max", lambda _column: Min("through", filter=Q(through__gte=through))):
        assert draw(settled) == 0
    assert SampleDrawn.objects.of(settled).latest("pk").through == last
    assert SampledBill.objects.of(settled).count() == known


def test_another_citys_bills_are_not_drawn(settled: City) -> None:
    other = City.objects.create(code="other", name_zh="另一市", name_en="Other")
    drawn_all(other)
    assert not SampledBill.objects.exists()


def test_an_answer_is_kept_with_who_and_why_once_and_moves_no_money(settled: City) -> None:
    drawn_all(settled)
    first, handler = SampledBill.objects.of(settled).order_by("pk")[0], acting(settled, "handler")
    answer_sampled(actor=handler, sampled_id=first.pk, answer=SampleAnswer.WRONG, note="医院类别读错")
    (finding,) = findings_about(settled, Subject(SUBJECT, str(first.pk)), "decided_rightly")
    assert (finding.answer, finding.author, finding.reason) == ("wrong", handler.text, "医院类别读错")
    told = AuditEvent.objects.of(settled).get(action="sample_answered")
    assert (told.subject, told.detail) == (f"sampled_bill:{first.pk}", {"answer": "wrong"})
    again = lambda: answer_sampled(  # noqa: E731 - one line
        actor=handler, sampled_id=first.pk, answer=SampleAnswer.RIGHT, note="又看了"
    )
    assert refused(again) == "sample_answered"
    assert [one.answer for one in sampled_bills(settled, 1)] == ["", "", "wrong"]
    assert samples_open(settled) == 2
    assert verify_city(settled).faults == []


def test_what_is_not_there_and_what_is_not_explained_is_refused(settled: City) -> None:
    drawn_all(settled)
    handler, first = acting(settled, "handler"), SampledBill.objects.of(settled).order_by("pk")[0]
    missing = lambda: answer_sampled(  # noqa: E731 - one line
        actor=handler, sampled_id=first.pk + 999, answer=SampleAnswer.RIGHT, note="x"
    )
    unsaid = lambda: answer_sampled(actor=handler, sampled_id=first.pk, answer=SampleAnswer.RIGHT, note=" ")  # noqa: E731
    assert (refused(missing), refused(unsaid)) == ("sample_answered", "note_missing")
    assert samples_open(settled) == 3


def test_a_month_says_how_many_were_drawn_answered_and_wrong(settled: City) -> None:
    drawn_all(settled)
    handler = acting(settled, "handler")
    for row, answer in zip(
        SampledBill.objects.of(settled).order_by("pk"),
        (SampleAnswer.RIGHT, SampleAnswer.WRONG, SampleAnswer.RIGHT),
        strict=False,
    ):
        answer_sampled(actor=handler, sampled_id=row.pk, answer=answer, note="已逐步核对")
    month = months_sampled(settled)[0]
    assert (month.month.isoformat(), month.drawn, month.answered, month.wrong) == ("2022-04-01", 3, 3, 1)
    assert month.bills == 3
    assert sum(one.bills for one in months_sampled(settled)) == automatic(settled).count()
    assert month.bounds == (614, 7_924)


@pytest.mark.parametrize(
    ("wrong", "answered", "bounds"),
    [
        # Computed apart with 40 digits; Wilson (1927) gives 0.0 to 27.75 % for none of ten.
        (0, 10, (0, 2_776)),
        (10, 10, (7_224, 10_000)),
        (0, 1, (0, 7_935)),
        (1, 1, (2_065, 10_000)),
        (5, 100, (215, 1_118)),
        (50, 1_000, (381, 654)),
    ],
)
def test_the_interval_is_wilsons(wrong: int, answered: int, bounds: tuple[int, int]) -> None:
    assert wilson(wrong, answered) == bounds


def test_where_nobody_looked_there_is_no_rate() -> None:
    from datetime import date

    assert MonthSampled(date(2022, 4, 1), 100, 2, 0, 0).bounds is None


class TestPages:
    @pytest.fixture(autouse=True)
    def without_second_factor(self, settings: Any) -> None:
        settings.SECOND_FACTOR = False

    @pytest.mark.parametrize("listed", OURS, ids=lambda one: one.title)
    def test_every_page_of_the_sample_opens(self, city: City, listed: Listed) -> None:
        assert "自动理算抽查" in render(city, listed, "zh").html

    def test_a_handler_opens_a_bill_sees_its_steps_and_answers(self, settled: City) -> None:
        drawn_all(settled)
        handler, row = logged_in("handler"), SampledBill.objects.of(settled).order_by("pk")[0]
        page = f"/staff/sample/{row.pk}/"
        assert "S0" in handler.get("/staff/sample/").content.decode()
        assert "5,500" in handler.get(page).content.decode()
        assert AuditEvent.objects.of(settled).filter(action="sampled_bill_opened").count() == 1
        assert handler.post(page, {"answer": "right", "note": ""}).status_code == 422
        assert handler.post(page, {"answer": "maybe", "note": "x"}).status_code == 422
        assert handler.post(page, {"answer": "right", "note": "逐步核对无误"}).status_code == 302
        row.refresh_from_db()
        assert (row.answer, row.note) == ("right", "逐步核对无误")
        assert "逐步核对无误" in handler.get("/staff/sample/").content.decode()

    def test_others_do_not_see_it_and_an_approver_does_not_answer(self, settled: City) -> None:
        drawn_all(settled)
        page = f"/staff/sample/{SampledBill.objects.of(settled).order_by('pk')[0].pk}/"
        assert logged_in("counter").get("/staff/sample/").status_code == 403
        approver: Client = logged_in("approver")
        assert "认定依据" not in approver.get(page).content.decode()
        assert approver.post(page, {"answer": "right", "note": "x"}).status_code in (403, 422)
        assert samples_open(settled) == 3

    def test_the_bureau_sees_the_months(self, settled: City) -> None:
        drawn_all(settled)
        shown = logged_in("bureau").get("/staff/bureau/").content.decode()
        assert "差错率范围" in shown
        assert "2022-04" in shown
