"""The desk on the platform: studies are asked for, done by the worker, called off, and seen by the lead alone."""

from __future__ import annotations

import json
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client

from acting import acting
from huimin.errors import HuiminError, PlanFaults
from huimin.platform.catalogue.selectors import plan_on_sale
from huimin.platform.claims.figures import payable_by_benefit
from huimin.platform.desk import tasks
from huimin.platform.desk.models import Study
from huimin.platform.desk.services import BOUNDS, cancel_study, request_study
from huimin.platform.foundation.models import AuditEvent, City
from huimin.platform.tasks import attempts
from huimin.platform.tasks.models import Status
from platform_support import logged_in
from work_support import work_off

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PRICE = {"trend": 6.0, "expenses": 8.0, "margin": 2.0, "insured": 1_000_000.0, "shock": 5.0}
RENEW = {
    **{"price": 60.0, "take_up": 40.0, "years": 4.0, "target": 85.0},
    **{"trend": 5.0, "selection": 0.25, "subsidy": 0.0, "account": 0.0},
}
LOOKBACK = {"expenses": 10.0}
DESIGN = {"designs": 12.0, "expenses": 10.0, "fixed": 0.0}


@pytest.fixture(autouse=True)
def _no_second_factor(settings: Any) -> None:
    settings.SECOND_FACTOR = False


def asked(city: City, kind: str = "price", numbers: dict[str, float] = PRICE, **more: Any) -> Study:
    year = plan_on_sale(city)
    assert year is not None
    given = {"plan_text": year.plan_text, "sources_text": year.sources_text, **more}
    numbers = {"people": 20_000, "seed": 3, **numbers}
    study_id = request_study(kind=kind, numbers=numbers, actor=acting(city, "insurer"), **given)
    return Study.objects.of(city).get(pk=study_id)


def done(found: Study) -> Study:
    assert work_off() == 1
    found.refresh_from_db()
    return found


def client(name: str, language: str = "en") -> Client:
    return logged_in(name, language)


@pytest.mark.parametrize(
    ("kind", "numbers", "word"),
    [
        ("price", PRICE, "Pure premium"),
        ("renew", RENEW, "What would help"),
        ("design", DESIGN, "Designs on the frontier"),
        ("city", {}, "Beside what was published"),
    ],
)
def test_each_kind_of_study_ends_in_pages_and_a_document(
    city: City, kind: str, numbers: dict[str, float], word: str
) -> None:
    found = done(asked(city, kind, numbers))
    assert found.task.status == Status.DONE, found.task.fault
    assert word in found.pages["en"]
    assert set(found.pages) == {"zh", "en"}
    assert found.document is not None
    assert found.plan_digest in " ".join(found.document["said"])


def test_a_study_done_again_is_the_same_to_the_byte(city: City) -> None:
    first, second = done(asked(city)), done(asked(city))
    assert first.pages == second.pages
    assert json.dumps(first.document) == json.dumps(second.document)


@pytest.mark.parametrize(("name", "value"), [("people", 19_999), ("trend", 101), ("shock", -1)])
def test_a_number_out_of_bounds_is_refused_and_nothing_is_kept(city: City, name: str, value: float) -> None:
    with pytest.raises(HuiminError) as refused:
        asked(city, numbers={**PRICE, name: value})
    assert refused.value.code == "bad_number"
    least, most = BOUNDS[name]
    assert f"expected {least:,} to {most:,}" in refused.value.message
    assert not Study.objects.of(city).exists()


def test_terms_with_faults_are_refused(city: City) -> None:
    with pytest.raises(PlanFaults):
        asked(city, plan_text="format = 'x'")


def test_terms_that_pay_hardly_anybody_say_that_data_are_thin(city: City) -> None:
    year = plan_on_sale(city)
    assert year is not None
    dear = year.plan_text.replace('yuan = "10000.00"', 'yuan = "900000.00"').replace('"20000.00"', '"900000.00"')
    found = done(asked(city, plan_text=dear.replace('"50000.00"', '"900000.00"')))
    assert found.task.status == Status.FAILED
    assert "expected 30 or more" in found.task.fault


class TestLookback:
    def test_the_citys_own_year_is_looked_back_on_and_no_file_stays(
        self, city: City, settings: Any, tmp_path: Path
    ) -> None:
        settings.HOME = tmp_path
        found = done(asked(city, "lookback", LOOKBACK))
        assert found.task.status == Status.DONE, found.task.fault
        assert found.document is not None
        year = plan_on_sale(city)
        assert year is not None
        assert found.document["decided_fen"] == sum(payable_by_benefit(city, year.id).values()) > 0
        assert found.document["payout_ratio"] is None
        assert "expected 3 or more" in found.document["too_thin"]
        assert not list((tmp_path / "tasks").iterdir())
        book = openpyxl.load_workbook(BytesIO(b64decode(found.workbooks["en"])))
        assert book.worksheets[0].title == "Summary"

    def test_a_city_that_sells_nothing_has_no_year_to_look_back_on(
        self, city: City, settings: Any, tmp_path: Path, monkeypatch: Any
    ) -> None:
        settings.HOME = tmp_path
        study = asked(city, "lookback", LOOKBACK)
        monkeypatch.setattr(tasks, "plan_on_sale", lambda city: None)
        found = done(study)
        assert (found.task.status, found.task.fault_code) == (Status.FAILED, "nothing_on_sale")

    def test_the_workbook_can_be_had_from_its_page(self, city: City, settings: Any, tmp_path: Path) -> None:
        settings.HOME = tmp_path
        found = done(asked(city, "lookback", LOOKBACK))
        lead = client("insurer")
        assert "Download Excel" in lead.get(f"/staff/desk/{found.pk}/").content.decode()
        answer = lead.get(f"/staff/desk/{found.pk}/workbook/")
        assert openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]["B3"].value == found.document["members"]
        assert "Actual against expected" in lead.get(f"/staff/desk/{found.pk}/result/").content.decode()

    def test_other_studies_have_no_workbook(self, city: City) -> None:
        found = done(asked(city, "city", {}))
        assert client("insurer").get(f"/staff/desk/{found.pk}/workbook/").status_code == 404


TRIANGLE = "month,0,1,2\n2022-01,100,150,160\n2022-02,110,170\n2022-03,120\n"


class TestReserve:
    def test_a_triangle_of_ones_own_ends_in_a_page_and_a_document(self, city: City) -> None:
        found = done(asked(city, "reserve", {"expected": 200.0}, triangle_text=TRIANGLE))
        assert found.task.status == Status.DONE, found.task.fault
        assert found.document is not None
        methods = found.document["methods"]
        ladder, ferguson, plain = (methods[name] for name in ("chain ladder", "Bornhuetter–Ferguson", "expected loss"))
        factor = 160 / 150 * 320 / 210
        assert ladder["outstanding"] == pytest.approx([0, 170 * (160 / 150 - 1), 120 * (factor - 1)])
        assert ferguson["outstanding"][2] == pytest.approx(200 * (1 - 1 / factor))
        assert plain["total"] == pytest.approx(600 - 160 - 170 - 120)
        assert "Mack&#39;s standard error" in found.pages["en"]
        assert "链梯法" in found.pages["zh"]

    def test_without_an_expectation_there_is_the_chain_ladder_alone(self, city: City) -> None:
        found = done(asked(city, "reserve", {"expected": 0.0}, triangle_text=TRIANGLE))
        assert found.document is not None
        assert list(found.document["methods"]) == ["chain ladder"]

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("month,0,1\n2022-01,100,150\n2022-02,110\n", "thin_data"),
            (TRIANGLE.replace("170", "many"), "bad_amount"),
            (TRIANGLE.replace("150", ""), "holes"),
            (TRIANGLE.replace(",170", ""), "bad_triangle"),
            (TRIANGLE.replace("150", "-150"), "bad_triangle"),
            (TRIANGLE.replace("150", "nan"), "holes"),
            ("", "thin_data"),
        ],
    )
    def test_a_triangle_that_cannot_be_used_is_refused_at_once(self, city: City, text: str, code: str) -> None:
        with pytest.raises(HuiminError) as refused:
            asked(city, "reserve", {"expected": 0.0}, triangle_text=text)
        assert refused.value.code == code
        assert not Study.objects.of(city).exists()

    def test_from_the_form_with_cells_of_a_spreadsheet(self, city: City) -> None:
        lead = client("insurer")
        page = lead.get("/staff/desk/?kind=reserve").content.decode()
        assert "cells can be pasted from Excel" in page
        assert "Expected of each period" in page
        assert 'aria-label="plan.toml"' not in page
        year = plan_on_sale(city)
        assert year is not None
        cells = TRIANGLE.replace(",", "\t").replace("110", '"1,110"')
        form = {"text": year.plan_text, "sources": year.sources_text, "triangle": cells, "expected": "0"}
        answer = lead.post("/staff/desk/?kind=reserve", form)
        assert answer.status_code == 302
        assert work_off() == 1
        assert "1,110" in lead.get(f"{answer.headers['Location']}result/").content.decode()
        assert (
            "2022-02"
            in lead.post("/staff/desk/?kind=reserve", {**form, "triangle": "month\n2022-02,1,2"}).content.decode()
        )


class TestCancel:
    def test_one_that_waits_is_not_done(self, city: City) -> None:
        found = asked(city)
        cancel_study(study_id=found.pk, actor=acting(city, "insurer"))
        assert work_off() == 0
        found.refresh_from_db()
        assert found.task.status == Status.CANCELLED
        assert AuditEvent.objects.of(city).filter(action="study_cancelled").count() == 1

    def test_one_that_runs_stops_at_its_next_step(self, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
        found = asked(city, "design", DESIGN)
        seen: list[int] = []

        def slow(run: Any, progress: Any) -> Any:
            for step in range(5):
                seen.append(step)
                if step == 2:
                    cancel_study(study_id=found.pk, actor=acting(city, "insurer"))
                progress(step, 5)
            raise AssertionError("it was not stopped")

        monkeypatch.setattr(tasks, "perform", slow)
        monkeypatch.setattr(attempts, "_SAID_EVERY", 0)
        assert work_off() == 1
        found.refresh_from_db()
        assert (found.task.status, seen, found.pages) == (Status.CANCELLED, [0, 1, 2], {})

    def test_one_that_is_done_stays_done(self, city: City) -> None:
        found = done(asked(city))
        cancel_study(study_id=found.pk, actor=acting(city, "insurer"))
        found.refresh_from_db()
        assert found.task.status == Status.DONE


class TestPages:
    def test_from_the_form_to_the_result(self, city: City) -> None:
        lead = client("insurer")
        page = lead.get("/staff/desk/?kind=renew").content.decode()
        assert "Take-up in the first year" in page
        year = plan_on_sale(city)
        assert year is not None
        form = {"text": year.plan_text, "sources": year.sources_text, "people": "20000", "seed": "1"}
        numbers = {name: f"{value:g}" for name, value in RENEW.items()}
        answer = lead.post("/staff/desk/?kind=renew", {**form, **numbers})
        assert answer.status_code == 302
        address = answer.headers["Location"]
        assert 'http-equiv="refresh"' in lead.get(address).content.decode()
        assert lead.get(f"{address}result/").status_code == 404
        assert work_off() == 1
        assert "See the result" in lead.get(address).content.decode()
        assert "Renewal, year after year" in lead.get(f"{address}result/").content.decode()
        assert "续保推演" in client("insurer", "zh-hans").get(f"{address}result/").content.decode()
        assert json.loads(lead.get(f"{address}document/").content)["years"][0]["price"] == 60

    @pytest.mark.parametrize(
        ("change", "word"),
        [({"people": "many"}, "expected a number"), ({"seed": "-1"}, "is not between 0 and 2,147,483,647")],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(
        self, city: City, change: dict[str, str], word: str
    ) -> None:
        year = plan_on_sale(city)
        assert year is not None
        form = {"text": year.plan_text, "sources": year.sources_text, "people": "20000", "seed": "1"}
        numbers = {name: f"{value:g}" for name, value in PRICE.items()}
        page = client("insurer").post("/staff/desk/", {**form, **numbers, "trend": "7.5", **change}).content.decode()
        assert word in page
        assert 'value="7.5"' in page
        assert not Study.objects.of(city).exists()

    def test_it_can_be_called_off_from_its_page(self, city: City) -> None:
        found = asked(city)
        lead = client("insurer")
        assert "Cancel" in lead.get(f"/staff/desk/{found.pk}/").content.decode()
        assert lead.post(f"/staff/desk/{found.pk}/cancel/").status_code == 302
        assert "Cancelled" in lead.get(f"/staff/desk/{found.pk}/").content.decode()

    @pytest.mark.parametrize("name", ["handler", "bureau", "admin", "insurer03"])
    def test_it_is_the_lead_insurers_alone(self, city: City, name: str) -> None:
        found = asked(city)
        for rest in ("", f"{found.pk}/", f"{found.pk}/result/", f"{found.pk}/document/", f"{found.pk}/workbook/"):
            assert client(name).get(f"/staff/desk/{rest}").status_code == 403
