"""The default rules and the filter that is derived from them, made once for all tests."""

from __future__ import annotations

from chalicelib.rules.ruleset import Ruleset
from chalicelib.rules.subscription import derive

RULES = Ruleset.load().rules
DERIVED = derive(RULES)
