"""Finds any number of patterns in one pass over a text, in time that grows with the text alone.

Source: Aho and Corasick, Efficient string matching, CACM 18 (1975).
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Automaton(Generic[T]):
    """`patterns`: (symbols, what a match of them means); empty ones are left out."""

    def __init__(self, patterns: Iterable[tuple[Sequence[str], T]]) -> None:
        self._next: list[dict[str, int]] = [{}]
        self._fail = [0]
        self._found: list[list[tuple[int, T]]] = [[]]
        for symbols, meaning in patterns:
            if symbols:
                self._add(symbols, meaning)
        self._link()

    def _add(self, symbols: Sequence[str], meaning: T) -> None:
        state = 0
        for symbol in symbols:
            if symbol not in self._next[state]:
                self._next[state][symbol] = len(self._next)
                self._next.append({})
                self._fail.append(0)
                self._found.append([])
            state = self._next[state][symbol]
        self._found[state].append((len(symbols), meaning))

    def _link(self) -> None:
        queue = deque(self._next[0].values())
        while queue:
            state = queue.popleft()
            for symbol, following in self._next[state].items():
                queue.append(following)
                back = self._fail[state]
                while back and symbol not in self._next[back]:
                    back = self._fail[back]
                self._fail[following] = self._next[back].get(symbol, 0)
                self._found[following] += self._found[self._fail[following]]

    def find(self, symbols: Iterable[str]) -> Iterator[tuple[int, int, T]]:
        """(start, end, meaning) of every match, half-open, in the order of their ends."""
        state = 0
        for place, symbol in enumerate(symbols):
            while state and symbol not in self._next[state]:
                state = self._fail[state]
            state = self._next[state].get(symbol, 0)
            for length, meaning in self._found[state]:
                yield place + 1 - length, place + 1, meaning
