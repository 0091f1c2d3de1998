"""A fan and an operator over real TLS and WebSocket, with nothing but the standard library."""

import base64
import http.client
import json
import os
import socket
import ssl
import struct
import uuid

_TLS = ssl.create_default_context()
_TLS.check_hostname = False
_TLS.verify_mode = ssl.CERT_NONE

CALL_SECONDS_MAX = 20


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        return self.json.get("code")

    def __repr__(self):
        return f"<{self.status} {self.body[:300]!r}>"


class Http:
    """One keep-alive connection; reconnects when the other side has closed it."""

    def __init__(self, port, tls=True):
        self.port = port
        self.tls = tls
        self.connection = None

    def _connect(self):
        if self.tls:
            self.connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=_TLS,
                                                          timeout=CALL_SECONDS_MAX)
        else:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=CALL_SECONDS_MAX)

    def call(self, method, path, body=None, token=None, key=None, headers=None, raw=None):
        head = dict(headers or {})
        data = raw
        if body is not None:
            data = json.dumps(body)
            head.setdefault("Content-Type", "application/json")
        if token:
            head["Authorization"] = f"Bearer {token}"
        if key:
            head["Idempotency-Key"] = key
        if self.connection is None:
            self._connect()
        try:
            self.connection.request(method, path, data, head)
            response = self.connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
            if response.will_close:
                self.close()
            return answer
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class Fan:
    def __init__(self, port, tls=True):
        self.http = Http(port, tls)
        self.token = None
        self.fan = None

    def call(self, method, path, body=None, key=None, **more):
        return self.http.call(method, "/api/v1" + path, body, token=self.token, key=key, **more)

    def join(self, body=None, key=None):
        answer = self.call("POST", "/queue", body or {}, key=key or str(uuid.uuid4()))
        if answer.status in (200, 201):
            self.token = answer.json["token"]
            self.fan = answer.json["fan"]
        return answer

    def queue(self):
        return self.call("GET", "/queue").json

    def order(self, body, key=None):
        return self.call("POST", "/orders", body, key=key or str(uuid.uuid4()))

    def pay(self, order, token="tok_ok", key=None, **more):
        return self.call("POST", f"/orders/{order}/payment", {"method": "card", "token": token, **more},
                         key=key or str(uuid.uuid4()))

    def get_order(self, order):
        return self.call("GET", f"/orders/{order}")


class Operator:
    def __init__(self, port, token, tls=True):
        self.http = Http(port, tls)
        self.token = token

    def call(self, method, path, body=None, **more):
        return self.http.call(method, "/admin/v1" + path, body, token=self.token, **more)

    def status(self):
        answer = self.call("GET", "/status")
        assert answer.status == 200, answer
        return answer.json


class Live:
    """RFC 6455 by hand, so that broken frames can be sent too."""

    def __init__(self, port, tls=True, path="/api/v1/live", headers=None):
        raw = socket.create_connection(("127.0.0.1", port), timeout=CALL_SECONDS_MAX)
        self.socket = _TLS.wrap_socket(raw) if tls else raw
        nonce = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket",
                 "Connection: Upgrade", f"Sec-WebSocket-Key: {nonce}", "Sec-WebSocket-Version: 13"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            part = self.socket.recv(65536)
            if not part:
                break
            self.buffer += part
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        self.status = int(head.split()[1]) if head else 0

    def send_frame(self, opcode, payload, final=True):
        mask = os.urandom(4)
        length = len(payload)
        head = bytes([(0x80 if final else 0) | opcode])
        if length < 126:
            head += bytes([0x80 | length])
        elif length < 65536:
            head += bytes([0x80 | 126]) + struct.pack(">H", length)
        else:
            head += bytes([0x80 | 127]) + struct.pack(">Q", length)
        self.socket.sendall(head + mask + bytes(b ^ mask[n % 4] for n, b in enumerate(payload)))

    def send(self, message):
        self.send_frame(1, json.dumps(message).encode())

    def _exactly(self, count):
        while len(self.buffer) < count:
            part = self.socket.recv(65536)
            if not part:
                raise ConnectionError("closed without a close frame")
            self.buffer += part
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def receive(self):
        """The next message, or ("close", code)."""
        while True:
            first, second = self._exactly(2)
            length = second & 0x7F
            if length == 126:
                length = struct.unpack(">H", self._exactly(2))[0]
            elif length == 127:
                length = struct.unpack(">Q", self._exactly(8))[0]
            payload = self._exactly(length)
            opcode = first & 0x0F
            if opcode == 1:
                return json.loads(payload)
            if opcode == 8:
                return "close", struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else 1005
            if opcode == 9:
                self.send_frame(10, payload)

    def receive_until(self, wanted, messages_max=500):
        """The first message for which `wanted(message)` is true."""
        for _ in range(messages_max):
            message = self.receive()
            if isinstance(message, tuple):
                raise AssertionError(f"closed with {message[1]}")
            if wanted(message):
                return message
        raise AssertionError("the message did not come")

    def close(self):
        self.socket.close()
