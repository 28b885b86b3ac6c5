"""The reference of the API as a page of the house: no script of strangers, readable on a phone."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase


@dataclass(slots=True)
class Field:
    """A value that is sent: where (path, query, body), what it is called, its type."""

    place: str
    name: str
    type: str
    required: bool


@dataclass(slots=True)
class Operation:
    """One method of one address."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    sends: list[Field]
    answers: str


@dataclass(slots=True)
class Chapter:
    """The operations of one module."""

    name: str
    operations: list[Operation] = field(default_factory=list)


def _named(schema: dict[str, Any]) -> str:
    """A JSON schema in a word or two: `string`, `integer`, `ProductOut[]`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " | ".join(_named(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"{_named(schema.get('items', {}))}[]"
    return str(schema.get("format") or schema.get("type", "any"))


def _body(operation: dict[str, Any], schemas: dict[str, Any]) -> list[Field]:
    kinds = operation.get("requestBody", {}).get("content", {})
    rows = []
    for kind in kinds.values():
        schema = kind.get("schema", {})
        whole = schemas.get(_named(schema), schema)
        needed = whole.get("required", ())
        rows += [
            Field("body", name, _named(each), name in needed)
            for name, each in whole.get("properties", {}).items()
        ]
    return rows


def _answer(operation: dict[str, Any]) -> str:
    for status, answer in operation.get("responses", {}).items():
        for kind in answer.get("content", {}).values():
            return f"{status} {_named(kind.get('schema', {}))}"
        return str(status)
    return ""


def chapters(schema: dict[str, Any]) -> list[Chapter]:
    """The operations of an OpenAPI 3.1 schema, module by module, in the order it names them."""
    found: dict[str, Chapter] = {}
    schemas = schema.get("components", {}).get("schemas", {})
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            name = (operation.get("tags") or ["other"])[0]
            asked = [
                Field(each["in"], each["name"], _named(each["schema"]), bool(each.get("required")))
                for each in operation.get("parameters", ())
            ]
            found.setdefault(name, Chapter(name)).operations.append(
                Operation(
                    anchor=operation["operationId"],
                    method=method.upper(),
                    path=path,
                    summary=operation.get("summary", ""),
                    description=operation.get("description", ""),
                    sends=[*asked, *_body(operation, schemas)],
                    answers=_answer(operation),
                )
            )
    return list(found.values())


class Reference(DocsBase):
    """What django-ninja shows at `docs_url`: our page instead of a viewer from a CDN."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        schema = api.get_openapi_schema(path_params=kwargs)
        context = {
            "api": api,
            "chapters": chapters(schema),
            "schema_url": self.get_openapi_url(api, kwargs),
        }
        return render(request, "foundation/reference.html", context)
