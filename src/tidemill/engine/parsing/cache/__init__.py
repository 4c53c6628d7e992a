"""What a parse leaves on disk, so that the next one does only what changed files and values ask for."""
