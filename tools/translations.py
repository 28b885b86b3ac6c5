"""Translations of the interface: compile them, check them, list what is missing.

The message id is the Chinese text itself, so Chinese needs no catalogue; every module keeps its
English in ``haishi/<module>/locale/en/LC_MESSAGES/django.po``, written by hand.

    python tools/translations.py compile          po files to mo files, only where older
    python tools/translations.py check            exit 1 when anything below is found
    python tools/translations.py missing MODULE   what to append to a module's po file

``check`` finds: a text without an English entry, an empty or fuzzy entry, a placeholder that the
English lacks or invents, the same text in two modules with different English (Django merges all
catalogues, so only one of them would ever be seen), a text built at run time by an f-string, and a
translation block with other tags inside.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "haishi"
PO = Path("locale/en/LC_MESSAGES/django.po")

# How many leading arguments are texts, and whether the first of them is a context.
SHAPES: dict[str, tuple[int, bool]] = {
    "gettext": (1, False),
    "gettext_lazy": (1, False),
    "gettext_noop": (1, False),
    "ngettext": (2, False),
    "ngettext_lazy": (2, False),
    "pgettext": (2, True),
    "pgettext_lazy": (2, True),
    "npgettext": (3, True),
    "npgettext_lazy": (3, True),
}
LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"(?<!\w)(_|n?p?gettext)\(\s*({LITERAL}(?:\s*,\s*{LITERAL})*)", re.DOTALL)
ONE_LITERAL = re.compile(LITERAL, re.DOTALL)
PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]*[\d.]*[a-zA-Z]|%[\d.]*[sdifr]|\{(\w*)(?::[^{}]*)?\}")
HEADER = """msgid ""
msgstr ""
"Language: en\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""


@dataclass(frozen=True, order=True)
class Text:
    """One text of the interface: what it says, its plural, the context that tells it apart."""

    singular: str
    plural: str = ""
    context: str = ""


@dataclass
class Use:
    """What one module says (text → the places that say it) and the faults met while reading it."""

    texts: dict[Text, list[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def add(self, text: Text, place: str) -> None:
        """Record that ``place`` (path:line) says ``text``."""
        self.texts.setdefault(text, []).append(place)


def modules(root: Path = ROOT) -> list[Path]:
    """The packages directly inside the house, in alphabetical order."""
    return sorted(path.parent for path in (root / PACKAGE).glob("*/__init__.py"))


def read_module(module: Path, root: Path = ROOT) -> Use:
    """Everything that a module's Python files and templates say, tests and migrations left out."""
    use = Use()
    for path in sorted(module.rglob("*.py")):
        parts = path.relative_to(module).parts
        if "tests" not in parts and "migrations" not in parts:
            read_python(path, str(path.relative_to(root)), use)
    for path in sorted(module.rglob("templates/**/*")):
        if path.suffix in {".html", ".txt", ".xml", ".ics", ".svg"}:
            read_template(path, str(path.relative_to(root)), use)
    return use


def read_python(path: Path, name: str, use: Use) -> None:
    """Add the texts that a Python file marks with Django's translation functions."""
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=name)
    names = dict(translators(tree))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = names.get(_dotted(node.func))
        if called is None:
            continue
        count, has_context = SHAPES[called]
        first = node.args[:count]
        place = f"{name}:{node.lineno}"
        if any(isinstance(argument, ast.JoinedStr) for argument in first):
            use.faults.append(f"{place}: an f-string cannot be translated; use placeholders")
            continue
        words = [argument.value for argument in first if isinstance(argument, ast.Constant)]
        if len(words) == count:
            use.add(_text([str(word) for word in words], has_context), place)


def translators(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Pairs (name used in this file, Django's name) for every translation function imported."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom):
            continue
        for alias in node.names:
            local = alias.asname or alias.name
            if node.module == "django.utils.translation" and alias.name in SHAPES:
                yield local, alias.name
            elif node.module == "django.utils" and alias.name == "translation":
                yield from ((f"{local}.{shape}", shape) for shape in SHAPES)


def read_template(path: Path, name: str, use: Use) -> None:
    """Add the texts of a template: its translation tags and its ``_()`` values."""
    try:
        source = templatize(path.read_text(encoding="utf-8"), origin=name)
    except SyntaxError as fault:
        use.faults.append(f"{name}: {fault}")
        return
    for match in CALL.finditer(source):
        called = "gettext" if match[1] == "_" else match[1]
        count, has_context = SHAPES[called]
        words = [ast.literal_eval(word) for word in ONE_LITERAL.findall(match[2])][:count]
        line = source.count("\n", 0, match.start()) + 1
        if len(words) == count:
            use.add(_text(words, has_context), f"{name}:{line}")


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return ""


def _text(words: list[str], has_context: bool) -> Text:
    context = words.pop(0) if has_context else ""
    return Text(words[0], words[1] if len(words) > 1 else "", context)


def read_catalogue(module: Path, faults: list[str]) -> dict[Text, Message]:
    """A module's English, keyed by text; a file that cannot be read becomes a fault."""
    path = module / PO
    if not path.exists():
        return {}
    try:
        with path.open("rb") as stream:
            catalogue: Catalog = read_po(stream, locale="en", abort_invalid=True)
    except (PoFileError, ValueError) as fault:
        faults.append(f"{path}: {fault}")
        return {}
    found: dict[Text, Message] = {}
    for message in catalogue:
        if not message.id:
            continue
        words = list(message.id) if isinstance(message.id, tuple | list) else [message.id]
        plural = words[1] if len(words) > 1 else ""
        found[Text(words[0], plural, message.context or "")] = message
    return found


def english(message: Message) -> list[str]:
    """The translations of an entry: one, or one for each plural form."""
    if isinstance(message.string, tuple | list):
        return list(message.string)
    return [message.string or ""]


def placeholders(text: str) -> set[str]:
    """The names (or bare signs) that a text leaves open, ``%%`` apart."""
    return {match[0] for match in PLACEHOLDER.finditer(text.replace("%%", ""))}


def faults_of(module: Path, root: Path = ROOT) -> list[str]:
    """Every fault of one module, each a line that names the place."""
    use = read_module(module, root)
    faults = list(use.faults)
    catalogue = read_catalogue(module, faults)
    po = (module / PO).relative_to(root)
    for text, places in sorted(use.texts.items()):
        if text.singular.strip() and text not in catalogue:
            faults.append(f"{places[0]}: no English for “{text.singular}” in {po}")
    for text, message in catalogue.items():
        where = f"{po}:{message.lineno}"
        if message.fuzzy:
            faults.append(f"{where}: fuzzy: “{text.singular}”")
        translations = english(message)
        if not all(translations):
            faults.append(f"{where}: empty: “{text.singular}”")
            continue
        open_names = placeholders(text.singular) | placeholders(text.plural)
        for translation in translations:
            invented = placeholders(translation) - open_names
            # A plural form may leave the number out ("one seat"); nothing may be invented.
            lost = set() if text.plural else open_names - placeholders(translation)
            if invented or lost:
                signs = ", ".join(sorted(invented | lost))
                faults.append(f"{where}: placeholders differ ({signs}): “{text.singular}”")
    return faults


def contradictions(root: Path = ROOT) -> list[str]:
    """Texts that two modules translate differently although readers would see only one of them."""
    seen: dict[Text, tuple[list[str], str]] = {}
    faults: list[str] = []
    for module in modules(root):
        for text, message in read_catalogue(module, []).items():
            here = f"{(module / PO).relative_to(root)}:{message.lineno}"
            words, first = seen.setdefault(text, (english(message), here))
            if words != english(message):
                faults.append(
                    f"{here}: “{text.singular}” is “{english(message)[0]}” here but "
                    f"“{words[0]}” in {first}; agree, or add a context"
                )
    return faults


def check(root: Path = ROOT) -> int:
    """Print every fault of the house; the exit code is 1 when there is one."""
    faults = [fault for module in modules(root) for fault in faults_of(module, root)]
    faults += contradictions(root)
    for fault in faults:
        print(fault)
    print(f"translations: {len(faults)} faults" if faults else "translations: complete")
    return 1 if faults else 0


def compile_all(root: Path = ROOT) -> int:
    """Write a mo file beside every po file that is newer than it."""
    written = 0
    for source in sorted(root.glob(f"{PACKAGE}/*/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as stream:
            catalogue = read_po(stream, locale=source.parent.parent.name)
        partial = target.with_suffix(".partial")
        with partial.open("wb") as stream:
            write_mo(stream, catalogue)
        partial.replace(target)  # a running server never reads half a catalogue
        written += 1
    print(f"translations: {written} compiled")
    return 0


def missing(name: str, root: Path = ROOT) -> int:
    """Print po entries for the texts of a module that have no English yet."""
    module = root / PACKAGE / name
    if not (module / "__init__.py").exists():
        print(f"no module {PACKAGE}/{name}", file=sys.stderr)
        return 2
    use = read_module(module, root)
    catalogue = read_catalogue(module, [])
    if not (module / PO).exists():
        print(HEADER)
    for text, places in sorted(use.texts.items()):
        if text.singular.strip() and text not in catalogue:
            print("\n".join(_skeleton(text, places)), end="\n\n")
    return 0


def _skeleton(text: Text, places: list[str]) -> list[str]:
    lines = [f"#: {places[0]}"]
    if text.context:
        lines.append(f"msgctxt {_quoted(text.context)}")
    lines.append(f"msgid {_quoted(text.singular)}")
    if text.plural:
        lines += [f"msgid_plural {_quoted(text.plural)}", 'msgstr[0] ""', 'msgstr[1] ""']
    else:
        lines.append('msgstr ""')
    return lines


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def main(arguments: list[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("compile", help="po files to mo files")
    verbs.add_parser("check", help="refuse what is missing, fuzzy or contradictory")
    verbs.add_parser("missing", help="print what a module lacks").add_argument("module")
    options = parser.parse_args(arguments)
    if options.verb == "missing":
        return missing(options.module)
    actions: dict[str, Callable[[], int]] = {"compile": compile_all, "check": check}
    return actions[options.verb]()


if __name__ == "__main__":
    raise SystemExit(main())
