"""What chainladder and aggregate say, in an environment of their own: questions come in as JSON, answers go out."""

from __future__ import annotations

import json
import sys
from typing import Any


def ladder(question: dict[str, Any]) -> dict[str, Any]:
    """Mack's chain ladder by chainladder; its default interpolates the last sigma otherwise than he did."""
    import chainladder as cl
    import pandas as pd

    rows = [
        {"origin": 2000 + i, "development": 2000 + i + j, "paid": value}
        for i, row in enumerate(question["rows"])
        for j, value in enumerate(row)
    ]
    triangle = cl.Triangle(
        pd.DataFrame(rows), origin="origin", development="development", columns="paid", cumulative=True
    )
    found = cl.MackChainladder().fit(cl.Development(sigma_interpolation="mack").fit_transform(triangle))
    summary = found.summary_.to_frame().fillna(0.0)  # it shows nothing for a period that is fully developed
    return {
        "outstanding": [float(value) for value in summary["IBNR"]],
        "errors": [float(value) for value in summary["Mack Std Err"]],
        "total_error": float(found.total_mack_std_err_.iloc[0, 0]),
    }


def layer(question: dict[str, Any]) -> dict[str, Any]:
    """The expected payment of a layer on one lognormal loss; `!`: zero payments count, as per_loss counts them."""
    from aggregate import build

    text = f"agg Layer 1 claim {question['limit']} xs {question['deductible']} sev {question['scale']} * lognorm "
    found = build(f"{text}{question['sigma']} ! fixed", bs=question["span"], log2=18)
    return {"mean": float(found.agg_m)}


def year(question: dict[str, Any]) -> dict[str, Any]:
    from aggregate import build

    values, chances = question["values"], question["chances"]
    text = f"agg Year {question['claims']} claims dsev {values} {chances} poisson"
    found = build(text, bs=question["span"], log2=16)
    return {
        "mean": float(found.agg_m),
        "deviation": float(found.agg_sd),
        "quantiles": [float(found.q(level)) for level in question["levels"]],
    }


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    answers = [{"ladder": ladder, "layer": layer, "year": year}[one["what"]](one) for one in asked]
    print("ANSWER " + json.dumps(answers))
