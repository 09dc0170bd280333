"""Training an adapter: a dataset goes in, `adapter.gguf` and its manifest come out.

`sft.py` trains on what a dataset says; around it stand the machine (what it can do), the recipe (what to do with the time there
is), sequences (how pairs become rows of tokens), attention and loss (made for such rows), and export (the adapter as llama.cpp
reads it, and the proof that both agree). Preference and reinforcement training will stand beside `sft.py`. Serving is
model/'s, judging check/'s, datasets data/'s.
"""
