"""Where a client sends what it tells, and with which keys; the test that starts it says so."""

import os

COLLECTOR_URL = os.environ["INTEROP_COLLECTOR_URL"]
COLLECTOR_GRPC_URL = os.environ["INTEROP_COLLECTOR_GRPC_URL"]
MODEL_URL = os.environ["INTEROP_MODEL_URL"]

# Keys that open the collector: one secret, one that is a UUID, and a pair of a public and a secret one.
TOKEN = os.environ["INTEROP_TOKEN"]
UUID_KEY = os.environ["INTEROP_UUID"]
PUBLIC_KEY = os.environ["INTEROP_PUBLIC_KEY"]
SECRET_KEY = os.environ["INTEROP_SECRET_KEY"]
