"""Registry, gates, shadow, canary, rollback. (After part 5.)"""
