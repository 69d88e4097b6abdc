"""The demonstration's funds: a foundation and the city pay for the people of a roster, most of whom have joined."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from huimin.platform.catalogue.api import PlanYearFacts
from huimin.platform.demonstration.buying import buy
from huimin.platform.demonstration.staff import staff_named
from huimin.platform.enrolment.api import policies_of_city
from huimin.platform.foundation.actors import Actor, demonstration_actor
from huimin.platform.foundation.approvals.services import answer_proposal
from huimin.platform.foundation.models import City, Role
from huimin.platform.foundation.relations import Relation
from huimin.platform.foundation.remembered import forget_all
from huimin.platform.people.api import PersonFacts, Resident
from huimin.platform.subsidies.api import (
    PerPerson,
    SponsorKind,
    files_of_roster,
    open_fund,
    open_roster,
    open_sponsor,
    pay_in,
    propose_version,
    read_sent,
    roster_by_code,
    send_roster,
)

__all__ = ["load_subsidies"]

_ROSTER = "hardship"
_REASONS = ("特困人员", "低保对象", "低保对象", "重度残疾人", "优抚对象")
_MOST, _JOINED, _IN_A_DAY = 160, 110, 3


def load_subsidies(
    city: City, channel: Actor, plan_year: PlanYearFacts, families: Sequence[list[PersonFacts]], first_day: date
) -> None:
    """Two funds, a roster that two people agreed to, and orders day by day of which each person paid one fen."""
    _open(city, plan_year, first_day)
    people = _chosen(city, families)
    _roster(city, people)
    forget_all()
    for place, person in enumerate(people[:_JOINED]):
        channel.city.demonstration_day = first_day + timedelta(days=20 + place // _IN_A_DAY)
        buy(channel, plan_year, person, [(person, Relation.SELF)])


def _open(city: City, plan_year: PlanYearFacts, first_day: date) -> None:
    actor = demonstration_actor(city)
    open_roster(actor=actor, code=_ROSTER, name_zh="困难群众资助名册", name_en="People in hardship")
    sponsors = (
        ("charity", SponsorKind.DONOR, "示范市慈善总会", "Shifan Charity Federation"),
        ("civil-affairs", SponsorKind.DEPARTMENT, "示范市民政局", "Shifan Civil Affairs Bureau"),
    )
    for code, kind, zh, en in sponsors:
        open_sponsor(actor=actor, code=code, kind=kind, name_zh=zh, name_en=en)
    funds = (
        ("love-2022", "爱心资助资金", "Fund of love", "charity", 1, {"": PerPerson(fen=80_00)}, 12_800_00),
        ("city-2022", "市级参保资助资金", "City's fund", "civil-affairs", 2, {"": PerPerson(leaves=1)}, 12_000_00),
    )
    for code, zh, en, sponsor, order, amounts, money in funds:
        open_fund(
            actor=actor,
            code=code,
            name_zh=zh,
            name_en=en,
            sponsor=sponsor,
            roster=_ROSTER,
            plan_year_id=plan_year.id,
            use_order=order,
            amounts=amounts,
            opens_on=first_day,
            closes_on=date(first_day.year + 1, 12, 31),
        )
        pay_in(actor=actor, fund=code, amount=money, bank="pool-1", transfer=f"B-{code}", received_on=first_day)


def _chosen(city: City, families: Sequence[list[PersonFacts]]) -> list[PersonFacts]:
    """People without cover, of every fifth family but the first ones."""
    covered = {policy.insured_id for policy in policies_of_city(city)}
    free = [one for family in families[10::5] for one in family if one.insured and one.id not in covered]
    return free[:_MOST]


def _roster(city: City, people: Sequence[PersonFacts]) -> None:
    """The handler sends the list, and the approver agrees."""
    handler, approver = (
        staff_named(city, name, role) for name, role in (("handler", Role.HANDLER), ("approver", Role.APPROVER))
    )
    rows = {row.pk: row for row in Resident.objects.of(city).filter(pk__in=[one.id for one in people])}
    lines = ["姓名,身份证号,资助类别,有效期起,有效期止"]
    for place, person in enumerate(people):
        row = rows[person.id]
        lines.append(f"{row.name},{row.id_number},{_REASONS[place % len(_REASONS)]},2021-12-01,2022-12-31")
    file_id = send_roster(
        actor=handler, roster=_ROSTER, file_name="困难群众名单.csv", data="\n".join(lines).encode("utf-8-sig")
    )
    read_sent(city=city, file_id=file_id)
    found = roster_by_code(city, _ROSTER)
    assert found is not None  # noqa: S101 - opened above
    version = files_of_roster(city, found.id)[0].version
    assert version is not None  # noqa: S101 - everybody is of the register
    proposal = propose_version(actor=handler, version_id=version.id, reason="民政局 2021 年 12 月来函")
    answer_proposal(actor=approver, approval_id=proposal.id, agrees=True, reason="已与来函核对")
    wrong = f"{lines[0]}\n王芳,329901197805200000,低保对象,2021-12-01,2022-12-31\n张三,1,老乡,2022-02-30,\n"
    file_id = send_roster(actor=handler, roster=_ROSTER, file_name="二月新增（有误）.csv", data=wrong.encode())
    read_sent(city=city, file_id=file_id)
