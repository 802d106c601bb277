"""Kind text: the words of resources in an FTS5 index, and a Match on them.

Entries are not written with their resource: they are made when the writer is idle, or when a search
asks for words (see upkeep.py). What is still to do is in the file itself: resources above a mark,
and those that a trigger lists when they are replaced.
"""

from __future__ import annotations

from ...errors import FhirError
from ..plan import AnyOf, Chain, Clause, Has, Match, Not, Test
from .sql import Sql, both, either, join, lower_test

# The words of an entry are parted by blanks alone: every other character belongs to a word. To the
# tokenizer "ascii" every character beyond ASCII does, whatever its age; the others are named here.
_SIGNS = "".join(chr(n) for n in range(33, 127) if not chr(n).isalnum())
TOKENIZER = "ascii tokenchars '" + _SIGNS.replace("'", "''").replace('"', '""') + "'"

SCHEMA = f"""
CREATE TABLE text (
  doc INTEGER PRIMARY KEY, rid INTEGER NOT NULL, pid INTEGER NOT NULL, words TEXT NOT NULL
) STRICT;
CREATE INDEX text_rid ON text (rid, pid);
CREATE VIRTUAL TABLE text_index USING fts5(
  words, content='text', content_rowid='doc', columnsize=0, tokenize="{TOKENIZER}"
);
CREATE TABLE text_stale (seq INTEGER PRIMARY KEY AUTOINCREMENT, rid INTEGER NOT NULL UNIQUE) STRICT;
CREATE TABLE text_mark (only_row INTEGER PRIMARY KEY, rid INTEGER NOT NULL) STRICT;
INSERT INTO text_mark VALUES (1, 0);
CREATE TRIGGER text_replaced AFTER UPDATE OF body ON resource BEGIN
  INSERT OR IGNORE INTO text_stale (rid) VALUES (OLD.rid); END;
CREATE TRIGGER text_deleted AFTER DELETE ON resource BEGIN
  INSERT OR IGNORE INTO text_stale (rid) VALUES (OLD.rid); END;
"""


def asks_for_words(clauses: tuple[Clause, ...]) -> bool:
    """A clause, however deep, is a Match of kind text."""
    for clause in clauses:
        if isinstance(clause, Match):
            if clause.kind == "text":
                return True
        elif isinstance(clause, Chain | Has | Not):
            if asks_for_words(clause.where):
                return True
        elif isinstance(clause, AnyOf) and any(map(asks_for_words, clause.groups)):
            return True
    return False


def words_set(clause: Match, pid: int) -> tuple[Sql, bool] | None:
    """As `matching.match_set`."""
    if clause.negate:
        return None
    selects, indexed = [], True
    for group in clause.any_of:
        tests = both([_test("t.words", t) for t in group])
        phrases = [_phrase(t) for t in group if t.operator == "within" and str(t.value)]
        if phrases:
            # The phrase narrows, the test decides: to FTS5, A and a are one letter.
            text = (
                "SELECT t.rid FROM text_index i CROSS JOIN text t ON t.doc = i.rowid"
                f" WHERE text_index MATCH ? AND t.pid = ? AND {tests.text}"
            )
            selects.append(Sql(text, [" AND ".join(phrases), pid, *tests.args]))
        else:
            indexed = False
            text = f"SELECT t.rid FROM text t WHERE t.pid = ? AND {tests.text}"
            selects.append(Sql(text, [pid, *tests.args]))
    if not selects:
        return Sql("SELECT rid FROM resource WHERE 0", []), True
    return join(selects, " UNION ALL "), indexed


def words_filter(clause: Match, pid: int, rid: str, alias: str) -> Sql:
    tests = either([both([_test(f"{alias}.words", t) for t in g]) for g in clause.any_of])
    no = "NOT " if clause.negate else ""
    return Sql(
        f"{no}EXISTS (SELECT 1 FROM text {alias} WHERE {alias}.rid = {rid}"
        f" AND {alias}.pid = ? AND {tests.text})",
        [pid, *tests.args],
    )


def _phrase(test: Test) -> str:
    return '"' + str(test.value).replace('"', '""') + '"'


def _test(column: str, test: Test) -> Sql:
    if test.field != "words":
        raise FhirError("store-not-supported")
    return lower_test(column, test)
