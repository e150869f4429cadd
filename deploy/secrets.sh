#!/bin/sh
# Makes the secrets of ../docker-compose.yml in deploy/secrets, those that are missing. The folder is closed to other users
# of this machine; the files in it are readable for the users of the containers.
set -eu
cd "$(dirname "$0")"
mkdir -p secrets
chmod 700 secrets
cd secrets

random() {
    openssl rand -base64 32 | tr '+/' '-_' | tr -d '=\n'
}

[ -f operator ] || random >operator
[ -f tokens ] || random >tokens
[ -f push-keys ] || printf 'k1:%s\n' "$(random)" >push-keys
[ -f push-index ] || random >push-index
[ -f redis-password ] || random >redis-password
printf 'redis://:%s@redis:6379' "$(cat redis-password)" >redis-url
[ -f tls.key ] || openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost -keyout tls.key -out tls.crt 2>/dev/null
chmod 644 operator tokens push-keys push-index redis-password redis-url tls.crt tls.key
