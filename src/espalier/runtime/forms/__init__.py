"""Forms for records: which inputs a person gets, what they typed in, their slips, and saving it with its parts and files.

`RecordForm` stands behind the form block, the pages of new and edited records, and rows of parts. What is allowed and
what fits is decided by records/; how an input looks by fields/; where a form stands by blocks/ and records_pages/.
"""

from .form import Lines, RecordForm
from .routes import ROUTES

__all__ = ["ROUTES", "Lines", "RecordForm"]
