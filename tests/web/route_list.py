"""The routes in docs/api.md, between two markers. `python -m tests.web.route_list` writes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from chalicelib.web.openapi import document
from chalicelib.web.parameters import FILTERS, GROUPS
from chalicelib.web.routes import ROUTES, Route

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "api.md"
BEGIN, END = "<!-- routes: python -m tests.web.route_list -->\n", "<!-- end of routes -->"
HEAD = "| Route | Access | Parameters | What it answers | Errors |\n|---|---|---|---|---|\n"


def table() -> str:
    """The list as it should be."""
    return HEAD + "".join(f"| {' | '.join(row)} |\n" for route in ROUTES for row in _rows(route))


def written() -> str:
    """The list as it is."""
    return _parts()[1]


def main() -> None:
    """Write the list anew."""
    before, _, after = _parts()
    DOCUMENT.write_text(f"{before}{BEGIN}{table()}{END}{after}", encoding="utf-8")


def _parts() -> tuple[str, str, str]:
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    listed, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"{DOCUMENT.name} has no {BEGIN.strip()} … {END}")
    return before, listed, after


def _rows(route: Route) -> Iterator[tuple[str, ...]]:
    for method, operation in document()["paths"][route.path].items():
        yield (
            f"`{method.upper()} {route.path}`",
            route.access.value + ("; tells more with the token" if route.more_with_token else ""),
            _parameters(route),
            route.summary,
            ", ".join(sorted(status for status in operation["responses"] if status >= "400")),
        )


def _parameters(route: Route) -> str:
    if route.parameters is None:
        return "are not read"
    group = GROUPS[route.parameters]
    own = [f"`{parameter.name}`" for parameter in group if parameter not in FILTERS]
    shared = ["the filters"] if len(own) < len(group) else []
    return ", ".join(own + shared) or "none"


if __name__ == "__main__":
    main()
