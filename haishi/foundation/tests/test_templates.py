"""The look's own promises: marks, addresses, forms that say what is wrong, no inline code."""

import re

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone, translation

from haishi.foundation.specimen import ApplicationSpecimen, specimen_context
from haishi.foundation.templatetags import haishi as tags
from haishi.foundation.templatetags.icons import ICONS
from haishi.foundation.web import server_error

# The frame asks for the addresses of sign-in; whatever else the site holds is no matter here.
pytestmark = pytest.mark.urls("allauth.urls")


def show(source, **context):
    return Template(source).render(Context(context))


class Booth(forms.Form):
    name = forms.CharField(label="展位名称", help_text="二十字以内。", max_length=20)
    note = forms.CharField(label="备注", required=False)
    side = forms.ChoiceField(
        label="身份", choices=[("supply", "供给方"), ("make", "生产方")], widget=forms.RadioSelect
    )
    agree = forms.BooleanField(label="同意须知")


def test_an_icon_is_decoration_unless_it_has_a_label():
    assert 'aria-hidden="true"' in show('{% icon "star" %}')
    assert 'role="img" aria-label="收藏 &lt;"' in show('{% icon "star" "收藏 <" %}')


def test_an_unknown_icon_is_a_mistake_of_the_page():
    with pytest.raises(TemplateSyntaxError):
        show('{% icon "nothing" %}')


def test_every_icon_is_made_of_strokes_alone():
    assert [name for name, drawn in ICONS.items() if re.sub(r"<path [^<>]*/>", "", drawn)] == []


def test_a_tag_escapes_its_words_and_survives_an_unknown_kind():
    assert show("{% tag kind text %}", kind="new-state", text="<b>") == (
        '<span class="tag tag-plain">&lt;b&gt;</span>'
    )


def test_only_live_breathes():
    breathing = [kind for kind in tags.TAG_ICONS if "live-dot" in tags.tag(kind, "词")]
    assert breathing == ["live"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("林海生", "生"), ("淄川陶社有限公司", "淄"), ("Ada Chen", "AC"), ("  ", "·"), ("li", "L")],
)
def test_initials(name, shown):
    assert tags.initials(name) == shown


def test_an_address_keeps_the_rest_of_the_query_and_returns_to_the_first_page():
    request = RequestFactory().get("/products/?q=陶&hall=a&page=4")
    context = {"request": request}
    assert show("{% here page=2 %}", **context) == "/products/?q=%E9%99%B6&amp;hall=a&amp;page=2"
    assert show('{% here hall="" %}', **context) == "/products/?q=%E9%99%B6"
    assert show('{% here lang="en" %}') == "?lang=en"


def test_page_numbers_leave_out_the_middle():
    paginator = Paginator(range(200), 10)
    assert tags.page_range(paginator, 10) == [1, None, 8, 9, 10, 11, 12, None, 20]
    assert tags.page_range(paginator, 1) == [1, 2, 3, None, 20]


def test_a_form_names_its_mistakes_in_a_summary_that_leads_to_the_field():
    html = str(Booth({"note": "保留"}))
    links = re.findall(r'<a href="#(\w+)">([^<]+)：', html)
    assert links == [("id_name", "展位名称"), ("id_side_0", "身份"), ("id_agree", "同意须知")]
    for target, _label in links:
        assert f'id="{target}"' in html
    assert 'tabindex="-1" data-error-summary' in html
    assert 'value="保留"' in html


def test_a_field_is_tied_to_its_hint_and_its_message():
    html = str(Booth({}))
    name = re.search(r'<input type="text" name="name"[^>]*>', html)[0]
    assert 'aria-describedby="id_name_helptext id_name_error"' in name
    assert 'aria-invalid="true"' in name
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html


def test_only_an_optional_field_says_so():
    assert str(Booth()).count("选填") == 1


def test_every_control_of_every_widget_has_a_name_for_a_screen_reader():
    html = str(ApplicationSpecimen({}))
    labelled = set(re.findall(r'<label[^>]* for="(\w+)"', html))
    within = set(re.findall(r'<label class="choice"[^>]*><input[^>]* id="(\w+)"', html))
    controls = set(re.findall(r'<(?:input|select|textarea)[^>]* id="(\w+)"', html))
    assert controls - labelled - within == set()


PAGES = ["400", "403", "404", "409", "422", "429", "500", "foundation/specimen"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_carries_inline_code_or_style(name, language):
    from django.utils.translation import override

    with override(language):
        html = render_to_string(f"{name}.html", {"status": 400, **specimen_context()})
    assert re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)[^>]*>", html) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=", html) == []
    assert html.count("<h1") >= 1
    assert 'id="main"' in html


def test_the_page_of_a_broken_server_asks_for_nobody():
    html = render_to_string("500.html", {"status": 500})
    assert "起雾了" in html
    assert "site-header" not in html


def test_an_engraved_part_speaks_the_language_of_the_reader():
    from django.utils.translation import override

    spoken = []
    for language in ("zh-hans", "en", "zh-hans"):
        with override(language):
            spoken.append("网络好像断了" in show('{% engraved "partials/troubles.html" %}'))
    assert spoken == [True, False, True]


def test_an_engraved_part_is_rendered_once_for_the_same_content_and_zone():
    tags._engraved.cache_clear()
    source = '{% engraved "partials/notice.html" kind="info" title=title %}'
    shown = [show(source, title=title) for title in ("开馆", "闭馆 <", "开馆")]
    assert shown[0] == shown[2] != shown[1]
    assert "闭馆 &lt;" in shown[1]
    with timezone.override("Asia/Tokyo"):
        show(source, title="开馆")
    found = tags._engraved.cache_info()
    assert (found.hits, found.misses) == (1, 3)


def test_the_page_of_a_server_error_needs_no_database_and_no_person(rf):
    request = rf.get("/")
    request.theme = "dark"
    with translation.override("en"):
        answer = server_error(request)  # the test has no database: any query would fail
    assert answer.status_code == 500
    assert 'lang="en" data-theme="dark"' in answer.content.decode()
