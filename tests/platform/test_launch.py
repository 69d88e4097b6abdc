"""The page of a launch: its figures are those of the policies, and who may not see persons sees none of few people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import WANG_FANG
from huimin.platform.catalogue.api import plan_on_sale
from huimin.platform.desk.models import Kind, Study
from huimin.platform.desk.selectors import break_even_of
from huimin.platform.enrolment.models import OrderLine, Policy
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.oversight.launch import FEWEST_SHOWN, Group, Launch, Step, launch_of, without_few
from huimin.platform.tasks.models import Task
from huimin.platform.tasks.services import enqueue
from platform_support import Caller, logged_in, person

SEES = True


@pytest.fixture(autouse=True)
def _password_alone(settings: Any) -> None:
    settings.SECOND_FACTOR = False


def seen(city: City, *, step: Step | None = None, sees_persons: bool = SEES) -> Launch:
    forget_all()
    year = plan_on_sale(city)
    assert year is not None
    return launch_of(city, year, step=step, sees_persons=sees_persons)


def enrol(api: Caller, index: int = 0) -> str:
    body = {"applicant": person(index), "insured": [{**person(index), "relation": "self"}], "terms_opened": True}
    order = api.post("channel-1", "/api/v1/orders", body).json()
    api.pay(order["reference"], order["total"])
    return str(order["reference"])


def test_every_breakdown_adds_up_to_those_who_joined(city: City) -> None:
    found = seen(city)
    count = Policy.objects.of(city).count()
    assert found.enrolled == count
    for groups in (found.by_area, found.by_channel, found.by_decade, found.by_means):
        assert sum(one.count or 0 for one in groups) == count
    assert found.take_up == (count * 10_000 + found.target // 2) // found.target


def test_somebody_who_joins_now_is_in_the_minute_the_channel_and_the_kind_of_payment(api: Caller, city: City) -> None:
    before = seen(city, step=Step.MINUTE)
    enrol(api)
    after = seen(city, step=Step.MINUTE)
    assert sum(n or 0 for _at, n in after.over_time) == sum(n or 0 for _at, n in before.over_time) + 1
    assert {one.name: one.count for one in after.by_channel}["channel-1"]
    assert [one.name for one in after.by_means] == ["company"]


def test_minutes_without_anybody_stand_between_those_with_somebody(api: Caller, city: City) -> None:
    enrol(api, 0)
    Policy.objects.of(city).filter(holder__psn_no=WANG_FANG).update(issued_at=now(city) - timedelta(minutes=20))
    enrol(api, 1)
    found = [count for _at, count in seen(city, step=Step.MINUTE).over_time]
    assert len(found) >= 20
    assert found[-1]
    assert 0 in found


def test_an_order_that_waits_and_a_person_who_could_not_be_covered_are_told(api: Caller, city: City) -> None:
    before = seen(city)
    body = {"applicant": person(0), "insured": [{**person(0), "relation": "self"}], "terms_opened": True}
    first, second = (api.post("channel-1", "/api/v1/orders", body).json() for _ in range(2))
    assert seen(city).orders_waiting == before.orders_waiting + 2
    api.pay(first["reference"], first["total"])
    api.pay(second["reference"], second["total"])
    assert ("covered_already", 1) in seen(city).refused
    assert OrderLine.objects.of(city).filter(refund_reason="covered_already").count() == 1


def test_queues_and_what_failed_are_told_with_their_reason(city: City) -> None:
    enqueue(city=city, kind="notice", key="waits", payload={"template": "none"})
    enqueue(city=city, kind="notice", key="failed", payload={"template": "none"})
    moment = now(city)
    Task.objects.of(city).filter(key="failed").update(status="failed", fault_code="unreadable", finished_at=moment)
    found = seen(city)
    assert next(one.count for one in found.waiting if one.kind == "notice") >= 1
    assert [(one.code, one.count) for one in found.failing if one.kind == "notice"] == [("unreadable", 1)]
    page = logged_in("handler").get("/staff/launch/").content.decode()
    assert "通知短信" in page


def groups(*counts: int) -> list[Group]:
    return [Group(str(place), count) for place, count in enumerate(counts)]


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((FEWEST_SHOWN, FEWEST_SHOWN + 5), (10, 15)),
        ((FEWEST_SHOWN - 1, 40, 20), (None, 40, None)),
        ((9, 3, 20), (None, None, 20)),
        ((0, 30), (0, 30)),
        ((1,), (None,)),
    ],
)
def test_fewer_than_ten_are_not_shown_nor_told_by_what_is_left(
    counts: tuple[int, ...], shown: tuple[int | None, ...]
) -> None:
    assert tuple(one.count for one in without_few(groups(*counts))) == shown


def test_the_bureau_sees_no_figure_of_few_and_the_handler_does(api: Caller, city: City) -> None:
    enrol(api)
    few = seen(city, step=Step.MINUTE, sees_persons=False)
    assert [count for _at, count in few.over_time if count] == []
    assert None in [count for _at, count in few.over_time]
    forget_all()
    bureau = logged_in("bureau").get("/staff/launch/?step=minute").content.decode()
    assert "&lt;10" in bureau
    assert "不足 10 人的数字不显示" in bureau
    assert "不足 10 人的数字不显示" not in logged_in("handler").get("/staff/launch/?step=minute").content.decode()


def statements(city: City) -> int:
    forget_all()
    year = plan_on_sale(city)
    assert year is not None
    with CaptureQueriesContext(connection) as asked:
        launch_of(city, year, sees_persons=SEES, step=Step.DAY)
    return len(asked)


def test_the_figures_take_the_same_few_statements_whatever_the_number_of_policies(api: Caller, city: City) -> None:
    few = statements(city)
    for index in range(4):
        enrol(api, index)
    assert statements(city) == few <= 14


def test_a_wall_of_screens_asks_no_more_than_one(city: City) -> None:
    seen(city, step=Step.DAY)
    year = plan_on_sale(city)
    assert year is not None
    with CaptureQueriesContext(connection) as asked:
        launch_of(city, year, step=Step.DAY, sees_persons=SEES)
    assert len(asked) == 0


def study(city: City, digest: str, designs: list[dict[str, Any]]) -> None:
    task = enqueue(city=city, kind="study", payload={})
    fields = {"task": task, "kind": Kind.DESIGN, "plan_digest": digest, "plan_text": "", "sources_text": ""}
    Study.objects.create(
        city=city, people=1, seed=1, requested_by="x", requested_at=now(city), document={"designs": designs}, **fields
    )


AS_IT_IS = {"deductible": 10, "points": 0, "limit": 10}


def test_take_up_is_compared_with_the_break_even_of_the_study_at_the_nearest_price(city: City) -> None:
    year = plan_on_sale(city)
    assert year is not None
    assert break_even_of(city, year.plan_digest, 158_00) is None
    assert "精算台还没有" in logged_in("handler").get("/staff/launch/").content.decode()
    dear = {"change": AS_IT_IS, "price": 300, "break_even": 0.01}
    near = {"change": AS_IT_IS, "price": 160, "break_even": 0.34123}
    other = {"change": {**AS_IT_IS, "points": 500}, "price": 158, "break_even": 0.9}
    study(city, year.plan_digest, [dear, near, other])
    found = break_even_of(city, year.plan_digest, 158_00)
    assert found is not None
    assert (found.take_up, found.price) == (3413, 160)
    page = logged_in("handler").get("/staff/launch/").content.decode()
    assert "34.13%" in page
    assert "160 元" in page


def test_a_study_of_other_terms_or_without_a_break_even_tells_nothing(city: City) -> None:
    study(city, "f" * 64, [{"change": AS_IT_IS, "price": 158, "break_even": 0.3}])
    year = plan_on_sale(city)
    assert year is not None
    assert break_even_of(city, year.plan_digest, 158_00) is None
    study(city, year.plan_digest, [{"change": AS_IT_IS, "price": 158, "break_even": None}])
    assert break_even_of(city, year.plan_digest, 158_00) is None


def test_the_page_brings_itself_up_to_date_in_part(city: City) -> None:
    handler = logged_in("handler")
    whole = handler.get("/staff/launch/?step=day").content.decode()
    part = handler.get("/staff/launch/?step=day", headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 15s"' in whole
    assert part.lstrip().startswith('<div id="launch"')
    assert "?step=day" in part
    assert handler.get("/staff/launch/?step=week").status_code == 200
