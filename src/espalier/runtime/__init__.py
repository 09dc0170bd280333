"""A blueprint as a running app: storage, people, access, pages, forms, files, API. Knows nothing of models or of how a blueprint came to be."""
