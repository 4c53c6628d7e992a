"""What a project that stays in memory answers in, beside the same commands alone."""
