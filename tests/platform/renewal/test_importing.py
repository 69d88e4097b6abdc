"""An older insurer's list: every fault is named by row, and nothing is written; or its years count at once."""

from __future__ import annotations

from datetime import date

import pytest

from acting import acting
from cast import FATHER
from huimin.errors import HuiminError
from huimin.platform.foundation.authorising import NotAllowed
from huimin.platform.foundation.models import City
from huimin.platform.people.models import Resident
from huimin.platform.renewal.models import EarlierYear
from huimin.platform.renewal.years.importing import EarlierFileSeen, earlier_files, send_earlier_years
from huimin.platform.renewal.years.reading import years_of_people
from platform_support import resident
from renewal_support import covered_last_year
from work_support import work_off

pytestmark = pytest.mark.django_db
HEAD = "姓名,证件号码,产品,保障起,保障止,是否理赔\n"


def sent(city: City, *lines: str, name: str = "旧名单.csv") -> EarlierFileSeen:
    send_earlier_years(
        actor=acting(city, "handler"),
        file_name=name,
        data=(HEAD + "".join(f"{line}\n" for line in lines)).encode(),
        source="某保险公司来函",
        source_day=date(2022, 1, 5),
    )
    work_off()
    return earlier_files(city)[0]


def row(person: Resident, first: str = "2021-01-01", last: str = "2021年12月31日", claimed: str = "否") -> str:
    return f"{person.name},{person.id_number},某公司惠民保,{first},{last},{claimed}"


def continuous(city: City, person: Resident) -> tuple[int, int]:
    found = years_of_people(city, [person.pk])[person.pk]
    return found.continuous_years, found.claim_free_years


def test_a_list_in_order_is_taken_with_source_and_date_and_counts_at_once(city: City) -> None:
    person = resident(city)
    file = sent(city, row(person), row(person, "2020-01-01", "2020-12-31", "是"))
    assert (file.taken, list(file.faults)) == (2, [])
    assert continuous(city, person) == (2, 1)
    person.refresh_from_db()
    assert person.insured_years == [["2020-01-01", "2020-12-31", 0], ["2021-01-01", "2021-12-31", 1]]
    known, counts = years_of_people(city, [person.pk])[person.pk].years[0]
    assert (known.source, known.source_day, counts) == ("某保险公司来函", date(2022, 1, 5), True)


def test_one_fault_keeps_the_whole_list_out_and_every_fault_is_named_by_row(city: City) -> None:
    person = resident(city)
    file = sent(
        city,
        row(person),
        row(person, claimed="也许"),
        "张三,1,,2021-02-30,2021-12-31,否",
        row(resident(city, FATHER), "2021-12-31", "2021-01-01"),
        row(resident(city, FATHER), "2020-01-01", "2021-06-30"),
    )
    assert file.taken is None
    assert [(one.row, one.field, one.code) for one in file.faults] == [
        (3, "claimed", "claimed_unknown"),
        (3, "first_day", "year_twice"),
        (4, "first_day", "day_unreadable"),
        (4, "id_number", "number_wrong"),
        (4, "plan", "missing"),
        (5, "last_day", "ends_before_it_begins"),
        (6, "last_day", "longer_than_a_year"),
    ]
    assert not EarlierYear.objects.of(city).exists()


def test_a_year_may_begin_where_ours_ends_and_not_a_day_before_its_end(city: City) -> None:
    person = covered_last_year(city).insured
    assert sent(city, row(person, "2020-01-01", "2020-12-31")).taken == 1
    assert continuous(city, person) == (2, 2)
    (fault,) = sent(city, row(person, "2020-06-01", "2021-01-01"), name="b.csv").faults
    assert fault.code == "years_overlap"


def test_a_row_for_the_same_days_corrects_the_one_before(city: City) -> None:
    person = resident(city)
    sent(city, row(person))
    sent(city, row(person, claimed="是"), name="b.csv")
    assert continuous(city, person) == (1, 0)


def test_somebody_who_is_not_in_the_register_and_a_missing_column_are_named(city: City) -> None:
    person = resident(city)
    (fault,) = sent(city, f"别人,{person.id_number},某公司,2021-01-01,2021-12-31,否").faults
    assert (fault.row, fault.code) == (2, "not_in_register")
    handler = acting(city, "handler")
    given = {"source": "来函", "source_day": date(2022, 1, 5)}
    send_earlier_years(actor=handler, file_name="c.csv", data="姓名,产品\n王芳,甲\n".encode(), **given)
    work_off()
    codes = {(one.field, one.code) for one in earlier_files(city)[0].faults}
    assert ("id_number", "column_missing") in codes


def test_only_a_handler_sends_a_list_and_the_same_file_once_with_a_day_that_has_been(city: City) -> None:
    data = (HEAD + row(resident(city)) + "\n").encode()
    given = {"file_name": "a.csv", "data": data, "source": "来函", "source_day": date(2022, 2, 15)}
    with pytest.raises(NotAllowed):
        send_earlier_years(actor=acting(city, "approver"), **given)
    with pytest.raises(HuiminError) as refused:
        send_earlier_years(actor=acting(city, "handler"), **{**given, "source_day": date(2022, 2, 16)})
    assert refused.value.code == "bad_earlier_file"
    send_earlier_years(actor=acting(city, "handler"), **given)
    with pytest.raises(HuiminError) as refused:
        send_earlier_years(actor=acting(city, "handler"), **given)
    assert refused.value.code == "earlier_file_known"
