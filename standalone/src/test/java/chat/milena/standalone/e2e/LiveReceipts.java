package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// What the query side says of ends and receipts while people talk, and when they are through. Safe for all threads.
final class LiveReceipts {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int EVERY_MILLIS = 200;
    private static final int TRIES_MAX = 10;

    /// From so many members on, only one's own devices are told of receipts.
    private static final int LARGE = 100;

    private final LiveWorld world;
    private final Map<String, Set<String>> members;
    private final List<LiveDevice> devices;
    private volatile boolean over;

    /// How far somebody has come.
    private record At(long delivered, long read) {}

    /// @param members of each conversation
    LiveReceipts(LiveWorld world, Map<String, Set<String>> members, List<LiveDevice> devices) {
        this.world = world;
        this.members = members;
        this.devices = devices;
    }

    /// Asks all the time how far people are, until [#stop()].
    void ask() {
        List<String> talks = List.copyOf(members.keySet());
        Random random = new Random(world.seed() + 2);
        while (!over) {
            String talk = talks.get(random.nextInt(talks.size()));
            try {
                receipts(talk);
            } catch (IOException | AssertionError e) {
                world.checker().violations().add(Violations.Kind.ANSWER, "receipts of %s: %s".formatted(talk, e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(EVERY_MILLIS));
        }
    }

    void stop() {
        over = true;
    }

    /// Waits until all devices of all members have each conversation up to its end.
    void awaitEverythingEverywhere() throws IOException, InterruptedException {
        for (String talk : members.keySet()) {
            long last = last(talk);
            await().atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .alias("everybody has " + talk + " up to " + last + ", seed " + world.seed())
                    .until(() -> of(talk).stream().allMatch(device -> device.upTo(talk) == last));
        }
    }

    /// Everybody reads everything on all devices; the query side says so, and who is to be told is told.
    void end() throws IOException, InterruptedException {
        Map<String, Map<String, At>> before = new HashMap<>();
        Map<String, Long> lasts = new HashMap<>();
        for (String talk : members.keySet()) {
            before.put(talk, receipts(talk));
            lasts.put(talk, last(talk));
        }
        for (String talk : members.keySet()) {
            for (LiveDevice device : of(talk)) {
                assertThat(device.marks(talk, true, lasts.get(talk))).isTrue();
            }
        }
        for (String talk : members.keySet()) {
            awaitRead(talk, lasts.get(talk));
            for (String reader : members.get(talk)) {
                // Who had read it all by sending the last message is not told of.
                if (before.get(talk).getOrDefault(reader, new At(0, 0)).read() < lasts.get(talk)) {
                    awaitTold(talk, reader, lasts.get(talk));
                }
            }
        }
    }

    private void awaitRead(String talk, long last) {
        At end = new At(last, last);
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .alias("everybody has read " + talk + ", seed " + world.seed())
                .until(() -> {
                    Map<String, At> now = receipts(talk);
                    return members.get(talk).stream().allMatch(user -> end.equals(now.get(user)));
                });
    }

    private void awaitTold(String talk, String reader, long last) {
        boolean large = members.get(talk).size() >= LARGE;
        for (LiveDevice device : of(talk)) {
            if (!large || reader.equals(device.userId())) {
                await().atMost(PATIENCE)
                        .pollDelay(Duration.ZERO)
                        .alias("%s is told that %s has read %s, seed %d"
                                .formatted(device.state(), reader, talk, world.seed()))
                        .until(() -> device.receipt(talk, reader, "read") == last);
            }
        }
    }

    private List<LiveDevice> of(String talk) {
        Set<String> people = members.get(talk);
        return devices.stream()
                .filter(device -> people.contains(device.userId()))
                .toList();
    }

    /// Tries again a few times where there is no answer at all.
    private Rest.Answer asks(String talk, String rest) throws IOException, InterruptedException {
        String token = world.home().tokenOf(members.get(talk).iterator().next());
        for (int tries = 1; ; tries++) {
            try {
                return world.home().rest().call("GET", "/api/v1/conversations/" + talk + rest, token, "");
            } catch (IOException e) {
                world.say("no answer: " + e + ", " + e.getCause());
                if (tries == TRIES_MAX) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(EVERY_MILLIS));
            }
        }
    }

    private long last(String talk) throws IOException, InterruptedException {
        Rest.Answer answer = asks(talk, "");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.body().path("lastSequence").asLong();
    }

    /// Of each member who has any; none if that cannot be answered now.
    private Map<String, At> receipts(String talk) throws IOException, InterruptedException {
        Map<String, At> receipts = new TreeMap<>();
        String cursor = "";
        do {
            Rest.Answer answer = asks(talk, "/receipts" + cursor);
            if (answer.status() != 200) {
                assertThat(answer.status()).as(answer.text()).isEqualTo(503);
                return Map.of();
            }
            for (JsonNode one : answer.body().path("receipts")) {
                At at = new At(
                        one.path("deliveredUpToSequence").asLong(),
                        one.path("readUpToSequence").asLong());
                receipts.put(one.path("userId").asText(), at);
            }
            JsonNode next = answer.body().path("nextCursor");
            cursor = next.isTextual() ? "?cursor=" + next.asText() : "";
        } while (!cursor.isEmpty());
        if (!receipts.isEmpty()) {
            long last = last(talk);
            receipts.forEach((user, at) -> world.checker().queried(talk, user, at.delivered(), at.read(), last));
        }
        return receipts;
    }
}
