"""The papers of a claim: opened safely, read field by field with origin and place, and held against their own sums.

`read` gives what a file says, from a process with limits; `prove` what of it is proven, and the questions for a person.
"""

from __future__ import annotations

from huimin.documents.apart import read
from huimin.documents.errors import DocumentError
from huimin.documents.opening import FileKind, Limits, kind_of
from huimin.documents.paper import Confidence, Field, NamedAmount, Origin, Paper, PaperKind, Place, Row, Unread
from huimin.documents.proofs import BillKey, Proof, Question, Verdict, key_of, name_of, prove

__all__ = [
    "BillKey",
    "Confidence",
    "DocumentError",
    "Field",
    "FileKind",
    "Limits",
    "NamedAmount",
    "Origin",
    "Paper",
    "PaperKind",
    "Place",
    "Proof",
    "Question",
    "Row",
    "Unread",
    "Verdict",
    "key_of",
    "kind_of",
    "name_of",
    "prove",
    "read",
]
