"""What the browser reads is written from the classes, and both sides agree on every byte."""

import json

import msgspec
import pytest

from wire import messages, typescript

READ = {
    "FromBrowser": messages.read_from_browser,
    "ToBrowser": messages.read_to_browser,
    "Item": messages.read_item,
}


def test_the_file_for_the_browser_is_current():
    assert typescript.main(["check"]) == 0


def test_a_changed_class_is_noticed(monkeypatch, capsys):
    monkeypatch.setitem(typescript.CONSTANTS, messages, ("READ",))
    assert typescript.main(["check"]) == 1
    assert capsys.readouterr().out == (
        "web/wire/messages.ts: older messages; run: python -m wire.typescript write\n"
    )


@pytest.mark.parametrize("example", json.loads(typescript.examples()), ids=lambda e: e["bytes"][:8])
def test_python_reads_what_the_browser_writes(example):
    found = READ[example["group"]](bytes.fromhex(example["bytes"]))
    named = {typescript.camel(k): v for k, v in msgspec.structs.asdict(found).items()}
    assert {"type": type(found).__name__, **named} == example["message"]


def test_names_change_their_case():
    assert typescript.camel("wait_ms") == "waitMs"
    assert typescript.constant("FromBrowser") == "FROM_BROWSER"
