"""Suites, metrics, comparisons. (Part 3.)"""
