"""Thousands of fans over a few plain connections: many requests under way on each, so that joining
and looking at ten thousand places takes seconds. For rounds with `"tls": null`."""

import json
import socket
import threading

CONNECTIONS = 8
UNDER_WAY = 50
ANSWER_SECONDS_MAX = 60


def request(method, path, token=None, body=None):
    lines = [f"{method} /api/v1{path} HTTP/1.1", "Host: 127.0.0.1"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    data = b""
    if body is not None:
        data = json.dumps(body).encode()
        lines += ["Content-Type: application/json", f"Content-Length: {len(data)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + data


class Connection:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWER_SECONDS_MAX)
        self.buffer = b""

    def ask(self, requests):
        """Sends all at once; yields status and JSON of each answer, in their order."""
        self.socket.sendall(b"".join(requests))
        for _ in requests:
            while b"\r\n\r\n" not in self.buffer:
                self._receive()
            head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
            length = 0
            for line in head.split(b"\r\n")[1:]:
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            while len(self.buffer) < length:
                self._receive()
            body, self.buffer = self.buffer[:length], self.buffer[length:]
            yield int(head.split(b" ", 2)[1]), json.loads(body) if body else None

    def _receive(self):
        part = self.socket.recv(1 << 18)
        if not part:
            raise ConnectionError("the server has closed the connection")
        self.buffer += part

    def close(self):
        self.socket.close()


def _in_threads(count, work):
    """Runs `work(n)` in each of `count` threads; the first failure is raised."""
    failures = []

    def guarded(n):
        try:
            work(n)
        except BaseException as failure:  # noqa: B036 - raised below
            failures.append(failure)

    threads = [threading.Thread(target=guarded, args=(n,), daemon=True) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def ask_all(port, requests, expected):
    """The answers to `requests`, in their order; each must have the status `expected`."""
    answers = [None] * len(requests)

    def work(first):
        connection = Connection(port)
        mine = range(first, len(requests), CONNECTIONS)
        for begin in range(0, len(mine), UNDER_WAY):
            part = mine[begin:begin + UNDER_WAY]
            for n, (status, body) in zip(part, connection.ask([requests[n] for n in part])):
                assert status == expected, (status, body)
                answers[n] = body
        connection.close()

    _in_threads(CONNECTIONS, work)
    return answers


def join_many(port, count):
    """The answers of `count` fans who join: token and queue view."""
    return ask_all(port, [request("POST", "/queue", body={})] * count, 201)


def places_of(port, fans):
    """The queue views as they are now, in the order of `fans`."""
    return ask_all(port, [request("GET", "/queue", fan["token"]) for fan in fans], 200)


class Joining:
    """Fans who go on joining until the connection breaks. `joined` has who was answered."""

    def __init__(self, port):
        self.port = port
        self.joined = []
        self.failures = []
        self.threads = [threading.Thread(target=self._run, daemon=True) for _ in range(CONNECTIONS)]
        for thread in self.threads:
            thread.start()

    def _run(self):
        try:
            connection = Connection(self.port)
            while True:
                for status, body in connection.ask([request("POST", "/queue", body={})] * UNDER_WAY):
                    assert status == 201, (status, body)
                    self.joined.append(body)
        except OSError:
            pass  # the kill
        except BaseException as failure:  # noqa: B036 - raised by `end`
            self.failures.append(failure)

    def end(self):
        """After the kill: everyone who was told of a place."""
        for thread in self.threads:
            thread.join(ANSWER_SECONDS_MAX)
            assert not thread.is_alive()
        if self.failures:
            raise self.failures[0]
        return self.joined
