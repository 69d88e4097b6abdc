"""A year of the city as members and settlements in the formats that everything else reads, and as files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from huimin.actuarial.city.care import LASTING, PASSING
from huimin.actuarial.city.drawing import City, CityYear
from huimin.actuarial.city.targets import Target, measure
from huimin.batch.table.column_kinds import neutral_texts
from huimin.batch.table.rows import Integers, days_since_epoch
from huimin.errors import InputError
from huimin.money import format_yuan
from huimin.settlement import INSUTYPES, MED_TYPES

__all__ = ["bills_table", "described", "members_table", "payments_table", "people_table", "write_city"]

_FIRST_PERSON = 10**9
_BILLS_A_YEAR = 10**9
_ILLNESSES = {
    LASTING: ("N18.5", "I50.0", "K74.6", "J44.9"),
    PASSING: ("C34.9", "C16.9", "C50.9", "I63.9", "I21.9", "C22.0"),
}
_ORDINARY = ("J18.9", "K80.2", "M51.2", "I10", "E11.9", "H25.9", "S72.0", "N20.0")
"""ICD-10 codes, each as likely as the others of its kind: no published table by disease was found."""
_LEAP_DAY = (2, 29)
_PLACES = ("local", "referred", "elsewhere")


def members_table(city: City, year: CityYear, cover: tuple[date, date], *, history: bool) -> pa.Table:
    """All people as members. Pre-existing conditions are given as diagnoses (`history`), else as a yes or no."""
    people, count = city.people, len(city.people)
    born = days_since_epoch(cover[0]) - (365.25 * people.age + city.people.need % 1 * 364 + 1).astype(np.int64)
    columns: dict[str, Any] = {
        "psn_no": _FIRST_PERSON + np.arange(count),
        "cover_from": _repeated(cover[0], count),
        "cover_to": _repeated(cover[1], count),
        "birth_date": pa.array(born.astype(np.int32), pa.date32()),
        "sex": _chosen(people.female.astype(np.int64), ("1", "2")),
        "insutype": _chosen(people.employee.astype(np.int64), (INSUTYPES["resident"], INSUTYPES["employee"])),
        "area": _chosen(people.area, tuple(f"{n + 1:02d}" for n in range(int(people.area.max()) + 1))),
        "continuous_years": np.full(count, 0, np.int8),
    }
    brought = year.health.lasting & (year.health.since > 0)
    if history:
        columns["diag_history"] = _history(brought, year.health.since, cover[0])
    else:
        columns["pre_existing"] = brought.astype(np.int8)
    return pa.table(columns)


def bills_table(year: CityYear, first_day: date) -> pa.Table:
    """The year's bills in the national names, amounts in whole fen; a stay is settled on the day of discharge."""
    care = year.care
    settled = days_since_epoch(first_day) + care.day
    return pa.table(
        {
            "setl_id": year.number * _BILLS_A_YEAR + np.arange(len(care)),
            "psn_no": _FIRST_PERSON + care.person,
            "setl_time": pa.array(settled.astype(np.int32), pa.date32()),
            "med_type": _chosen(
                care.inpatient.astype(np.int64), (MED_TYPES["special_outpatient"], MED_TYPES["inpatient"])
            ),
            "begndate": pa.array((settled - care.nights).astype(np.int32), pa.date32()),
            "enddate": pa.array(settled.astype(np.int32), pa.date32()),
            "hosp_lv": care.level.astype(np.int8),
            "place": _chosen(care.place, _PLACES),
            "ward": _chosen(np.zeros(len(care), np.int64), ("ordinary",)),
            "insu_settled": np.ones(len(care), np.int8),
            "accident": np.zeros(len(care), np.int8),
            "diag_codes": _diagnoses(year),
            **{f"{name}_fen": amounts for name, amounts in year.amounts.items()},
        }
    )


def payments_table(year: CityYear, first_day: date) -> pa.Table:
    """The day of payment of each bill on which the plan pays."""
    paid = days_since_epoch(first_day) + year.care.day + year.delays
    ids = year.number * _BILLS_A_YEAR + np.arange(len(year.care))
    return pa.table({"setl_id": ids, "paid_on": pa.array(paid.astype(np.int32), pa.date32())})


def people_table(city: City) -> pa.Table:
    """Households and incomes, which no settlement has."""
    people = city.people
    return pa.table(
        {
            "psn_no": _FIRST_PERSON + np.arange(len(people)),
            "household": people.household,
            "age": people.age,
            "income": np.rint(people.income),
            "consumption": np.rint(people.consumption),
            "poor": people.poor,
            "hypertension": people.hypertension,
            "diabetes": people.diabetes,
        }
    )


def write_city(city: City, out: Path, first_day: date, years: int, *, csv: bool = False) -> dict[str, Any]:
    """Write members, people and the bills of each year under `out`, and city.json with the source of every number.

    Returns the content of city.json. Raises InputError (`unusable_out`, `bad_day`).
    """
    ending = "csv" if csv else "parquet"
    if (first_day.month, first_day.day) == _LEAP_DAY:
        raise InputError(f"found the first day {first_day}; expected a day that every year has", code="bad_day")
    try:
        out.mkdir(parents=True, exist_ok=True)
        for number in range(years):
            begins = date(first_day.year + number, first_day.month, first_day.day)
            ends = date(begins.year + 1, begins.month, begins.day) - timedelta(days=1)
            year = city.year(number)
            _write(members_table(city, year, (begins, ends), history=False), out / f"members-{begins.year}.{ending}")
            _write(bills_table(year, begins), out / f"settlements-{begins.year}.{ending}")
            _write(payments_table(year, begins), out / f"payments-{begins.year}.{ending}")
        _write(people_table(city), out / f"people.{ending}")
        said = described(city, measure(city))
        (out / "city.json").write_text(json.dumps(said, indent=2, ensure_ascii=False) + "\n", "utf-8")
    except OSError as error:
        raise InputError(f"{out}: {error.strerror}", code="unusable_out") from error
    return said


def described(city: City, targets: Sequence[Target]) -> dict[str, Any]:
    """Size, seed, parameters with their sources, and the targets."""
    return {
        "invented": "Nobody lives here: people and bills are drawn at random.",
        "people": len(city.people),
        "households": city.people.households,
        "seed": city.seed,
        "parameters_digest": city.parameters.digest,
        "targets": [{**asdict(target), "found": float(f"{target.found:.5g}"), "met": target.met} for target in targets],
        "parameters": [{key: value for key, value in asdict(one).items() if value} for one in city.parameters],
    }


def _write(table: pa.Table, path: Path) -> None:
    if path.suffix == ".csv":
        pa_csv.write_csv(neutral_texts(_in_yuan(table)), path)
    else:
        pq.write_table(table, path, compression="snappy")


def _in_yuan(table: pa.Table) -> pa.Table:
    for place, name in enumerate(table.column_names):
        if name.endswith("_fen"):
            texts = pa.array([format_yuan(fen) for fen in table.column(place).to_pylist()])
            table = table.set_column(place, name.removesuffix("_fen"), texts)
    return table


def _history(brought: np.ndarray, since: Integers, begins: date) -> pa.Array:
    """The pre-existing illness of each person who has one, diagnosed in the middle of the year in which it began."""
    code = np.arange(len(brought)) % len(_ILLNESSES[LASTING])
    years = np.minimum(since, _LONGEST)
    texts = [""] + [
        f"{icd}@{begins.year - after}-06-30" for icd in _ILLNESSES[LASTING] for after in range(1, _LONGEST + 1)
    ]
    return _chosen(np.where(brought, 1 + code * _LONGEST + years - 1, 0), tuple(texts))


_LONGEST = 20


def _diagnoses(year: CityYear) -> pa.Array:
    """A person's illness has the same code on all their bills. Other stays have any of the common codes."""
    care = year.care
    texts = (*_ORDINARY, *_ILLNESSES[LASTING], *_ILLNESSES[PASSING])
    code = (care.cost + care.day) % len(_ORDINARY)
    first = len(_ORDINARY)
    code = np.where(care.kind == LASTING, first + care.person % len(_ILLNESSES[LASTING]), code)
    first += len(_ILLNESSES[LASTING])
    code = np.where(care.kind == PASSING, first + care.person % len(_ILLNESSES[PASSING]), code)
    return _chosen(code, texts)


def _chosen(codes: Integers, texts: tuple[str, ...]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(texts))


def _repeated(day: date, count: int) -> pa.Array:
    return pa.array(np.full(count, days_since_epoch(day), np.int32), pa.date32())
