"""Oasis LMF's fmpy on yearly totals: an event a member, an item a benefit, a layer a tier.

The residual benefit rests on what the others paid, which its files cannot say: two benefits of three. Prints
member-years a second, reading and writing its streams, and how many payments its 32-bit floats miss by a fen or more.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from oasislmf.pytools.common import data

STEP = 100_000
PLAN = ((10_000, 6_500, 7_700), (20_000, 5_500, 6_700))
"""Deductible in yuan, and the rates up to and above STEP of excess in basis points: the first two of Jiangsu 2022."""
LARGEST = 1_000_000
ALL_ITEMS, ITEM_STREAM, SOURCE = 0, 1, 2
DEDUCTIBLE_ATTACHMENT_LIMIT_SHARE = 2


def save(home: Path, name: str, dtype: np.dtype, rows: list[tuple[float, ...]]) -> None:
    np.array(rows, dtype).tofile(home / f"{name}.bin")


def make_terms(home: Path) -> None:
    profiles, terms, outputs = [], [], []
    for place, (deductible, low, high) in enumerate(PLAN, 1):
        for layer, (attachment, rate) in enumerate(((0, low), (STEP, high)), 1):
            number = len(profiles) + 1
            limit = STEP if layer == 1 else 10**9
            row = (number, DEDUCTIBLE_ATTACHMENT_LIMIT_SHARE, deductible, 0, 0, attachment, limit, rate / 10_000, 0, 0)
            profiles.append(row)
            terms.append((1, place, layer, number))
            outputs.append((number, place, layer))
    save(home, "fm_profile", data.fm_profile_dtype, profiles)
    save(home, "fm_policytc", data.fm_policytc_dtype, terms)
    save(home, "fm_programme", data.fm_programme_dtype, [(item, 1, item) for item in range(1, len(PLAN) + 1)])
    save(home, "fm_xref", data.fm_xref_dtype, outputs)
    save(home, "items", data.items_dtype, [(item, item, 1, 1, item) for item in range(1, len(PLAN) + 1)])
    np.full(len(PLAN), 10**9, np.float32).tofile(home / "coverages.bin")


def make_losses(path: Path, totals: np.ndarray) -> None:
    """One sample of each item of each event: event, item, (sample 1, loss), and the two words that end an item."""
    word = np.dtype(
        [("event", "<i4"), ("item", "<i4"), ("sample", "<i4"), ("loss", "<f4"), ("end", "<i4"), ("no", "<f4")]
    )
    rows = np.zeros(totals.size, word)
    rows["event"] = np.repeat(np.arange(1, len(totals) + 1), totals.shape[1])
    rows["item"] = np.tile(np.arange(1, totals.shape[1] + 1), len(totals))
    rows["sample"], rows["loss"] = 1, totals.ravel() / 100
    head = np.array([ITEM_STREAM | SOURCE << 24, 1], "<i4")
    path.write_bytes(head.tobytes() + rows.tobytes())


def payments(path: Path, members: int) -> np.ndarray:
    """By member and output, of the first sample."""
    words = np.frombuffer(path.read_bytes(), "<i4")[2:]
    floats = words.view("<f4")
    found = np.zeros((members, 2 * len(PLAN)))
    place = 0
    while place < len(words):
        event, output = words[place], words[place + 1]
        place += 2
        while words[place] != 0:
            if words[place] == 1:
                found[event - 1, output - 1] = floats[place + 1]
            place += 2
        place += 2
    return found


def exact(totals: np.ndarray) -> np.ndarray:
    """In fen. No total here is large enough for the limit of the year."""
    paid = []
    for place, (deductible, low, high) in enumerate(PLAN):
        excess = np.maximum(totals[:, place] - deductible * 100, 0)
        step = STEP * 100
        paid.append((np.minimum(excess, step) * low + np.maximum(excess - step, 0) * high + 5_000) // 10_000)
    return np.stack(paid, axis=1)


def main(members: int) -> None:
    rng = np.random.default_rng(7)
    totals = np.minimum(rng.lognormal(13.8, 1.2, (members, 2)), LARGEST * 100).astype(np.int64)
    totals[:, 1] //= 5
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        make_terms(home)
        make_losses(home / "losses.bin", totals)
        command = [str(Path(sys.executable).parent / "fmpy"), "-p", folder, "-a", str(ALL_ITEMS)]
        files = ["-i", str(home / "losses.bin"), "-o", str(home / "paid.bin")]
        subprocess.run([*command, "--create-financial-structure-files"], check=True)
        best = float("inf")
        for _ in range(3):  # the first compiles
            start = time.perf_counter()
            subprocess.run([*command, *files], check=True)
            best = min(best, time.perf_counter() - start)
        paid = payments(home / "paid.bin", members).reshape(members, len(PLAN), 2).sum(axis=2)
    off = np.rint(paid * 100).astype(np.int64) != exact(totals)
    print(f"{members / best / 1e3:.0f} thousand member-years/s; {off.mean():.2%} of payments off by a fen or more")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
