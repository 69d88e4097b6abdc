"""What a worker finds in a list of people, row by row, before anybody is enrolled."""

from __future__ import annotations

import itertools
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from acting import acting
from bulk_support import HEAD, accepted, an_employer, line, money_came, sent, states
from claims_support import next_year
from huimin.platform.bulk import checking
from huimin.platform.bulk.failures import BulkError
from huimin.platform.bulk.models import BulkFile, BulkRow, FileKind
from huimin.platform.bulk.sending import accept_file, cancel_file, send_file
from huimin.platform.catalogue.selectors import plan_on_sale
from huimin.platform.enrolment.models import Order, Policy
from huimin.platform.foundation.models import City
from huimin.platform.people.models import Resident
from huimin.platform.tasks.models import Task
from subsidies_support import uncovered
from work_support import work_off


def faults(city: City, file_id: int) -> dict[int, list[list[str]]]:
    rows = BulkRow.objects.of(city).filter(file=file_id, state="faulty").order_by("number")
    return dict(rows.values_list("number", "faults"))


def of_file(city: City, file_id: int) -> list[list[str]]:
    found: list[list[str]] = BulkFile.objects.of(city).get(pk=file_id).faults
    return found


def adults(city: City, count: int) -> list[Resident]:
    return [one for one in uncovered(city, 60) if one.birth_date.year < 1995][:count]


def covered(city: City) -> Resident:
    policy = Policy.objects.of(city).order_by("pk").first()
    assert policy is not None
    found: Resident = policy.insured
    return found


def test_every_fault_of_every_row_is_listed_and_nobody_is_enrolled(city: City) -> None:
    an_employer(city)
    good, other, old = adults(city, 3)
    policies, orders = Policy.objects.of(city).count(), Order.objects.of(city).count()
    number = sent(
        city,
        [
            line(good, "A1"),
            "A2,13812345678,13812345678,,,,\n",
            f"A3,王不是,{other.id_number},,,,\n",
            "A4,张三,320106198001010010,,,,\n",
            line(good, "A5"),
            line(other, "A1"),
            line(covered(city), "A7"),
            line(other, "A8", "子女", old),
            line(old, "A9", amount="1.00"),
            f"A10,{good.name},{good.id_number},表哥,,,很多\n",
        ],
    )
    found = faults(city, number)
    assert found[3] == [["id_number", "number_is_telephone", ""], ["name", "name_is_number", ""]]
    assert found[4] == [["id_number", "name_differs", ""]]
    assert found[5][0][1] in ("unknown_person", "number_wrong")
    assert found[6] == [["id_number", "person_twice", "2"]]
    assert ["reference", "reference_twice", "2"] in found[7]
    assert ["", "covered_already", ""] in found[8]
    assert found[9] != [] and {code for _column, code, _found in found[9]} <= {"relation_impossible", "person_twice"}
    assert found[10] == [["amount", "amount_differs", "158.00"]]
    assert found[11] == [["amount", "amount_unreadable", "很多"], ["relation", "relation_unknown", "表哥"]]
    assert states(city, number) == {"ready": 1, "faulty": 9}
    assert Policy.objects.of(city).count() == policies
    assert Order.objects.of(city).count() == orders


def test_a_person_who_may_not_join_is_named_with_the_reason_of_the_terms(city: City) -> None:
    an_employer(city)
    (person,) = adults(city, 1)
    Resident.objects.of(city).filter(pk=person.pk).update(insured=False)
    assert faults(city, sent(city, [line(person)])) == {2: [["", "not_insured", ""]]}


def test_an_edition_that_the_plan_has_not_is_refused_beside_its_column(city: City) -> None:
    an_employer(city)
    (person,) = adults(city, 1)
    number = sent(city, [f"{person.name},{person.id_number},gold\n"], head="姓名,证件号码,版本\n")
    assert faults(city, number) == {2: [["edition", "edition_unknown", ""]]}


def test_a_minor_of_a_list_that_asks_needs_a_guardian_and_a_guardian_is_of_age(city: City) -> None:
    an_employer(city)
    young = Resident.objects.of(city).filter(birth_date__year__gte=2008, insured=True).order_by("pk")
    child = next(one for one in young if not Policy.objects.of(city).filter(insured=one.pk).exists())
    (parent,) = [one for one in adults(city, 9) if one.birth_date.year < 1990][:1]
    number = sent(city, [line(child, "1"), line(parent, "2", "子女", child)], kind=FileKind.ASKING, name="孩子.csv")
    found = faults(city, number)
    assert found[2] == [["holder_id_number", "guardian_missing", ""]]
    assert ["holder_id_number", "holder_is_minor", ""] in found[3]
    number = sent(city, [line(child, "1", "子女", parent)], kind=FileKind.ASKING, name="有家长.csv")
    assert faults(city, number) == {}


def test_a_file_that_lacks_a_column_or_has_nobody_is_refused_as_a_whole(city: City) -> None:
    an_employer(city)
    assert of_file(city, sent(city, ["张三\n"], head="姓名\n")) == [["id_number", "column_missing", ""]]
    assert of_file(city, sent(city, [])) == [["", "no_rows", ""]]
    damaged = sent(city, [line(adults(city, 1)[0]), '"A2,张三,1\n'])
    assert of_file(city, damaged)[0][1] == "unreadable"
    assert states(city, damaged) == {}
    with pytest.raises(BulkError) as caught:
        accepted(city, damaged)
    assert caught.value.code == "bulk_file_not_open"


def test_a_sheet_of_excel_is_read_as_the_same_list(city: City) -> None:
    an_employer(city)
    one, two = adults(city, 2)
    book, out = openpyxl.Workbook(), BytesIO()
    for row in [HEAD.strip().split(","), *(line(who).strip().split(",") for who in (one, two))]:
        book.active.append(row)
    book.save(out)
    year = plan_on_sale(city)
    assert year is not None
    number = send_file(
        actor=acting(city, "handler"),
        organisation="factory",
        plan_year=year,
        kind=FileKind.CONSENTED,
        file_name="名单.xlsx",
        content=[out.getvalue()],
    )
    work_off()
    assert states(city, number) == {"ready": 2}


def test_the_same_bytes_are_taken_once(city: City) -> None:
    an_employer(city)
    (person,) = adults(city, 1)
    sent(city, [line(person)])
    with pytest.raises(BulkError) as caught:
        sent(city, [line(person)])
    assert caught.value.code == "bulk_file_known"


def test_the_same_bytes_are_taken_again_after_their_file_was_cancelled(city: City) -> None:
    an_employer(city)
    (person,) = adults(city, 1)
    first = sent(city, [line(person)])
    cancel_file(actor=acting(city, "handler"), file_id=first, note="传错了单位")
    assert states(city, sent(city, [line(person)])) == {"ready": 1}


def test_a_number_of_the_sender_may_enrol_another_person_in_another_year(city: City) -> None:
    an_employer(city)
    money_came(city, 1_000_00)
    first, second = adults(city, 2)
    accepted(city, sent(city, [line(first, "E1")]))
    BulkRow.objects.of(city).update(plan_year=next_year(city))
    assert faults(city, sent(city, [line(second, "E1")], name="next.csv")) == {}


def test_the_running_number_of_a_row_is_not_the_senders_number_of_a_person(city: City) -> None:
    an_employer(city)
    (person,) = adults(city, 1)
    number = sent(city, [f"1,{person.name},{person.id_number}\n"], head="序号,姓名,证件号码\n")
    assert BulkRow.objects.of(city).get(file=number).reference == ""


def test_a_number_of_the_sender_that_enrolled_somebody_is_not_taken_again(city: City) -> None:
    an_employer(city)
    money_came(city, 1_000_00)
    first, second = adults(city, 2)
    accepted(city, sent(city, [line(first, "E1")]))
    policy = Policy.objects.of(city).get(insured=first.pk)
    again = sent(city, [line(second, "E1")], name="again.csv")
    assert faults(city, again) == {2: [["reference", "reference_enrolled", policy.number]]}


def test_a_file_of_which_more_is_refused_than_was_shown_is_not_accepted(city: City) -> None:
    an_employer(city)
    number = sent(city, [line(adults(city, 1)[0]), "x,张三,1,,,,\n"])
    with pytest.raises(BulkError) as caught:
        accept_file(actor=acting(city, "handler"), file_id=number, refused=0)
    assert caught.value.code == "bulk_file_changed"


def test_a_check_that_was_killed_goes_on_behind_the_rows_that_are_written(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_employer(city)
    people = adults(city, 6)
    monkeypatch.setattr(checking, "_AT_ONCE", 2)
    write, calls = checking._write_rows, itertools.count(1)

    def killed(*arguments: object) -> None:
        if next(calls) == 3:
            raise KeyboardInterrupt
        write(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(checking, "_write_rows", killed)
    with pytest.raises(KeyboardInterrupt):
        sent(city, [line(one) for one in people])
    file = BulkFile.objects.of(city).get()
    assert states(city, file.pk) == {"ready": 4}
    monkeypatch.setattr(checking, "_write_rows", write)
    Task.objects.of(city).filter(kind="check_bulk").update(status="waiting", due_at=timezone.now())
    work_off()
    assert states(city, file.pk) == {"ready": 6}
    file.refresh_from_db()
    assert file.state == "checked"


def test_a_thousand_rows_take_no_more_statements_than_ten(city: City) -> None:
    an_employer(city)
    people = uncovered(city, 30)
    sent(city, [line(people[0])])  # what a worker remembers afterwards is not asked again
    counts = []
    for lines in ([line(one) for one in people[:3]], [line(one) for one in people]):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            sent(city, lines, name=f"{len(lines)}.csv")
        counts.append(len(asked))
    assert counts[0] == counts[1]
