"""zen-engine, a business-rules engine: one claim an evaluation, sums of the year given and taken back by the caller."""

from __future__ import annotations

import json
import sys
import time
from random import Random

import zen

PLAN = ((10_000, 0.65, 0.77), (20_000, 0.55, 0.67), (50_000, 0.45, 0.45))


def tiers(excess: str, low: float, high: float) -> str:
    paid = f"min([{excess}, 100000]) * ({low} - cut) + max([{excess} - 100000, 0]) * ({high} - cut)"
    return f"round(({paid}) * 100) / 100"


def expressions() -> list[dict[str, str]]:
    found = []
    bases = ("self_paid", "self_funded", "self_paid + self_funded - $.p1 - $.p2")
    for n, (base, (deductible, low, high)) in enumerate(zip(bases, PLAN, strict=True), 1):
        lines = {
            f"b{n}": base,
            f"e{n}": f"max([c{n} + $.b{n} - {deductible}, 0])",
            f"f{n}": f"max([c{n} - {deductible}, 0])",
            f"p{n}": f"{tiers(f'$.e{n}', low, high)} - {tiers(f'$.f{n}', low, high)}",
        }
        found += [{"id": key, "key": key, "value": value} for key, value in lines.items()]
    return found


def main(claims: int) -> None:
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
        {
            "id": "pay",
            "type": "expressionNode",
            "name": "pay",
            "position": {"x": 1, "y": 0},
            "content": {"expressions": expressions()},
        },
        {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 2, "y": 0}},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "pay", "type": "edge"},
        {"id": "2", "sourceId": "pay", "targetId": "out", "type": "edge"},
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    random = Random(7)
    bills = [
        {"self_paid": round(random.lognormvariate(8, 1.5), 2), "self_funded": round(random.lognormvariate(7, 1.5), 2)}
        for _ in range(claims)
    ]
    sums = {"c1": 0.0, "c2": 0.0, "c3": 0.0}
    start = time.perf_counter()
    for n, bill in enumerate(bills):
        if n % 16 == 0:
            sums = dict.fromkeys(sums, 0.0)  # the next member
        paid = decision.evaluate({**bill, **sums, "cut": 0})["result"]
        for place in (1, 2, 3):
            sums[f"c{place}"] += paid[f"b{place}"]
    print(f"{claims / (time.perf_counter() - start):.0f} claims/s")


if __name__ == "__main__":
    main(int(sys.argv[1]))
