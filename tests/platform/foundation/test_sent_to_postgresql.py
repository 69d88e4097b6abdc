"""What is sent to PostgreSQL, statement by statement. No database is asked: a connection of its kind writes down.

The tests that do ask one are all others, in the run on PostgreSQL; these hold the texts, the rounds and the boundaries
in the run on SQLite too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from psycopg.pq import TransactionStatus

from huimin.platform.foundation.kept import Block
from huimin.platform.foundation.models import AuditEvent, City, Exchange
from huimin.platform.foundation.postgresql.base import DatabaseWrapper
from huimin.platform.foundation.reserving import reserved_keys
from huimin.platform.foundation.statements import ask, insert, inserting, queue, queue_values, rewrite_each, rows_where
from huimin.platform.foundation.statements.blocks import _send
from huimin.platform.foundation.triggers import _protect
from huimin.platform.ledger.models import Posting
from huimin.platform.pool.models import Insurer, Share

pytestmark = pytest.mark.django_db
_DAY = date(2022, 1, 1)


class Writing(DatabaseWrapper):
    """A connection to PostgreSQL that sends nothing: `sent` has what it was given, round by round."""

    def __init__(self, answers: list[list[tuple[Any, ...]]] | None = None) -> None:
        super().__init__({"NAME": "none", "OPTIONS": {}, "TIME_ZONE": None, "CONN_HEALTH_CHECKS": False})
        self.sent: list[list[tuple[str, Any]]] = []
        self.answers = list(answers or [])
        self.begun = TransactionStatus.INTRANS
        self._round = False
        self.connection = SimpleNamespace(one_round=self._in_one, pgconn=self)

    @property
    def transaction_status(self) -> TransactionStatus:
        return self.begun

    def ensure_connection(self) -> None:
        pass

    @contextmanager
    def _in_one(self) -> Iterator[None]:
        self.sent.append([])
        self._round = True
        yield
        self._round = False

    def cursor(self) -> Any:
        return _Cursor(self)

    def told(self, text: str, values: Any) -> None:
        if self._round:
            self.sent[-1].append((text, values))
        else:
            self.sent.append([(text, values)])

    @property
    def one(self) -> tuple[str, Any]:
        """The only statement that was sent."""
        ((found,),) = self.sent
        return found


class _Cursor:
    def __init__(self, writing: Writing) -> None:
        self.writing = writing

    def __enter__(self) -> _Cursor:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def execute(self, text: str, values: Any = None) -> None:
        self.writing.told(text, values)

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self.writing.answers.pop(0)

    def close(self) -> None:
        pass


def _insurers(count: int) -> list[Insurer]:
    return [Insurer(city_id=1, code=f"i{n}", name_zh=f"第{n}", name_en=f"No. {n}") for n in range(count)]


class TestQuestions:
    def test_a_row_is_locked_only_where_that_is_asked_for(self) -> None:
        writing = Writing()
        read = rows_where(writing, Insurer, {"code": "lead"}, order_by=("code", "id"))
        locked = rows_where(writing, Insurer, {"code": "lead"}, order_by=("code", "id"), lock=True)
        assert read.text == (
            'SELECT "id", "city_id", "code", "name_zh", "name_en" FROM "pool_insurer" WHERE "code" = %s '
            'ORDER BY "code", "id"'
        )
        assert locked.text == read.text + " FOR UPDATE"

    def test_several_values_are_one_array(self) -> None:
        question = rows_where(Writing(), Insurer, {"city": 3, "code": ["a", "b"]})
        assert question.text.endswith('WHERE "city_id" = %s AND "code" = ANY(%s)')
        assert question.values == [3, ["a", "b"]]

    def test_a_list_of_one_value_is_that_value(self) -> None:
        question = rows_where(Writing(), Insurer, {"code": ["a"]})
        assert (question.text.partition(" WHERE ")[2], question.values) == ('"code" = %s', ["a"])

    def test_what_is_empty_is_asked_for_without_a_value(self) -> None:
        question = rows_where(Writing(), Insurer, {"code": None, "city": 3})
        assert (question.text.partition(" WHERE ")[2], question.values) == ('"code" IS NULL AND "city_id" = %s', [3])


class TestRounds:
    def test_several_questions_go_in_one_round(self) -> None:
        writing = Writing([[(1, 9, "a", "甲", "A")], []])
        questions = [rows_where(writing, Insurer, {"code": code}) for code in ("a", "b")]
        first, second = ask(writing, questions)
        assert [row.name_zh for row in first] == ["甲"] and second == []
        assert [[values for _, values in sent] for sent in writing.sent] == [[["a"], ["b"]]]
        assert writing.sent == [[(question.text, question.values) for question in questions]]

    @pytest.mark.parametrize(
        ("inside", "status", "begins"),
        [
            (True, TransactionStatus.IDLE, True),
            (True, TransactionStatus.INTRANS, False),
            (False, TransactionStatus.IDLE, False),
        ],
    )
    def test_one_question_goes_in_a_round_where_begin_has_to_be_sent_before_it(
        self, monkeypatch: pytest.MonkeyPatch, inside: bool, status: TransactionStatus, begins: bool
    ) -> None:
        writing = Writing([[]])
        writing.in_atomic_block, writing.begun = inside, status
        rounds: list[bool] = []
        tell = writing.told
        monkeypatch.setattr(writing, "told", lambda text, values: (rounds.append(writing._round), tell(text, values)))
        assert ask(writing, [rows_where(writing, Insurer, {"code": "a"})]) == [[]]
        assert rounds == [begins]

    def test_without_a_connection_nothing_has_begun(self) -> None:
        writing = Writing([[]])
        writing.in_atomic_block, writing.connection = True, None
        assert ask(writing, [rows_where(writing, Insurer, {"code": "a"})]) == [[]]

    @pytest.mark.parametrize(("commit", "last"), [(True, [("COMMIT", None)]), (False, [])])
    def test_a_block_goes_in_one_round_and_with_commit_where_it_is_the_outermost(
        self, commit: bool, last: list[tuple[str, None]]
    ) -> None:
        writing = Writing()
        _send(writing, Block([("one", [1]), ("two", [2])]), commit=commit)
        assert writing.sent == [[("one", [1]), ("two", [2]), *last]]

    def test_an_empty_block_sends_nothing(self) -> None:
        writing = Writing()
        _send(writing, Block(), commit=True)
        assert writing.sent == []


class TestInserting:
    """An insurer has four values without its key: twelve of them are 48, thirteen 52; arrays begin above 50."""

    def test_a_few_values_have_a_place_each(self) -> None:
        writing = Writing()
        writing.kept.block = block = Block()
        queue(writing, Insurer, _insurers(12), keyed=False)
        ((text, values),) = block.writes
        before, _, rows = text.partition(" VALUES ")
        assert before == 'INSERT INTO "pool_insurer" ("city_id", "code", "name_zh", "name_en")'
        assert rows == ", ".join(["(%s, %s, %s, %s)"] * 12)
        assert len(values) == 48 and values[4:8] == [1, "i1", "第1", "No. 1"]
        assert block.models == {Insurer}

    def test_fifty_values_have_a_place_each(self) -> None:
        writing = Writing()
        queue_values(writing, Insurer, ("city", "code"), [(1, f"i{n}") for n in range(25)])
        assert "unnest" not in writing.one[0] and len(writing.one[1]) == 50

    def test_more_values_are_an_array_for_each_column(self) -> None:
        writing = Writing()
        writing.kept.block = block = Block()
        queue(writing, Insurer, _insurers(13), keyed=False)
        ((text, values),) = block.writes
        assert text == (
            'INSERT INTO "pool_insurer" ("city_id", "code", "name_zh", "name_en") '
            "SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[])"
        )
        assert values[0] == [1] * 13 and values[1] == [f"i{n}" for n in range(13)] and len(values) == 4

    def test_what_no_array_holds_without_loss_has_a_place_each(self) -> None:
        """The detail of what is audited is JSON."""
        writing = Writing()
        writing.kept.block = block = Block()
        rows = [AuditEvent(city_id=1, at=None, actor="a", action="b", subject="c", detail={}) for _ in range(20)]
        queue(writing, AuditEvent, rows, keyed=False)
        ((text, values),) = block.writes
        assert "unnest" not in text and len(values) == 120

    def test_more_than_a_statement_takes_goes_in_parts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(inserting, "_MOST_VALUES", 20)
        writing = Writing([[(1,), (2,), (3,), (4,), (5,)], [(6,)]])
        rows = _insurers(6)
        insert(writing, Insurer, rows)
        texts = [text for ((text, _),) in writing.sent]
        assert [text.count("(%s, %s, %s, %s)") for text in texts] == [5, 1]
        assert all(text.endswith(" RETURNING id") for text in texts)
        assert [row.pk for row in rows] == [1, 2, 3, 4, 5, 6]
        assert not any(row._state.adding for row in rows)

    def test_rows_that_need_keys_get_them_first(self) -> None:
        writing = Writing([[(13,), (12,)]])
        writing.kept.block = block = Block()
        rows = _insurers(2)
        queue(writing, Insurer, rows, keyed=True)
        assert [row.pk for row in rows] == [12, 13]
        ((text, values),) = block.writes
        assert text.startswith('INSERT INTO "pool_insurer" ("city_id", "code", "name_zh", "name_en", "id") VALUES ')
        assert values[4] == 12 and values[9] == 13

    def test_a_table_that_reserves_its_keys_gets_them_unasked(self) -> None:
        writing = Writing([[(5,)]])
        writing.kept.block = Block()
        row = Exchange(
            city_id=1, at=None, party="bank", operation="ask", key="k", outcome="done", asked="", answered=""
        )
        queue(writing, Exchange, [row], keyed=False)
        assert row.pk == 5

    def test_nothing_inserts_nothing(self) -> None:
        writing = Writing()
        writing.kept.block = block = Block()
        queue(writing, Insurer, [], keyed=False)
        queue_values(writing, Insurer, ("city", "code"), [])
        assert (block.writes, block.models, writing.sent) == ([], set(), [])

    def test_values_of_a_block_wait_for_its_end(self) -> None:
        writing = Writing()
        writing.kept.block = block = Block()
        queue_values(writing, Insurer, ("city", "code"), [(1, "a")])
        ((text, values),) = block.writes
        assert (text, values) == ('INSERT INTO "pool_insurer" ("city_id", "code") VALUES (%s, %s)', [1, "a"])
        assert block.models == {Insurer} and writing.sent == []

    def test_fen_are_whole_here_too(self) -> None:
        with pytest.raises(TypeError, match="fen"):
            queue_values(Writing(), Posting, ("city", "amount"), [(1, 12.5)])


class TestRewriting:
    def _shares(self) -> list[Share]:
        return [
            Share(pk=n, city_id=1, plan_year_id=1, insurer_id=n, basis_points=10 * n, from_day=_DAY + timedelta(n))
            for n in (1, 2)
        ]

    _TEXT = (
        'UPDATE "pool_share" SET "basis_points" = new."basis_points", "from_day" = new."from_day" '
        'FROM unnest(%s::bigint[], %s::integer[], %s::date[]) AS new("id", "basis_points", "from_day") '
        'WHERE "pool_share"."id" = new."id"'
    )
    _VALUES = ([1, 2], [10, 20], [_DAY + timedelta(1), _DAY + timedelta(2)])

    def test_many_rows_are_one_statement(self) -> None:
        writing = Writing()
        rewrite_each(writing, self._shares(), ("basis_points", "from_day"))
        assert writing.one == (self._TEXT, list(self._VALUES))

    def test_in_a_block_they_wait_for_its_end(self) -> None:
        writing = Writing()
        writing.kept.block = block = Block()
        rewrite_each(writing, self._shares(), ("basis_points", "from_day"))
        assert block.writes == [(self._TEXT, list(self._VALUES))]
        assert block.models == {Share} and writing.sent == []

    def test_what_no_array_holds_is_written_row_by_row(self) -> None:
        writing = Writing()
        rows = [AuditEvent(pk=n, city_id=1, actor="a", detail={"n": n}) for n in (1, 2)]
        rewrite_each(writing, rows, ("actor", "detail"))
        assert [text for ((text, _),) in writing.sent] == [
            'UPDATE "foundation_auditevent" SET "actor" = %s, "detail" = %s WHERE id = %s'
        ] * 2
        assert [values[-1] for ((_, values),) in writing.sent] == [1, 2]

    def test_no_rows_send_nothing(self) -> None:
        writing = Writing()
        rewrite_each(writing, [], ("actor",))
        assert writing.sent == []


class TestReservedKeys:
    def test_a_hundred_are_drawn_and_given_out_in_turn(self) -> None:
        writing = Writing([[(n,) for n in range(200, 100, -1)], [(n,) for n in range(301, 401)]])
        assert reserved_keys(writing, City, 2) == [101, 102]
        assert reserved_keys(writing, City, 98) == list(range(103, 201))
        assert writing.one[1] == ["foundation_city", 100]
        assert reserved_keys(writing, City, 1) == [301]

    def test_more_than_a_hundred_are_drawn_at_once(self) -> None:
        writing = Writing([[(n,) for n in range(150)]])
        assert reserved_keys(writing, City, 150) == list(range(150))
        assert writing.one[1] == ["foundation_city", 150]

    def test_keys_of_another_table_are_its_own(self) -> None:
        writing = Writing([[(n,) for n in range(100)], [(n,) for n in range(100)]])
        assert reserved_keys(writing, City, 1) == reserved_keys(writing, Insurer, 1) == [0]

    @pytest.mark.parametrize(("after", "next_key"), [(59, 1), (61, 100)])
    def test_keys_are_dropped_after_a_minute(
        self, monkeypatch: pytest.MonkeyPatch, after: float, next_key: int
    ) -> None:
        moment = [1000.0]
        monkeypatch.setattr("time.monotonic", lambda: moment[0])
        writing = Writing([[(n,) for n in range(100)], [(n,) for n in range(100, 200)]])
        assert reserved_keys(writing, City, 1) == [0]
        moment[0] += after
        assert reserved_keys(writing, City, 1) == [next_key]


class TestTriggers:
    """Of the triggers that are there already none is made again."""

    @pytest.mark.parametrize(
        ("there", "facts", "expiring", "made"),
        [
            ([], True, False, ["append_only", "no_truncate"]),
            ([], False, False, ["no_delete", "no_truncate"]),
            ([], True, True, ["append_only", "no_delete", "no_truncate"]),
            ([("t_append_only",)], True, False, ["no_truncate"]),
            ([("t_no_truncate",), ("t_no_delete",)], False, False, []),
        ],
    )
    def test_those_that_are_missing_are_made(
        self, there: list[tuple[str]], facts: bool, expiring: bool, made: list[str]
    ) -> None:
        writing = Writing([there])  # type: ignore[list-item]
        _protect(writing, "t", facts, expiring)
        texts = [text for ((text, _values),) in writing.sent]
        assert "FROM pg_trigger" in texts[0]
        assert [text.split()[2] for text in texts if text.startswith("CREATE TRIGGER")] == [
            f"t_{name}" for name in made
        ]
