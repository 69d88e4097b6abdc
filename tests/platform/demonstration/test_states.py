"""The demonstration shows each page in each of its states: what is asked, contested, claimed and paid, and of many."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

import pytest

from door_support import Played, played
from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.catalogue.selectors import plan_on_sale
from huimin.platform.clearing.reading import statements
from huimin.platform.demonstration.bureau_register import entries
from huimin.platform.demonstration.buying import buy
from huimin.platform.demonstration.hospital_statements import load_hospital_statements
from huimin.platform.demonstration.invoices import load_invoices
from huimin.platform.demonstration.load import _covered, _resident
from huimin.platform.demonstration.many import load_many
from huimin.platform.demonstration.names import INSURERS
from huimin.platform.demonstration.population import people
from huimin.platform.demonstration.renewals import load_renewals
from huimin.platform.demonstration.year_begun import load_requests_and_claims
from huimin.platform.foundation.actors import Actor, client_actor
from huimin.platform.foundation.models import ApiClient, City
from huimin.platform.foundation.relations import Relation
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.ledger.verification import verify_city
from huimin.platform.payouts.models import ClaimPayout
from huimin.platform.people.models import Area, Household, Resident
from huimin.platform.people.persons import PersonFacts
from huimin.platform.people.selectors import persons_by_id
from huimin.platform.quick_claims.models import FetchConsent, QuickClaim
from huimin.platform.servicing.models import PolicyRequest
from huimin.platform.servicing.requests.reading import RequestStory, request_story
from huimin.platform.tasks.models import Status, Task
from invoicing_support import work_on_invoices
from platform_support import logged_in, signed_in
from served import free_port
from servicing_support import day_is

pytestmark = pytest.mark.django_db
TODAY, JOINED = date(2022, 2, 15), date(2021, 12, 20)
PEOPLE = 700


@pytest.fixture(autouse=True)
def _one_factor(settings: Any) -> None:
    settings.SECOND_FACTOR = False


@pytest.fixture
def alone(city: City) -> list[list[PersonFacts]]:
    """Some seven hundred more people of the city, each as a family of their own."""
    known = set(Resident.objects.of(city).values_list("psn_no", flat=True))
    more = [one for one in people(PEOPLE) if one.psn_no not in known]
    numbers = {one.household for one in more} - set(Household.objects.of(city).values_list("number", flat=True))
    Household.objects.bulk_create(Household(city=city, number=number) for number in sorted(numbers))
    households = {one.number: one for one in Household.objects.of(city)}
    areas = {area.code: area for area in Area.objects.of(city)}
    made = Resident.objects.bulk_create(_resident(city, one, areas, households) for one in more)
    found = persons_by_id(city, [one.pk for one in made])
    return [[found[one.pk]] for one in made]


@pytest.fixture
def year(city: City) -> PlanYearFacts:
    found = plan_on_sale(city)
    assert found is not None
    return found


@pytest.fixture
def begun(city: City, year: PlanYearFacts, alone: list[list[PersonFacts]]) -> City:
    """Forty joined in December, their year has begun, and they ask and claim."""
    joining = [one for (one,) in alone if one.insured and one.birth_date.year < 1990]
    channel = channel_on(city, JOINED)
    for one in joining[:40]:
        buy(channel, year, one, [(one, Relation.SELF)])
    load_requests_and_claims(city, year, TODAY, {one["psn_no"]: one for one in entries(PEOPLE)})
    day_is(city, TODAY)
    return city


def channel_on(city: City, day: date) -> Actor:
    client = ApiClient.objects.select_related("city").get(city=city, code="channel-1")
    client.city.demonstration_day = day
    return client_actor(client)


def on_page(address: str, name: str = "handler") -> str:
    """The page as this member of staff sees it."""
    answer = logged_in(name).get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def on_own_pages(city: City, who: Iterable[int], address: str) -> str:
    """This page of each of these residents, one after the other."""
    found = []
    for resident in Resident.objects.of(city).filter(pk__in=set(who)).order_by("pk"):
        resident.city = city
        answer = signed_in(resident).get(f"/{city.code}/{address}")
        assert answer.status_code == 200, (resident, address)
        found.append(answer.content.decode())
    return "".join(found)


def missing(html: str, words: Collection[str]) -> list[str]:
    return [one for one in words if one not in html]


def stories(city: City) -> list[RequestStory]:
    keys = PolicyRequest.objects.of(city).order_by("pk").values_list("pk", flat=True)
    return [story for key in keys if (story := request_story(city, key)) is not None]


REQUESTS = {
    "correct": {"asked", "sent_back", "refused", "granted"},
    "change": {"proposed", "granted"},
    "death": {"asked", "granted"},
    "contest": {"asked", "proposed", "granted", "refused"},
    "look": {"asked"},
}
"""By what is asked: what happened to it last."""


def test_what_is_asked_about_policies_stands_in_each_state_on_the_handlers_pages_and_the_residents(begun: City) -> None:
    found: dict[str, set[str]] = {}
    for story in stories(begun):
        found.setdefault(story.facts.asks.value, set()).add(str(story.events[-1].kind))
        said = on_page(f"/staff/policy-requests/{story.facts.id}/")
        assert ("第 1 份材料" in said) == (story.facts.asks != "look")
    assert found == REQUESTS
    kinds = ["更正保单信息", "变更保单信息", "身故登记", "健康记录异议", "待人工判断"]
    assert missing(on_page("/staff/policy-requests/"), [*kinds, "待经办", "待复核", "逾期"]) == []
    own = "".join(
        on_own_pages(begun, [one.facts.policy.insured_id], f"policies/{one.facts.policy.number}/correct/")
        for one in stories(begun)
        if one.facts.asks in ("correct", "change")
    )
    assert missing(own, [*kinds[:2], "待经办", "待复核", "已办理", "不予办理", "请补充户口簿"]) == []
    contested = [one.facts.policy.insured_id for one in stories(begun) if one.facts.asks == "contest"]
    health = on_own_pages(begun, contested, "health/")
    assert missing(health, ["有异议，核实中", "已认定不属于本人，不再计入", "经核实记录属实"]) == []
    assert verify_city(begun).faults == []


def test_claims_by_one_tap_and_the_payouts_that_follow_stand_in_each_state(begun: City) -> None:
    staff = on_page("/staff/payouts/")
    states = ["金额较大，须两人核对", "等待付款", "银行办理中", "被银行退回，未到账", "账户已销户", "已核对账单和户名"]
    assert missing(staff, states) == []
    own = on_own_pages(begun, ClaimPayout.objects.of(begun).values_list("payee_id", flat=True), "payouts/")
    assert missing(own, [*states[:4], "已到账", "2022年2月16日起"]) == []
    claims = [(one.claimed_by_id, one.key) for one in QuickClaim.objects.of(begun)]
    told = "".join(on_own_pages(begun, [who], f"claims/quick/{key}/") for who, key in claims)
    headlines = [
        "已付到尾号 0018 的账户",
        "正在付到尾号 0018 的账户",
        "金额较大，付款前须两人核对",
        "请登记收款账户",
        "有账单需要工作人员核实",
        "医保部门没有查到这段时间的结算",
        "这些账单没有需要付给您的赔款",
        "医保系统暂时没有回应",
        "您已撤回这次理赔",
        "您收回了同意",
    ]
    assert missing(told, headlines) == []
    consents = on_own_pages(
        begun, FetchConsent.objects.of(begun).values_list("given_by_id", flat=True), "claims/consents/"
    )
    assert missing(consents, ["有效，尚未查到结果", "已查询，不再使用", "已收回"]) == []
    days = on_page("/staff/reconciliation/")
    assert "2022-02-14" in days or "2022年2月14日" in days
    assert verify_city(begun).faults == []


def test_the_sample_of_decisions_stands_in_each_state(begun: City) -> None:
    assert missing(on_page("/staff/sample/"), ["待认定", "算对", "算错", "与条款一致"]) == []


def test_lists_of_many_and_tills_stand_in_each_state(
    city: City, year: PlanYearFacts, alone: list[list[PersonFacts]]
) -> None:
    load_many(city, year, alone, date(2021, 12, 1))
    forget_all()
    lists = on_page("/staff/bulk/")
    assert missing(lists, ["整份退回", "待确认", "等待缴款", "已确认，办理中"]) == []
    organisations = on_page("/staff/organisations/")
    assert missing(organisations, ["示范机械厂", "示范街道办事处"]) == []
    tills = on_page("/staff/tills/")
    assert missing(tills, ["待核对到账", "已到账", "与账面差", "¥10.00", "疑为找零有误"]) == []
    own = on_page("/staff/till/", "counter")  # what was counted too short is in the books still
    assert missing(own, ["账面应有", "¥168.00", "与账面差"]) == []
    assert verify_city(city).faults == []


def test_renewals_stand_in_each_state(city: City, year: PlanYearFacts, alone: list[list[PersonFacts]]) -> None:
    shares = {code: share for code, _, _, share in INSURERS}
    channel = channel_on(city, JOINED)
    channel.city.refresh_from_db()
    load_renewals(channel.city, channel, year, alone, shares)
    forget_all()
    day_is(city, TODAY)
    assert missing(on_page("/staff/renewals/"), ["已预告，尚未扣款", "已取消", "已电话告知"]) == []


@pytest.fixture
def sandbox(settings: Any) -> Iterator[Played]:
    with played(settings) as found:
        settings.PUBLIC_ADDRESS = f"http://127.0.0.1:{free_port()}"
        yield found


def test_invoices_are_issued_red_and_refused(city: City, year: PlanYearFacts, sandbox: Played) -> None:
    Task.objects.of(city).update(status=Status.DONE)
    day_is(city, TODAY)
    families: dict[int, list[PersonFacts]] = {}
    for one in persons_by_id(city, Resident.objects.of(city).values_list("pk", flat=True)).values():
        families.setdefault(one.household_id, []).append(one)
    load_invoices(city, channel_on(city, TODAY), year, list(families.values()))
    work_on_invoices(city, rounds=4)
    own = on_own_pages(city, Resident.objects.of(city).values_list("pk", flat=True), "invoices/")
    assert missing(own, ["发票号码", "红字发票"]) == []
    assert "示范市查无此司有限公司" in on_page("/staff/invoices/")


def test_hospitals_have_a_statement_in_each_state(city: City, settings: Any) -> None:
    load_hospital_statements(city, TODAY, _covered(city)[-4:])
    assert verify_city(city).faults == []
    found = {one.party: one.state.value for one in statements(city, 1)}
    assert found == {
        "hospital:hospital-1": "paid",
        "hospital:hospital-2": "disputed",
        "hospital:hospital-3": "waiting",
        "hospital:hospital-4": "overdue",
    }
    assert [one.status for one in ClaimPayout.objects.of(city).exclude(hospital="")] == ["paid"]
    page = logged_in("handler").get("/staff/hospitals/").content.decode()
    assert page.count("第一人民医院") == page.count("云溪人民医院") == 1
