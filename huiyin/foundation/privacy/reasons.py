"""Why somebody looks at what is masked, or takes a list out of the house: a short list, and words for everything else."""

from typing import Final

OTHER: Final = "other"
LOOKING: Final = {
    "call_back": "回电",
    "arrange": "约上门时间",
    "visit": "回访",
    "verify": "核实身份",
    "urgent": "紧急情况",
    OTHER: "其他",
}
TAKING_OUT: Final = {
    "working": "办理事项",
    "checking": "核对工作",
    "reporting": "上报公司或主管部门",
    "handing_over": "交接归档",
    "asked": "业主本人要求",
    OTHER: "其他",
}
LONGEST: Final = 120


def in_words(reasons: dict[str, str], reason: str, note: str) -> str:
    """Say the reason in words; nothing when it is not on the list, or 其他 without words."""
    said = note.strip()[:LONGEST]
    if reason == OTHER:
        return said
    word = reasons.get(reason, "")
    return f"{word}:{said}" if word and said else word
