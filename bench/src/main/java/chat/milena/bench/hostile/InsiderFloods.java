package chat.milena.bench.hostile;

import chat.milena.bench.call.RawFrames;
import chat.milena.bench.hostile.Flood.Kind;
import chat.milena.bench.hostile.Flood.Size;
import chat.milena.bench.hostile.Script.Ending;
import chat.milena.bench.hostile.Script.Pace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Floods with ordinary tokens, which any user can run.
final class InsiderFloods {
    private static final String SYNC = "/api/v1/sync";
    private static final int GROUP_MEMBERS_MAX = 1000;
    private static final int GROUPS_EACH = 5;
    private static final int GROUP_MAKERS = 3;
    private static final int ADDED_MEMBERS = 50;
    private static final int WATCHED = 500;
    private static final int FRAME_BYTES = 63 << 10;

    private InsiderFloods() {}

    static List<Flood> unread() {
        return List.of(
                new Flood("unread-history", Kind.UNREAD, Size.SOME, arena -> {
                    String path = "/api/v1/conversations/" + arena.filledConversation() + "/messages?limit=200";
                    return unread(number -> arena.requests().get(path, arena.token(number)));
                }),
                new Flood("unread-sync", Kind.UNREAD, Size.SOME, arena -> {
                    byte[] body = syncBody(arena);
                    return unread(number -> arena.requests().post(SYNC, arena.token(number), body));
                }),
                new Flood("unread-inbox", Kind.UNREAD, Size.SOME, arena -> {
                    arena.filledConversation();
                    return unread(
                            number -> arena.requests().get("/api/v1/conversations?limit=200", arena.token(number)));
                }),
                new Flood("unread-frames", Kind.UNREAD, Size.SOME, arena -> {
                    String frame = "{\"type\":\"sync\",\"id\":\"1\",\"payload\":"
                            + new String(syncBody(arena), StandardCharsets.UTF_8) + "}";
                    byte[] bytes = RawFrames.text(Requests.bytes(frame), arena.random());
                    return Script.upgrading(arena::handshake)
                            .then(bytes, new Pace.Every(Duration.ofMillis(100)))
                            .unread();
                }),
                new Flood(
                        "unread-pongs",
                        Kind.UNREAD,
                        Size.SOME,
                        arena -> Script.upgrading(arena::handshake)
                                .then(RawFrames.ping(new byte[125], arena.random()), new Pace.AsTaken())
                                .unread()),
                new Flood(
                        "unread-events",
                        Kind.UNREAD,
                        Size.SOME,
                        arena -> Script.opening(number -> arena.requests().get("/events", arena.token(number)))
                                .unread()),
                new Flood(
                        "unread-polls",
                        Kind.UNREAD,
                        Size.SOME,
                        arena -> Script.opening(poll(arena)).unread()),
                new Flood(
                        "unread-polls-abandoned",
                        Kind.UNREAD,
                        Size.SOME,
                        arena -> Script.opening(poll(arena)).leaving(Ending.LEAVES_UNANSWERED)),
                new Flood("unread-history-abandoned", Kind.UNREAD, Size.SOME, arena -> {
                    String path = "/api/v1/conversations/" + arena.filledConversation() + "/messages?limit=200";
                    return Script.opening(number -> arena.requests().get(path, arena.token(number)))
                            .leaving(Ending.LEAVES_UNANSWERED);
                }));
    }

    /// A poll that waits, since its user receives no events.
    private static Script.Bytes poll(Arena arena) throws InterruptedException {
        List<String> cursors = arena.cursors();
        return number -> arena.requests()
                .get("/poll?wait=30&cursor=" + cursors.get(number % cursors.size()), arena.token(number));
    }

    /// Sends the request twice, so that one answer waits behind another that is not read.
    private static Script unread(Script.Bytes request) {
        return Script.opening(request).then(request, new Pace.Once()).unread();
    }

    private static byte[] syncBody(Arena arena) throws InterruptedException {
        return Requests.bytes("{\"conversations\":[{\"conversationId\":\"" + arena.filledConversation()
                + "\",\"lastSequence\":0}],\"limit\":100}");
    }

    static List<Flood> groups() {
        return List.of(
                new Flood("groups", Kind.GROUPS, Size.FEW, arena -> {
                    byte[] body = Arena.naming("participantIds", arena.strangers(1, GROUP_MEMBERS_MAX - 1));
                    return Script.asking(number ->
                            arena.requests().post("/api/v1/groups", arena.token(number % GROUP_MAKERS), body));
                }),
                new Flood("groups-members", Kind.GROUPS, Size.FEW, arena -> {
                    List<String> groups = new ArrayList<>();
                    for (int i = 0; i < GROUP_MAKERS * GROUPS_EACH; i++) {
                        groups.add(arena.group(i % GROUP_MAKERS));
                    }
                    AtomicInteger next = new AtomicInteger();
                    return Script.asking(number -> {
                        int call = next.getAndIncrement();
                        int group = call % groups.size();
                        byte[] body = Arena.naming("userIds", arena.strangers(call * ADDED_MEMBERS, ADDED_MEMBERS));
                        String path = "/api/v1/conversations/" + groups.get(group) + "/members";
                        return arena.requests().post(path, arena.token(group % GROUP_MAKERS), body);
                    });
                }));
    }

    static List<Flood> held() {
        return List.of(
                new Flood(
                        "held-watched",
                        Kind.HELD,
                        Size.MANY,
                        arena -> Script.upgrading(arena::handshake)
                                .then(
                                        number -> RawFrames.text(
                                                Requests.bytes(
                                                        "{\"type\":\"presence.subscribe\",\"payload\":{\"userIds\":[\""
                                                                + String.join(
                                                                        "\",\"",
                                                                        arena.strangers(number * WATCHED, WATCHED))
                                                                + "\"]}}"),
                                                arena.random()),
                                        new Pace.Once())),
                new Flood("held-half-frames", Kind.HELD, Size.MANY, arena -> {
                    byte[] frame = RawFrames.text(new byte[(64 << 10) - 1], arena.random());
                    return Script.upgrading(arena::handshake).then(Arrays.copyOf(frame, FRAME_BYTES), new Pace.Once());
                }),
                new Flood("held-fragments", Kind.HELD, Size.MANY, arena -> {
                    byte[] first = RawFrames.part(true, filler(), arena.random());
                    byte[] next = RawFrames.part(false, filler(), arena.random());
                    BitSet begun = new BitSet();
                    return Script.upgrading(arena::handshake)
                            .then(
                                    number -> {
                                        boolean isFirst = !begun.get(number);
                                        begun.set(number);
                                        return isFirst ? first : next;
                                    },
                                    new Pace.Every(Duration.ofMillis(500)));
                }),
                new Flood(
                        "held-frame-heads",
                        Kind.HELD,
                        Size.MANY,
                        arena -> Script.upgrading(arena::handshake).then(new byte[] {(byte) 0x81}, new Pace.Once())),
                new Flood(
                        "held-bodies",
                        Kind.HELD,
                        Size.MANY,
                        arena -> Script.opening(
                                number -> arena.requests().announcing(SYNC, arena.token(number), 256 << 10))),
                new Flood(
                        "held-chunked", Kind.HELD, Size.SOME, arena -> OutsiderFloods.chunked(arena, arena.token(0))));
    }

    private static byte[] filler() {
        byte[] filler = new byte[8 << 10];
        Arrays.fill(filler, (byte) ' ');
        return filler;
    }

    static List<Flood> odd() {
        return List.of(
                new Flood("odd-deep-json", Kind.ODD, Size.FEW, arena -> {
                    byte[] body = Requests.bytes("{\"conversations\":" + "[".repeat(30_000));
                    return Script.asking(number -> arena.requests().post(SYNC, arena.token(number), body));
                }),
                new Flood("odd-many-conversations", Kind.ODD, Size.FEW, arena -> {
                    StringBuilder body = new StringBuilder("{\"conversations\":[");
                    for (int i = 0; i < WATCHED; i++) {
                        body.append(i == 0 ? "" : ",")
                                .append("{\"conversationId\":\"conv_none")
                                .append(i)
                                .append("\",\"lastSequence\":0}");
                    }
                    byte[] bytes =
                            Requests.bytes(body.append("],\"limit\":100}").toString());
                    return Script.asking(number -> arena.requests().post(SYNC, arena.token(number), bytes));
                }),
                new Flood(
                        "odd-pings",
                        Kind.ODD,
                        Size.SOME,
                        arena -> Script.upgrading(arena::handshake)
                                .then(RawFrames.ping(new byte[0], arena.random()), new Pace.AsTaken())),
                new Flood(
                        "odd-frames-of-nothing",
                        Kind.ODD,
                        Size.SOME,
                        arena -> Script.upgrading(arena::handshake)
                                .then(RawFrames.text(new byte[0], arena.random()), new Pace.AsTaken())));
    }
}
