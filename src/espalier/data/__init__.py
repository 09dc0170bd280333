"""Traces, consent, synthetic pairs, datasets. (Part 3.)"""
