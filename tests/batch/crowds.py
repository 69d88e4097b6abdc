"""Many members with many bills, drawn fast: everything that the terms of `properties.whole_plans` may ask for."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

FIRST = date(2024, 1, 1)
"""The cover year has a leap day."""
Row = dict[str, str]


def crowd(random: Random, members: int, bills: int) -> tuple[list[Row], list[Row]]:
    """Rows of members, and about `bills` for each: of one time and day, reversed, repeated, outside the cover."""
    people = [_member(random, f"P{number:05d}") for number in range(members)]
    facts: list[Row] = []
    for person in people:
        mine = [
            _bill(random, person["psn_no"], f"{person['psn_no']}-{n}") for n in range(random.randint(1, 2 * bills - 1))
        ]
        facts += mine
        for bill in mine:
            chance = random.random()
            if chance < 0.03:
                again = {"setl_id": f"{bill['setl_id']}-R", "reverses": bill["setl_id"]}
                facts.append({**{k: bill[k] for k in ("psn_no", "setl_time", "med_type")}, **again})
            elif chance < 0.04:
                facts.append(bill)
            elif chance < 0.045:
                facts.append({**bill, "psn_part_amt": "1.00", "fulamt_ownpay_amt": "0"})
    random.shuffle(facts)
    return people, facts


def _member(random: Random, number: str) -> Row:
    pick = random.choice
    return {
        "psn_no": number,
        "cover_from": str(FIRST + timedelta(days=pick([0, 0, 0, 0, 45]))),
        "cover_to": pick(["2024-12-31", "2024-12-31", "2024-12-31", "2024-11-30"]),
        "birth_date": pick(["1950-03-01", "1990-03-01", "2024-02-29", f"19{random.randint(20, 99)}-02-28"]),
        "insutype": pick(["310", "390"]),
        "edition": pick(["basic", "plus"]),
        "continuous_years": str(random.randint(0, 3)),
        "claim_free_years": str(random.randint(0, 3)),
        "pre_existing": pick(["0", "0", "1", "cancer"]),
        "diag_history": pick(["C34.9@2022-05-01", "I63@2023-05-01", "J18@2023-12-31"]),
        "paid_before": "0" if random.random() < 0.9 else pick(["", "b0/life=12.34"]),
    }


def _bill(random: Random, number: str, setl_id: str) -> Row:
    pick = random.choice
    day = FIRST + timedelta(days=random.randint(-3, 370))
    if random.random() < 0.2:
        day = date(2024, 2, 29)
    personal = int(random.lognormvariate(11.5, 2))
    outside = random.randint(0, personal)
    row = {
        "setl_id": setl_id,
        "psn_no": number,
        "setl_time": f"{day} {pick(['00:00:00', '09:30:00', f'{random.randint(10, 23)}:15:{random.randint(10, 59)}'])}",
        "med_type": pick(["21"] * 8 + ["14"] * 2 + ["11"]),
        "begndate": str(day - timedelta(days=random.randint(0, 20))),
        "enddate": str(day),
        "medfee_sumamt": _yuan(2 * personal),
        "fund_pay_sumamt": _yuan(personal),
        "psn_part_amt": _yuan(personal),
        "fulamt_ownpay_amt": _yuan(outside),
        "fixmedins_code": pick(["H1", "H9"]),
        "hosp_lv": str(random.randint(1, 3)),
        "place": pick(["local", "referred", "elsewhere"]),
        "ward": pick(["ordinary", "special"]),
        "insu_settled": pick("01"),
        "accident": pick("01"),
        "diag_codes": pick(["C34.9", "I63;J18", "J18"]),
    }
    if random.random() < 0.3:
        row["charity_pay"] = _yuan(random.randint(0, personal // 3))
        row["mutual_aid_pay"] = _yuan(random.randint(0, personal // 3))
    if random.random() < 0.7:
        row["items"] = ";".join(_item(random, day) for _ in range(random.randint(1, 3)))
    if random.random() < 0.03:
        row[pick(["hosp_lv", "place", "items", "enddate", "psn_part_amt", "diag_codes", "med_type"])] = ""
    if random.random() < 0.01:
        row[pick(["fund_pay_sumamt", "fulamt_ownpay_amt", "begndate"])] = pick(["-1.00", "x", "1.234"])
    return row


def _item(random: Random, day: date) -> str:
    pick = random.choice
    bought = f"@{day - timedelta(days=random.randint(0, 5))}" if random.random() < 0.3 else ""
    tail = f"{bought}#{pick(['lung', 'other'])}#line:{pick('13')}"
    return f"{pick(['A', 'B1', 'B2', 'X'])}={_yuan(random.randint(0, 2_000_00))}{tail}"


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
