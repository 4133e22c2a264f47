"""CloudWatch Logs' filter pattern language: parse, explain, evaluate."""

from chalicelib.rules.filter_pattern.errors import FilterPatternError
from chalicelib.rules.filter_pattern.pattern import (
    ColumnsPattern,
    EverythingPattern,
    FilterPattern,
    JSONPattern,
    TermsPattern,
    Verdict,
    compile_pattern,
    explain,
)
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
    "ColumnsPattern",
    "Comparison",
    "EverythingPattern",
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
    "TermsPattern",
    "Text",
    "Value",
    "Verdict",
    "compile_pattern",
    "conditions",
    "explain",
]
