"""A place in the tokens of one statement, and steps from there."""

from __future__ import annotations

from tidemill.engine.lineage.tokens import Tokens, is_name, unquoted
from tidemill.engine.lineage.tree import Unreadable
from tidemill.engine.lineage.words import TYPE_TAILS


class Cursor:
    """Steps over tokens; what they mean is for those who build on this."""

    def __init__(self, tokens: Tokens, dialect: str) -> None:
        self.written = tokens.written
        self.lowered = tokens.lowered
        self.dialect = dialect
        self.at = 0

    def take(self, *words: str) -> bool:
        """Step over ``words`` if they come next."""
        at = self.at
        for offset, word in enumerate(words):
            if self.lowered[at + offset] != word:
                return False
        self.at = at + len(words)
        return True

    def expect(self, word: str) -> None:
        """Step over ``word``. Raises Unreadable if something else stands here."""
        if self.lowered[self.at] != word:
            raise self.unexpected(f"{word!r} was expected")
        self.at += 1

    def unexpected(self, reason: str) -> Unreadable:
        near = " ".join(self.written[max(0, self.at - 3) : self.at + 2]).strip()
        return Unreadable(f"{reason} near: {near}")

    def name(self) -> str:
        """Step over a name and return it without quotes. Raises Unreadable."""
        token = self.written[self.at]
        if not is_name(token):
            raise self.unexpected("a name was expected")
        self.at += 1
        return unquoted(token)

    def names(self) -> tuple[str, ...]:
        """``(a, b, c)`` in lower case; types behind the names are left out."""
        self.expect("(")
        found: list[str] = []
        while not self.take(")"):
            found.append(self.name().lower())
            while self.lowered[self.at] not in {",", ")", ""}:
                if self.lowered[self.at] == "(":
                    self.skip_parentheses()
                else:
                    self.at += 1
            self.take(",")
            if not self.lowered[self.at]:
                raise self.unexpected("a list of names has no end")
        return tuple(found)

    def skip_parentheses(self) -> None:
        """Step over ``( ... )`` unread."""
        depth = 0
        while True:
            token = self.lowered[self.at]
            if not token:
                raise self.unexpected("a parenthesis is not closed")
            depth += (token == "(") - (token == ")")
            self.at += 1
            if not depth:
                return

    def skip_type(self) -> None:
        """Step over a type: ``decimal(18, 2)``, ``timestamp with time zone``, ``struct(a int)[]``."""
        lowered = self.lowered
        tails = TYPE_TAILS.get(lowered[self.at], ())
        self.at += 1
        while lowered[self.at] == "." and is_name(lowered[self.at + 1]):
            self.at += 2
        while True:
            token = lowered[self.at]
            if token == "(":
                self.skip_parentheses()
            elif token == "[" and (lowered[self.at + 1] == "]" or lowered[self.at + 2] == "]"):
                self.at += 2 if lowered[self.at + 1] == "]" else 3
            elif token in tails:
                self.at += 1
            else:
                return
