"""What `haishi doctor` asks. A module adds its own questions in its `health.py`."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """The answer to one question: `detail` for people, `remedy` when it is not well."""

    ok: bool
    detail: str
    remedy: str = ""


Check = Callable[[], Finding]
CHECKS: dict[str, Check] = {}


def check(name: str) -> Callable[[Check], Check]:
    """Register a question under `name`; the function answers with a Finding."""

    def register(function: Check) -> Check:
        CHECKS[name] = function
        return function

    return register


def run_checks() -> dict[str, Finding]:
    """Ask everything. A question that fails to be answered counts as not well."""
    findings = {}
    for name, function in CHECKS.items():
        try:
            findings[name] = function()
        except Exception as error:  # the doctor reports every failure, it never dies of one
            findings[name] = Finding(False, f"{type(error).__name__}: {error}")
    return findings
