"""The desk's numbers beside those of chainladder and aggregate: `make test-oracles`, which installs them apart."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from huimin.actuarial.aggregate import compound_poisson
from huimin.actuarial.reserving import chain_ladder
from huimin.actuarial.severity import Layer, Lognormal, per_loss
from huimin.actuarial.triangles import Triangle

pytestmark = pytest.mark.oracles
ROOT = Path(__file__).parent.parent.parent


def ask(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    command = [str(ROOT / ".oracles" / "bin" / "python"), str(Path(__file__).with_name("second_opinion.py"))]
    done = subprocess.run(
        command, input=json.dumps(questions), capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("ANSWER ")]
    return list(json.loads(line.removeprefix("ANSWER ")))


def triangles() -> list[list[list[float]]]:
    rng = np.random.default_rng(8)
    found = []
    for size in (4, 6, 10):
        paid = rng.uniform(500, 5_000, (size, size)).cumsum(axis=1)
        found.append([paid[row, : size - row].tolist() for row in range(size)])
    return found


def test_reserves_and_macks_errors_are_those_of_chainladder() -> None:
    given = triangles()
    answers = ask([{"what": "ladder", "rows": rows} for rows in given])
    for rows, answer in zip(given, answers, strict=True):
        found = chain_ladder(Triangle.of([str(n) for n in range(len(rows))], rows))
        assert found.outstanding.tolist() == pytest.approx(answer["outstanding"], rel=1e-9, abs=1e-6)
        assert found.errors.tolist() == pytest.approx(answer["errors"], rel=1e-9, abs=1e-6)
        assert found.total_error == pytest.approx(answer["total_error"], rel=1e-9)


def test_layers_of_a_lognormal_cost_what_aggregate_says() -> None:
    layers = [(10_000, 50_000), (20_000, 30_000), (0, 100_000)]
    questions = [
        {"what": "layer", "deductible": low, "limit": limit, "scale": 8_000, "sigma": 1.2, "span": 5}
        for low, limit in layers
    ]
    for (low, limit), answer in zip(layers, ask(questions), strict=True):
        found = per_loss(Lognormal(np.log(8_000), 1.2), Layer(deductible=low, limit=limit))
        assert found == pytest.approx(answer["mean"], rel=1e-3)


def test_a_compound_year_is_that_of_aggregate() -> None:
    values, chances, levels = [1_000, 5_000, 20_000], [0.6, 0.3, 0.1], [0.5, 0.9, 0.99, 0.995]
    question = {"what": "year", "claims": 40, "values": values, "chances": chances, "levels": levels, "span": 500}
    (answer,) = ask([question])
    losses = np.repeat(np.array(values, float), [6, 3, 1])
    found = compound_poisson(40, losses)
    assert found.mean == pytest.approx(answer["mean"], rel=1e-6)
    assert found.standard_deviation == pytest.approx(answer["deviation"], rel=1e-3)
    quantiles = [found.value_at_risk(level) for level in levels]
    assert quantiles == pytest.approx(answer["quantiles"], abs=1_000)
