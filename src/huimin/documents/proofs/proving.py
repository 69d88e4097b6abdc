"""Everything that is asked of a paper, in one place: which amounts are proven, and what a person is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from huimin.documents.paper import Paper, Place
from huimin.documents.proofs.capitals import capitals_fen
from huimin.documents.proofs.contradictions import ask_of_contradictions
from huimin.documents.proofs.findings import BillKey, Proof, Question, Verdict
from huimin.documents.proofs.shapes import ask_of_keys, ask_of_shapes
from huimin.documents.proofs.sums import identities
from huimin.money import format_yuan

__all__ = ["prove"]


def prove(paper: Paper, known: Iterable[BillKey] = ()) -> Verdict:
    """What is proven. `known`: the keys of bills that came before.

    An identity that does not hold takes the sureness of everything in it away: one of its amounts is wrong, and nobody
    knows yet which. So does a source that says otherwise.
    """
    proofs = tuple(identities(paper))
    held = {name for proof in proofs if proof.holds for name in proof.proves}
    doubted = {name for proof in proofs if not proof.holds for name in proof.proves}
    doubted |= {one.name for one in paper.differing}
    sure = frozenset(held - doubted)
    contradicted = tuple(ask_of_contradictions(paper))
    asked = {question.values.get("name", "") for question in contradicted} | {one.name for one in paper.differing}
    questions = (
        *_ask_of_reading(paper),
        *_ask_of_sums(paper, proofs),
        *_ask_of_unproven(paper, sure | asked),
        *ask_of_shapes(paper),
        *contradicted,
        *ask_of_keys(paper, known),
    )
    return Verdict(proofs, questions, sure)


def _ask_of_reading(paper: Paper) -> Iterator[Question]:
    if not any(isinstance(one.value, int) for one in paper.fields) and not paper.rows:
        yield Question("nothing_read")
    for unread in paper.unread:
        yield Question("amount_unread", unread.place, {"name": unread.name, "text": unread.text})
    for one in paper.differing:
        text = format_yuan(one.value) if isinstance(one.value, int) else one.value
        yield Question("sources_differ", one.place, {"name": one.name, "text": text})
    capitals = paper.field("total_in_capitals")
    if capitals is not None and capitals_fen(str(capitals.value)) is None:
        yield Question("capitals_unread", capitals.place, {"text": str(capitals.value)})


def _ask_of_sums(paper: Paper, proofs: Iterable[Proof]) -> Iterator[Question]:
    for proof in proofs:
        if not proof.holds:
            found = paper.field(proof.proves[-1])
            values = {"name": proof.name, "left": format_yuan(proof.left), "right": format_yuan(proof.right)}
            yield Question("sum_differs", found.place if found else Place(), values)


def _ask_of_unproven(paper: Paper, settled: frozenset[str]) -> Iterator[Question]:
    """Each amount that nothing proves, unless more is asked of it anyhow.

    Printed 自付 and 自费 are always among them: no bill has a sum that they must give.
    """
    for one in paper.fields:
        if isinstance(one.value, int) and one.name not in settled:
            values = {"name": one.name, "amount": format_yuan(one.value)}
            yield Question("amount_unproven", one.place, values)
    if paper.rows and "rows" not in settled:
        fen = sum(row.fen for row in paper.rows)
        yield Question("amount_unproven", paper.rows[0].place, {"name": "rows", "amount": format_yuan(fen)})
