"""Repeated wording of the return-visit pages, and what to say to the resident."""

TYPES = {
    "complaint": "投诉回访",
    "repair": "报修回访",
    "project": "工程回访",
    "first_aid": "救助回访",
    "activity": "活动回访",
    "move_in": "入住回访",
    "incident": "事件回访",
    "survey": "调查回访",
}
TONES = {"due": "plain", "done": "green", "failed": "red", "exempt": "muted"}
# What a missed attempt was, by how one tried.
TRIED_BY = {"no_answer": "phone", "call_later": "phone", "wrong_number": "phone", "absent": "door"}


def type_word(code: str) -> str:
    """Return the word for a sort of visit; one that a later standard brings is said plainly."""
    return TYPES.get(code, "回访")


def script(*, estate: str, me: str, caller: str, matter: str, type: str, round: int) -> list[str]:
    """Return what to say on the phone or at the door, sentence by sentence."""
    about = {"complaint": "您反映的", "project": "您楼里做的"}.get(type, "您报修的")
    again = "上次您说还不满意,我们又处理了一遍,想再听听您的意见。" if round > 1 else "想听听您的意见,大概耽误您一分钟。"
    return [
        f"{caller or '您'}好,我是{estate}客服{me},现在方便说两句吗?",
        f"{about}「{matter}」已经办好了,{again}",
        "活儿干得怎么样?现在用着好不好?总的来说您满意吗?",
        "还有哪里没做到位,或者有什么建议?我都记下来。",
        "谢谢您。有事随时打服务电话,我们马上办。",
    ]
