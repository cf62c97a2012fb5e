"""The wording of the desk: keys, tones, sentences of the ledger's history, and what closes a conversation."""

from collections.abc import Mapping

from huiyin.foundation.journal.models import Entry
from huiyin.foundation.kit.entries import Kind

# The letters are those of the case numbers (cases.rules.NUMBER_LETTER), so that one thing is learnt, not two.
KIND_KEYS = {
    "enquiry": "z",
    "repair": "w",
    "complaint": "t",
    "suggestion": "j",
    "compliment": "b",
    "special_service": "f",
}
KIND_ICONS = {
    "enquiry": "help",
    "repair": "tool",
    "complaint": "message-report",
    "suggestion": "bulb",
    "compliment": "thumb-up",
    "special_service": "heart",
}
STATUS_TONES = {"open": "amber", "answered": "muted", "promised": "accent", "passed_on": "muted"}
CASE_TONES = {
    "new": "plain",
    "working": "accent",
    "on_hold": "amber",
    "closed": "muted",
    "merged": "muted",
    "voided": "muted",
}
SUGGESTED = {
    "in_unit": "户内",
    "common_part": "公共部位",
    "urgent": "紧急",
    "emergency": "急修",
}
FAREWELL = {
    "suggestion": "谢谢您的建议。",
    "compliment": "谢谢您,我们会转达给这位同事。",
}
NO_WAY_BACK = "您没有留联系方式,想知道结果请报这个编号来问。"

# kind of the journal -> (sentence, how the timeline shows it); %s is the value named third.
HISTORY: Mapping[str, tuple[str, Kind, str]] = {
    "service_desk.contact.registered": ("登记了来电来访", "resident", ""),
    "service_desk.contact.answered": ("答复了客户", "done", ""),
    "service_desk.contact.promised": ("跟客户约定了答复时间", "done", ""),
    "service_desk.contact.promise": ("定下了答复的人和时间", "done", ""),
    "service_desk.contact.callback_asked": ("客户请我们回电", "resident", ""),
    "service_desk.contact.called_back": ("给客户回了电话", "done", ""),
    "service_desk.contact.passed_on": ("转为事项 %s", "done", "case"),
    "service_desk.incident.telling_owed": ("%s 结束了,要告诉他", "rule", "incident"),
    "service_desk.incident.told": ("告诉了他已经恢复:%s", "done", "how"),
    "service_desk.incident.asked": ("问的是 %s,按口径告知", "resident", "incident"),
    "standards.commitment.missed": ("到时没有做到:%s", "rule", "does"),
    "standards.commitment.waived": ("免除了一项承诺:%s", "rule", "does"),
}


def says(entry: Entry) -> tuple[str, Kind]:
    """Say what an entry of a contact's thread records, and how the timeline shows it."""
    words, kind, value = HISTORY.get(entry.kind, (entry.kind, "internal", ""))
    return (words % entry.values.get(value, "") if value else words).rstrip(":"), kind


def suggests(what: Mapping[str, str]) -> str:
    """Say what else goes with a category, for a clerk who has no script to set it: 多半是公共部位、急修."""
    said = [word for value, word in SUGGESTED.items() if value in what.values()]
    return f"多半是{'、'.join(said)}" if said else ""


def tell(
    *,
    number: str,
    ending: str,
    promised: str,
    kind: str = "",
    joined: str = "",
    anonymous: bool = False,
    incident: str = "",
    tell_later: bool = False,
) -> str:
    """Return the sentence to tell the caller. `promised` are the real promises in one breath, `joined` is the matter
    theirs turned out to be, `incident` the sentence of the incident they asked about."""
    promise = f"{promised}。" if promised else ""
    if incident:
        later = "恢复了我们会告诉您。" if tell_later else ""
        return f"{incident.rstrip('。')}。{promise}{later}编号 {number}。"
    if ending == "answered":
        return f"这次已经答复您了。以后要再问,报编号 {number} 就行。"
    if joined:
        return f"这件事已经有人报过,编号 {joined},正在办。{promise}您这次说的也记下了,编号 {number}。"
    return f"已登记,编号 {number}。{promise}{FAREWELL.get(kind, '')}{NO_WAY_BACK if anonymous else ''}"
