"""What happened to a session, in the reader's words."""

from django.utils.translation import gettext as _


def action_text(action: str) -> str:
    """What an entry of the audit log says."""
    return {
        "live.drafted": _("建立草稿"),
        "live.edited": _("修改计划"),
        "live.announce": _("公布"),
        "live.withdraw": _("收回为草稿"),
        "live.cancel": _("取消"),
        "live.opened": _("提前开播"),
        "live.end": _("结束直播"),
        "live.cut": _("切换机位"),
        "live.kick": _("断开推流"),
        "live.camera_added": _("添加机位"),
        "live.camera_edited": _("修改机位"),
        "live.camera_removed": _("移除机位"),
        "live.key_rotated": _("生成推流密钥"),
        "live.target_added": _("添加推流平台"),
        "live.target_wanted": _("开始或停止推流"),
        "live.target_removed": _("移除推流平台"),
        "live.helper_invited": _("邀请人员"),
        "live.helper_dismissed": _("移除人员"),
        "live.shelved": _("放进橱窗"),
        "live.pinned": _("讲解展品"),
        "live.poll_opened": _("开始投票"),
        "live.poll_closed": _("结束投票"),
        "live.lottery_opened": _("开始抽奖"),
        "live.lottery_drawn": _("开奖"),
        "live.lottery_cancelled": _("取消抽奖"),
        "live.replay_publish": _("发布回放"),
        "live.replay_withdraw": _("撤下回放"),
        "live.captions": _("上传字幕"),
        "live.chapter": _("添加章节"),
        "live.route": _("上传路线"),
    }.get(action, _("有变动"))
