"""An email address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from email_validator import EmailNotValidError, validate_email

from .base import FieldType

if TYPE_CHECKING:
    from ..field import Field


class Email(FieldType):
    name = "email"
    says = "an email address"
    value = "text"
    aliases = ("mail", "e-mail")

    def read(self, text: str, field: Field) -> Any:
        try:
            # test_environment lets example and .test domains through: seeds and checks use them.
            found = validate_email(text, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            raise ValueError("must be an email address such as ana@example.com") from None
        return super().read(found.normalized.lower(), field)

    def sample(self, field: Field, index: int) -> str:
        return f"person{index}@example.com"

    def wrong(self, field: Field) -> list[str]:
        return ["ana", "ana@", "a b@example.com"]
