"""One operation, one transaction."""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

P = ParamSpec("P")
R = TypeVar("R")
_open: ContextVar[bool] = ContextVar("service_open", default=False)


def service(function: Callable[P, R]) -> Callable[P, R]:
    """Run `function` in one transaction; a service called by a service joins it.

    A DomainError rolls the whole operation back, so never catch one inside a service.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _open.get():
            return function(*args, **kwargs)
        token = _open.set(True)
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        finally:
            _open.reset(token)

    return run


def inside_service() -> bool:
    """True while a service of this thread of work is running."""
    return _open.get()
