"""An email address."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from email_validator import EmailNotValidError, validate_email

from .base import FieldType

if TYPE_CHECKING:
    from ..field import Field


@lru_cache(maxsize=1024)  # a seed names the same people again and again
def _normal(text: str) -> str:
    try:
        # test_environment lets example and .test domains through: seeds and checks use them.
        return validate_email(text, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        raise ValueError("must be an email address such as ana@example.com") from None


class Email(FieldType):
    name = "email"
    says = "an email address"
    value = "text"
    aliases = ("mail", "e-mail")

    def read(self, text: str, field: Field) -> Any:
        return super().read(_normal(text), field)

    def sample(self, field: Field, index: int) -> str:
        return f"person{index}@example.com"

    def wrong(self, field: Field) -> list[str]:
        return ["ana", "ana@", "a b@example.com"]
