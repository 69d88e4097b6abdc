"""Organisations, their money and their files for tests, all by the services that staff use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.test import Client

from acting import acting
from disclosure_support import have_read
from huimin.platform.bulk.models import BulkFile, BulkRow, FileKind
from huimin.platform.bulk.organisations import open_organisation, propose_deposit
from huimin.platform.bulk.sending import accept_file, send_file
from huimin.platform.catalogue.selectors import plan_on_sale
from huimin.platform.foundation.approvals.services import answer_proposal
from huimin.platform.foundation.models import Approval, City
from huimin.platform.people.models import Resident
from subsidies_support import uncovered
from work_support import work_off

__all__ = [
    "CREDIT_CODE",
    "HEAD",
    "PRICE",
    "a_list_refused",
    "a_list_that_waits",
    "a_list_with_faults",
    "accepted",
    "an_employer",
    "asked_and_read",
    "asked_for_group",
    "line",
    "money_came",
    "money_proposed",
    "sent",
    "states",
    "the_list",
    "the_organisation",
    "the_proposal",
]

CREDIT_CODE = "91320100MA0000001B"
"""Of nobody: its check character is right."""
HEAD = "编号,姓名,证件号码,与投保人关系,投保人姓名,投保人证件号码,保费\n"
PRICE = 158_00


def an_employer(city: City, code: str = "factory", credit_code: str = CREDIT_CODE) -> str:
    open_organisation(actor=acting(city, "handler"), code=code, name="示范机械厂", credit_code=credit_code)
    return code


def money_came(city: City, fen: int, code: str = "factory", transfer: str = "T1") -> None:
    """One person proposes the transfer, and another agrees."""
    proposal = propose_deposit(
        actor=acting(city, "handler"),
        organisation=code,
        amount=fen,
        bank="pool-1",
        transfer=transfer,
        received_on=date(2022, 2, 14),
    )
    answer_proposal(actor=acting(city, "approver"), approval_id=proposal.id, agrees=True, reason="已与流水核对")


def line(
    person: Resident, reference: str = "", relation: str = "", holder: Resident | None = None, amount: str = ""
) -> str:
    name, number = (holder.name, holder.id_number) if holder is not None else ("", "")
    return f"{reference},{person.name},{person.id_number},{relation},{name},{number},{amount}\n"


def sent(
    city: City,
    lines: Sequence[str],
    *,
    kind: FileKind = FileKind.CONSENTED,
    name: str = "名单.csv",
    head: str = HEAD,
    code: str = "factory",
) -> int:
    """A file that the handler sent and a worker has checked."""
    year = plan_on_sale(city)
    assert year is not None
    data = (head + "".join(lines)).encode()
    number = send_file(
        actor=acting(city, "handler"), organisation=code, plan_year=year, kind=kind, file_name=name, content=[data]
    )
    work_off()
    return number


def accepted(city: City, file_id: int, *, work: bool = True) -> None:
    """The handler takes the rows that are in order, and a worker does what can be done."""
    faulty = BulkRow.objects.of(city).filter(file=file_id, state="faulty").count()
    accept_file(actor=acting(city, "handler"), file_id=file_id, refused=faulty)
    if work:
        work_off()


def states(city: City, file_id: int) -> Counter[str]:
    return Counter(BulkRow.objects.of(city).filter(file=file_id).values_list("state", flat=True))


def a_list_with_faults(city: City, client: Client) -> None:
    """Two people who are in order, and two rows that are not."""
    an_employer(city)
    one, two = uncovered(city, 2)
    sent(city, [line(one, "A1"), line(two, "A2"), line(one, "A3"), "A4,王芳,13812345678,,,,\n"])


def a_list_that_waits(city: City, client: Client) -> None:
    """One of three is enrolled; for the others the money does not suffice."""
    an_employer(city)
    money_came(city, PRICE + 1_00)
    accepted(city, sent(city, [line(one, f"E{one.pk}") for one in uncovered(city, 3)]))


def a_list_refused(city: City, client: Client) -> None:
    an_employer(city)
    sent(city, ["王芳\n"], head="姓名\n")


def the_list(city: City) -> dict[str, Any]:
    return {"file_id": BulkFile.objects.of(city).order_by("-received_at", "-pk")[0].pk}


def the_organisation(city: City) -> dict[str, Any]:
    return {"code": "factory"}


def money_proposed(city: City, client: Client) -> None:
    a_list_that_waits(city, client)
    propose_deposit(
        actor=acting(city, "handler"),
        organisation="factory",
        amount=316_00,
        bank="pool-1",
        transfer="T9",
        received_on=date(2022, 2, 15),
    )


def the_proposal(city: City) -> dict[str, Any]:
    return {"code": "factory", "approval_id": Approval.objects.of(city).order_by("-pk")[0].pk}


def asked_for_group(city: City, client: Client) -> None:
    """An employer asks somebody, who is signed in."""
    an_employer(city)
    (person,) = _adults(city, 1)
    accepted(city, sent(city, [line(person, "A1")], kind=FileKind.ASKING))
    session = client.session
    session["resident_id"] = [city.code, person.pk]
    session.save()


def asked_and_read(city: City, client: Client) -> None:
    asked_for_group(city, client)
    row = BulkRow.objects.of(city).get()
    have_read(city, row.resident)


def _adults(city: City, count: int) -> list[Resident]:
    return [one for one in uncovered(city, 60) if one.birth_date.year < 1995][:count]
