"""Queries written once: a queryset whose SQL is made at its first use and kept for the process.

Django writes the SQL of a queryset anew each time, which for the joined rows of a list costs more
than running it. `Prepared` keeps the written statement; the values that differ are named with
`Given` and handed over at each use:

    _SHOWN = Prepared(lambda: Booth.objects.filter(hall=Given("hall")).order_by("code"))
    booths = _SHOWN(hall=hall.pk)

Everything that decides the shape of the SQL (filters, order, limits) belongs into the function;
a shape that varies is one `Prepared` per shape, see `prepared_by`. Lists go in with the lookup
`among`: `pk__among=Given("ids")`. Rows are what the queryset would give: instances, or tuples
of `values_list`. `prefetch_related` is refused, because it would be left out silently.

Source: django.db.models.sql.compiler.SQLCompiler, whose selected columns, converters and related
rows are kept with the statement; see docs/adr/0006.
"""

import copy
from collections.abc import Callable
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, ParamSpec, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, Lookup, QuerySet

Shape = ParamSpec("Shape")


class Given(Expression):
    """A value that is named now and handed over at each use."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def __repr__(self) -> str:
        return f"Given({self.name!r})"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]


@Field.register_lookup
class Among(Lookup):
    """`column = ANY(list)`: one statement for lists of any length, unlike `in`."""

    lookup_name = "among"

    def get_prep_lookup(self) -> Any:
        return self.rhs if hasattr(self.rhs, "resolve_expression") else [*self.rhs]

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [value]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, left_values = self.process_lhs(compiler, connection)
        if hasattr(self.rhs, "as_sql"):
            right, right_values = compiler.compile(self.rhs)
        else:
            right, right_values = self.get_db_prep_lookup(self.rhs, connection)
        return f"{left} = ANY({right})", [*left_values, *right_values]


class Prepared:
    """A queryset whose SQL is written at the first use."""

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self._build = build
        self._kept: tuple[QuerySet[Any, Any], Any, str, tuple[Any, ...]] | None = None

    def __call__(self, **given: Any) -> list[Any]:
        """The rows, one query. Raises KeyError for a value that was named and is not given."""
        queryset, compiler, sql, values = self._kept or self._write()
        bound = tuple(given[v.name] if isinstance(v, Given) else v for v in values)
        mine = copy.copy(compiler)
        mine.connection = connections[DEFAULT_DB_ALIAS]
        mine.as_sql = lambda *_args, **_options: (sql, bound)
        internals = cast(Any, queryset)
        stand_in = SimpleNamespace(
            db=DEFAULT_DB_ALIAS,
            query=_Written(queryset.query, mine),
            _hints={},
            _known_related_objects={},
            _fields=internals._fields,
        )
        return list(internals._iterable_class(stand_in))

    def first(self, **given: Any) -> Any | None:
        """The first row, or None."""
        return next(iter(self(**given)), None)

    def _write(self) -> tuple[QuerySet[Any, Any], Any, str, tuple[Any, ...]]:
        queryset = self._build()
        if cast(Any, queryset)._prefetch_related_lookups:
            raise ValueError("a prepared query cannot prefetch")
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, values = compiler.as_sql()
        self._kept = (queryset, compiler, sql, tuple(values))
        return self._kept


class _Written:
    """The query of a stand-in queryset: everything as in the real one, but its SQL is there."""

    def __init__(self, query: Any, compiler: Any) -> None:
        self._query = query
        self._compiler = compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)

    def get_compiler(self, *_args: Any, **_options: Any) -> Any:
        return self._compiler


def prepared_by(
    build: Callable[Shape, QuerySet[Any, Any]],
) -> Callable[Shape, Prepared]:
    """One `Prepared` for each set of arguments that decide the shape, such as a limit.

    At most 512 shapes are kept: page numbers may be among the arguments, words of readers not.
    """

    @lru_cache(maxsize=512)
    def shaped(*args: Any, **options: Any) -> Prepared:
        return Prepared(lambda: build(*args, **options))

    return cast(Callable[Shape, Prepared], shaped)


__all__ = ["Given", "Prepared", "prepared_by"]
