"""The language: reading, checking, printing and editing blueprints. Imports nothing of ours; knows nothing of databases or web pages."""
