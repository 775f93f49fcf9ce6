"""Where sentences live: both languages, whole sentences, one catalogue. Everything else speaks codes and numbers."""

from evenload.words.labels import label, label_in_sentence
from evenload.words.notices import notice_sentence
from evenload.words.phrases import joined, name_of
from evenload.words.problems import problem_sentence
from evenload.words.reasons import fix_sentence, reason_sentence, waiting_sentence
from evenload.words.voice import Words, message, words_in

__all__ = [
    "Words",
    "fix_sentence",
    "joined",
    "label",
    "label_in_sentence",
    "message",
    "name_of",
    "notice_sentence",
    "problem_sentence",
    "reason_sentence",
    "waiting_sentence",
    "words_in",
]
