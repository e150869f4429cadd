#!/bin/sh
# Builds the chat page for Maven, where anything that it is made from is newer; with the word `test`, runs its tests and
# those of the client. Where Node is missing it says so in one line, and all else is built.
set -eu
cd "$(dirname "$0")"

made=target/classes/milena-web
tested=target/tested

without() {
    printf 'chat page: %s; everything else is built\n' "$1"
    exit 0
}

command -v npm >/dev/null 2>&1 || without 'not built, since npm was not found (Node 20 or newer is needed)'
major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
[ "$major" -ge 20 ] || without "not built, since Node 20 or newer is needed, and this is $(node --version 2>/dev/null || echo none)"

# Whether nothing that counts is newer than the file. The types of the protocol are copied by the build itself.
is_current() {
    [ -f "$1" ] && [ -z "$(find build.sh package.json package-lock.json sdk page ../docs/protocol.d.ts \
        \( -name node_modules -o -name dist \) -prune -o -type f ! -name protocol.ts -newer "$1" -print | head -n 1)" ]
}

install() {
    [ -f node_modules/.package-lock.json ] && [ -z "$(find package-lock.json package.json -newer node_modules/.package-lock.json)" ] && return
    npm ci --no-progress --loglevel=error && touch node_modules/.package-lock.json && return
    without 'not built, since npm could not install what it needs'
}

mkdir -p target
case ${1:-} in
    '')
        is_current "$made/files" && exit 0
        touch target/begun
        install
        npm run --silent build
        rm -rf "$made"
        mkdir -p "$made"
        cp -R page/dist/. "$made"
        # What is edited while it runs is newer.
        touch -r target/begun "$made/files"
        ;;
    test)
        is_current "$tested" && exit 0
        touch target/begun
        install
        npm run --silent test
        touch -r target/begun "$tested"
        ;;
    *)
        printf 'build.sh: there is no %s\n' "$1" >&2
        exit 2
        ;;
esac
