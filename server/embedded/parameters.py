"""PostgreSQL's configuration parameters, given at every start so that they follow the code."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

_ALWAYS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    # Any program on the machine may knock; it may not keep the place of one that has a password.
    "authentication_timeout": "10s",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "idle_in_transaction_session_timeout": "60s",
    # An error goes to the server, which knows whose it is; in this log it would only carry what
    # people typed.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}

DURABLE: Mapping[str, str] = MappingProxyType(
    _ALWAYS
    | {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "max_connections": "100",
        "shared_buffers": "256MB",
    }
)

# For test runs, whose data are worth nothing the moment the machine stops.
FORGETFUL: Mapping[str, str] = MappingProxyType(
    _ALWAYS
    | {
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_connections": "200",
        "shared_buffers": "128MB",
        # A database that is being vacuumed cannot be dropped by its owner.
        "autovacuum": "off",
    }
)


def arguments(parameters: Mapping[str, str]) -> Iterator[str]:
    """The parameters as PostgreSQL's command line takes them."""
    for name, value in parameters.items():
        yield "-c"
        yield f"{name}={value}"
