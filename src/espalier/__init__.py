"""Espalier: describe a web app, and a small model that you own writes it; the platform runs it."""
