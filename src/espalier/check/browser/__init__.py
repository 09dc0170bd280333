"""What only a browser can tell: scripts, layout, contrast, keys. One file a check over what capture.py saw."""
