#!/bin/sh
# Makes the secrets of ../docker-compose.yml in deploy/secrets, those that are missing. The folder is closed to other
# users of this machine; the files in it are readable for the users of the containers.
set -eu
cd "$(dirname "$0")"
mkdir -p secrets
chmod 700 secrets
cd secrets

random() {
    head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'
}

[ -f operator ] || random >operator
[ -f tokens ] || random >tokens
[ -f push-keys ] || printf 'k1:%s\n' "$(random)" >push-keys
[ -f push-index ] || random >push-index
[ -f redis-password ] || random >redis-password
printf 'redis://:%s@redis:6379' "$(cat redis-password)" >redis-url
if [ -f tls.key ]; then
    :
elif command -v openssl >/dev/null; then
    openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost -keyout tls.key -out tls.crt 2>/dev/null
else
    echo "openssl is not installed: put a certificate into deploy/secrets/tls.crt and its key into tls.key" >&2
fi
chmod 644 -- *
