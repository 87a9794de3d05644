"""A package, so that a `tests` that somebody installs beside ours cannot take its place."""
