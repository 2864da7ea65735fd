import socket

from deploy.local.ports import LOOPBACK, choose_free_ports, is_listening


def test_chosen_ports_differ_and_can_be_bound() -> None:
    ports = choose_free_ports(20)
    assert len(set(ports)) == 20
    with socket.socket() as probe:
        probe.bind((LOOPBACK, ports[0]))


def test_a_listening_port_is_seen() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        assert is_listening(server.getsockname()[1])


def test_a_free_port_does_not_listen() -> None:
    assert not is_listening(choose_free_ports(1)[0])
