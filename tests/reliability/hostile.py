"""Hosts in Slack's place that mean harm or are broken: raw sockets on this machine."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Answer = Callable[[socket.socket, threading.Event], None]
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
BLOCK = b" " * 65536  # what JSON may begin with
HUGE = 200 * 1024 * 1024


@dataclass
class Host:
    """Takes each connection, with TLS where it has a certificate, and answers it.

    `heard` is all that came in the clear or decrypted, `connections` how many came at all.
    """

    answer: Answer
    certificate: Path | None = None
    heard: bytes = b""
    connections: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def take(self, connection: socket.socket) -> None:
        self.connections += 1
        with contextlib.suppress(OSError), connection:
            connection.settimeout(60)
            if not self.certificate:
                return self.answer(connection, self.over)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate)
            with context.wrap_socket(connection, server_side=True) as inside:
                return self.answer(inside, self.over)

    def hear(self, connection: socket.socket) -> None:
        """One request, to its end."""
        heard = b""
        while b"\r\n\r\n" not in heard:
            heard += self._more(connection)
        head, _, body = heard.partition(b"\r\n\r\n")
        (length,) = (
            int(line.partition(b":")[2])
            for line in head.splitlines()
            if line.lower().startswith(b"content-length:")
        )
        while len(body) < length:
            body += self._more(connection)

    def _more(self, connection: socket.socket) -> bytes:
        more = connection.recv(65536)
        self.heard += more
        if not more:
            raise ConnectionError("it hung up")
        return more


@contextlib.contextmanager
def hosting(host: Host) -> Iterator[int]:
    """The port where it listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_accept, args=(listener, host), daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            host.over.set()
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, host: Host) -> None:
    with contextlib.suppress(OSError):
        while not host.over.is_set():
            connection, _ = listener.accept()
            threading.Thread(target=host.take, args=(connection,), daemon=True).start()


def saying(host_says: Answer, certificate: Path | None = None) -> Host:
    """A host that hears a request before it says something."""
    host = Host(answer=lambda *_: None, certificate=certificate)

    def answer(connection: socket.socket, over: threading.Event) -> None:
        host.hear(connection)
        host_says(connection, over)

    host.answer = answer
    return host


def once(*words: bytes) -> Answer:
    """Say this and hang up."""
    return lambda connection, _: connection.sendall(b"".join(words))


def endlessly(first: bytes, again: bytes, *, every: float = 0.0) -> Answer:
    """Say this, then that over and over until nobody listens."""

    def answer(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(first)
        while not over.wait(every):
            connection.sendall(again)

    return answer


def silently(connection: socket.socket, over: threading.Event) -> None:
    """Say nothing, for as long as anybody waits."""
    over.wait()


def redirect(status: int, to: str) -> Answer:
    """An answer that sends the caller on, as if the message were to be posted there."""
    body = b'{"ok": true, "channel": "C012AB3CD", "ts": "1.000001"}'
    head = f"HTTP/1.1 {status} Elsewhere\r\nLocation: {to}\r\nContent-Length: {len(body)}\r\n\r\n"
    return once(head.encode(), body)


LONG = {
    "200 MB, said beforehand": endlessly(OK + b"Content-Length: %d\r\n\r\n" % HUGE, BLOCK),
    "a body longer than any memory": endlessly(OK + b"Content-Length: %d\r\n\r\n" % 10**18, BLOCK),
    "200 MB in chunks": endlessly(
        OK + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + BLOCK + b"\r\n"
    ),
    "one chunk without end": endlessly(
        OK + b"Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n", BLOCK
    ),
    "a body until it hangs up, which it never does": endlessly(OK + b"\r\n", BLOCK),
    "headers without end": endlessly(OK, b"X-Filler: " + b"x" * 60000 + b"\r\n"),
    "one header without end": endlessly(OK + b"X-Filler: ", b"x" * 65536),
    "interim answers without end": endlessly(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "trailers without end": endlessly(
        OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n", b"X-Filler: x\r\n" * 1000
    ),
}
SLOW = {
    "nothing at all": silently,
    "a byte of the head now and then": endlessly(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x", every=0.05),
    "a header now and then": endlessly(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n", every=0.2),
    "a byte of the body now and then": endlessly(
        OK + b"Content-Length: 1000000\r\n\r\n", b" ", every=0.05
    ),
    "a chunk now and then": endlessly(
        OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n", every=0.05
    ),
    "an interim answer now and then": endlessly(b"", b"HTTP/1.1 100 Continue\r\n\r\n", every=0.05),
}


class Certificates:
    """An authority of the test's own, and what it signs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._own = self._certificate("Test authority", self._key, None, 2020, 2099)
        self.authority = folder / "authority.pem"
        self.authority.write_bytes(self._own.public_bytes(serialization.Encoding.PEM))

    def signed(self, name: str, first: int = 2020, last: int = 2099) -> Path:
        """A key with its certificate for that host, good for those years."""
        key = ec.generate_private_key(ec.SECP256R1())
        return self._written(key, self._certificate(name, key, self._own, first, last))

    def self_signed(self, name: str) -> Path:
        """The same, that nobody vouches for."""
        key = ec.generate_private_key(ec.SECP256R1())
        return self._written(key, self._certificate(name, key, None, 2020, 2099))

    def _written(self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> Path:
        path = self._folder / f"{certificate.serial_number:x}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        return path

    def _certificate(
        self,
        name: str,
        key: ec.EllipticCurvePrivateKey,
        issuer: x509.Certificate | None,
        first: int,
        last: int,
    ) -> x509.Certificate:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        host = (
            x509.IPAddress(IPv4Address(name)) if name[0].isdigit() else x509.DNSName("example.com")
        )
        of_authority = issuer is None and name == "Test authority"
        signer = self._key if issuer else key
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(datetime(first, 1, 1, tzinfo=UTC))
            .not_valid_after(datetime(last, 1, 1, tzinfo=UTC))
            .add_extension(x509.SubjectAlternativeName([host]), critical=False)
            .add_extension(x509.BasicConstraints(of_authority, None), critical=True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()),
                critical=False,
            )
            .add_extension(_usage(of_authority), critical=True)
            .sign(signer, hashes.SHA256())
        )


BROKEN_TLS = (
    "signs for itself",
    "certificate ran out",
    "certificate of another host",
    "plain text where TLS is expected",
    "hangs up in the handshake",
    "handshake without end",
)


def with_broken_tls(certificates: Certificates, kind: str, fine: Answer) -> Host:
    """A host whose TLS does not hold, in that way of BROKEN_TLS; it would answer `fine`."""
    match kind:
        case "signs for itself":
            return saying(fine, certificates.self_signed("127.0.0.1"))
        case "certificate ran out":
            return saying(fine, certificates.signed("127.0.0.1", 2020, 2021))
        case "certificate of another host":
            return saying(fine, certificates.signed("example.com"))
        case "plain text where TLS is expected":
            return Host(answer=once(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"))
        case "hangs up in the handshake":
            return Host(answer=lambda connection, _: connection.close())
        case _:
            return Host(answer=silently)


def _usage(of_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not of_authority,
        key_cert_sign=of_authority,
        crl_sign=of_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def relaying(host: Host, to: int) -> Answer:
    """A proxy that opens every tunnel to that port of ours, and keeps all that passes in `host`."""

    def answer(connection: socket.socket, over: threading.Event) -> None:
        while b"\r\n\r\n" not in host.heard:
            host._more(connection)
        with socket.create_connection(("127.0.0.1", to)) as inner:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            threading.Thread(target=_pump, args=(inner, connection), daemon=True).start()
            with contextlib.suppress(ConnectionError):
                while not over.is_set():
                    inner.sendall(host._more(connection))

    return answer


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while more := source.recv(65536):
            sink.sendall(more)
        sink.shutdown(socket.SHUT_WR)
