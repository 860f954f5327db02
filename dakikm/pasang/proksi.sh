#!/bin/sh
# Starts the proxy. Where no certificate is given it signs one itself: enough to try, not for users.
set -eu
tls=/etc/nginx/tls
if [ ! -e "$tls/fullchain.pem" ]; then
    echo "No certificate in TLS_DIR: signing one for localhost, which browsers warn of." >&2
    umask 077
    openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 365 \
        -subj /CN=localhost -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' \
        -keyout "$tls/privkey.pem" -out "$tls/fullchain.pem"
fi
exec nginx -g 'daemon off;'
