"""What can be said on the command line, declared as data, and the way from words to settings."""
