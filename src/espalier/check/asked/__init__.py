"""Is it what was asked, and no more than that: checks that compare the app with its prompt. One file a check; single requirements are in ../requirements."""
