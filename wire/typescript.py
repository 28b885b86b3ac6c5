"""The messages for the browser: `web/wire/messages.ts`, from the classes of `wire.messages`.

python -m wire.typescript write      put the current text into the file
python -m wire.typescript check      exit 1 when the file holds an older one

A class becomes an interface with a `type`, a field `wait_ms` becomes `waitMs`. On the wire each is
an array: tag, then fields in order. A reader of the browser takes what is missing at the end from
the defaults and leaves out what it does not know, as msgspec does in Python. `messages.json` beside
it holds examples (hexadecimal bytes and values) that the tests of both languages agree on.
"""

import argparse
import json
import types
from inspect import getdoc
from pathlib import Path
from typing import Any, get_args

import msgspec

from wire import envelope, messages

FOLDER = Path(__file__).resolve().parent.parent / "web" / "wire"
GROUPS = {
    "FromBrowser": messages.FromBrowser,
    "ToBrowser": messages.ToBrowser,
    "Item": messages.Item,
}
CONSTANTS = {
    messages: ("READ", "SAY", "HOST", "MODERATE"),
    envelope: (
        "MESSAGE", "BATCH", "WORLD", "DEFLATED", "AT_ONCE", "MOST_ITEMS", "MOST_ITEM", "MOST_BODY",
    ),
}  # fmt: skip
# Type in Python: (in TypeScript, letter in the tables that are checked by).
TYPES: dict[Any, tuple[str, str]] = {
    str: ("string", "s"),
    int: ("number", "n"),
    float: ("number", "n"),
    bool: ("boolean", "b"),
    dict[str, Any]: ("Record<string, unknown>", "o"),
}
RUNTIME = """
/** Name, type (s string, n number, b boolean, o object), default if there is one. */
type Field = readonly [name: string, type: string, otherwise?: unknown];
type Table = Readonly<Record<string, readonly [tag: number, fields: readonly Field[]]>>;

/** Bytes or values that are no message of this protocol. */
export class Malformed extends Error {}

function fits(value: unknown, type: string): boolean {
  if (type === "s") return typeof value === "string";
  if (type === "n") return typeof value === "number";
  if (type === "b") return typeof value === "boolean";
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The bytes of a message as its table says. Throws Malformed. */
export function write(table: Table, message: { type: string }): Uint8Array {
  const [tag, fields] = table[message.type] ?? [0, []];
  if (!tag) throw new Malformed(`no type ${message.type}`);
  const values = message as unknown as Record<string, unknown>;
  return encode([
    tag,
    ...fields.map(([name, type, otherwise]) => {
      const value = values[name] ?? otherwise;
      if (!fits(value, type)) throw new Malformed(`${message.type}.${name}`);
      return value;
    }),
  ]);
}

/** A message as its table says; undefined for a type of a later release. Throws Malformed. */
export function read(table: Table, content: Uint8Array): unknown {
  let values: unknown;
  try {
    values = decode(content);
  } catch {
    throw new Malformed("not MessagePack");
  }
  if (!Array.isArray(values)) throw new Malformed("not a message");
  for (const [type, [tag, fields]] of Object.entries(table)) {
    if (tag !== values[0]) continue;
    const message: Record<string, unknown> = { type };
    fields.forEach(([name, sort, otherwise], place) => {
      const value: unknown = place + 1 < values.length ? values[place + 1] : otherwise;
      if (!fits(value, sort)) throw new Malformed(`${type}.${name}`);
      message[name] = value;
    });
    return message;
  }
  return undefined;
}
"""


def text() -> str:
    """The whole file."""
    parts = [
        "// Written by `python -m wire.typescript write` from wire/messages.py: change it there.",
        'import { decode, encode } from "@msgpack/msgpack";',
        "",
    ]
    for module, constants in CONSTANTS.items():
        parts += [f"export const {name} = {getattr(module, name)};" for name in constants]
    for group, union in GROUPS.items():
        parts += [_interface(group, kind) for kind in get_args(union)]
        names = " | ".join(kind.__name__ for kind in get_args(union))
        parts += [f"\nexport type {group} = {names};"]
    parts += [RUNTIME.rstrip()]
    parts += [_tables(group, union) for group, union in GROUPS.items()]
    return "\n".join([*parts, _functions()])


def _interface(group: str, kind: type[msgspec.Struct]) -> str:
    lines = []
    for field in msgspec.structs.fields(kind):
        mark = "" if field.required or group != "FromBrowser" else "?"
        lines.append(f"  {camel(field.name)}{mark}: {TYPES[field.type][0]};")
    said = " ".join((getdoc(kind) or "").split())
    head = f"\n/** {said} */\nexport interface {kind.__name__} {{"
    return "\n".join([head, f'  type: "{kind.__name__}";', *lines, "}"])


def _tables(group: str, union: types.UnionType) -> str:
    lines = [f"\nconst {constant(group)}: Table = {{"]
    for kind in get_args(union):
        fields = []
        for field in msgspec.structs.fields(kind):
            parts = [json.dumps(camel(field.name)), json.dumps(TYPES[field.type][1])]
            if not field.required:
                parts.append(json.dumps(field.default))
            fields.append(f"[{', '.join(parts)}]")
        lines.append(f"  {kind.__name__}: [{kind.__struct_config__.tag}, [{', '.join(fields)}]],")
    return "\n".join([*lines, "};"])


def _functions() -> str:
    return """
/** The bytes of a message to the gateway, without the lane. Throws Malformed. */
export const writeFromBrowser = (message: FromBrowser): Uint8Array => write(FROM_BROWSER, message);

/** A message of the gateway; undefined for a type of a later release. Throws Malformed. */
export const readToBrowser = (content: Uint8Array): ToBrowser | undefined =>
  read(TO_BROWSER, content) as ToBrowser | undefined;

/** An item of a batch; undefined for a type of a later release. Throws Malformed. */
export const readItem = (content: Uint8Array): Item | undefined =>
  read(ITEM, content) as Item | undefined;

/** All tables by the name of their union. */
export const TABLES = { FromBrowser: FROM_BROWSER, ToBrowser: TO_BROWSER, Item: ITEM };
"""


def camel(name: str) -> str:
    """`wait_ms` → `waitMs`."""
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def constant(name: str) -> str:
    """`FromBrowser` → `FROM_BROWSER`."""
    return "".join(f"_{char}" if char.isupper() else char.upper() for char in name).lstrip("_")


EXAMPLES = {
    str: "海市 Haishi", int: 1_795_813_162_400, float: 0.5, bool: True,
    dict[str, Any]: {"名": ["a", 1, None, {"b": False}], "x": -7},
}  # fmt: skip


def examples() -> str:
    """JSON: for every class its values and bytes, whole, as short as it may be, and longer."""
    found = []
    for group, union in GROUPS.items():
        for kind in get_args(union):
            fields = msgspec.structs.fields(kind)
            whole = kind(**{field.name: EXAMPLES[field.type] for field in fields})
            short = kind(**{f.name: EXAMPLES[f.type] for f in fields if f.required})
            raw = msgspec.msgpack.decode(messages.encode(short))
            cut = raw[: 1 + sum(field.required for field in fields)]
            later = [*msgspec.msgpack.decode(messages.encode(whole)), "a later field"]
            found += [
                _example("same", group, whole, messages.encode(whole)),
                _example("read", group, short, messages.encode(cut)),
                _example("read", group, whole, messages.encode(later)),
            ]
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _example(use: str, group: str, value: msgspec.Struct, content: bytes) -> dict[str, Any]:
    named = {camel(name): each for name, each in msgspec.structs.asdict(value).items()}
    message = {"type": type(value).__name__, **named}
    return {"use": use, "group": group, "message": message, "bytes": content.hex()}


def main(arguments: list[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("verb", choices=["write", "check"])
    verb = parser.parse_args(arguments).verb
    old = 0
    for name, current in (("messages.ts", text()), ("messages.json", examples())):
        file = FOLDER / name
        if verb == "write":
            FOLDER.mkdir(exist_ok=True)
            file.write_text(current, encoding="utf-8")
        elif not file.exists() or file.read_text(encoding="utf-8") != current:
            print(f"web/wire/{name}: older messages; run: python -m wire.typescript write")
            old = 1
    return old


if __name__ == "__main__":
    raise SystemExit(main())
