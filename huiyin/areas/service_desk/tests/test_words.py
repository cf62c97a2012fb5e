"""The phone script as data, and the sentences of the desk."""

from huiyin.areas.cases.models import CaseKind
from huiyin.areas.cases.rules import NUMBER_LETTER
from huiyin.areas.service_desk import events, scripts, states, words


def test_every_moment_of_a_call_has_its_script() -> None:
    codes = [moment.code for moment in scripts.moments()]

    assert codes[0] == "greeting" and codes[-1] == "closing"
    assert set(codes) == {
        "greeting",
        "enquiry",
        "repair",
        "complaint",
        "complaint_outside",
        "suggestion",
        "compliment",
        "special_service",
        "callback",
        "closing",
    }
    assert len(codes) == len(set(codes))


def test_every_kind_of_matter_is_spoken_for() -> None:
    assert {kind for moment in scripts.moments() for kind in moment.kinds} == set(CaseKind.values)


def test_lines_are_short_and_said_once() -> None:
    lines = [line for moment in scripts.moments() for line in (*moment.says, *moment.asks)]

    assert all(2 <= len(line) <= 50 for line in lines)
    assert len(lines) == len(set(lines))
    assert all(moment.says for moment in scripts.moments())
    assert {part for line in lines for part in line.split("{")[1:]} == {"小区}服务中心,我是小×,您请讲。"}


def test_the_keys_are_the_letters_of_the_numbers() -> None:
    assert {kind: key.upper() for kind, key in words.KIND_KEYS.items()} == NUMBER_LETTER


def test_every_status_has_its_tone() -> None:
    assert set(words.STATUS_TONES) == set(states.ContactStatus.values)


def test_every_fact_of_a_contact_has_its_sentence() -> None:
    facts = {fact.code for fact in vars(events).values() if isinstance(fact, type) and hasattr(fact, "code")}

    assert facts - {""} <= set(words.HISTORY)


def test_what_the_caller_hears() -> None:
    def tell(**said: object) -> str:
        return words.tell(**({"number": "YH-W261125-001", "ending": "passed_on", "promised": "今天内派单"} | said))

    assert tell() == "已登记,编号 YH-W261125-001。今天内派单。"
    assert tell(promised="") == "已登记,编号 YH-W261125-001。"
    assert tell(kind="suggestion") == "已登记,编号 YH-W261125-001。今天内派单。谢谢您的建议。"
    assert tell(anonymous=True).endswith("您没有留联系方式,想知道结果请报这个编号来问。")
    assert tell(ending="answered") == "这次已经答复您了。以后要再问,报编号 YH-W261125-001 就行。"
    assert tell(joined="YH-W261124-009") == (
        "这件事已经有人报过,编号 YH-W261124-009,正在办。今天内派单。您这次说的也记下了,编号 YH-W261125-001。"
    )
