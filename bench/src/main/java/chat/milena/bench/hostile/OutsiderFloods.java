package chat.milena.bench.hostile;

import chat.milena.bench.hostile.Flood.Kind;
import chat.milena.bench.hostile.Flood.Size;
import chat.milena.bench.hostile.Script.Ending;
import chat.milena.bench.hostile.Script.Pace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Floods without a token, which anybody who reaches the port can run.
final class OutsiderFloods {
    private static final String SYNC = "/api/v1/sync";
    private static final int SYNC_BODY_BYTES = 256 << 10;
    private static final int HEAD_BYTES = 1 << 20;
    private static final int HEAD_LINE_BYTES = 16_000;
    private static final int CHUNK_BYTES = 8 << 10;
    private static final Duration DRIP = Duration.ofSeconds(1);
    private static final byte[] BYTE = {'a'};
    /// Well-formed, but signed with no known key.
    private static final String FORGED = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSIsImV4cCI6NDEwMjQ0NDgwMH0."
            + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private OutsiderFloods() {}

    static List<Flood> bodies() {
        return List.of(
                new Flood("bodies-announced", Kind.BODIES, Size.MANY, arena -> Script.opening(announced(arena, null))),
                new Flood("bodies-forged", Kind.BODIES, Size.MANY, arena -> Script.opening(announced(arena, FORGED))),
                new Flood(
                        "bodies-dripped",
                        Kind.BODIES,
                        Size.MANY,
                        arena -> Script.opening(announced(arena, null)).then(BYTE, new Pace.Every(DRIP))),
                new Flood("bodies-chunked", Kind.BODIES, Size.SOME, arena -> chunked(arena, null)),
                new Flood(
                        "bodies-expect",
                        Kind.BODIES,
                        Size.MANY,
                        arena -> Script.opening(
                                arena.requests().announcing(SYNC, null, SYNC_BODY_BYTES, "Expect: 100-continue"))));
    }

    private static byte[] announced(Arena arena, @Nullable String token) {
        return arena.requests().announcing(SYNC, token, SYNC_BODY_BYTES);
    }

    /// A body in chunks that never ends.
    static Script chunked(Arena arena, @Nullable String token) {
        String head = arena.requests().head("POST", SYNC, token) + "Transfer-Encoding: chunked\r\n\r\n";
        String chunk = Integer.toHexString(CHUNK_BYTES) + "\r\n" + " ".repeat(CHUNK_BYTES) + "\r\n";
        return Script.opening(Requests.bytes(head)).then(Requests.bytes(chunk), new Pace.AsTaken());
    }

    static List<Flood> heads() {
        return List.of(
                new Flood("heads-endless", Kind.HEADS, Size.SOME, arena -> {
                    // Few lines, and long ones, since the number of lines has a bound of its own.
                    String line = "X-Filler: " + "x".repeat(HEAD_LINE_BYTES) + "\r\n";
                    return Script.opening(Requests.bytes(
                            arena.requests().head("GET", "/healthz", null) + line.repeat(HEAD_BYTES / line.length())));
                }),
                new Flood("heads-many-lines", Kind.HEADS, Size.SOME, arena -> {
                    StringBuilder lines = new StringBuilder();
                    for (int i = 0; i < 190; i++) {
                        lines.append("X-").append(i).append(": y\r\n");
                    }
                    return Script.asking(Script.Bytes.same(
                            Requests.bytes(arena.requests().head("GET", "/healthz", null) + lines + "\r\n")));
                }),
                new Flood(
                        "heads-slow",
                        Kind.HEADS,
                        Size.MANY,
                        arena -> Script.opening(
                                        Requests.bytes(arena.requests().head("GET", "/healthz", null) + "X-Slow: "))
                                .then(BYTE, new Pace.Every(DRIP))),
                new Flood(
                        "heads-long-line",
                        Kind.HEADS,
                        Size.SOME,
                        arena -> Script.opening(Requests.bytes("GET /" + "a".repeat(HEAD_BYTES)))),
                new Flood("heads-parameters", Kind.HEADS, Size.FEW, arena -> {
                    StringBuilder query = new StringBuilder("/api/v1/conversations?a=1");
                    for (int i = 0; i < 2000; i++) {
                        query.append('&').append(i).append("=1");
                    }
                    return Script.asking(Script.Bytes.same(arena.requests().get(query.toString(), null)));
                }));
    }

    static List<Flood> silent() {
        return List.of(
                new Flood("silent", Kind.SILENT, Size.ALL, arena -> Script.opening(new byte[0])),
                new Flood(
                        "silent-after-an-answer",
                        Kind.SILENT,
                        Size.ALL,
                        arena -> Script.opening(arena.requests().get("/healthz", null))),
                new Flood(
                        "silent-one-dot-zero",
                        Kind.SILENT,
                        Size.ALL,
                        arena -> Script.opening(Requests.bytes("GET /healthz HTTP/1.0\r\nHost: "
                                + arena.requests().host() + "\r\nConnection: keep-alive\r\n\r\n"))));
    }

    static List<Flood> upgrades() {
        return List.of(
                new Flood(
                        "upgrades-bare",
                        Kind.UPGRADES,
                        Size.SOME,
                        arena -> leaving(Requests.bytes(arena.requests().head("GET", "/ws", null)
                                + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"))),
                new Flood("upgrades-forged", Kind.UPGRADES, Size.SOME, arena -> leaving(arena.handshake(FORGED))),
                new Flood(
                        "upgrades-huge-token",
                        Kind.UPGRADES,
                        Size.SOME,
                        arena -> leaving(arena.handshake(FORGED + "A".repeat(6000)))),
                new Flood(
                        "upgrades-abandoned",
                        Kind.UPGRADES,
                        Size.SOME,
                        arena -> Script.opening(arena::handshake).leaving(Ending.LEAVES_UNANSWERED)));
    }

    private static Script leaving(byte[] handshake) {
        return Script.upgrading(Script.Bytes.same(handshake)).leaving(Ending.LEAVES_ANSWERED);
    }

    static List<Flood> pages() {
        return List.of(
                page("/metrics"),
                page("/readyz"),
                page("/healthz"),
                new Flood("pages-metrics-unread", Kind.PAGES, Size.SOME, arena -> {
                    byte[] request = arena.requests().get("/metrics", null);
                    return Script.opening(request)
                            .then(request, new Pace.AsTaken())
                            .unread();
                }));
    }

    private static Flood page(String path) {
        return new Flood(
                "pages-" + path.substring(1),
                Kind.PAGES,
                Size.FEW,
                arena -> Script.asking(Script.Bytes.same(arena.requests().get(path, null))));
    }

    static List<Flood> odd() {
        return List.of(
                new Flood("odd-pipelined-unread", Kind.ODD, Size.SOME, arena -> {
                    String request = new String(arena.requests().get("/healthz", null), StandardCharsets.UTF_8);
                    byte[] hundred = Requests.bytes(request.repeat(100));
                    return Script.opening(hundred)
                            .then(hundred, new Pace.AsTaken())
                            .unread();
                }),
                new Flood(
                        "odd-h2c",
                        Kind.ODD,
                        Size.SOME,
                        arena -> Script.opening(Requests.bytes(arena.requests().head("GET", "/healthz", null)
                                + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
                                + "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))),
                new Flood(
                        "odd-methods",
                        Kind.ODD,
                        Size.FEW,
                        arena -> Script.asking(number -> switch (number % 3) {
                            case 0 -> Requests.bytes(arena.requests().head("TRACE", "/healthz", null) + "\r\n");
                            case 1 -> Requests.bytes(arena.requests().head("CONNECT", "127.0.0.1:1", null) + "\r\n");
                            default ->
                                Requests.bytes(
                                        arena.requests().head("GET", "http://127.0.0.1:1/healthz", null) + "\r\n");
                        })),
                new Flood("odd-tls-hello", Kind.ODD, Size.SOME, arena -> {
                    byte[] hello = new byte[600];
                    arena.random().nextBytes(hello);
                    hello[0] = 0x16;
                    hello[1] = 3;
                    hello[2] = 1;
                    return Script.opening(hello).leaving(Ending.LEAVES_ANSWERED);
                }));
    }
}
