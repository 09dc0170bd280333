"""How a page looks, in figures. One file a measure over what browser/capture.py saw."""
