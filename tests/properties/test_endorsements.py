"""What a policy says follows from its endorsements, whatever the order in which they come to us."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from huimin.platform.foundation.events import Event
from huimin.platform.servicing.endorsing.state import Endorsement, endorsements_in, facts_on

ISSUED = {"insutype": "310", "area": 1, "name": "王芳"}
FIRST, LAST = date(2022, 1, 1), date(2022, 12, 31)
DAYS = st.dates(FIRST, LAST)
FACTS = st.dictionaries(st.sampled_from(sorted(ISSUED)), st.sampled_from(["310", "390", "a", "b"]), min_size=1)


@st.composite
def endorsements(draw: st.DrawFn) -> list[Endorsement]:
    count = draw(st.integers(1, 5))
    return [
        Endorsement(f"HM1:{place}", draw(FACTS), draw(st.none() | DAYS), draw(DAYS)) for place in range(1, count + 1)
    ]


@given(endorsements(), DAYS)
def test_every_order_of_arrival_gives_the_same_state_on_every_day(found: list[Endorsement], day: date) -> None:
    expected = facts_on(ISSUED, found, day)
    for order in permutations(found):
        assert facts_on(ISSUED, order, day) == expected


@given(endorsements(), DAYS)
def test_what_is_from_a_later_day_on_says_nothing_of_the_days_before(found: list[Endorsement], day: date) -> None:
    known = [one for one in found if one.from_day is None or one.from_day <= day]
    assert facts_on(ISSUED, found, day) == facts_on(ISSUED, known, day)


def said(place: int, insutype: str, from_day: date | None = None, dated: date = FIRST) -> Endorsement:
    return Endorsement(f"HM1:{place}", {"insutype": insutype}, from_day, dated)


def test_a_correction_of_what_was_always_so_leaves_a_later_change_as_it_is() -> None:
    june = date(2022, 6, 1)
    found = [said(1, "390", june), said(2, "a", dated=date(2022, 8, 1))]
    before = facts_on(ISSUED, found, june - timedelta(days=1))
    assert (before["insutype"], facts_on(ISSUED, found, june)["insutype"]) == ("a", "390")


def test_of_two_about_the_same_days_the_later_paper_counts_whichever_came_first() -> None:
    earlier, later = said(2, "390", dated=date(2022, 2, 1)), said(1, "a", dated=date(2022, 2, 2))
    assert facts_on(ISSUED, [later, earlier], LAST)["insutype"] == "a"
    assert facts_on(ISSUED, [earlier, later], LAST)["insutype"] == "a"


def test_what_was_taken_back_says_nothing_any_more() -> None:
    moment = __import__("datetime").datetime(2022, 2, 1).astimezone()
    data = {"key": "HM1:1", "dated": "2022-02-01", "from_day": None}
    corrected = Event(1, "corrected", moment, moment, data=data, personal={"facts": {"insutype": "390"}})
    taken_back = Event(2, "taken_back", moment, moment, undoes=1)
    assert [one.facts for one in endorsements_in([corrected])] == [{"insutype": "390"}]
    assert endorsements_in([corrected, taken_back]) == []
