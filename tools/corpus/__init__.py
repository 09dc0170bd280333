"""The steps of tools/convert_corpus.py: the tree, the words, the seeds, the rules that improve it, and the patches."""
