"""Keeping what people entrusted: backups, restores, moving to another database, and the proof.

In reading order: `contents` reads every table in a form that no database colours and takes its
digest; `files` makes a file that is there whole or not at all; `sqlite` and `postgresql` know how
each database is backed up; `backup` and `restore` choose between the two; `copying` moves
everything from one database to another; `verify` proves that what is there is right.
"""
