"""Three hundred and more answers that no source should give, each a name and what comes over the wire."""

import base64
import gzip
import html
import itertools
import json
import time
import zlib
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from tests.flows.hostile.server import Answer, Sent

# Far shorter than the pauses between the bytes add up to.
LONGEST_SECONDS, READ_SECONDS = 2.0, 1.5
PAUSE_SECONDS = READ_SECONDS / 5


def whole(
    body: bytes = b"{}", status: object = 200, headers: Iterable[tuple[str, str]] = (), reason: str = "OK"
) -> bytes:
    """Return an answer with its length."""
    lines = [f"HTTP/1.1 {status} {reason}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body


def saying(*pieces: bytes) -> Answer:
    """Return what says the same to everybody."""
    return lambda sent: pieces


def dripping(*pieces: bytes, then: bytes = b"") -> Answer:
    """Return what says some pieces at once and then one again and again, slower than anybody waits for."""

    def answer(sent: Sent) -> Iterator[bytes]:
        yield from pieces
        while True:
            time.sleep(PAUSE_SECONDS)
            yield then

    return answer


def pouring(*pieces: bytes, then: bytes) -> Answer:
    """Return what says a piece without end, as fast as it is taken."""
    return lambda sent: itertools.chain(pieces, itertools.repeat(then))


def all_cases() -> dict[str, Answer]:
    """Return every hostile answer by its name; redirects, which need to know two addresses, are others."""
    kinds = (echoes, echoes_in_headers, controls, shapes, encodings, framings, odd_headers)
    return {f"{kind.__name__} {name}": answer for kind in kinds for name, answer in kind()}


# What an error page makes of a request that it repeats.
WRITTEN = {
    "as sent": lambda sent: sent.raw,
    "in upper case": lambda sent: sent.raw.upper(),
    "as html": lambda sent: f"<html><pre>{html.escape(sent.raw.decode('latin-1'))}</pre>".encode(),
    "as json": lambda sent: json.dumps({"message": sent.raw.decode("latin-1")}).encode(),
    "as json of headers": lambda sent: json.dumps({"error_message": "no", "headers": sent.headers}).encode(),
    "escaped as json": lambda sent: json.dumps({"detail": json.dumps(sent.headers)}).encode(),
    "in a repr": lambda sent: repr(sent.headers).encode(),
    "percent-encoded": lambda sent: quote(sent.raw).encode(),
    "all percent-encoded": lambda sent: quote(sent.raw, safe="").lower().encode(),
    "in base 64": lambda sent: base64.b64encode(sent.raw),
    "in base 64 for addresses": lambda sent: base64.urlsafe_b64encode(b"x" + sent.raw),
    "in utf-16": lambda sent: sent.raw.decode("latin-1").encode("utf-16"),
    "beside bytes": lambda sent: b"\xff\xfe\x00\x80" + sent.raw,
    "at the cut": lambda sent: b"x" * 145 + sent.headers.get("authorization", "").encode() + sent.raw,
}
ZIPPED = [("Content-Encoding", "gzip")]
STATUSES = (200, 301, 304, 400, 401, 403, 404, 422, 429, 451)


def echoes() -> Iterator[tuple[str, Answer]]:
    """Yield pages that repeat what they were asked with, its headers included."""
    for status, (how, write) in itertools.product(STATUSES, WRITTEN.items()):
        yield f"{status} {how}", lambda sent, s=status, w=write: [whole(w(sent), s)]
    for how in ("as sent", "as json"):
        yield f"503 {how}", lambda sent, w=WRITTEN[how]: [whole(w(sent), 503)]
        yield f"{how} compressed", lambda sent, w=WRITTEN[how]: [whole(gzip.compress(w(sent)), 404, ZIPPED)]


def echoes_in_headers() -> Iterator[tuple[str, Answer]]:
    """Yield answers whose headers, or whose first line, repeat the credential."""
    for name, status in itertools.product(
        ("ETag", "Content-Type", "Location", "Link", "Retry-After"), (200, 301, 404)
    ):
        for form in ("{}", '"{}"', "/x?a={}", '<{}>; rel="last"'):
            if form == "{}" or name in ("ETag", "Location", "Link"):
                yield (
                    f"{name} {status} {form}",
                    lambda sent, n=name, s=status, f=form: [
                        whole(b"<no>", s, [(n, f.format(sent.headers.get("authorization", "")))])
                    ],
                )
    yield "reason", lambda sent: [whole(b"", 404, reason=sent.headers.get("authorization", ""))]
    yield "status line", lambda sent: [sent.headers.get("authorization", "").encode() + b"\r\n\r\n"]
    yield "chunk size", lambda sent: [CHUNKED, sent.headers.get("authorization", "").encode() + b"\r\n"]


# What a terminal would obey, XML forbids, or a font cannot draw.
STEERING = {
    "colours": "\x1b[31mred\x1b[0m",
    "title": "\x1b]0;owned\x07",
    "clearing": "\x1b[2J\x1b[H",
    "c1": "\x9b31m\x90q\x9c",
    "bell and null": "a\x07b\x00c",
    "backspace": "rm\x08\x08ls",
    "carriage return": "good\rbad",
    "line ends": "one\ntwo\r\nthree\x0bfour\x0cfive\x85six\u2028seven\u2029eight",
    "direction": "\u202eabc\u2066def\u2069",
    "noncharacters": "\ufffe\uffff\ufdd0\U0001ffff",
    "half pairs": "\ud800x\udfff",
    "markup": "[red]x[/red] [link=http://x]y[/link] :warning:",
    "a very long word": "w" * 100_000,
}


def controls() -> Iterator[tuple[str, Answer]]:
    """Yield messages that steer who reads them: escaped in JSON, as they are, and in headers."""
    for (name, text), status in itertools.product(STEERING.items(), (200, 400, 401, 404)):
        escaped = json.dumps({"message": text, "error_message": text}).encode()
        yield f"{name} {status} escaped", saying(whole(escaped, status))
        yield f"{name} {status}", saying(whole(text.encode("utf-8", "surrogatepass"), status))
    for name in ("colours", "c1", "backspace", "carriage return"):
        yield f"{name} in a header", saying(whole(b"<", 200, [("Content-Type", STEERING[name])]))
        yield f"{name} in the reason", saying(whole(b"", 404, reason=STEERING[name]))


BODIES = {
    "empty": b"",
    "null": b"null",
    "number": b"7",
    "text": b'"x"',
    "list": b"[]",
    "lists": b"[[[]]]",
    "deep lists": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"message":' * 50_000 + b"1" + b"}" * 50_000,
    "long number": b'{"message": ' + b"9" * 10_000 + b"}",
    "infinite": b'{"backoff": 1e999, "quota_remaining": -1e999, "error_id": 1e999}',
    "no number": b'{"backoff": NaN, "count": Infinity, "items": [NaN]}',
    "twice": b'{"message": "a", "message": "b", "total": 1, "total": 2}',
    "wrong kinds": b'{"items": 1, "data": 2, "message": {"a": 1}, "total": [], "rows": "x"}',
    "nulls": b'{"items": null, "data": null, "message": null, "default": null, "widgets": null}',
    "half a text": b'{"message": "abc',
    "mark": b"\xef\xbb\xbf{}",
    "utf-16": '{"message": "x"}'.encode("utf-16"),
    "utf-32": '{"message": "x"}'.encode("utf-32"),
    "bytes": bytes(range(256)),
    "a page": b"<html><script>alert(1)</script>",
    "xml bomb": b'<!DOCTYPE a [<!ENTITY b "ccc">]><a>&b;&b;</a>',
    "two values": b"{}{}",
    "a code": b"Code: " + b"9" * 5000 + b". DB::Exception: x",
    "a prefix": b")]}',\n{}",
}


def shapes() -> Iterator[tuple[str, Answer]]:
    """Yield bodies that are not what any question is answered with."""
    for (name, body), status in itertools.product(BODIES.items(), (200, 400)):
        yield f"{name} {status}", saying(whole(body, status))


EMPTY_MEMBER = gzip.compress(b"")


def encodings() -> Iterator[tuple[str, Answer]]:
    """Yield bodies that do not decompress, or to nothing, or to far too much."""
    bomb = gzip.compress(bytes(64 * 2**20), compresslevel=9)
    for name, coding, body in (
        ("none", "gzip", b"plain"),
        ("cut", "gzip", gzip.compress(b'{"a": 1}' * 999)[:-9]),
        ("nothing", "gzip", b""),
        ("bomb", "gzip", bomb),
        ("bomb in a bomb", "gzip, gzip", gzip.compress(bomb)),
        ("many", ", ".join(["gzip"] * 9), gzip.compress(b"{}")),
        ("empty members", "gzip", EMPTY_MEMBER * 999),
        ("deflate", "deflate", zlib.compress(b"{}")[2:]),
        ("no deflate", "deflate", b"\x00\x01"),
        ("no brotli", "br", b"\xff" * 9),
        ("no zstandard", "zstd", b"\x28\xb5\x2f\xfd\xff"),
        ("unknown", "rot13", b"{}"),
    ):
        yield name, saying(whole(body, 200, [("Content-Encoding", coding)]))
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
    yield "empty members that drip", dripping(head, then=EMPTY_MEMBER)
    yield "empty members without end", pouring(head, then=EMPTY_MEMBER * 99)
    yield "zeros without end", pouring(b"HTTP/1.1 200 OK\r\n\r\n", then=bytes(2**16))


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
BEGUN = b"HTTP/1.1 200 OK\r\n"


def framings() -> Iterator[tuple[str, Answer]]:
    """Yield answers that do not keep to the protocol, or never end."""
    for name, piece in (
        ("nothing", b""),
        ("no http", b"SSH-2.0-OpenSSH_9.9\r\n"),
        ("http 0.9", b"{}"),
        ("http 2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ("no status", b"HTTP/1.1\r\n\r\n"),
        ("a status of letters", b"HTTP/1.1 abc OK\r\n\r\n"),
        ("a status of 99", b"HTTP/1.1 99 OK\r\n\r\n{}"),
        ("a status of 999", b"HTTP/1.1 999 OK\r\n\r\n{}"),
        ("early hints", b"HTTP/1.1 103 Early\r\nLink: </x>\r\n\r\n" + whole()),
        ("another protocol", b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n\x00\x01"),
        ("no content", b"HTTP/1.1 204 None\r\n\r\n{}"),
        ("half a header", BEGUN + b"Content-Le"),
        ("no colon", BEGUN + b"Content-Length\r\n\r\n{}"),
        ("a folded header", BEGUN + b"ETag: a\r\n b\r\nContent-Length: 2\r\n\r\n{}"),
        ("null in a header", BEGUN + b"ETag: a\x00b\r\nContent-Length: 2\r\n\r\n{}"),
        ("many headers", BEGUN + b"X: y\r\n" * 200 + b"\r\n{}"),
        ("a long header", BEGUN + b"X: " + b"y" * 70_000 + b"\r\n\r\n{}"),
        ("too short", BEGUN + b"Content-Length: 99\r\n\r\n{}"),
        ("too long", BEGUN + b"Content-Length: 1\r\n\r\n{}"),
        ("a negative length", BEGUN + b"Content-Length: -1\r\n\r\n{}"),
        ("a long length", BEGUN + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n{}"),
        ("two lengths", BEGUN + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x"),
        ("length and chunks", BEGUN + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}"),
        ("chunks in chunks", BEGUN + b"Transfer-Encoding: chunked, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
        ("no chunk size", CHUNKED + b"zz\r\n{}"),
        ("a negative chunk", CHUNKED + b"-2\r\n{}\r\n"),
        ("a huge chunk", CHUNKED + b"7fffffffffffffff\r\n{}"),
        ("half a chunk", CHUNKED + b"9\r\n{}"),
        ("a long extension", CHUNKED + b"2;" + b"x" * 99_999 + b"\r\n{}\r\n0\r\n\r\n"),
    ):
        yield name, saying(piece)
    yield "silence", dripping(then=b"")
    for name, pieces, then in (
        ("a status that drips", [b"HTTP/1.1 200 "], b"O"),
        ("headers that drip", [BEGUN, b"X: "], b"y"),
        ("header lines that drip", [BEGUN], b"X: y\r\n"),
        ("interim answers that drip", [], b"HTTP/1.1 100 Continue\r\n\r\n"),
        ("a body that drips", [BEGUN, b"Content-Length: 99999\r\n\r\n"], b" "),
        ("a body without length that drips", [BEGUN, b"\r\n"], b" "),
        ("an error that drips", [b"HTTP/1.1 404 No\r\n\r\n"], b" "),
        ("chunks that drip", [CHUNKED], b"1\r\n \r\n"),
        ("a chunk's size that drips", [CHUNKED], b"0"),
        ("a chunk's extension that drips", [CHUNKED, b"2;"], b"x"),
        ("trailers that drip", [CHUNKED, b"2\r\n{}\r\n0\r\n"], b"X: y\r\n"),
    ):
        yield name, dripping(*pieces, then=then)
    for name, pieces, then in (
        ("interim answers without end", [], b"HTTP/1.1 100 Continue\r\n\r\n" * 99),
        ("a first line without end", [], b"x" * 9999),
        ("a header without end", [BEGUN, b"X: "], b"y" * 9999),
        ("headers without end", [BEGUN], b"X: y\r\n" * 99),
        ("a body without end", [BEGUN, b"\r\n"], b" " * 2**16),
        ("chunks without end", [CHUNKED], b"1\r\n \r\n" * 999),
        ("an extension without end", [CHUNKED, b"2;"], b"x" * 9999),
        ("trailers without end", [CHUNKED, b"2\r\n{}\r\n0\r\n"], b"X: y\r\n" * 999),
    ):
        yield name, pouring(*pieces, then=then)


def odd_headers() -> Iterator[tuple[str, Answer]]:
    """Yield headers that are read, with what nobody expects in them."""
    numbers = ("-1", "9" * 5000, "1e9", "\xb2", "0x10", "nan", "", "Fri, 99 Foo 2026 99:99:99 GMT", ", , ,")
    dates = ("Fri, 31 Dec 9999 23:59:59 -2359", "Mon, 01 Jan 0001 00:00:00 +2359", "1 1 1 1 1", "Thu, 1")
    for value in (*numbers, *dates):
        yield f"Retry-After {value[:40]}", saying(whole(b"{}", 429, [("Retry-After", value)]))
    for value in numbers:
        limited = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", value)]
        yield f"reset {value[:40]}", saying(whole(b"{}", 403, limited))
        yield f"remaining {value[:40]}", saying(whole(b"{}", 200, [("x-ratelimit-remaining", value)]))
        code = [("X-ClickHouse-Exception-Code", value), ("Retry-After", "9999")]
        yield f"code {value[:40]}", saying(whole(b"{}", 500, code))
    for value in ("no quotes", '"a\rb"', '"\xe9"', '"' + "x" * 50_000 + '"', "\x1b[2J", '"a", "b"'):
        yield f"ETag {value[:20]!r}", saying(whole(b"{}", 200, [("ETag", value)]))
    for value in (
        "<",
        "<>",
        "<http://[::1>; rel=last",
        '<x?page=\xb2>; rel="last"',
        '<x?page=1;>; rel="last"',
        f'<x?page={"9" * 5000}>; rel="last"',
        '; rel="next"',
        '<x>; rel="next"; rel="last"',
    ):
        yield f"Link {value[:30]}", saying(whole(b"[]", 200, [("Link", value)]))
    for value in ("a=b; Domain=.com", "=", "a" * 9999, "a=b; Expires=never; Max-Age=x", "\x1b=\x07"):
        yield f"Set-Cookie {value[:20]!r}", saying(whole(b"{}", 200, [("Set-Cookie", value)]))
    for value in ("text/html; charset=\x1b[31m", "application/json; charset=nothing", "x" * 50_000, ""):
        yield f"Content-Type {value[:30]!r}", saying(whole(b"<", 200, [("Content-Type", value)]))
