"""The demonstration's organisations, lists and counter: a list in each of its states, and a till that was counted."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from huimin.platform.bulk.api import (
    FileKind,
    RowState,
    accept_file,
    answer_group,
    asked_of,
    bulk_file,
    check_sent,
    enrol_agreed,
    open_organisation,
    organisation_by_code,
    propose_deposit,
    send_file,
)
from huimin.platform.catalogue.api import PlanYearFacts, terms_of
from huimin.platform.counter.api import (
    Agreed,
    How,
    cash_keys,
    close_till,
    confirm_banked,
    enrol_at_counter,
    propose_write_off,
    take_cash,
)
from huimin.platform.demonstration.staff import staff_named
from huimin.platform.disclosure.api import confirm_key_terms
from huimin.platform.enrolment.api import check_eligibility, means_moved
from huimin.platform.foundation.actors import Actor, demonstration_actor, resident_actor
from huimin.platform.foundation.approvals.services import answer_proposal
from huimin.platform.foundation.clock import today
from huimin.platform.foundation.models import City, Role
from huimin.platform.foundation.relations import Relation
from huimin.platform.payments.api import MeansKind
from huimin.platform.people.api import PersonFacts, Resident, named_persons
from huimin.terms import key_terms, words_digest

__all__ = ["load_many"]

_HEAD = "编号,姓名,证件号码,与投保人关系,保费"
_PRICE = 158_00
_ADULT_BEFORE = 2003


def load_many(city: City, plan_year: PlanYearFacts, families: Sequence[list[PersonFacts]], first_day: date) -> None:
    """An employer whose people are asked, a channel whose list is enrolled in part and waits for money, lists that
    nobody has accepted; money that a second person has to see; and people whom staff enrolled at a counter, for cash.
    """
    city.demonstration_day = first_day + timedelta(days=40)
    people = _free(city, plan_year, families)
    handler = staff_named(city, "handler", Role.HANDLER)
    organisations = (
        ("machinery", "示范机械厂（演示）", "91320100MA0000001B", 20 * _PRICE),
        ("street-office", "示范街道办事处（演示）", "91320100MA0000002E", 12 * _PRICE),
        ("school", "示范实验小学（演示）", "91320200MA0000002K", 3 * _PRICE),
    )
    for code, name, credit_code, money in organisations:
        open_organisation(actor=demonstration_actor(city), code=code, name=name, credit_code=credit_code)
        _paid_in(city, handler, code, money, first_day)
    _consented(city, plan_year, handler, people[:20])
    _done(city, plan_year, handler, people[72:75])
    _asked(city, plan_year, handler, [one for one in people[20:60] if one.birth_date.year < _ADULT_BEFORE][:14])
    _with_faults(city, plan_year, handler, people[60:66])
    _not_accepted(city, plan_year, handler, people[54:60])
    _counter(city, plan_year, people[66:72])


def _free(city: City, plan_year: PlanYearFacts, families: Sequence[list[PersonFacts]]) -> list[PersonFacts]:
    """One person of every seventh family who may join."""
    people = [family[0] for family in families[12::7]]
    found = check_eligibility(city=city, plan_year=plan_year, residents=people)
    return [one for one in people if found[one.id].eligible and found[one.id].offer is not None][:75]


def _paid_in(city: City, handler: Actor, code: str, money: int, first_day: date) -> None:
    proposal = propose_deposit(
        actor=handler,
        organisation=code,
        amount=money,
        bank="pool-1",
        transfer=f"DW-{code}",
        received_on=first_day + timedelta(days=30),
    )
    approver = staff_named(city, "approver", Role.APPROVER)
    answer_proposal(actor=approver, approval_id=proposal.id, agrees=True, reason="已与银行流水核对")


def _consented(city: City, plan_year: PlanYearFacts, handler: Actor, people: Sequence[PersonFacts]) -> None:
    """Twelve of twenty can be paid; the others wait for the rest of the money."""
    number = _sent(
        city, plan_year, handler, "street-office", FileKind.CONSENTED, "社区居民名单.csv", _lines(city, people)
    )
    _accept(city, handler, number)
    _enrol(city, "street-office")


def _done(city: City, plan_year: PlanYearFacts, handler: Actor, people: Sequence[PersonFacts]) -> None:
    """Everybody has cover: this list can have its invoice."""
    number = _sent(city, plan_year, handler, "school", FileKind.CONSENTED, "教职工名单.csv", _lines(city, people))
    _accept(city, handler, number)
    _enrol(city, "school")


def _asked(city: City, plan_year: PlanYearFacts, handler: Actor, people: Sequence[PersonFacts]) -> None:
    """Half have agreed, one has declined, the others have not answered yet."""
    number = _sent(city, plan_year, handler, "machinery", FileKind.ASKING, "职工名单.csv", _lines(city, people))
    _accept(city, handler, number)
    digest = words_digest(key_terms(terms_of(plan_year).plan, "zh"))
    for place, one in enumerate(people[: len(people) // 2]):
        actor, named = resident_actor(city, one.id), named_persons(city, [one.id])[one.id]
        confirm_key_terms(actor=actor, resident=named, plan_year=plan_year, language="zh", words_digest=digest)
        for asked in asked_of(city, one.id):
            answer_group(actor=actor, resident=named, row_id=asked.row_id, agrees=place > 0, text="我同意由单位参保")
    _enrol(city, "machinery")


def _with_faults(city: City, plan_year: PlanYearFacts, handler: Actor, people: Sequence[PersonFacts]) -> None:
    """Checked, and not accepted yet: some rows are wrong."""
    lines = _lines(city, people)
    wrong = ["W1,王芳,13812345678,,", "W2,张三,329901197805200000,,", f"{lines[0]}", "W4,李四,,表哥,一百五十八"]
    _sent(city, plan_year, handler, "street-office", FileKind.CONSENTED, "补充名单（有误）.csv", [*lines, *wrong])


def _not_accepted(city: City, plan_year: PlanYearFacts, handler: Actor, people: Sequence[PersonFacts]) -> None:
    """One in which nothing is wrong, and one whose first line names no columns; and the money that was announced."""
    kind, code = FileKind.CONSENTED, "street-office"
    _sent(city, plan_year, handler, code, kind, "第二批居民名单.csv", _lines(city, people))
    _sent(city, plan_year, handler, code, kind, "手工登记表.csv", [], head="社区,楼栋,户数")
    propose_deposit(
        actor=handler,
        organisation=code,
        amount=8 * _PRICE,
        bank="pool-1",
        transfer=f"DW-{code}-2",
        received_on=today(city) - timedelta(days=1),
    )


def _lines(city: City, people: Sequence[PersonFacts]) -> list[str]:
    rows = {row.pk: row for row in Resident.objects.of(city).filter(pk__in=[one.id for one in people])}
    return [f"{one.psn_no},{rows[one.id].name},{rows[one.id].id_number},本人,158.00" for one in people]


def _sent(
    city: City,
    plan_year: PlanYearFacts,
    handler: Actor,
    organisation: str,
    kind: FileKind,
    name: str,
    lines: Sequence[str],
    head: str = _HEAD,
) -> int:
    content = "\n".join([head, *lines, ""]).encode("utf-8-sig")
    number = send_file(
        actor=handler, organisation=organisation, plan_year=plan_year, kind=kind, file_name=name, content=[content]
    )
    with tempfile.TemporaryDirectory() as home:
        check_sent(city=city, file_id=number, home=Path(home))
    return number


def _accept(city: City, handler: Actor, number: int) -> None:
    found = bulk_file(city, number)
    assert found is not None  # noqa: S101 - sent above
    accept_file(actor=handler, file_id=number, refused=found.counts.get(RowState.FAULTY, 0))


def _enrol(city: City, code: str) -> None:
    found = organisation_by_code(city, code)
    while found is not None and enrol_agreed(city, found.id):
        pass


def _counter(city: City, plan_year: PlanYearFacts, people: Sequence[PersonFacts]) -> None:
    """Of three sums of cash one was paid in, one was counted too short, and one lies in the till; one order waits."""
    staff = staff_named(city, "counter", Role.COUNTER).with_purpose("counter enrolment")
    orders = _ordered_at_counter(plan_year, staff, people)
    for place, order in enumerate(orders[:-1]):
        take_cash(actor=staff, order=order)
        _issue(city, order)
        if place == 1:
            closing = close_till(actor=staff, counted=2 * _PRICE)
            handler = staff_named(city, "handler", Role.HANDLER)
            confirm_banked(actor=handler, closing_id=closing, bank="pool-1", transfer="JK-20220110")
        elif place == 3:
            short = close_till(actor=staff, counted=2 * _PRICE - 10_00, note="少 10 元，疑为找零有误，已报主管")
            handler = staff_named(city, "handler", Role.HANDLER)
            propose_write_off(actor=handler, closing_id=short, note="已调阅监控，确系找零有误")


def _ordered_at_counter(plan_year: PlanYearFacts, staff: Actor, people: Sequence[PersonFacts]) -> list[str]:
    """People agree on paper and order for themselves, to pay in cash: the references of their orders."""
    named = named_persons(staff.city, [one.id for one in people])
    digest = words_digest(key_terms(terms_of(plan_year).plan, "zh"))
    references = []
    for place, one in enumerate(people):
        agreed = Agreed(How.PAPER, "我同意", digest, "zh", paper=f"GZ-2022-{place + 1:04d}")
        insured = [(named[one.id], Relation.SELF)]
        placed = enrol_at_counter(
            actor=staff, plan_year=plan_year, applicant=named[one.id], insured=insured, agreed=agreed, cash=True
        )
        references.append(placed.order.reference)
    return references


def _issue(city: City, reference: str) -> None:
    """As the queue would, on hearing that the cash was taken."""
    for key in cash_keys(city, reference):
        means_moved(city, MeansKind.CASH, key, "")
