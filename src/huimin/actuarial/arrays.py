"""The kind of column that estimates are: whole columns of fen and flags are those of `huimin.batch.table.rows`."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["Amounts"]

Amounts: TypeAlias = npt.NDArray[np.float64]
