"""Every text of the interface has its English, and a wrong one is found."""

from pathlib import Path

import pytest

from tools import translations

VIEW = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
from django.utils import translation
TITLE = _("第%(n)s号" "馆")
COUNT = ngettext("%(n)d 件展品", "%(n)d 件展品", 3)
OPEN = pgettext("动词", "开")
BYE = translation.gettext("再见")
"""
PAGE = """{% load i18n %}{% translate "首页" %}
{% blocktranslate trimmed %}
  共 {{ n }} 个
{% endblocktranslate %}
<a title="{{ _("标题") }}">{{ name|default:_("无名") }}</a>
"""
ENGLISH = """msgid ""
msgstr ""
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "第%(n)s号馆"
msgstr "Hall %(n)s"

msgid "%(n)d 件展品"
msgid_plural "%(n)d 件展品"
msgstr[0] "One exhibit"
msgstr[1] "%(n)d exhibits"

msgctxt "动词"
msgid "开"
msgstr "Open"

msgid "再见"
msgstr "Goodbye"

msgid "首页"
msgstr "Home"

msgid "共 %(n)s 个"
msgstr "%(n)s in all"

msgid "标题"
msgstr "Title"

msgid "无名"
msgstr "Unnamed"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    module = tmp_path / "haishi" / "stands"
    (module / "templates" / "stands").mkdir(parents=True)
    (module / translations.PO).parent.mkdir(parents=True)
    (module / "__init__.py").touch()
    (module / "views.py").write_text(VIEW)
    (module / "templates" / "stands" / "page.html").write_text(PAGE)
    (module / translations.PO).write_text(ENGLISH)
    return tmp_path


def change(root: Path, old: str, new: str) -> list[str]:
    module = root / "haishi" / "stands"
    po = module / translations.PO
    assert old in po.read_text()
    po.write_text(po.read_text().replace(old, new))
    return translations.faults_of(module, root)


def test_a_complete_module_has_no_fault(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert translations.check(root) == 0
    assert capsys.readouterr().out == "translations: complete\n"


@pytest.mark.parametrize("text", ["再见", "首页", "标题", "无名"])
def test_a_text_without_english_is_found_where_it_is_said(root: Path, text: str) -> None:
    (fault,) = change(root, f'msgid "{text}"', 'msgid "别的"')
    assert fault.startswith(("haishi/stands/views.py:", "haishi/stands/templates/stands/page"))
    assert f"“{text}”" in fault


def test_the_context_tells_texts_apart(root: Path) -> None:
    (fault,) = change(root, 'msgctxt "动词"', 'msgctxt "名词"')
    assert "no English for “开”" in fault


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Hall %(n)s", "Hall %(m)s", "placeholders differ (%(m)s, %(n)s)"),
        ("Hall %(n)s", "The hall", "placeholders differ (%(n)s)"),
        ('"Goodbye"', '""', "empty: “再见”"),
        ('msgid "再见"', '#, fuzzy\nmsgid "再见"', "fuzzy: “再见”"),
    ],
)
def test_a_wrong_entry_is_found(root: Path, old: str, new: str, said: str) -> None:
    (fault,) = change(root, old, new)
    assert said in fault


def test_an_f_string_is_refused(root: Path) -> None:
    with (root / "haishi" / "stands" / "views.py").open("a") as file:
        file.write('X = _(f"你好 {TITLE}")\n')
    (fault,) = translations.faults_of(root / "haishi" / "stands", root)
    assert "f-string" in fault


def test_two_modules_must_agree_on_the_same_text(root: Path) -> None:
    other = root / "haishi" / "talks"
    (other / translations.PO).parent.mkdir(parents=True)
    (other / "__init__.py").touch()
    (other / translations.PO).write_text('msgid "再见"\nmsgstr "Farewell"\n')
    (fault,) = translations.contradictions(root)
    assert "“再见” is “Farewell” here but “Goodbye” in haishi/stands" in fault


def test_what_is_missing_is_printed_as_entries(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(root, 'msgctxt "动词"\n', "")
    capsys.readouterr()
    assert translations.missing("stands", root) == 0
    assert 'msgctxt "动词"\nmsgid "开"\nmsgstr ""\n' in capsys.readouterr().out


def test_only_changed_catalogues_are_compiled(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    translations.compile_all(root)
    translations.compile_all(root)
    assert capsys.readouterr().out == "translations: 1 compiled\ntranslations: 0 compiled\n"
    assert (root / "haishi" / "stands" / translations.PO).with_suffix(".mo").stat().st_size > 100
