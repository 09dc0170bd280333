"""A small app in which much is written, and a check run over it."""

from __future__ import annotations

from espalier.blueprint import read
from espalier.check.checks import CHECKS, checks
from espalier.check.report import Result
from espalier.check.subject import Subject

LIBRARY = """\
app: Third Shelf
roles: [reader, librarian]
data:
  Book:
    title: text!
    code: text! unique
    shelf: A | B | Attic = A
    copies: int! 1..20
    price: money
    out: int = count(Loan where returned = null)
    left: int = copies - out
    likes: marks
    actions:
      Lend (librarian):
        - if left > 0
        - create Loan
        - ask Loan.reader
        - ask Loan.due
        - notify Loan.reader "{title} is yours to read"
      Retire (librarian): [if shelf != Attic, shelf = Attic, copies = 1]
  Loan:
    book: Book!
    reader: User! owner
    due: date!
    returned: date
    note: long
    unique: [book, reader]
    rules:
      Bring it back after today: due > today
      None is left: book.left > 0
    actions:
      Returned (librarian): [if returned = null, returned = today, email reader "Thank you for {book.title}"]
access:
  Book: {read: anyone, write: librarian}
  Loan: {read: own or librarian, create: librarian, update: librarian, delete: nobody}
pages:
  Shelves:
    - cards: Book
  Desk (librarian):
    - form: Book
      show: [title, code, copies, price]
      set: shelf = B
    - form: Loan
    - board: Book by shelf
    - table: Book
      show: [title, copies]
      edit: [copies]
  Each Book:
    - detail: Book
    - form: Loan
      show: [reader, due, note]
seed:
  User:
    - Ada Reader | ada@example.com | reader
    - Bo Reader | bo@example.com | reader
    - Lin Desk | lin@example.com | librarian
  Book:
    - Middlemarch | MM | A | 2 | 9
    - Emma | EM | B | 3 | 8
    - Persuasion | PE | Attic | 1 | 7
  Loan:
    - Middlemarch | ada@example.com | +10 days
automations:
  when Loan created: email reader "{book.title} is due {due}"
  when Book copies > 10: notify librarian "So many of {title}"
  2 days before Loan.due: email reader "Please bring {book.title} back"
  every week for Loan where returned = null: notify librarian "{book.title} is out"
"""


def subject_of(text: str, **more: object) -> Subject:
    return Subject(read(text), text=text, **{"thorough": True, "seconds": 60, **more})  # type: ignore[arg-type]


def run(name: str, text: str = LIBRARY, **more: object) -> Result:
    """What a check finds in an app."""
    checks("use")
    subject = subject_of(text, **more)
    try:
        return CHECKS[name].run(subject)
    finally:
        subject.close()


def said(result: Result) -> str:
    """Everything it found wrong."""
    return "\n".join(map(str, result.findings))


def swapped(old: str, new: str, text: str = LIBRARY) -> str:
    """The app with something else in one place."""
    assert text.count(old) == 1, (text.count(old), old)
    return text.replace(old, new)
