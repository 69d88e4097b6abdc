"""As much of Thrift's compact protocol as the footer and the page headers of a Parquet file need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["I32", "I64", "Field", "Listed", "Struct", "encoded"]

_I32, _I64, _BINARY, _LIST, _STRUCT = 5, 6, 8, 9, 12
_SHORT_LIST = 14


@dataclass(frozen=True, slots=True)
class I32:
    value: int


@dataclass(frozen=True, slots=True)
class I64:
    value: int


@dataclass(frozen=True, slots=True)
class Listed:
    """Values of one kind, one at least."""

    values: Sequence[Field]


@dataclass(frozen=True, slots=True)
class Struct:
    """Fields by their number."""

    fields: dict[int, Field]


Field: TypeAlias = I32 | I64 | bytes | Listed | Struct


def encoded(value: Field) -> bytes:
    """A value without its kind, which stands before it in a struct or a list."""
    match value:
        case I32(number) | I64(number):
            return _varint(number << 1 ^ number >> 63)
        case bytes():
            return _varint(len(value)) + value
        case Listed(values):
            kind = _kind(values[0])
            size = len(values)
            head = bytes([size << 4 | kind]) if size <= _SHORT_LIST else bytes([0xF0 | kind]) + _varint(size)
            return head + b"".join(map(encoded, values))
        case Struct(fields):
            return _struct(fields)


def _struct(fields: dict[int, Field]) -> bytes:
    found, before = [], 0
    for number, value in sorted(fields.items()):
        # The number is told by its distance from the one before: no struct of Parquet has a gap above fifteen.
        found.append(bytes([number - before << 4 | _kind(value)]) + encoded(value))
        before = number
    return b"".join([*found, b"\0"])


def _kind(value: Field) -> int:
    match value:
        case I32():
            return _I32
        case I64():
            return _I64
        case bytes():
            return _BINARY
        case Listed():
            return _LIST
        case Struct():
            return _STRUCT


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 127:  # noqa: PLR2004 - seven bits a byte
        found.append(number & 127 | 128)
        number >>= 7
    return bytes([*found, number])
