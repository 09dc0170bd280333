"""Any text made into a blueprint that reads: what is wrong is corrected where it is plain what was meant, else the smallest part
that holds it is left out.

Text that reads already is left as it is, to the byte.
"""

from .mend import Mended, mend
from .of_patch import mend_patch

__all__ = ["Mended", "mend", "mend_patch"]
