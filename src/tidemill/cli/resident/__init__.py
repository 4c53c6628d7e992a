"""Commands that a process which stays runs in the place of the one that was started: same words, same output, less work."""
