"""The access matrix: every address of the platform × the fixed cast → the status each one gets.

Each module keeps its rows in `haishi/<module>/tests/access.py` as a list `ROWS`:

    from haishi.foundation.tests.access import Row, World

    def booth(world: World) -> dict[str, int]:
        return {"pk": BoothFactory(exhibitor__organisation=world.firm).pk}

    ROWS = [
        #                       nobody 外人 周  林  陈  operator
        Row("expo:booth",        "200"),                             # one number: everybody
        Row("expo:booth_edit",   "302 404 403 200 404 200", booth),
        Row("expo:booth_edit",   "302 404 403 302 404 302", booth, "post",
            lambda world: {"title": "蓬莱"}),
        Row("api:booth_list",    "401 200 200 200 200 200"),
    ]

A route is named as `reverse` names it; one without a name by its pattern. Every person starts from
the same world: what the one before did is rolled back. 302 of a stranger to the platform means the
login page. A route without a row fails the suite, and so does a row whose route is gone; an address
of the API needs a row for each of its methods.
"""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from ninja.operation import PathView

from haishi.foundation.tests.access import CAST, Row, World
from haishi.parties.tests.factories import PersonFactory


def rows() -> list[Row]:
    """The rows of all modules, lowest first."""
    found: list[Row] = []
    for app in reversed(list(apps.get_app_configs())):
        module = f"{app.name}.tests.access"
        if app.name.startswith("haishi.") and find_spec(module):
            found += import_module(module).ROWS
    return found


def routes(
    resolver: URLResolver | None = None, path: str = "", space: str = ""
) -> Iterator[tuple[str, Any]]:
    """(name or pattern, view) of every address, in the order they are tried."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from routes(pattern, path + str(pattern.pattern), inner)
        elif isinstance(pattern, URLPattern):
            name = f"{space}{pattern.name}" if pattern.name else path + str(pattern.pattern)
            yield name, pattern.callback


def methods(name: str, view: Any) -> list[str]:
    """The methods that the API answers under this name; one "" for any other view."""
    path_view = getattr(view, "__self__", None)
    for cell in getattr(view, "__closure__", None) or ():
        path_view = cell.cell_contents if isinstance(cell.cell_contents, PathView) else path_view
    if not isinstance(path_view, PathView):
        return [""]
    own = name.removeprefix("api:")
    # Several operations share an address; each answers under its own name, if it has one.
    named = [one for one in path_view.operations if one.view_func.__name__ == own]
    used = named or path_view.operations
    return sorted({method.lower() for one in used for method in one.methods})


def settle(person: Any) -> Any:
    """Somebody who signed up long ago: address verified, a password, nothing else."""
    person.set_password("sea-and-city-above-the-line")
    person.save(update_fields=["password"])
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@pytest.fixture
def world(
    db: None, stranger: Any, zhou: Any, lin: Any, chen: Any, firm: Any, organiser: Any
) -> World:
    """Everybody, and an operator of the installation."""
    operator = PersonFactory(email="operator@haishi.example", name="值班员", is_staff=True)
    cast = [settle(person) for person in (stranger, zhou, lin, chen, operator)]
    return World(*cast, firm, organiser)


def test_every_route_stands_in_the_matrix_and_every_row_has_its_route():
    table = {(row.route, method) for row in rows() for method in (row.method, "")}
    known = {(name, method) for name, view in routes() for method in methods(name, view)}
    missing = sorted(f"{name} {method}".strip() for name, method in known - table)
    gone = sorted({row.route for row in rows()} - {name for name, _ in known})
    faults = [f"no row for {route}" for route in missing] + [f"no route {name}" for name in gone]
    assert not faults, "\n".join(faults)


def address_of(row: Row, world: World) -> str:
    """The address of a named route; a pattern without a name is its own address."""
    kwargs = dict(row.kwargs(world))
    return f"/{row.route}" if row.route.endswith("/") else reverse(row.route, kwargs=kwargs)


def ask(row: Row, world: World, who: str) -> int:
    """The status `who` gets; whatever the request changed is rolled back."""
    client = Client(raise_request_exception=True)
    with transaction.atomic():
        address = address_of(row, world)
        if who != "nobody":
            client.force_login(getattr(world, who))
        kind = {"content_type": "application/json"} if row.json else {}
        send = getattr(client, row.method)
        response = send(address, row.body(world), headers=row.headers, **kind)
        if response.streaming:
            list(response)
        transaction.set_rollback(True)
    return response.status_code


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.method} {row.route}")
def test_each_of_the_cast_gets_exactly_what_the_matrix_says(row: Row, world: World):
    assert {who: ask(row, world, who) for who in CAST} == row.expected()
