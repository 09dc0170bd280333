"""What names mean, which types fit, and what the errors say."""
