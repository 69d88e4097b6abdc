"""`huimin documents read`: what a paper of a claim says, what of it is proven, and what a person is asked."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from huimin.cli.arguments import NOT_ALL_DECIDED, OK, Commands, add_language
from huimin.documents import Limits, Paper, Place, Verdict, name_of, prove, read
from huimin.errors import InputError
from huimin.money import format_yuan

__all__ = ["add_commands"]

_HEADS = {
    "zh": ("内容", "明细", "其他金额", "印证", "待核对的问题", "没有待核对的问题。"),
    "en": ("Fields", "Rows", "Other amounts", "Proofs", "Questions", "No questions."),
}


def add_commands(commands: Commands) -> None:
    documents = commands.add_parser("documents", help="the papers of a claim").add_subparsers(
        required=True, metavar="COMMAND"
    )
    one = documents.add_parser("read", help="what a bill says, what of it is proven, and what a person is asked")
    one.add_argument("file", type=Path, help="a PDF, an OFD, an XML file, a PNG or a JPEG picture")
    add_language(one)
    one.set_defaults(command=_read)


def _read(options: argparse.Namespace) -> int:
    try:
        with options.file.open("rb") as file:
            data = file.read(Limits().file_bytes + 1)
    except OSError as error:
        raise InputError(f"{options.file}: {error.strerror}", code="no_such_file") from error
    paper = read(data)
    verdict = prove(paper)
    sys.stdout.write("\n".join(_lines(paper, verdict, options.language)) + "\n")
    return NOT_ALL_DECIDED if verdict.questions else OK


def _lines(paper: Paper, verdict: Verdict, language: str) -> Iterator[str]:
    fields, rows, others, proofs, questions, none = _HEADS[language]
    yield f"{fields} ({paper.kind})"
    for one in paper.fields:
        value = format_yuan(one.value) if isinstance(one.value, int) else one.value
        sure = "=" if one.name in verdict.sure else " "
        yield f" {sure} {name_of(one.name, language)}: {value}  [{one.origin}, {one.confidence}, {_place(one.place)}]"
    for head, amounts in ((rows, paper.rows), (others, paper.named)):
        if amounts:
            yield head
            yield from (f"   {format_yuan(one.fen):>14}  {one.name}" for one in amounts)
    if verdict.proofs:
        yield proofs
    for proof in verdict.proofs:
        sign = "=" if proof.holds else "≠"
        yield f"   {name_of(proof.name, language)}: {format_yuan(proof.left)} {sign} {format_yuan(proof.right)}"
    yield questions if verdict.questions else none
    for question in verdict.questions:
        place = _place(question.place)
        yield f" ? {question.words(language)}{place and f' [{place}]'}"


def _place(place: Place) -> str:
    page = "" if place.page is None else f"p. {place.page}"
    box = "" if place.box is None else " ".join(str(side) for side in place.box)
    return " ".join(part for part in (place.path, page, box) if part)
