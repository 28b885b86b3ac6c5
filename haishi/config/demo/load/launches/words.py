"""What demo launches are called and how they are announced; no two teasers are the same."""

from __future__ import annotations

from haishi.config.demo import products

# What makes a known work a new one.
VARIANTS = (
    ("海市限定", "Haizhou edition"), ("夜航版", "night voyage edition"), ("第二代", "second generation"),
    ("掌上版", "palm-size edition"), ("编号典藏", "numbered edition"), ("旅行装", "travel set"),
    ("声音版", "edition with sound"), ("学徒装", "apprentice's set"), ("春汛版", "spring tide edition"),
)  # fmt: skip
BEGINNINGS = (
    ("三年打磨", "Three years of work"), ("十七次打样", "Seventeen samples"), ("一座老窑", "One old kiln"),
    ("两代人", "Two generations"), ("四百个夜晚", "Four hundred nights"), ("一张旧图纸", "One old drawing"),
    ("九道工序", "Nine steps"), ("一次偶遇", "One chance meeting"), ("一座海边小城", "A small town by the sea"),
    ("一双手", "One pair of hands"), ("六家作坊", "Six workshops"), ("一段录音", "A single recording"),
    ("半块残片", "Half a shard"),
)  # fmt: skip
ENDINGS = (
    ("换来一件能放进口袋的作品", "for one piece that fits a pocket"), ("只为让它再轻一点", "only to make it lighter"),
    ("做成了今天要给你看的东西", "made into what you will see"), ("讲完一个没有讲完的故事", "to finish an unfinished story"),
    ("终于等到开箱的时刻", "and now the box is opened"), ("让老手艺换一种说法", "so that an old craft says it anew"),
    ("把海的颜色带回来", "to bring the colour of the sea home"), ("给孩子们留下一件", "to leave one for the children"),
    ("先给你看，再给世界看", "for you first, then for the world"), ("拆掉了所有多余的线", "with every needless line taken away"),
    ("换来一个更安静的答案", "for a quieter answer"), ("点亮一盏从没有过的灯", "to light a lamp that never was"),
)  # fmt: skip


def named(work: products.Product, number: int) -> tuple[str, str]:
    """(name, English name) of the new product that follows a known work."""
    zh, en = VARIANTS[number % len(VARIANTS)]
    return f"{work.title_zh}·{zh}"[:80], f"{work.title_en}, {en}"[:120]


def teaser(number: int) -> tuple[str, str]:
    """(line, English line); 156 different ones, none names anything."""
    zh, en = BEGINNINGS[number % len(BEGINNINGS)]
    zh_end, en_end = ENDINGS[number % len(ENDINGS)]
    return f"{zh}，{zh_end}", f"{en}, {en_end}"


def story(work: products.Product, name: tuple[str, str], firm: tuple[str, str]) -> tuple[str, str]:
    """(text, English text) of the unveiling."""
    zh = (
        f"{name[0]}今天第一次公开。\n\n{work.summary_zh}\n\n"
        f"新的一版由{firm[0]}在旧作之上重做：结构更简，用料更真，每一件都有编号与作者签名。"
    )
    en = (
        f"{name[1]} is shown today for the first time.\n\n{work.summary_en}\n\n"
        f"{firm[1]} made this version anew from the earlier work: a simpler build, honest "
        "materials, and a number and signature on every piece."
    )
    return zh, en
