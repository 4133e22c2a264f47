"""CloudWatch Logs' filter pattern language: parse, explain, evaluate."""

from chalicelib.rules.filter_pattern.errors import FilterPatternError
from chalicelib.rules.filter_pattern.pattern import FilterPattern, JSONPattern, compile_pattern
from chalicelib.rules.filter_pattern.syntax import (
    And,
    Child,
    Comparison,
    Expression,
    Number,
    Operator,
    Or,
    Regex,
    Selector,
    Step,
    Text,
    Value,
    conditions,
)

__all__ = [
    "And",
    "Child",
    "Comparison",
    "Expression",
    "FilterPattern",
    "FilterPatternError",
    "JSONPattern",
    "Number",
    "Operator",
    "Or",
    "Regex",
    "Selector",
    "Step",
    "Text",
    "Value",
    "compile_pattern",
    "conditions",
]
