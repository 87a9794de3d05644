"""Whether the database is away, which passes by itself, or whether a fault is ours."""

from django.db import InterfaceError, InternalError, OperationalError

# PostgreSQL's read_only_sql_transaction: the server is a standby for the moment. To its driver
# that is no operational error.
READ_ONLY = "25006"


def is_away(error: BaseException | None) -> bool:
    """Whether this was said by a database that does not answer, or takes no writes."""
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "sqlstate", None) == READ_ONLY
    return isinstance(error, OperationalError | InterfaceError)
