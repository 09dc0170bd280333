"""Prompts, endpoints, constrained decoding, best-of-n, repair. (Part 3.)"""
