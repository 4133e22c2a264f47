"""The rules as they stand: the default rules, then what the user's own files say of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from chalicelib.rules.loaded import FOLDER, PROJECT, LoadedRules, without_reads
from chalicelib.rules.place import RulesError
from chalicelib.rules.rule import Rule, RuleSettings

if TYPE_CHECKING:
    from chalicelib.rules.written import RuleFile

LOCAL = FOLDER / "local"


def load(defaults: Iterable[Rule], files: Iterable[RuleFile]) -> LoadedRules:
    """Lay the user's files over the default rules. Raises RulesError; then nothing is loaded."""
    files = tuple(files)
    if files:
        loaded: LoadedRules = _user_rules().load(defaults, files)
        return loaded
    return LoadedRules(rules=tuple(without_reads(rule, RuleSettings()) for rule in defaults))


def user_files(rules_file: str | None = None) -> list[RuleFile]:
    """The file that RULES_FILE names, else those under chalicelib/rules/local.

    A relative path is looked for in the current directory, then beside chalicelib.
    """
    if rules_file is None:
        return [_user_rules().read(path) for path in sorted(LOCAL.glob("*.toml"))]
    path = Path(rules_file)
    beside = PROJECT / path
    return [_user_rules().read(beside if not path.exists() and beside.exists() else path)]


def has_user_files(rules_file: str | None = None) -> bool:
    """Whether there are any: the default rules alone choose nothing of handling."""
    return rules_file is not None or any(LOCAL.glob("*.toml"))


def check_ships(rules_file: str, project: Path = PROJECT) -> None:
    """Refuse a RULES_FILE that a deployment would not carry along. Raises RulesError.

    Chalice ships app.py and chalicelib/ and nothing else beside them, and Lambda runs in the
    folder that holds both, so the path must be relative and lead into chalicelib/.
    """
    path = Path(rules_file)
    if path.is_absolute():
        raise RulesError("RULES_FILE must be relative to the project's folder", file=rules_file)
    target = (project / path).resolve()
    if not target.is_relative_to((project / "chalicelib").resolve()):
        reason = "RULES_FILE must lie inside chalicelib/, which is what ships to Lambda"
        raise RulesError(reason, file=rules_file)
    if not target.is_file():
        raise RulesError("RULES_FILE names no file", file=rules_file)


def _user_rules() -> ModuleType:
    # What checks a user's files is imported when there are any: a cold start does not pay for it.
    from chalicelib.rules import user_rules

    return user_rules
