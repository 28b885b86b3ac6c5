"""A secret that does not show itself: not in a log line, a traceback, an error page or a dump."""

from collections.abc import Callable
from typing import NoReturn


class Hidden:
    """Wraps a secret text. Printing, formatting or repr gives ***; only `reveal` gives it."""

    __slots__ = ("_reveal",)

    def __init__(self, text: str) -> None:
        # A closure, so that no dump of attributes finds the text.
        self._reveal: Callable[[], str] = lambda: text

    def reveal(self) -> str:
        """The secret, for the one line that uses it."""
        return self._reveal()

    def __bool__(self) -> bool:
        return bool(self._reveal())

    def __repr__(self) -> str:
        return "***"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled")
