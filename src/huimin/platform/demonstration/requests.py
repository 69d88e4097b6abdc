"""What is asked about policies in the demonstration: corrections, deaths and contests, each in one of its states."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from huimin.platform.demonstration.papers import paper
from huimin.platform.demonstration.staff import staff_named
from huimin.platform.enrolment.api import NOT_THEIRS, THEIRS, PolicyFacts, keep_records, records_of
from huimin.platform.foundation.actors import Actor, resident_actor
from huimin.platform.foundation.clock import now
from huimin.platform.foundation.models import City, Role
from huimin.platform.gateways.api import HistoryItem
from huimin.platform.people.api import areas, named_persons
from huimin.platform.servicing.api import (
    agree_to_request,
    ask_for_endorsement,
    contest_record,
    propose_request,
    refuse_request,
    report_death,
)

__all__ = ["load_requests"]

_LATE, _LATELY, _DAY = timedelta(days=12), timedelta(days=3), timedelta(days=1)
_SEEN = "已核对证件原件"


@dataclass(frozen=True, slots=True)
class _Desk:
    """The two who decide, in the city on the day that it is for them."""

    handler: Actor
    approver: Actor

    def proposed(self, request: int, answer: str = "") -> None:
        propose_request(actor=self.handler, request_id=request, note=_SEEN, answer=answer)

    def granted(self, request: int, answer: str = "") -> None:
        self.proposed(request, answer)
        agree_to_request(actor=self.approver, request_id=request, agrees=True, note="同意")

    def sent_back(self, request: int) -> None:
        self.proposed(request)
        note = "材料看不清证件号码，请联系投保人补充"
        agree_to_request(actor=self.approver, request_id=request, agrees=False, note=note)

    def refused(self, request: int) -> None:
        refuse_request(actor=self.handler, request_id=request, note="材料与所申请的姓名不一致，请补充户口簿")


def load_requests(city: City, today: date, policies: Sequence[PolicyFacts], told: Mapping[str, Any]) -> None:
    """Requests about policies whose insured hold them; `told`: what the bureau's register says, by its number.

    It takes nine policies, and four more of people of whom the register has records.
    """
    desk = _Desk(*(staff_named(city, role, role) for role in (Role.HANDLER, Role.APPROVER)))
    recorded = [one for one in policies if told[one.psn_no]["history"]]
    recorded.sort(key=lambda one: not _grouped(told[one.psn_no]))
    contested = recorded[:4]
    rest = iter([one for one in policies if one not in contested])
    city.demonstration_day = today - _LATE
    _name(city, next(rest))  # nobody has looked, and it is overdue
    city.demonstration_day = today - _LATELY
    _endorsements(city, rest, desk)
    _deaths(city, rest, desk)
    _contests(city, contested, told, desk)
    city.demonstration_day = today


def _endorsements(city: City, rest: Iterator[PolicyFacts], desk: _Desk) -> None:
    for decided in (lambda request: None, desk.sent_back, desk.refused, desk.granted):
        decided(_name(city, next(rest)))
    for decided in (desk.proposed, desk.granted):
        decided(_moved(city, next(rest)))


def _deaths(city: City, rest: Iterator[PolicyFacts], desk: _Desk) -> None:
    """One that nobody has looked at, and one that is recorded: cover has ended with it."""
    decisions: tuple[Callable[[int], None], ...] = (lambda request: None, desk.granted)
    for decided in decisions:
        request = report_death(
            actor=desk.handler,
            number=next(rest).number,
            died_on=city.demonstration_day - _DAY if city.demonstration_day else date.max,
            source="death_certificate",
            words="家属到柜面办理，死亡医学证明原件已看",
            papers=[paper("Death certificate")],
        )
        decided(request)


def _contests(city: City, policies: Sequence[PolicyFacts], told: Mapping[str, Any], desk: _Desk) -> None:
    """A record that was another's, one that is the person's own, one that a second person has to see, and a new one."""
    decisions: tuple[Callable[[int], None], ...] = (
        lambda request: desk.granted(request, NOT_THEIRS),
        lambda request: desk.granted(request, THEIRS),
        lambda request: desk.proposed(request, NOT_THEIRS),
        lambda request: None,
    )
    for policy, decided in zip(policies, decisions, strict=True):
        decided(_contest(city, policy, told[policy.psn_no]["history"]))


def _contest(city: City, policy: PolicyFacts, history: Sequence[Mapping[str, str]]) -> int:
    """The bureau has told what its register has of the person, and they contest one of it."""
    items = [
        HistoryItem(one["diagnosis"], date.fromisoformat(one["day"]), one["institution"], one.get("group", ""))
        for one in history
    ]
    keep_records(city, policy.insured_id, items, now(city))
    records = records_of(city, policy.insured_id)
    record = next((one for one in records if one.group), records[0])
    return contest_record(
        actor=resident_actor(city, policy.insured_id),
        number=policy.number,
        record_id=record.id,
        why="borrowed_card",
        words="那天我在外地出差，医保卡借给亲戚用了",
        papers=[paper("Railway ticket")],
    )


_OTHERWISE = dict(
    zip(
        "英兰珍芬华敏静丽艳娟婷雪怡涵桐萱国强军明伟磊勇涛鹏然轩航杰",
        "瑛岚贞芳骅闽婧莉燕鹃亭雯宜晗彤宣帼彊钧铭炜垒永滔朋冉宣杭洁",
        strict=True,
    )
)
"""What somebody at a desk hears instead of the last character of a name."""


def _name(city: City, policy: PolicyFacts) -> int:
    """The insured asks that their name is written rightly."""
    name = named_persons(city, [policy.insured_id])[policy.insured_id].name
    return _asked(city, policy, {"name": name[:-1] + _OTHERWISE.get(name[-1], "")}, "姓名登记时写错了字")


def _moved(city: City, policy: PolicyFacts) -> int:
    """The insured has moved to another area of the city."""
    other = next(one.code for one in areas(city) if one.id != policy.area_id)
    return _asked(city, policy, {"area": other}, "已随工作单位转移参保地", from_day=city.demonstration_day)


def _asked(city: City, policy: PolicyFacts, facts: Mapping[str, Any], words: str, **named: Any) -> int:
    actor = resident_actor(city, policy.insured_id)
    papers = [paper("Identity card")]
    return ask_for_endorsement(actor=actor, number=policy.number, facts=facts, words=words, papers=papers, **named)


def _grouped(person: Mapping[str, Any]) -> bool:
    return any("group" in one for one in person["history"])
