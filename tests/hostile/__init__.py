"""Attacks on running apps: access over every path, bad input, races, and a browser on a hostile app."""
