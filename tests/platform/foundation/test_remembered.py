"""What a process remembers: for so many seconds, by key, and never that there was nothing."""

from __future__ import annotations

import pytest

from huimin.platform.foundation.remembered import Remembered, forget_all


class Asked:
    """Counts how often it was asked; the answer is the count."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    found = [1000.0]
    monkeypatch.setattr("time.monotonic", lambda: found[0])
    return found


@pytest.mark.parametrize(("after", "answer"), [(0.0, 1), (1.9, 1), (2.0, 2), (2.1, 2)])
def test_a_value_is_kept_for_so_many_seconds_and_no_longer(moment: list[float], after: float, answer: int) -> None:
    remembered: Remembered[str, int] = Remembered(seconds=2)
    asked = Asked()
    assert remembered.get("a", asked) == 1
    moment[0] += after
    assert remembered.get("a", asked) == answer


def test_each_key_has_its_own_value(moment: list[float]) -> None:
    remembered: Remembered[str, int] = Remembered(seconds=2)
    asked = Asked()
    assert [remembered.get(key, asked) for key in ("a", "b", "a", "b")] == [1, 2, 1, 2]


def test_that_there_was_nothing_is_not_remembered(moment: list[float]) -> None:
    remembered: Remembered[str, int] = Remembered(seconds=2)
    assert remembered.get("a", lambda: None) is None
    assert remembered.get("a", lambda: 7) == 7


def test_what_is_remembered_can_be_forgotten(moment: list[float]) -> None:
    one, other, asked = Remembered[str, int](seconds=2), Remembered[str, int](seconds=2), Asked()
    assert (one.get("a", asked), other.get("a", asked)) == (1, 2)
    one.forget()
    assert (one.get("a", asked), other.get("a", asked)) == (3, 2)
    forget_all()
    assert (one.get("a", asked), other.get("a", asked)) == (4, 5)
