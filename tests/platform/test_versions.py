"""`huimin ledger verify` compares every figure of a decision, not only what it pays."""

from __future__ import annotations

import pytest

from huimin.platform.claims.models import BenefitDecisionVersion
from huimin.platform.foundation.models import City
from huimin.platform.ledger.verification import verify_city
from platform_support import Caller, a_bill
from tampering import behind_the_triggers


@pytest.fixture
def decided(api: Caller, covered: City) -> City:
    """Two bills and a late one: the second's deductible was used by the late one, and it has two versions."""
    api.settle(a_bill("A", "2022-04-10", 20_000_00, 30_000_00))
    api.settle(a_bill("B", "2022-04-18", 20_000_00, 30_000_00))
    api.settle(a_bill("LATE", "2022-03-01", 9_000_00, 9_000_00))
    assert verify_city(covered).faults == []
    return covered


@pytest.mark.parametrize("figure", ["base", "deductible_applied", "excess"])
def test_a_figure_that_was_altered_without_the_payment_is_named(decided: City, figure: str) -> None:
    version = BenefitDecisionVersion.objects.of(decided).filter(settlement__setl_id="B").order_by("-version")[0]
    before = getattr(version, figure)
    with behind_the_triggers("claims_benefitdecisionversion") as cursor:
        cursor.execute(
            f"UPDATE claims_benefitdecisionversion SET {figure} = {figure} + 1 WHERE id = %s",  # noqa: S608
            [version.pk],
        )
    assert verify_city(decided).faults == [
        f"settlement B, {version.benefit}: the facts gave {figure} {before} fen, "
        f"the decision that stands says {before + 1}"
    ]


def test_a_change_that_was_altered_is_named(decided: City) -> None:
    version = BenefitDecisionVersion.objects.of(decided).filter(settlement__setl_id="B").order_by("version")[0]
    with behind_the_triggers("claims_benefitdecisionversion") as cursor:
        cursor.execute("UPDATE claims_benefitdecisionversion SET change = change + 1 WHERE id = %s", [version.pk])
    said = [fault for fault in verify_city(decided).faults if fault.startswith("settlement B")]
    assert any("a version pays" in fault for fault in said)


def test_a_version_that_was_taken_out_of_the_middle_is_named(decided: City) -> None:
    lines = BenefitDecisionVersion.objects.of(decided).order_by("-version")
    last = next(line for line in lines if line.version > 1)
    first = BenefitDecisionVersion.objects.of(decided).get(
        settlement=last.settlement, benefit=last.benefit, version=last.version - 1
    )
    with behind_the_triggers("claims_benefitdecisionversion") as cursor:
        cursor.execute("DELETE FROM claims_benefitdecisionversion WHERE id = %s", [first.pk])
    assert any(
        f"found version {last.version} where version {first.version} should be" in fault
        for fault in verify_city(decided).faults
    )
