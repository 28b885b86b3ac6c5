"""The table of sessions: one header for import and export, so that what goes out can come back."""

from haishi.expo.states import SessionKind, SessionState
from haishi.foundation.bilingual import speaks_english

# (field, title, title in English), in the order of an export.
TITLES = (
    ("code", "编号", "Code"),
    ("title", "标题", "Title"),
    ("title_en", "英文标题", "Title in English"),
    ("kind", "类型", "Kind"),
    ("track", "分类", "Track"),
    ("language", "语言", "Language"),
    ("stage", "场地", "Stage"),
    ("starts_at", "开始", "Starts"),
    ("minutes", "时长（分钟）", "Minutes"),
    ("speakers", "嘉宾", "Speakers"),
    ("moderators", "主持", "Moderators"),
    ("state", "状态", "State"),
    ("abstract", "简介", "Abstract"),
    ("abstract_en", "英文简介", "Abstract in English"),
)
# The words of a table do not follow the reader's language: a file made in one is read in the other.
COLUMNS = {zh: field for field, zh, _en in TITLES} | {en: field for field, _zh, en in TITLES}
TIME = "%Y-%m-%d %H:%M"
Words = tuple[tuple[str, str, str], ...]
_KINDS: Words = (
    (SessionKind.KEYNOTE, "主旨论坛", "Keynote"),
    (SessionKind.FORUM, "主题论坛", "Forum"),
    (SessionKind.TALK, "分享", "Talk"),
    (SessionKind.LAUNCH, "新品发布", "Launch"),
    (SessionKind.STANDARD, "标准解读", "Standard"),
    (SessionKind.ROADSHOW, "项目路演", "Roadshow"),
    (SessionKind.VISIT, "实地考察", "Visit"),
)
_STATES: Words = (
    (SessionState.DRAFT, "草稿", "Draft"),
    (SessionState.CONFIRMED, "已确认", "Confirmed"),
    (SessionState.CANCELLED, "已取消", "Cancelled"),
)
_LANGUAGES: Words = (("zh-hans", "中文", "Chinese"), ("en", "英文", "English"))


def header() -> list[str]:
    """Titles in the reader's language."""
    return [en if speaks_english() else zh for _field, zh, en in TITLES]


def _read(words: Words) -> dict[str, str]:
    return {word.lower(): str(row[0]) for row in words for word in row}


def _write(words: Words, value: str) -> str:
    place = 2 if speaks_english() else 1
    return next((row[place] for row in words if row[0] == value), value)


KINDS, STATES, LANGUAGES = _read(_KINDS), _read(_STATES), _read(_LANGUAGES)


def kind_word(kind: str) -> str:
    """The kind as a table says it in the reader's language."""
    return _write(_KINDS, kind)


def state_word(state: str) -> str:
    """The same for the state."""
    return _write(_STATES, state)


def language_word(language: str) -> str:
    """The same for the language; one without a word is written as its code."""
    return _write(_LANGUAGES, language)


def listed(names: list[str]) -> str:
    """Names in one cell."""
    return ("; " if speaks_english() else "、").join(names)
