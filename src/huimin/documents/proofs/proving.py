"""Everything that is asked of a paper, in one place: which amounts are proven, and what a person is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from huimin.documents.paper import Confidence, Field, Origin, Paper, PaperKind, Place
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
    knows yet which. So does a source that says otherwise, and whatever was seen doubtfully in a picture.
    """
    proofs = tuple(identities(paper))
    doubted = {name for proof in proofs if not proof.holds for name in proof.proves}
    doubtful = {one.name for one in paper.fields if one.confidence is Confidence.DOUBTFUL}
    doubted |= {one.name for one in paper.differing} | doubtful
    sure = frozenset(_proven(paper, proofs) - doubted)
    contradicted = tuple(ask_of_contradictions(paper))
    asked = {question.values.get("name", "") for question in contradicted} | {one.name for one in paper.differing}
    asked |= doubtful
    questions = (
        *_ask_of_reading(paper),
        *_ask_of_sums(paper, proofs),
        *_ask_of_unproven(paper, sure | asked),
        *ask_of_shapes(paper),
        *contradicted,
        *ask_of_keys(paper, known),
    )
    return Verdict(proofs, questions, sure)


def _proven(paper: Paper, proofs: tuple[Proof, ...]) -> set[str]:
    """What the identities that hold prove. One that repeats a figure seen in a picture proves nothing by itself, and
    the other amount once the whole is proven otherwise."""
    seen = {one.name for one in paper.fields if one.origin is Origin.OCR}
    held = [proof for proof in proofs if proof.holds]
    weak = [proof for proof in held if proof.repeats and seen & set(proof.proves)]
    proven = {name for proof in held if proof not in weak for name in proof.proves}
    return proven.union(*(proof.proves for proof in weak if proof.proves[-1] in proven))


def _ask_of_reading(paper: Paper) -> Iterator[Question]:
    told = paper.kind is PaperKind.DISCHARGE_SUMMARY and paper.fields
    if not told and not any(isinstance(one.value, int) for one in paper.fields) and not paper.rows:
        yield Question("nothing_read")
    for unread in paper.unread:
        yield Question("amount_unread", unread.place, {"name": unread.name, "text": unread.text})
    for page in paper.pictures:
        yield Question("picture_unread", Place("", page))
    for one in paper.fields:
        if one.confidence is Confidence.DOUBTFUL:
            yield Question("seen_doubtfully", one.place, {"name": one.name, "text": _text(one)})
    for one in paper.differing:
        yield Question("sources_differ", one.place, {"name": one.name, "text": _text(one)})
    capitals = paper.field("total_in_capitals")
    if capitals is not None and capitals_fen(str(capitals.value)) is None:
        yield Question("capitals_unread", capitals.place, {"text": str(capitals.value)})


def _text(field: Field) -> str:
    return format_yuan(field.value) if isinstance(field.value, int) else field.value


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
