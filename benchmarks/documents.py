"""Papers read as files, flat scans and photographs: how many of their fields rightly, and was a wrong amount accepted?

python benchmarks/documents.py [--part unseen|made-with] [--papers N] [--forms file,scan,photograph] [--faults]

Every paper is invented and drawn here, so that what stands on it is known. `unseen` takes layouts and seeds that the
reading was not made with; only that part's figures say how well it reads.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from statistics import median

import pylopdf_fonts_zh_cn
import typst
from documents_layouts import LAYOUTS, Print
from documents_layouts_unseen import UNSEEN
from documents_truth import KINDS, Truth, truth_of
from documents_wear import photograph, scan
from PIL import Image

from huimin.documents import DocumentError, Paper, Verdict, prove
from huimin.documents.reading import read_here

FORMS = ("file", "scan", "photograph")
PARTS = {"made-with": (LAYOUTS, 0), "unseen": (UNSEEN, 10_000)}
"""Layouts and the first seed of each part."""
PAPERS = {"made-with": 8, "unseen": 8}
"""How many of each kind."""
POINTS_AN_INCH = {"scan": 200, "photograph": 220}


@dataclass
class Sums:
    """What was counted of some papers."""

    papers: int = 0
    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    accepted: int = 0
    accepted_wrong: int = 0
    seconds: list[float] = field(default_factory=list)

    def share(self, *names: str) -> str:
        asked = sum(self.asked[name] for name in names)
        return f"{100 * sum(self.right[name] for name in names) / asked:.1f} %" if asked else "–"


def drawn(part: str, count: int) -> Iterator[tuple[str, int, Truth, Print, str]]:
    layouts, first = PARTS[part]
    for kind in KINDS:
        for number in range(count):
            seed = first + number
            at = Print(truth_of(kind, seed))
            yield kind, seed, at.truth, at, layouts[kind][number % len(layouts[kind])](at)


def printed(source: str, form: str, seed: int) -> bytes:
    fonts = [str(Path(pylopdf_fonts_zh_cn.__file__).parent)]
    if form == "file":
        made = typst.compile(source.encode(), font_paths=fonts, format="pdf")
        assert isinstance(made, bytes)
        return made
    made = typst.compile(source.encode(), font_paths=fonts, format="png", ppi=POINTS_AN_INCH[form])
    assert isinstance(made, bytes), "a layout of more than one page"
    picture = Image.open(BytesIO(made)).convert("RGB")
    return scan(picture, seed) if form == "scan" else photograph(picture, seed)


def value_of(paper: Paper, name: str) -> int | str | None:
    """What was read under a name. Amounts inside and outside of the insurance are named amounts."""
    found = paper.field(name)
    if found is not None:
        return found.value
    named = {one.fen for one in paper.named if one.meaning == name}
    return named.pop() if len(named) == 1 else None


def bare(value: int | str | None) -> int | str | None:
    return "".join(letter for letter in value if letter.isalnum()) if isinstance(value, str) else value


def faults_of(truth: Truth, shown: set[str], paper: Paper, verdict: Verdict, sums: Sums) -> list[str]:
    """Counts one paper, and says what of it is wrong."""
    found = []
    for name in sorted(shown):
        true, got = truth.fields[name], value_of(paper, name)
        kind = "amount" if isinstance(true, int) else "text"
        right = bare(got) == bare(true)
        sums.asked.update((kind, name))
        sums.right.update((kind, name) if right else ())
        accepted = isinstance(true, int) and name in verdict.sure
        sums.accepted += accepted and right
        sums.accepted_wrong += accepted and not right
        if not right:
            found.append(f"{name}: {true} read as {got}{' AND ACCEPTED' if accepted else ''}")
    true_rows, rows = Counter(fen for _, fen in truth.rows), Counter(row.fen for row in paper.rows)
    both = sum((true_rows & rows).values())
    for name, count in (("row", len(truth.rows)), ("amount", len(truth.rows))):
        sums.asked[name] += count
        sums.right[name] += both
    if true_rows != rows:
        wrong = "rows" in verdict.sure
        sums.accepted_wrong += wrong
        found.append(
            f"rows: {sorted((true_rows - rows).elements())} not read, {sorted((rows - true_rows).elements())} instead"
        )
    elif truth.rows:
        sums.accepted += len(truth.rows) * ("rows" in verdict.sure)
    return found


def measure(part: str, count: int, forms: list[str], say_faults: bool) -> dict[tuple[str, str], Sums]:
    found: dict[tuple[str, str], Sums] = {}
    for kind, seed, truth, at, source in drawn(part, count):
        for form in forms:
            sums = found.setdefault((form, kind), Sums())
            data = printed(source, form, seed)
            began = time.process_time()
            try:
                paper = read_here(data, letters=True)
            except DocumentError as refused:
                sys.exit(f"{kind} {seed} {form}: {refused.message}")
            sums.seconds.append(time.process_time() - began)
            sums.papers += 1
            faults = faults_of(truth, at.shown, paper, prove(paper), sums)
            if say_faults and faults:
                print(f"{form} {kind} {seed}: " + "; ".join(faults), file=sys.stderr, flush=True)
    return found


def whole(found: dict[tuple[str, str], Sums], form: str) -> Sums:
    sums = Sums()
    for (one, _), part in found.items():
        if one == form:
            sums.papers += part.papers
            sums.right.update(part.right)
            sums.asked.update(part.asked)
            sums.accepted += part.accepted
            sums.accepted_wrong += part.accepted_wrong
            sums.seconds += part.seconds
    return sums


def report(found: dict[tuple[str, str], Sums], forms: list[str]) -> None:
    heads = ["form", "kind", "papers", "amounts", "right", "accepted by a proof", "accepted and wrong"]
    print("| " + " | ".join([*heads, "other fields right", "s a page"]) + " |")
    print("|---|---|---|---|---|---|---|---|---|")
    for form in forms:
        for kind in (*KINDS, "all"):
            one = whole(found, form) if kind == "all" else found[form, kind]
            accepted = f"{100 * one.accepted / one.asked['amount']:.1f} %" if one.asked["amount"] else "–"
            cells = [form, kind, str(one.papers), str(one.asked["amount"]), one.share("amount"), accepted]
            cells += [str(one.accepted_wrong), one.share("text"), f"{median(one.seconds):.2f}"]
            print("| " + " | ".join(cells) + " |")
    names = sorted({name for sums in found.values() for name in sums.asked} - {"amount", "text"})
    print("\n| field | " + " | ".join(forms) + " |\n|---|" + "---|" * len(forms))
    for name in names:
        print(f"| {name} | " + " | ".join(whole(found, form).share(name) for form in forms) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=sorted(PARTS), default="unseen")
    parser.add_argument("--papers", type=int, help="how many of each kind")
    parser.add_argument("--forms", default=",".join(FORMS))
    parser.add_argument("--faults", action="store_true", help="say each field that was read wrongly")
    options = parser.parse_args()
    forms = options.forms.split(",")
    began = time.monotonic()
    found = measure(options.part, options.papers or PAPERS[options.part], forms, options.faults)
    report(found, forms)
    print(f"\n{options.part}: {time.monotonic() - began:.0f} seconds in all")


if __name__ == "__main__":
    main()
