"""The tables that every app has for itself, all named `espalier_*`. They never change with a blueprint.

When a later release of the platform adds a table or a column here, an older database gets it when it is opened (new
columns must be nullable or have a server default).
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

PREFIX = "espalier_"

metadata = MetaData()

# Stands for the app's own table of people, which tables.py makes; only so that foreign keys can name it.
_user = Table("user", metadata, Column("id", Integer, primary_key=True))


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _user_column(name: str = "user", *, nullable: bool = True) -> Column[int]:
    """A person; what belongs to them alone goes with them."""
    return Column(name, Integer, ForeignKey("user.id", ondelete="CASCADE"), nullable=nullable)


def _json(name: str) -> Column[object]:
    return Column(name, JSON(none_as_null=True))


def _moment(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, DateTime(), nullable=nullable)


# The blueprints that this database has followed, newest last. counter rises with every migration.
version = Table(
    f"{PREFIX}version",
    metadata,
    _id(),
    Column("counter", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("shape", Text, nullable=False),
    Column("blueprint", Text, nullable=False),
    _json("renames"),
    _json("changes"),
    Column("backup", Text),
    _moment("created"),
    sqlite_autoincrement=True,
)

# What was dropped or replaced, and the table in which it waits: an entity (field is ""), or the values of a field.
aside = Table(
    f"{PREFIX}aside",
    metadata,
    _id(),
    Column("entity", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("shape", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("retyped", Boolean, nullable=False),
    _json("tables"),
    # The aside of the entity or field to which this one belonged when that was put aside itself.
    Column("within", Integer),
    _moment("created"),
    sqlite_autoincrement=True,
)

credential = Table(
    f"{PREFIX}credential",
    metadata,
    Column("user", Integer, ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    Column("password", Text),
    _moment("changed"),
    _moment("last_login", nullable=True),
    Column("verified", Boolean, nullable=False, server_default=text("0")),
)

# Sessions, resets, invitations, API keys: kind says which. Only a hash of the secret is kept.
token = Table(
    f"{PREFIX}token",
    metadata,
    _id(),
    Column("hash", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    _user_column(),
    Column("email", Text),
    Column("role", Text),
    _json("data"),
    _moment("created"),
    _moment("expires", nullable=True),
    _moment("used", nullable=True),
    Index("ix_espalier_token_user", "user"),
    Index("ix_espalier_token_expires", "expires"),
)

outbox = Table(
    f"{PREFIX}outbox",
    metadata,
    _id(),
    Column("kind", Text, nullable=False, server_default="email"),
    Column("recipient", Text, nullable=False),
    Column("subject", Text, nullable=False, server_default=""),
    Column("body", Text, nullable=False, server_default=""),
    _json("data"),
    _moment("created"),
    _moment("due", nullable=True),
    _moment("sent", nullable=True),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("error", Text),
    Index("ix_espalier_outbox_sent", "sent", "due"),
)

notification = Table(
    f"{PREFIX}notification",
    metadata,
    _id(),
    _user_column(nullable=False),
    Column("text", Text, nullable=False),
    Column("entity", Text),
    Column("record", Integer),
    _moment("created"),
    _moment("read", nullable=True),
    Index("ix_espalier_notification_user", "user", "read"),
)

# Uploads. entity, field and record are empty until the record that holds the file is saved.
file = Table(
    f"{PREFIX}file",
    metadata,
    Column("name", Text, primary_key=True),
    Column("original", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("sha256", Text),
    Column("user", Integer, ForeignKey("user.id", ondelete="SET NULL")),
    Column("session", Text),
    Column("entity", Text),
    Column("field", Text),
    Column("record", Integer),
    _moment("created"),
    Index("ix_espalier_file_record", "entity", "record"),
)

# How many numbers were given, by where the counting started (`INV-0001`).
serial = Table(
    f"{PREFIX}serial",
    metadata,
    Column("entity", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("start", Text, primary_key=True),
    Column("given", Integer, nullable=False),
)

subscriber = Table(
    f"{PREFIX}subscriber",
    metadata,
    _id(),
    Column("email", Text, nullable=False),
    Column("source", Text, nullable=False, server_default=""),
    _moment("created"),
    _moment("ended", nullable=True),
    UniqueConstraint("email", "source"),
)

# What automations have to do at a time, and that they did it: key tells one occasion from another.
due = Table(
    f"{PREFIX}due",
    metadata,
    _id(),
    Column("automation", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("entity", Text),
    Column("record", Integer),
    _moment("at"),
    _moment("done", nullable=True),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("error", Text),
    UniqueConstraint("automation", "key"),
    Index("ix_espalier_due_done", "done", "at"),
)

# Rate limits: how often something was tried.
attempt = Table(
    f"{PREFIX}attempt",
    metadata,
    _id(),
    Column("key", Text, nullable=False),
    Column("at", Float, nullable=False),
    Index("ix_espalier_attempt_key", "key", "at"),
)

# Who changed what, for undo. before holds the rows of the record as they were, see journal.py.
journal = Table(
    f"{PREFIX}journal",
    metadata,
    _id(),
    Column("entity", Text, nullable=False),
    Column("record", Integer, nullable=False),
    Column("operation", Text, nullable=False),
    Column("user", Integer),
    _moment("created"),
    _json("before"),
    Column("undone", Boolean, nullable=False, server_default=text("0")),
    Index("ix_espalier_journal_record", "entity", "record"),
    sqlite_autoincrement=True,
)

# What the app itself has to remember.
setting = Table(
    f"{PREFIX}setting",
    metadata,
    Column("name", Text, primary_key=True),
    _json("value"),
)

TABLES: tuple[Table, ...] = tuple(table for table in metadata.sorted_tables if table is not _user)
