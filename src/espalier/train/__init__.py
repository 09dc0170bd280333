"""Supervised, preference and reinforcement training. (Part 3.)"""
