"""Territories by ISO 3166-1 alpha-2, the world by UN M49 code 001; languages by ISO 639-1."""

from haishi.foundation.bilingual import Bilingual

WORLD = "001"
TERRITORIES = {
    WORLD: Bilingual("全球", "Worldwide"),
    "CN": Bilingual("中国大陆", "Mainland China"),
    "HK": Bilingual("中国香港", "Hong Kong SAR, China"),
    "MO": Bilingual("中国澳门", "Macao SAR, China"),
    "TW": Bilingual("中国台湾", "Taiwan, China"),
    "JP": Bilingual("日本", "Japan"),
    "KR": Bilingual("韩国", "South Korea"),
    "SG": Bilingual("新加坡", "Singapore"),
    "MY": Bilingual("马来西亚", "Malaysia"),
    "TH": Bilingual("泰国", "Thailand"),
    "VN": Bilingual("越南", "Vietnam"),
    "ID": Bilingual("印度尼西亚", "Indonesia"),
    "IN": Bilingual("印度", "India"),
    "AE": Bilingual("阿联酋", "United Arab Emirates"),
    "SA": Bilingual("沙特阿拉伯", "Saudi Arabia"),
    "RU": Bilingual("俄罗斯", "Russia"),
    "GB": Bilingual("英国", "United Kingdom"),
    "FR": Bilingual("法国", "France"),
    "DE": Bilingual("德国", "Germany"),
    "IT": Bilingual("意大利", "Italy"),
    "ES": Bilingual("西班牙", "Spain"),
    "US": Bilingual("美国", "United States"),
    "CA": Bilingual("加拿大", "Canada"),
    "MX": Bilingual("墨西哥", "Mexico"),
    "BR": Bilingual("巴西", "Brazil"),
    "AU": Bilingual("澳大利亚", "Australia"),
    "NZ": Bilingual("新西兰", "New Zealand"),
    "ZA": Bilingual("南非", "South Africa"),
}
LANGUAGES = {
    "zh": Bilingual("中文", "Chinese"),
    "en": Bilingual("英文", "English"),
    "ja": Bilingual("日文", "Japanese"),
    "ko": Bilingual("韩文", "Korean"),
    "fr": Bilingual("法文", "French"),
    "de": Bilingual("德文", "German"),
    "es": Bilingual("西班牙文", "Spanish"),
    "ru": Bilingual("俄文", "Russian"),
    "ar": Bilingual("阿拉伯文", "Arabic"),
}


def code_of(territory: str) -> tuple[int, int]:
    """A territory as a half-open range of whole numbers; the world holds all others."""
    if territory == WORLD:
        return (0, 26 * 26)
    number = (ord(territory[0]) - 65) * 26 + ord(territory[1]) - 65
    return (number, number + 1)


def title_of(territory: str) -> Bilingual:
    """Its name; an unknown code names itself."""
    return TERRITORIES.get(territory, Bilingual(territory))
