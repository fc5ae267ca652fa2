"""The contestants. Each file knows one program: how its files are laid out and how it is called."""
