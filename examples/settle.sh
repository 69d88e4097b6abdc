#!/bin/sh
# Send a bill to Huimin with curl and openssl: sh settle.sh bill.json
# HUIMIN_CLIENT and HUIMIN_SECRET come from the city, HUIMIN_ADDRESS is where the server is.
set -eu
method=POST
path=/api/v1/settlements
timestamp=$(date +%s)
key=$(openssl dgst -sha256 -r "$1" | cut -c1-32)
digest=$(openssl dgst -sha256 -r "$1" | cut -c1-64)
signature=$(printf '%s\n%s\n%s\n%s\n%s' "$method" "$path" "$timestamp" "$key" "$digest" |
  openssl dgst -sha256 -hmac "$HUIMIN_SECRET" -r | cut -c1-64)
curl --silent --show-error --max-time 20 --data-binary "@$1" \
  --header "Content-Type: application/json" \
  --header "X-Huimin-Client: $HUIMIN_CLIENT" \
  --header "X-Huimin-Timestamp: $timestamp" \
  --header "X-Huimin-Signature: $signature" \
  --header "Idempotency-Key: $key" \
  "${HUIMIN_ADDRESS:-http://127.0.0.1:8000}$path"
