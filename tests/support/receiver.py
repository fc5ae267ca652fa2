"""Servers on loopback that receive what martlet sends: `receiver.py http` and `receiver.py smtp`.

The first line of standard output is the port; then comes one line of JSON for each request or mail. With two more
arguments, a certificate and its key, HTTP is HTTPS, and SMTP offers STARTTLS.

How HTTP answers, the path says: /status/503, /times/2/503 (twice 503, then 200), /hang, /drip (a byte at a time,
without end), /cut (closed in the middle), /large/5000 (so many bytes), /redirect, /echo, /json/TEXT (this text, with
%22 and its like), /prometheus/1,2 (as a Prometheus server, with these values), and 200 for anything else.
How SMTP answers, the recipient says: refused@… is refused, later@… twice with 451, hang@… never.
"""

import base64
import collections
import email
import email.policy
import http.server
import json
import socketserver
import ssl
import sys
import threading
import time
import urllib.parse

lock = threading.Lock()
counts = collections.Counter()


def tell(what):
    with lock:
        print(json.dumps(what), flush=True)


def passes(key):
    with lock:
        counts[key] += 1
        return counts[key]


class Http(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"fine\n", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def endless(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        while True:
            self.wfile.write(b".")
            time.sleep(0.05)

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        tell({"method": self.command, "path": self.path, "body": body.decode("utf-8", "replace"), "at": time.time(),
              "headers": {name.lower(): value for name, value in self.headers.items()}})
        word, *rest = self.path.split("?")[0].strip("/").split("/")
        if word == "status":
            self.answer(int(rest[0]), b"the reason\n")
        elif word == "times":
            self.answer(int(rest[1]) if passes(self.path) <= int(rest[0]) else 200)
        elif word == "hang":
            time.sleep(3600)
        elif word == "drip":
            self.endless()
        elif word == "cut":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"half")
            self.close_connection = True
        elif word == "large":
            self.answer(200, b"x" * int(rest[0]))
        elif word == "redirect":
            self.answer(302, headers=[("Location", "/ok")])
        elif word == "json":
            self.answer(200, urllib.parse.unquote(rest[0]).encode())
        elif word == "prometheus":
            series = [{"metric": {"instance": str(i)}, "value": [0, value]}
                      for i, value in enumerate(filter(None, rest[0].split(",")))]
            self.answer(200, json.dumps({"status": "success", "data": {"resultType": "vector",
                                                                       "result": series}}).encode())
        elif word == "echo":
            self.answer(200, body, [("X-Kind", "an echo")])
        else:
            self.answer(200)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = handle_any


class Smtp(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a client needs to hand over a mail."""

    def say(self, text):
        self.wfile.write((text + "\r\n").encode())

    def handle(self):
        self.sender, self.recipients, self.login, self.tls = "", [], None, False
        self.say("220 receiver ready")
        while line := self.rfile.readline():
            words = line.decode().strip()
            verb = words.split(" ")[0].upper()
            if verb == "QUIT":
                return self.say("221 bye")
            getattr(self, "do_" + verb, self.unknown)(words)

    def unknown(self, _):
        self.say("502 not known")

    def do_EHLO(self, _):
        self.say("250-receiver")
        if certificate and not self.tls:
            self.say("250-STARTTLS")
        self.say("250 AUTH PLAIN")

    def do_STARTTLS(self, _):
        self.say("220 go on")
        self.connection = context().wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)
        self.tls = True

    def do_AUTH(self, words):
        if len(words.split(" ")) == 2:
            self.say("334 ")
            words = "AUTH PLAIN " + self.rfile.readline().decode().strip()
        _, user, password = base64.b64decode(words.split(" ")[2]).decode().split("\0")
        self.login = [user, password]
        self.say("535 no" if password == "wrong" else "235 welcome")

    def do_MAIL(self, words):
        self.sender = words
        self.say("250 fine")

    def do_RCPT(self, words):
        if "<hang@" in words:
            time.sleep(3600)
        if "<refused@" in words:
            return self.say("550 no such user here")
        if "<later@" in words and passes(words) <= 2:
            return self.say("451 try again later")
        self.recipients.append(words[words.index("<") + 1:words.index(">")])
        self.say("250 fine")

    def do_DATA(self, _):
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        mail = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        tell({"from": self.sender, "to": self.recipients, "login": self.login, "tls": self.tls,
              "subject": str(mail["Subject"]), "headers": {name: str(value) for name, value in mail.items()},
              "text": mail.get_content(), "longest": max(map(len, lines))})
        self.say("250 taken")


def context():
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*certificate)
    return made


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, *_):  # a client that leaves in the middle is what these tests are about
        pass


kind, certificate = sys.argv[1], sys.argv[2:4]
server = Server(("127.0.0.1", 0), {"http": Http, "smtp": Smtp}[kind])
if kind == "http" and certificate:
    server.socket = context().wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
