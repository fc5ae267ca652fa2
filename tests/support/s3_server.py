"""As much of S3 as backups need, on loopback: `s3_server.py FOLDER`. The first line of standard output is the port.

Every signature is computed anew by botocore, with the key below; bodies are held against the digest that was signed.
Objects are files in FOLDER/objects, of a bucket "backups". FOLDER/faults says what goes wrong: lines of METHOD, a part
of the path and query, a fault, and how often (each is used up once):

    500,503,403 answered with it            cut      closed before anything is done
    lost        done, and not answered      corrupt  a byte of the body is another one when it arrives
    hang        never answered              half     an answer that stops in the middle
    late-error  200, with an error in the body
FOLDER/hours says how long ago uploads were begun (0).
FOLDER/log has a line for each request: METHOD, path and query, status.
"""

import collections
import hashlib
import http.server
import itertools
import os
import re
import socketserver
import sys
import threading
import time
import urllib.parse
import xml.sax.saxutils

import botocore.auth
import botocore.awsrequest
import botocore.credentials

FOLDER = sys.argv[1]
OBJECTS = os.path.join(FOLDER, "objects")
KEY = botocore.credentials.Credentials("AKIDTEST", "s3cret/of+the=test", os.environ.get("S3_TOKEN"))
lock = threading.Lock()
used = collections.Counter()
numbers = itertools.count()
uploads = {}  # id → (key, {number: bytes})


class Refused(Exception):
    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code = status, code


def fault_of(method, target):
    path = os.path.join(FOLDER, "faults")
    if not os.path.exists(path):
        return ""
    with lock, open(path) as plan:
        for line in plan.read().splitlines():
            wanted, part, fault, times = line.split()
            if wanted == method and part in target and used[line] < int(times):
                used[line] += 1
                return fault
    return ""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def note(self, status):
        with lock, open(os.path.join(FOLDER, "log"), "a") as log:
            log.write(f"{self.command} {self.path} {status}\n")

    def answer(self, status, body=b"", headers=(), kind="application/xml"):
        self.note(status)
        self.send_response(status)
        names = {name.lower() for name, _ in headers}
        for name, value in headers:
            self.send_header(name, value)
        if "content-length" not in names:
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", kind)
        self.end_headers()
        if self.command != "HEAD":
            half = len(body) // 2 if self.fault == "half" else len(body)
            self.wfile.write(body[:half])
            if self.fault == "half":
                self.close_connection = True

    def refuse(self, status, code, message):
        self.answer(status, f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode())

    def check_signature(self, body):
        sent = self.headers.get("Authorization", "")
        found = re.match(r"AWS4-HMAC-SHA256 Credential=(\w+)/\d{8}/([\w-]+)/s3/aws4_request, ?"
                         r"SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})$", sent)
        if not found or found[1] != KEY.access_key:
            raise Refused(403, "InvalidAccessKeyId", "who are you?")
        if found[2] != "eu-test-1":
            raise Refused(400, "AuthorizationHeaderMalformed", "the region is wrong; expecting 'eu-test-1'")
        names = found[3].split(";")
        for needed in ["host", "x-amz-date", "x-amz-content-sha256"] + (["x-amz-security-token"] if KEY.token else []):
            if needed not in names:
                raise Refused(403, "AccessDenied", f"{needed} is not signed")
        request = botocore.awsrequest.AWSRequest(
            method=self.command, url=f"http://{self.headers['Host']}{self.path}",
            headers={name: self.headers[name] for name in names})
        request.context["timestamp"] = self.headers["x-amz-date"]
        signer = botocore.auth.S3SigV4Auth(KEY, "s3", found[2])
        to_sign = signer.string_to_sign(request, signer.canonical_request(request))
        if signer.signature(to_sign, request) != found[4]:
            raise Refused(403, "SignatureDoesNotMatch", "the signature is another one")
        if hashlib.sha256(body).hexdigest() != self.headers["x-amz-content-sha256"]:
            raise Refused(400, "XAmzContentSHA256Mismatch", "the body is not the one that was signed")

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.fault = fault_of(self.command, self.path)
        if self.fault == "cut":
            self.note("cut")
            self.close_connection = True
            return
        if self.fault == "hang":
            time.sleep(3600)
        if self.fault == "corrupt" and body:
            body = bytes([body[0] ^ 1]) + body[1:]
        if self.fault in ("500", "503"):
            return self.refuse(int(self.fault), "SlowDown", "too much at once")
        if self.fault == "403":
            return self.refuse(403, "AccessDenied", "not for you")
        try:
            self.check_signature(body)
            path, _, query = self.path.partition("?")
            query = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
            bucket, _, key = urllib.parse.unquote(path)[1:].partition("/")
            if bucket != "backups":
                raise Refused(404, "NoSuchBucket", "there is no such bucket")
            if self.fault == "lost":
                self.answer = lambda *_, **__: self.note("lost")
                self.close_connection = True
            self.act(key, query, body)
        except Refused as refused:
            self.refuse(refused.status, refused.code, str(refused))

    def act(self, key, query, body):
        if self.command == "GET" and not key:
            return self.list_uploads(query) if "uploads" in query else self.list_objects(query)
        if self.command == "POST":
            return self.begin(key) if "uploads" in query else self.complete(key, query["uploadId"], body)
        if "uploadId" in query and query["uploadId"] not in uploads:
            raise Refused(404, "NoSuchUpload", "there is no such upload")
        if self.command == "PUT" and "uploadId" in query:
            uploads[query["uploadId"]][1][int(query["partNumber"])] = body
            return self.answer(200, headers=[("ETag", tag(body))])
        if self.command == "DELETE" and "uploadId" in query:
            del uploads[query["uploadId"]]
            return self.answer(204)
        file = os.path.join(OBJECTS, urllib.parse.quote(key, safe=""))
        if self.command == "PUT":
            put(file, body)
            return self.answer(200, headers=[("ETag", tag(body))])
        if not os.path.exists(file):
            raise Refused(404, "NoSuchKey", "there is no such key")
        if self.command == "DELETE":
            os.remove(file)
            return self.answer(204)
        self.give(file)

    def give(self, file):
        with open(file, "rb") as content:
            data = content.read()
        headers = [("ETag", tag(data))]
        if self.command == "HEAD":
            return self.answer(200, headers=headers + [("Content-Length", str(len(data)))])
        if self.headers.get("If-Match", headers[0][1]) != headers[0][1]:
            raise Refused(412, "PreconditionFailed", "it is another object by now")
        wanted = re.match(r"bytes=(\d+)-(\d+)$", self.headers.get("Range", ""))
        piece = data[int(wanted[1]):int(wanted[2]) + 1] if wanted else data
        self.answer(206 if wanted else 200, piece, headers, "application/octet-stream")

    def begin(self, key):
        upload = f"u-{next(numbers)}/+="
        uploads[upload] = (key, {})
        self.answer(200, f"<R><UploadId>{upload}</UploadId></R>".encode())

    def complete(self, key, upload, body):
        if upload not in uploads:
            raise Refused(404, "NoSuchUpload", "there is no such upload")
        parts = uploads[upload][1]
        numbers = [int(n) for n in re.findall(r"<PartNumber>(\d+)</PartNumber>", body.decode())]
        tags = [xml.sax.saxutils.unescape(t, {"&quot;": '"'}) for t in re.findall(r"<ETag>(.*?)</ETag>", body.decode())]
        if numbers != sorted(parts) or tags != [tag(parts[n]) for n in numbers]:
            raise Refused(400, "InvalidPart", "the parts are others")
        if any(len(parts[n]) < 5 * 1024 * 1024 for n in numbers[:-1]):
            raise Refused(400, "EntityTooSmall", "a part is too small")
        if self.fault == "late-error":
            return self.refuse(200, "InternalError", "please try again")
        put(os.path.join(OBJECTS, urllib.parse.quote(key, safe="")), b"".join(parts[n] for n in numbers))
        del uploads[upload]
        self.answer(200, b"<CompleteMultipartUploadResult/>")

    def list_objects(self, query):
        prefix = query.get("prefix", "")
        keys = sorted(key for key in map(urllib.parse.unquote, os.listdir(OBJECTS)) if key.startswith(prefix))
        keys = [key for key in keys if "/" not in key[len(prefix):]]
        after = query.get("continuation-token", "")
        keys = [key for key in keys if key > after]
        page, more = keys[:3], len(keys) > 3  # few, so that there is more than one page
        size = lambda key: os.path.getsize(os.path.join(OBJECTS, urllib.parse.quote(key, safe="")))
        items = "".join(f"<Contents><Key>{xml.sax.saxutils.escape(key)}</Key><Size>{size(key)}</Size></Contents>"
                        for key in page)
        rest = f"<NextContinuationToken>{xml.sax.saxutils.escape(page[-1])}</NextContinuationToken>" if more else ""
        self.answer(200, f"<R><IsTruncated>{str(more).lower()}</IsTruncated>{items}{rest}</R>".encode())

    def list_uploads(self, query):
        path = os.path.join(FOLDER, "hours")
        hours = float(open(path).read()) if os.path.exists(path) else 0
        begun = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() - 3600 * hours))
        after = (query.get("key-marker", ""), query.get("upload-id-marker", ""))
        found = sorted((key, upload) for upload, (key, _) in uploads.items() if key.startswith(query.get("prefix", "")))
        found = [each for each in found if each > after]
        items = "".join(f"<Upload><Key>{xml.sax.saxutils.escape(key)}</Key><UploadId>{upload}</UploadId>"
                        f"<Initiated>{begun}</Initiated></Upload>" for key, upload in found[:1])
        more = len(found) > 1  # one a page
        rest = "".join(f"<NextKeyMarker>{key}</NextKeyMarker><NextUploadIdMarker>{upload}</NextUploadIdMarker>"
                       for key, upload in found[:1] if more)
        self.answer(200, f"<R><IsTruncated>{str(more).lower()}</IsTruncated>{items}{rest}</R>".encode())

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = handle_any


def put(file, data):
    with open(file + ".new", "wb") as content:
        content.write(data)
    os.replace(file + ".new", file)


def tag(data):
    return '"' + hashlib.md5(data).hexdigest() + '"'


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, *_):
        pass


os.makedirs(OBJECTS, exist_ok=True)
server = Server(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
