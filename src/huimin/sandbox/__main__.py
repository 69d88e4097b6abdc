"""`python -m huimin.sandbox --port 8001`: keys come from the environment that `huimin serve` sets."""

from __future__ import annotations

import argparse
import os

from huimin.sandbox.pages import prepare
from huimin.sandbox.server import Sandbox, make_server


def main() -> None:
    parser = argparse.ArgumentParser(prog="huimin.sandbox")
    parser.add_argument("--port", type=int, default=8001)
    options = parser.parse_args()
    prepare()
    server = make_server(options.port, Sandbox.from_environment(os.environ))
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


main()
