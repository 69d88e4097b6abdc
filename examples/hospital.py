"""Send a bill to Huimin and print what the plan pays: `python hospital.py bill.json`. Standard library alone."""

import hashlib
import hmac
import json
import os
import sys
import time
from pathlib import Path
from urllib import error, request

ADDRESS = os.environ.get("HUIMIN_ADDRESS", "http://127.0.0.1:8000")


def call(method, path, body=None, key=""):
    """The status and the JSON answer. Sent again, with the same key, where none comes or a later try is asked for."""
    content = b"" if body is None else json.dumps(body).encode()
    for _ in range(5):
        timestamp = str(int(time.time()))
        signed = "\n".join([method, path, timestamp, key, hashlib.sha256(content).hexdigest()])
        signature = hmac.new(os.environ["HUIMIN_SECRET"].encode(), signed.encode(), hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Huimin-Client": os.environ["HUIMIN_CLIENT"]}
        headers |= {"X-Huimin-Timestamp": timestamp, "X-Huimin-Signature": signature, "Idempotency-Key": key}
        sent = request.Request(ADDRESS + path, content or None, headers, method=method)
        try:
            with request.urlopen(sent, timeout=20) as answer:
                return answer.status, json.load(answer)
        except error.HTTPError as refused:
            if "Retry-After" not in refused.headers:
                return refused.code, json.load(refused)
            time.sleep(int(refused.headers["Retry-After"]))
        except OSError:  # no answer: whether it arrived does not matter
            time.sleep(2)
    sys.exit("the server could not answer five times; try again later, with the same key")


bill = json.loads(Path(sys.argv[1]).read_text("utf-8"))
status, answer = call("POST", "/api/v1/settlements", bill, key=bill["setl_id"])
print(answer["payable"] if status < 300 else f"{answer['code']}: {answer['detail']}")
