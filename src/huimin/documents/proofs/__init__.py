"""Holding a paper against itself: no amount is sure without an identity that proves it; all else is a question."""

from __future__ import annotations

from huimin.documents.proofs.findings import BillKey, Proof, Question, Verdict, name_of
from huimin.documents.proofs.proving import prove
from huimin.documents.proofs.shapes import key_of

__all__ = ["BillKey", "Proof", "Question", "Verdict", "key_of", "name_of", "prove"]
