"""When a visit passes, and what to say."""

from itertools import product

from huiyin.areas.return_visits import words
from huiyin.areas.return_visits.models import Attempt
from huiyin.areas.return_visits.rules import Evaluation
from huiyin.areas.return_visits.states import VisitStatus


def test_a_visit_passes_when_no_grade_is_below_satisfied() -> None:
    passing = {grades for grades in product((1, 2, 3, 4), repeat=3) if Evaluation(*grades).passes}
    assert passing == set(product((3, 4), repeat=3))


def test_words_do_not_change_the_verdict() -> None:
    assert Evaluation(3, 3, 3, shortcomings="慢了点").passes
    assert not Evaluation(2, 4, 4).passes


def test_every_result_of_an_attempt_says_how_it_was_tried() -> None:
    assert set(words.TRIED_BY) == set(Attempt.Result.values)
    assert set(words.TONES) == set(VisitStatus.values)


def test_the_script_names_the_matter_and_the_second_round() -> None:
    said = {"estate": "云河苑", "me": "陈晓", "caller": "王女士", "matter": "厨房漏水"}
    first = words.script(**said, type="repair", round=1)
    assert first[0] == "王女士好,我是云河苑客服陈晓,现在方便说两句吗?"
    assert first[1].startswith("您报修的「厨房漏水」已经办好了")
    assert "上次您说还不满意" in words.script(**said, type="complaint", round=2)[1]
    assert words.script(**{**said, "caller": ""}, type="complaint", round=1)[0].startswith("您好")
