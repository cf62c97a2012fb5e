"""Every journal line as a sentence. One entry per kind; a test finds every kind the code can write."""

from huiyin.surfaces.web.sentences.shape import RuleShown, Sentence
from huiyin.surfaces.web.sentences.telling import MOVES, SENTENCES, is_spoken, line, tell, without_echoes

__all__ = [
    "MOVES",
    "SENTENCES",
    "RuleShown",
    "Sentence",
    "is_spoken",
    "line",
    "tell",
    "without_echoes",
]
