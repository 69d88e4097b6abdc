"""`huimin adjudicate` and `huimin explain` on files as people have them."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from cases.worked_years import LANGUAGE
from cast import JIANGSU
from huimin.cli import main

pytestmark = pytest.mark.usefixtures("way")
MEMBERS = "psn_no,cover_from,cover_to,pre_existing,continuous_years\n"
WANG = "wang,2022-01-01,2022-12-31,0,0\n"
SETTLEMENTS = "setl_id,psn_no,setl_time,med_type,fulamt_ownpay_amt,psn_part_amt,reverses\n"


def run(tmp_path: Path, settlements: str, members: str = MEMBERS + WANG, encoding: str = "utf-8") -> tuple[int, Path]:
    (tmp_path / "members.csv").write_text(members, encoding)
    (tmp_path / "settlements.csv").write_text(settlements, encoding)
    out = tmp_path / "out"
    arguments = [
        "--members",
        f"{tmp_path}/members.csv",
        "--settlements",
        f"{tmp_path}/settlements.csv",
        "--out",
        str(out),
    ]
    return main(["adjudicate", JIANGSU, *arguments]), out


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def summary(out: Path) -> dict[str, object]:
    return json.loads((out / "summary.json").read_text("utf-8"))  # type: ignore[no-any-return]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_published_bill_from_files_pays_what_was_published(tmp_path: Path, encoding: str) -> None:
    members = "psn_no,姓名,cover_from,cover_to\nwang,王芳,2022-01-01,2022-12-31\n"
    status, out = run(tmp_path, SETTLEMENTS + "S1,wang,2022-03-01,21,3617.58,118845.11,\n", members, encoding)
    assert status == 0
    assert [tuple(row.values()) for row in rows(out / "decisions.csv")] == [
        ("S1", "wang", "in_catalogue", "115227.53", "10000.00", "105227.53", "69025.20"),
        ("S1", "wang", "out_of_catalogue", "3617.58", "3617.58", "0.00", "0.00"),
        ("S1", "wang", "residual", "49819.91", "49819.91", "0.00", "0.00"),
    ]
    assert summary(out)["payable_by_benefit"] == {
        "in_catalogue": "69025.20",
        "out_of_catalogue": "0.00",
        "residual": "0.00",
    }


def test_every_row_read_is_adjudicated_cancelled_or_refused(tmp_path: Path) -> None:
    status, out = run(
        tmp_path,
        SETTLEMENTS
        + "A,wang,2022-03-01,21,0,20000,\n"  # adjudicated
        + "A,wang,2022-03-01,21,0,20000,\n"  # duplicate
        + "B,wang,2022-03-02,21,0,1,\n" + "B,wang,2022-03-02,21,0,2,\n"  # conflicting
        + "C,wang,2022-03-03,21,0,1,\n" + "D,wang,2022-04-03,21,x,,C\n"  # cancelled, whatever the amounts
        + "E,li,2022-03-03,21,0,1,\n"  # unknown member
        + "F,wang,2022-13-03,21,0,1,\n"  # no such month
        + "G,wang,2022-03-03,21,0,1.234,\n"  # no such amount
        + ",wang,2022-03-03,21,0,1,\n"  # no id
        + "H,wang,2022-03-03,21,2,1,\n",  # more outside the lists than the person's part
    )  # fmt: skip
    assert status == 3
    counts = summary(out)
    assert (counts["rows_read"], counts["adjudicated"], counts["cancelled"], counts["refused"]) == (11, 1, 2, 8)
    assert sorted((r["setl_id"], r["code"]) for r in rows(out / "refused.csv")) == [
        ("", "missing_id"),
        ("A", "duplicate"),
        ("B", "conflicting_duplicate"),
        ("B", "conflicting_duplicate"),
        ("E", "unknown_member"),
        ("F", "bad_date"),
        ("G", "bad_amount"),
        ("H", "self_funded_above_personal"),
    ]


def test_a_bill_of_nobody_that_cannot_be_read_is_refused_for_that(tmp_path: Path) -> None:
    bills = "E,li,2022-13-03,21,0,1,\n" + "F,li,2022-03-03,21,0,1.234,\n" + "G,li,2022-03-03,21,0,-1,\n"
    _, out = run(tmp_path, SETTLEMENTS + bills)
    assert [(r["setl_id"], r["code"]) for r in rows(out / "refused.csv")] == [
        ("E", "bad_date"),
        ("F", "bad_amount"),
        ("G", "unknown_member"),
    ]


def test_of_thousands_of_refused_bills_each_is_told_its_own_reason(tmp_path: Path) -> None:
    """More than are read at a time (4,096), of each kind."""
    days = [date(2021, 1, 1) + timedelta(days=number % 300) for number in range(5_000)]
    bills = "".join(
        f"A{number},nobody{number},2022-03-01,21,0,1,\n"
        f"B{number},wang,{day},21,0,1,\n"
        f"C{number},wang,2022-03-01,21,0,{number}.001,\n"
        for number, day in enumerate(days)
    )
    _, out = run(tmp_path, SETTLEMENTS + bills)
    found = {row["setl_id"]: (row["code"], row["reason"]) for row in rows(out / "refused.csv")}
    assert len(found) == 15_000
    for number, day in enumerate(days):
        assert found[f"A{number}"] == ("unknown_member", f"the members file has no psn_no 'nobody{number}'")
        reason = f"the bill is of {day}; the member is covered from 2022-01-01 to 2022-12-31"
        assert found[f"B{number}"] == ("uncovered_date", reason)
        code, reason = found[f"C{number}"]
        assert code == "bad_amount"
        assert f"'{number}.001'" in reason


def test_a_faulty_member_row_refuses_that_members_bills_only(tmp_path: Path) -> None:
    members = MEMBERS + WANG + "li,2022-01-01,2021-12-31,0,0\n" + "zhao,2022-01-01,2022-12-31,0,0\n" * 2
    bills = "".join(f"{name},{name},2022-03-01,21,0,20000,\n" for name in ("wang", "li", "zhao"))
    status, out = run(tmp_path, SETTLEMENTS + bills, members)
    assert status == 3
    assert [(r["setl_id"], r["code"]) for r in rows(out / "refused.csv")] == [("li", "faulty_member")]
    assert "the members file says of li: found cover_to" in rows(out / "refused.csv")[0]["reason"]


def test_what_no_column_holds_is_said_before_and_concerns_few(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    members = "psn_no,cover_from,cover_to,insutype,edition,continuous_years,paid_before\n"
    members += "".join(f"{name},2024-01-01,2024-12-31,390,basic,{rest}\n" for name, rest in PEOPLE.items())
    head = "setl_id,psn_no,setl_time,enddate,begndate,med_type,psn_part_amt,fulamt_ownpay_amt,place,ward,"
    head += "fixmedins_code,diag_codes,items\n"
    bill = "{0},{0},2024-03-01,2024-03-01,2024-03-01,21,2201.00,0,local,ordinary,H1,J18,X=1\n"
    (tmp_path / "m.csv").write_text(members, "utf-8")
    (tmp_path / "s.csv").write_text(head + "".join(map(bill.format, PEOPLE)), "utf-8")
    paths = ["--members", f"{tmp_path}/m.csv", "--settlements", f"{tmp_path}/s.csv", "--out", f"{tmp_path}/out"]
    assert main(["adjudicate", str(LANGUAGE / "plan.toml"), *paths]) == 0
    said = capsys.readouterr()
    assert said.err.startswith(
        "Decided one by one, and more slowly, since the list drugs limits items by month or year"
    )
    assert "since there are limits for life: members of whom payments" in said.err
    assert "3 adjudicated" in said.out
    assert "\nMembers decided one by one: 1\n" in said.out
    assert summary(tmp_path / "out")["members_decided_one_by_one"] == 1
    assert main(["adjudicate", JIANGSU, *paths]) in (0, 3)
    assert "one by one, and" not in capsys.readouterr().err


PEOPLE = {"before": "1,proton=100.00", "nothing": "1,0", "first": "0,"}
"""Of three people one has payments of earlier years."""


def test_a_member_given_again_with_other_facts_is_faulty(tmp_path: Path) -> None:
    """Wherever the two rows stand: they need not be neighbours."""
    again = "li,2022-01-01,2022-12-31,1,0\n" + "an,2022-01-01,2022-12-31,0,0\n" + "li,2022-01-01,2022-12-31,0,0\n"
    bills = "".join(f"{name},{name},2022-03-01,21,0,20000,\n" for name in ("wang", "li", "an"))
    status, out = run(tmp_path, SETTLEMENTS + bills, MEMBERS + again + WANG)
    assert status == 3
    assert [tuple(r.values()) for r in rows(out / "refused.csv")] == [
        ("li", "faulty_member", "the members file gives li again with other facts")
    ]
    assert {r["setl_id"] for r in rows(out / "decisions.csv")} == {"wang", "an"}


@pytest.mark.parametrize(
    ("settlements", "words"),
    [
        ("setl_id,setl_time\n", "psn_no are missing"),
        ("", "are missing"),
        (SETTLEMENTS + "A,wang,2022-03-01,21,0,1,,surplus\n", "line 2 has more fields"),
        ("setl_id,setl_id,psn_no,setl_time\n", "twice"),
    ],
)
def test_a_file_that_cannot_be_used_gives_one_sentence_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], settlements: str, words: str
) -> None:
    status, out = run(tmp_path, settlements)
    assert status == 2
    assert words in capsys.readouterr().err
    assert not out.exists()


def test_explain_prints_the_steps_of_one_bill_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path, SETTLEMENTS + "S1,wang,2022-03-01,21,3617.58,118845.11,\n")
    files = ["--members", f"{tmp_path}/members.csv", "--settlements", f"{tmp_path}/settlements.csv"]
    assert main(["explain", JIANGSU, *files, "--settlement", "S1", "--language", "en"]) == 0
    printed = capsys.readouterr().out
    assert "69,025.20" in printed
    assert "Excess above 100,000.00: 5,227.53 × 77%" in printed
    assert main(["explain", JIANGSU, *files, "--settlement", "S2"]) == 2


def test_calculate_says_what_the_plan_would_pay(capsys: pytest.CaptureFixture[str]) -> None:
    amounts = ["--self-paid", "115227.53", "--self-funded", "3617.58", "--pre-existing"]
    assert main(["calculate", JIANGSU, *amounts]) == 0
    printed = capsys.readouterr().out
    assert "58,502.45" in printed
    assert "3,619.93" in printed


def test_plans_validate_lists_the_faults_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.toml"
    path.write_text('format = "huimin-plan/1"\n', "utf-8")
    assert main(["plans", "validate", str(path)]) == 2
    assert "premium: found nothing; expected this key; it is required" in capsys.readouterr().err
