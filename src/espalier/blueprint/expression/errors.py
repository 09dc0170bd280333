"""The one error of expressions: what is wrong, where, and what to write instead."""


class ExpressionError(ValueError):
    """A fault in an expression.

    message: a sentence for the person who wrote it; start and end: character offsets into the text (0, 0 when the
    node was not parsed from text); suggestion: the text that probably should stand there, or None.
    """

    def __init__(self, message: str, start: int = 0, end: int = 0, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.suggestion = suggestion

    def __str__(self) -> str:
        return f"{self.message}; did you mean `{self.suggestion}`?" if self.suggestion else self.message
