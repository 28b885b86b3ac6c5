"""Names of cities and regions for readers of English. Firms write them once, in Chinese.

Chinese places follow Hanyu Pinyin (GB/T 28039 for the spelling of names: joined, capitalised, with
an apostrophe before a vowel); places with an English name of their own stand in a list.
"""

from functools import lru_cache

from haishi.foundation.bilingual import speaks_english

KNOWN = {
    "香港": "Hong Kong",
    "澳门": "Macao",
    "台北": "Taipei",
    "高雄": "Kaohsiung",
    "哈尔滨": "Harbin",
    "呼和浩特": "Hohhot",
    "乌鲁木齐": "Urumqi",
    "拉萨": "Lhasa",
    "喀什": "Kashgar",
    "内蒙古": "Inner Mongolia",
    "西藏": "Tibet",
    "新疆": "Xinjiang",
    "陕西": "Shaanxi",
    "台湾": "Taiwan",
    "东京": "Tokyo",
    "大阪": "Osaka",
    "京都": "Kyoto",
    "金泽": "Kanazawa",
    "首尔": "Seoul",
    "釜山": "Busan",
    "清迈": "Chiang Mai",
    "曼谷": "Bangkok",
    "顺化": "Hue",
    "河内": "Hanoi",
    "槟城": "Penang",
    "吉隆坡": "Kuala Lumpur",
    "新加坡": "Singapore",
    "雅加达": "Jakarta",
    "撒马尔罕": "Samarkand",
    "德里": "Delhi",
    "迪拜": "Dubai",
    "伊斯坦布尔": "Istanbul",
    "开罗": "Cairo",
    "菲斯": "Fez",
    "内罗毕": "Nairobi",
    "伦敦": "London",
    "布里斯托": "Bristol",
    "巴黎": "Paris",
    "里昂": "Lyon",
    "柏林": "Berlin",
    "罗马": "Rome",
    "威尼斯": "Venice",
    "米兰": "Milan",
    "马德里": "Madrid",
    "波尔图": "Porto",
    "里斯本": "Lisbon",
    "卑尔根": "Bergen",
    "克拉科夫": "Krakow",
    "莫斯科": "Moscow",
    "纽约": "New York",
    "洛杉矶": "Los Angeles",
    "多伦多": "Toronto",
    "瓦哈卡": "Oaxaca",
    "库斯科": "Cusco",
    "圣保罗": "São Paulo",
    "悉尼": "Sydney",
    "日本": "Japan",
    "韩国": "South Korea",
    "泰国": "Thailand",
    "越南": "Vietnam",
    "马来西亚": "Malaysia",
    "肯尼亚": "Kenya",
    "法国": "France",
    "英国": "United Kingdom",
    "意大利": "Italy",
    "葡萄牙": "Portugal",
    "挪威": "Norway",
    "波兰": "Poland",
    "墨西哥": "Mexico",
    "秘鲁": "Peru",
    "摩洛哥": "Morocco",
    "乌兹别克斯坦": "Uzbekistan",
}


def place_name(name: str) -> str:
    """The place in the reader's language; what is not Chinese stays as it was written."""
    return english_name(name) if name and speaks_english() else name


@lru_cache(maxsize=4096)
def english_name(name: str) -> str:
    """The place as English writes it; what is not Chinese stays as it was written."""
    if name in KNOWN:
        return KNOWN[name]
    if not all("\u4e00" <= sign <= "\u9fff" for sign in name):
        return name
    from pypinyin import lazy_pinyin  # its dictionaries cost 0.1 s, paid by the first who asks

    stem = name[:-1] if len(name) > 2 and name[-1] in "市省" else name
    word = ""
    for syllable in lazy_pinyin(stem):
        word += f"'{syllable}" if word and syllable[0] in "aoe" else syllable
    return word.capitalize()
