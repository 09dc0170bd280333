"""An OpenAI-compatible front before every endpoint: routes, budgets, cost, traces. (Part 4.)"""
