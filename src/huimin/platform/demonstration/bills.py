"""Invented bills that satisfy the national identities, and three that do not and wait for a handler."""

from __future__ import annotations

from datetime import datetime
from random import Random

from huimin.money import format_yuan

__all__ = ["bill", "bill_of", "held_bills"]


def bill(setl_id: str, psn_no: str, moment: datetime, random: Random) -> dict[str, str]:
    """An inpatient or special outpatient bill. Sizes are assumptions, heavy in the tail so that benefits are seen."""
    in_policy = int(random.lognormvariate(13.75, 0.9))
    first_self_pay = in_policy * random.randint(2, 15) // 100
    over_limit = in_policy * random.choice((0, 0, 1, 3)) // 100
    out_of_list = in_policy * random.choice((0, 2, 5, 10, 30, 60)) // 100
    funds = in_policy * random.randint(55, 80) // 100
    med_type = "21" if random.random() < 0.85 else "14"
    return bill_of(setl_id, psn_no, moment, med_type, in_policy, first_self_pay, over_limit, out_of_list, funds)


def bill_of(
    setl_id: str,
    psn_no: str,
    moment: datetime,
    med_type: str,
    in_policy: int,
    first_self_pay: int,
    over_limit: int,
    out_of_list: int,
    funds: int,
) -> dict[str, str]:
    """A whole bill from its parts in fen."""
    total = in_policy + first_self_pay + over_limit + out_of_list
    personal = total - funds
    account = min(personal, 50_000)
    amounts = {
        "medfee_sumamt": total,
        "fulamt_ownpay_amt": out_of_list,
        "overlmt_selfpay": over_limit,
        "preselfpay_amt": first_self_pay,
        "inscp_scp_amt": in_policy,
        "fund_pay_sumamt": funds,
        "hifp_pay": funds,
        "psn_part_amt": personal,
        "acct_pay": account,
        "psn_cash_pay": personal - account,
    }
    return {
        "setl_id": setl_id,
        "psn_no": psn_no,
        "setl_time": f"{moment:%Y-%m-%d %H:%M:%S}",
        "med_type": med_type,
        **{name: format_yuan(amount) for name, amount in amounts.items()},
    }


def held_bills(psn_no: str) -> list[dict[str, str]]:
    """Three bills that are held: a published example with 4,411.99 yuan unexplained, a stranger's bill, and one from
    before the cover.
    """
    example = {
        "setl_id": "D-EXAMPLE",
        "psn_no": psn_no,
        "setl_time": "2022-02-10 10:30:00",
        "med_type": "21",
        "medfee_sumamt": "172172.38",
        "fulamt_ownpay_amt": "3617.58",
        "hifp_pay": "48915.28",
        "fund_pay_sumamt": "48915.28",
        "psn_part_amt": "118845.11",
    }
    sound = {"med_type": "21", "medfee_sumamt": "30000.00", "fulamt_ownpay_amt": "2000.00"}
    sound |= {"fund_pay_sumamt": "16000.00", "psn_part_amt": "14000.00"}
    stranger = {"setl_id": "D-STRANGER", "psn_no": "P99999999", "setl_time": "2022-02-11 09:00:00", **sound}
    early = {"setl_id": "D-EARLY", "psn_no": psn_no, "setl_time": "2021-12-30 16:00:00", **sound}
    return [example, stranger, early]
