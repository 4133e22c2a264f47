"""The proofs in full: `python -m tests.reliability`, about half an hour on two busy cores.

Prints one JSON object per figure, one a line; a proof that fails ends it with pytest's report.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> int:
    # Read where the proofs are imported, so it is set before.
    os.environ["TRAILBELL_SOAK"] = "1"
    import pytest

    return int(pytest.main(["-s", "-q", str(Path(__file__).parent), *sys.argv[1:]]))


if __name__ == "__main__":
    sys.exit(main())
