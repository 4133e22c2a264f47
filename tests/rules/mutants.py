"""Mutants of the filter pattern language: each breaks one rule, and the conformance table must
notice. `python -m tests.rules.mutants` prints who survives.

A mutant is an edit of one module's source. It runs in a copy of the package under its own name.
"""
# ruff: noqa: E501 - an edit shows the source as it stands

from __future__ import annotations

import importlib
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from cli.conformance import Case, load_conformance

PACKAGE = "chalicelib.rules.filter_pattern"
SOURCE = Path(__file__).parent.parent.parent / "chalicelib" / "rules" / "filter_pattern"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """In `module`, `old` becomes `new`; `rule` is the one that this breaks."""

    rule: str
    name: str
    module: str
    old: str
    new: str


def mutant(rule: str, name: str, module: str, old: str, new: str) -> Mutant:
    return Mutant(rule=rule, name=name.replace(" ", "-"), module=module, old=old, new=new)


MUTANTS = (
    mutant(
        "1",
        "arrays are events",
        "pattern",
        "if not isinstance(raw, dict):\n            return False",
        "if not isinstance(raw, dict):\n            raw = {}",
    ),
    mutant(
        "1",
        "NaN is JSON",
        "lexemes",
        'raise ValueError(f"{constant} is not JSON")',
        "return 0  # type: ignore",
    ),
    mutant(
        "1b",
        "JSON behind a prefix is JSON",
        "pattern",
        "self.matches_record(loads(event), event)",
        "self.matches_record(loads(event[max(event.find('{'), 0) :]), event)",
    ),
    mutant(
        "2",
        "the first of duplicate keys counts",
        "lexemes",
        "return orjson.loads(text)",
        "return json.loads(text, object_pairs_hook=lambda pairs: dict(pairs[::-1]), parse_constant=_refuse)",
    ),
    mutant(
        "3",
        "an index reads a key",
        "selecting",
        "return value[index] if isinstance(value, list) and index < len(value) else MISSING",
        "return value[index] if isinstance(value, list) and index < len(value) else value.get(str(index), MISSING) if isinstance(value, dict) else MISSING",
    ),
    mutant(
        "3",
        "an index counts from 1",
        "selecting",
        "return value[index] if isinstance(value, list) and index < len(value)",
        "return value[index - 1] if isinstance(value, list) and 0 < index <= len(value)",
    ),
    mutant(
        "3",
        "names descend into arrays",
        "selecting",
        "            if not isinstance(value, dict):\n                return MISSING\n            value = value",
        "            value = value[0] if isinstance(value, list) and value else value\n            if not isinstance(value, dict):\n                return MISSING\n            value = value",
    ),
    mutant(
        "3",
        "a quoted star is a wildcard",
        "conditions",
        "return quoted[1:-1]\n",
        "return quoted[1:-1] if quoted[1:-1] != '*' else Child.ANY\n",
    ),
    mutant(
        "4",
        "a wildcard reads arrays only",
        "selecting",
        "return value.values() if isinstance(value, dict) else ()",
        "return ()",
    ),
    mutant(
        "4",
        "a wildcard reads objects only",
        "selecting",
        "    if isinstance(value, list):\n        return value\n",
        "    if isinstance(value, list):\n        return ()\n",
    ),
    mutant(
        "4",
        "a wildcard wants all children",
        "selecting",
        "any(test(after(child))",
        "all(test(after(child))",
    ),
    mutant(
        "4",
        "a wildcard reads the first child",
        "selecting",
        "for child in _children(before(record)))",
        "for child in list(_children(before(record)))[:1])",
    ),
    mutant("5", "four wildcards", "limits", "MAX_WILDCARDS = 3", "MAX_WILDCARDS = 4"),
    mutant("5", "two wildcards", "limits", "MAX_WILDCARDS = 3", "MAX_WILDCARDS = 2"),
    mutant(
        "5",
        "two wildcards a selector",
        "conditions",
        "steps.count(Child.ANY) > 1",
        "steps.count(Child.ANY) > 2",
    ),
    mutant(
        "6",
        "booleans are numbers",
        "comparing",
        "frozenset({int, float, Lexeme})",
        "frozenset({int, float, Lexeme, bool})",
    ),
    mutant(
        "6",
        "differs from an array",
        "comparing",
        "            return on_number(found) is equal\n        return False",
        "            return on_number(found) is equal\n        return isinstance(found, list) and not equal",
    ),
    mutant(
        "7",
        "differs from null",
        "comparing",
        "            return found != expected\n        return type(found) in NUMBERS",
        "            return found != expected\n        return type(found) in NUMBERS or found is None",
    ),
    mutant(
        "7",
        "differs from what is missing",
        "selecting",
        "MISSING: Any = object()",
        'MISSING: Any = "\\x00"',
    ),
    mutant(
        "7",
        "a text never differs from a number",
        "comparing",
        "            return found != expected\n        return type(found) in NUMBERS",
        "            return found != expected\n        return False",
    ),
    mutant(
        "8",
        "null does not exist",
        "selecting",
        "lambda value: value is not MISSING",
        "lambda value: value is not MISSING and value is not None",
    ),
    mutant(
        "8",
        "not exists means exists",
        "selecting",
        "lambda record: not exists(record)",
        "lambda record: exists(record)",
    ),
    mutant(
        "9",
        "an array never is null",
        "comparing",
        "return value is None or (isinstance(value, list) and any(item is None for item in value))",
        "return value is None",
    ),
    mutant(
        "9",
        "what is missing is null",
        "comparing",
        "return value is None or (",
        "return value is None or not isinstance(value, (str, int, float, dict, list)) or (",
    ),
    mutant(
        "10",
        "1 is true",
        "comparing",
        "lambda value: value is True",
        "lambda value: value in (True, 'never') if not isinstance(value, (list, dict)) else False",
    ),
    mutant(
        "10",
        "0 is false",
        "comparing",
        "lambda value: value is False",
        "lambda value: value == False",
    ),
    mutant(
        "10",
        "the text true is true",
        "comparing",
        "lambda value: value is True",
        "lambda value: value is True or value == 'true'",
    ),
    mutant("10", "null is a value", "conditions", 'if bare == "null":', 'if bare == "nul":'),
    mutant(
        "11",
        "star is not a number",
        "comparing",
        "return lambda _: value.has_wildcard",
        "return lambda _: False",
    ),
    mutant(
        "12",
        "a number equals by text",
        "comparing",
        "return lambda found: value_of(found) == number",
        "return lambda found: on_text(written(found))",
    ),
    mutant(
        "12",
        "a number equals texts by value",
        "comparing",
        "    on_text = compile_text_test(value)\n",
        "    on_text = compile_text_test(value)\n    if isinstance(value, Number):\n        on_text = lambda text: text.replace('.', '').isdigit() and float(text) == value.number\n",
    ),
    mutant(
        "12",
        "large integers are doubles",
        "lexemes",
        "SMALLEST, LARGEST = -(2**63), 2**64 - 1",
        "SMALLEST, LARGEST = -(2**53), 2**53",
    ),
    mutant(
        "13",
        "a text equals numbers by value",
        "comparing",
        "return lambda found: on_text(written(found))",
        "return lambda found: on_text(str(found.number if type(found) is Lexeme else found))",
    ),
    mutant(
        "13",
        "zero has one spelling",
        "lexemes",
        "if type(number) is int and number:",
        "if type(number) is int:",
    ),
    mutant(
        "13",
        "the source text is forgotten",
        "pattern",
        "loads_lexemes(text) if text is not None",
        "None if text is not None",
    ),
    mutant(
        "14",
        "greater or equal",
        "comparing",
        "Operator.GREATER: operator.gt",
        "Operator.GREATER: operator.ge",
    ),
    mutant(
        "14",
        "greater but not equal",
        "comparing",
        "Operator.GREATER_OR_EQUAL: operator.ge",
        "Operator.GREATER_OR_EQUAL: operator.gt",
    ),
    mutant(
        "14",
        "less or equal",
        "comparing",
        "Operator.LESS: operator.lt",
        "Operator.LESS: operator.le",
    ),
    mutant(
        "14",
        "less but not equal",
        "comparing",
        "Operator.LESS_OR_EQUAL: operator.le",
        "Operator.LESS_OR_EQUAL: operator.lt",
    ),
    mutant(
        "14",
        "texts are ordered",
        "comparing",
        "        return type(found) in NUMBERS and compare",
        "        if isinstance(found, str) and found.isdigit():\n            found = int(found)\n        return type(found) in NUMBERS and compare",
    ),
    mutant(
        "14",
        "an ordering takes quotes",
        "conditions",
        "return _value(scanner) if op in EQUALITY else _number(scanner, op)",
        "scanner.take('\"')\n    return _value(scanner) if op in EQUALITY else _number(scanner, op)",
    ),
    mutant(
        "15",
        "case does not count",
        "evaluating",
        "lambda record: record.get(name) == expected",
        "lambda record: str(record.get(name)).lower() == expected.lower()",
    ),
    mutant(
        "15",
        "a quote is not escaped",
        "conditions",
        'return re.sub(r\'\\\\(["\\\\])\', r"\\1", text)',
        "return text",
    ),
    mutant(
        "16",
        "a prefix is contained",
        "comparing",
        "return lambda text: text.startswith(first)",
        "return lambda text: first in text",
    ),
    mutant(
        "16",
        "a suffix is contained",
        "comparing",
        "return found >= 0 and found + len(last) == len(text)",
        "return found >= 0",
    ),
    mutant(
        "17",
        "the last segment backtracks",
        "comparing",
        "found = text.find(last, position)",
        "found = text.rfind(last, position)",
    ),
    mutant("17", "segments may overlap", "comparing", "position = len(first)\n", "position = 0\n"),
    mutant(
        "17",
        "segments in any order",
        "comparing",
        "position = found + len(segment)",
        "position = len(first)",
    ),
    mutant(
        "18",
        "a regex matches at the start only",
        "regex",
        "if not alternative.at_start:",
        "if False:",
    ),
    mutant("18", "a regex may begin anywhere", "regex", "if not alternative.at_start:", "if True:"),
    mutant("18", "a regex may end anywhere", "regex", "if alternative.at_end:", "if False:"),
    mutant("18", "three regexes", "limits", "MAX_REGEXES = 2", "MAX_REGEXES = 3"),
    mutant("18", "one regex", "limits", "MAX_REGEXES = 2", "MAX_REGEXES = 1"),
    mutant(
        "18",
        "nothing is optional",
        "regex",
        "self.skips |= item.optional << bit",
        "self.skips |= 0",
    ),
    mutant(
        "18", "nothing repeats", "regex", "self.stays |= item.repeats << bit", "self.stays |= 0"
    ),
    mutant(
        "18",
        "a class is never negated",
        "regex_parser",
        "return replace(found, negated=negated)",
        "return found",
    ),
    mutant(
        "18",
        "a dot takes a newline",
        "characters",
        'ANY = Characters((("\\n", "\\n"),), negated=True)',
        "ANY = Characters((), negated=True)",
    ),
    mutant(
        "19",
        "keywords in small letters",
        "conditions",
        "    word = scanner.match(WORD)\n    if word not in allowed:",
        "    word = scanner.match(WORD).upper()\n    if word not in allowed:",
    ),
    mutant(
        "19",
        "two dots",
        "conditions",
        '        if scanner.take("."):\n',
        '        if scanner.take("..") or scanner.take("."):\n',
    ),
    mutant(
        "20",
        "or before and",
        "json_parser",
        "alternatives = [_joined(scanner, And, operands) for operands in group.alternatives]\n    return _joined(scanner, Or, alternatives)",
        "alternatives = [_joined(scanner, Or, operands) for operands in group.alternatives]\n    return _joined(scanner, And, alternatives)",
    ),
    mutant(
        "20", "no newlines between tokens", "scanner", 'BLANKS = " \\t\\r\\n"', 'BLANKS = " \\t"'
    ),
    mutant(
        "20",
        "the fourth operand is forgotten",
        "evaluating",
        "        for test in tests:  # noqa: SIM110 - twice as fast as all() over a generator",
        "        for test in tests[:3]:",
    ),
    mutant(
        "20",
        "a membership forgets its last",
        "evaluating",
        "members = frozenset(texts)",
        "members = frozenset(list(texts)[:-1])",
    ),
    mutant(
        "21",
        "a slash is bare",
        "conditions",
        'BARE = re.compile(r"[A-Za-z0-9_.+*-]+")',
        'BARE = re.compile(r"[A-Za-z0-9_.+*/-]+")',
    ),
    mutant(
        "21",
        "a hyphen is not bare",
        "conditions",
        'BARE = re.compile(r"[A-Za-z0-9_.+*-]+")',
        'BARE = re.compile(r"[A-Za-z0-9_.+*]+")',
    ),
    mutant(
        "22",
        "a plus stands alone",
        "json_parser",
        'if scanner.take("&&"):',
        'if scanner.take("&&") or scanner.take("+ "):',
    ),
    mutant(
        "terms",
        "any term is enough",
        "terms",
        "all(test(line) for test in tests)",
        "any(test(line) for test in tests)",
    ),
    mutant(
        "terms",
        "exclusion is forgotten",
        "terms",
        "(word in line) is wanted",
        "(word in line) is True",
    ),
    mutant("terms", "optional terms always count", "terms", 'if term.sign != "?"]', "if True]"),
    mutant(
        "terms",
        "a term is a word",
        "terms",
        "(word in line) is wanted",
        "(word in line.split()) is wanted",
    ),
    mutant(
        "columns",
        "the last field is one word",
        "columns",
        "if not columns.rest and",
        "if False and",
    ),
    mutant(
        "columns",
        "too few fields",
        "columns",
        "if not line or len(found) < len(before) + len(behind):",
        "if not line:",
    ),
    mutant(
        "columns",
        "quotes stay",
        "columns",
        "yield start, line[start + 1 : end]",
        "yield start, line[start : end + 1]",
    ),
    mutant("columns", "names repeat", "columns", "if name in names:", "if False:"),
    mutant(
        "columns",
        "conditions on other fields",
        "columns",
        "if scanner.match(NAME) != name:",
        "if not scanner.match(NAME):",
    ),
)


def surviving(one: Mutant, cases: Iterable[Case]) -> bool:
    """Whether every case still has its verdict."""
    with _imported(one) as language:
        return all(_holds(language, case) for case in cases)


def _holds(language: ModuleType, case: Case) -> bool:
    try:
        pattern = language.compile_pattern(case.pattern)
        return pattern.matches(case.event) is case.expected
    except language.FilterPatternError as error:
        return case.expected is None and error.position == case.position
    except Exception:
        return False


@contextmanager
def _imported(one: Mutant) -> Iterator[ModuleType]:
    """The package with the edit, imported under another name, and forgotten afterwards."""
    name = "mutated_" + "".join(filter(str.isalnum, one.name))
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / name
        package.mkdir()
        for path in SOURCE.glob("*.py"):
            source = path.read_text(encoding="utf-8")
            if path.stem == one.module:
                if source.count(one.old) != 1:
                    raise LookupError(
                        f"{one.name}: {one.old!r} stands {source.count(one.old)} times"
                    )
                source = source.replace(one.old, one.new)
            (package / path.name).write_text(source.replace(PACKAGE, name), encoding="utf-8")
        sys.path.insert(0, folder)
        try:
            yield importlib.import_module(name)
        finally:
            sys.path.remove(folder)
            for module in [key for key in sys.modules if key.split(".")[0] == name]:
                del sys.modules[module]


def main() -> None:
    cases = load_conformance()
    unharmed = Mutant(rule="", name="unharmed", module="", old="", new="")
    if not surviving(unharmed, cases):
        sys.exit("the language itself fails the table: run tests/rules/test_conformance.py first")
    alive = [one for one in MUTANTS if surviving(one, cases)]
    for one in alive:
        print(f"rule {one.rule}: {one.name} survives")  # noqa: T201
    print(f"{len(MUTANTS)} mutants, {len(alive)} survive {len(cases)} cases")  # noqa: T201
    sys.exit(1 if alive else 0)


if __name__ == "__main__":
    main()
