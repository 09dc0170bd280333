"""Values that a blueprint writes as one string (`text! unique`, `Ticket by status`, `-created`), as pydantic types."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


class Spelled:
    """A value written as one string. Subclasses read it with `parse` and write it with `str`.

    What `str` gives is the one canonical spelling; `parse` may accept more.
    """

    pattern: ClassVar[str | None] = None  # a regular expression for editors; parse has the last word
    describes: ClassVar[str] = ""  # one line for the JSON Schema

    @classmethod
    def parse(cls, text: str, context: Any = None) -> Self:
        """Raises ValueError with words for the person who wrote the text. context is the reader's, see reader.py."""
        raise NotImplementedError

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def read(value: Any, info: core_schema.ValidationInfo) -> Any:
            if isinstance(value, cls):
                return value
            if not isinstance(value, str):
                raise PydanticCustomError("shape", "must be one line of text, not {kind}", {"kind": kind_of(value)})
            try:
                return cls.parse(value, info.context)
            except ValueError as error:
                raise PydanticCustomError("spelling", "{message}", {"message": str(error), "error": error}) from error

        return core_schema.with_info_plain_validator_function(
            read, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        said: dict[str, Any] = {"type": "string"}
        if cls.pattern:
            said["pattern"] = cls.pattern
        if cls.describes:
            said["description"] = cls.describes
        return said


def kind_of(value: Any) -> str:
    """What a YAML value is, in words for a person."""
    if value is None or value == "":
        return "nothing"
    names: dict[type, str] = {dict: "a group of keys", list: "a list", str: "text"}
    return names.get(type(value), type(value).__name__)
