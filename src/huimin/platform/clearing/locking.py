"""A statement and its lines, locked. Whoever answers, decides or pays takes the statements first, in one order."""

from __future__ import annotations

from huimin.platform.clearing.failures import ClearingError
from huimin.platform.clearing.models import HospitalStatement, StatementLine
from huimin.platform.foundation.models import City

__all__ = ["lock_line", "lock_lines", "lock_statements_of"]


def lock_lines(city: City, statement: HospitalStatement) -> list[StatementLine]:
    """The statement's lines, by number, with the statement locked until the transaction ends."""
    HospitalStatement.objects.fetch(city, {"id": statement.pk}, lock=True)
    return _lines(city, {"statement": statement})


def lock_statements_of(city: City, party: str) -> list[StatementLine]:
    """Every line of a hospital, in the order in which they were stated, with its statements locked."""
    HospitalStatement.objects.fetch(city, {"party": party}, order_by=("id",), lock=True)
    return _lines(city, {"party": party})


def lock_line(city: City, line_id: int) -> StatementLine:
    """One line, with its statement locked. Raises ClearingError `line_unknown`."""
    known = StatementLine.objects.pick(city, ("statement",), {"id": line_id})
    if not known:
        raise ClearingError(f"there is no line {line_id} of a statement", code="line_unknown")
    HospitalStatement.objects.fetch(city, {"id": known[0][0]}, lock=True)
    (line,) = _lines(city, {"id": line_id})
    return line


def _lines(city: City, where: dict[str, object]) -> list[StatementLine]:
    found: list[StatementLine] = StatementLine.objects.fetch(city, where, order_by=("id",), lock=True)
    return found
