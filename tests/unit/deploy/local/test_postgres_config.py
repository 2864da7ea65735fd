import pytest

from deploy.local.postgres_config import (
    PostgresSettings,
    is_socket_path_short,
    postgres_environment,
    render_options,
)


def _options(settings: PostgresSettings) -> dict[str, str]:
    words = render_options(settings, port=5555, socket_directory="/run/x")
    assert set(words[::2]) == {"-c"}
    return dict(word.split("=", 1) for word in words[1::2])


def test_the_server_listens_on_the_loopback_address_alone() -> None:
    options = _options(PostgresSettings())
    assert (options["listen_addresses"], options["port"]) == ("127.0.0.1", "5555")


def test_daily_use_is_durable() -> None:
    assert not {"fsync", "full_page_writes"} & set(_options(PostgresSettings()))


def test_tests_may_trade_durability_for_speed() -> None:
    assert _options(PostgresSettings(durable=False))["fsync"] == "off"


@pytest.mark.parametrize(
    ("directory", "short"),
    [
        pytest.param("/" + "a" * 86, True, id="longest that fits"),
        pytest.param("/" + "a" * 87, False, id="one more"),
        pytest.param("/" + "文" * 30, False, id="bytes count, not characters"),
    ],
)
def test_socket_paths_are_measured_as_the_kernel_does(directory: str, *, short: bool) -> None:
    assert is_socket_path_short(directory) is short


def test_a_users_own_postgresql_variables_do_not_reach_the_server() -> None:
    environment = postgres_environment({"PGDATA": "/elsewhere", "PATH": "/bin"})
    assert environment == {"PATH": "/bin", "LC_ALL": "C", "TZ": "UTC"}
