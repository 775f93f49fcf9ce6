"""Where sentences live: both languages, whole sentences, one catalogue. Everything else speaks codes and numbers."""

from evenload.words.voice import Words, message, words_in

__all__ = ["Words", "message", "words_in"]
