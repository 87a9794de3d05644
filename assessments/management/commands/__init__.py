"""Commands for people with scripts: JSON on stdout, errors on stderr, exit 0, 1 or 2.

1 means that the answer is no (faults, a difference); 2 that the question could not be read.
"""

import json
from typing import Any


def as_json(value: Any) -> str:
    """JSON for people and programs."""
    return json.dumps(value, indent=2, ensure_ascii=False)
