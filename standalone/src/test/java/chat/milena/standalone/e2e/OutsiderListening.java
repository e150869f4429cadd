package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.standalone.e2e.OutsiderTable.Target;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// What outsiders come to hear of others: each of them also talks with a witness of their own, and whatever had been on
/// its way to them would have come before what the witness does. For one thread.
final class OutsiderListening implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final OutsiderTable table;
    private final List<Outsider> outsiders = Outsider.inNone();
    private final Map<Outsider, String> talks = new EnumMap<>(Outsider.class);
    private final Map<Outsider, RawSocket> sockets = new EnumMap<>(Outsider.class);
    private final List<RawSocket> open = new ArrayList<>();
    private final Map<Outsider, EventReader> streams = new EnumMap<>(Outsider.class);

    OutsiderListening(OutsiderTable table) throws Exception {
        this.table = table;
        for (Outsider outsider : outsiders) {
            talks.put(outsider, table.tenant(outsider).direct("witness", outsider.userId()));
            sockets.put(outsider, connect(table.tenant(outsider), outsider.userId()));
        }
    }

    private RawSocket connect(Tenant tenant, String userId) throws IOException {
        RawSocket socket = RawSocket.connected(table.milena().port(), tenant.tokenOf(userId));
        open.add(socket);
        return socket;
    }

    private static JsonNode asks(RawSocket socket, String type, String payload) throws IOException {
        socket.text("{\"type\":\"" + type + "\",\"id\":\"" + type + "\",\"payload\":{" + payload + "}}");
        JsonNode frame = socket.nextFrame();
        while (!frame.path("id").asText().equals(type)) {
            frame = socket.nextFrame();
        }
        return frame;
    }

    /// Asks again while presence is paused.
    private static JsonNode watches(RawSocket socket, List<String> userIds) {
        String payload = "\"userIds\":[\"" + String.join("\",\"", userIds) + "\"]";
        Predicate<JsonNode> told = frame -> frame.path("type").asText().equals("presence.bulk");
        return await().atMost(PATIENCE)
                .until(() -> asks(socket, "presence.subscribe", payload), told)
                .at("/payload/presences");
    }

    /// They watch everybody, and see how the witness is, but not how the members are or that they type.
    void presenceAndTyping() throws Exception {
        for (Outsider outsider : outsiders) {
            table.tries(outsider + " watches members");
            List<String> others = new ArrayList<>(List.of("alice", "bob", "carol", "nobody", "witness"));
            others.remove(outsider.userId());
            assertThat(watches(sockets.get(outsider), others).findValuesAsText("userId"))
                    .as("whom %s sees", outsider)
                    .containsExactly("witness");
        }
        RawSocket bob = connect(table.home(), "bob");
        watches(bob, List.of("carol"));
        RawSocket carol = connect(table.home(), "carol");
        // Whether or not she was there a moment ago, this is news.
        asks(carol, "presence.set", "\"status\":\"away\"");
        assertThat(bob.nextFrame("presence.update").at("/payload/userId").asText())
                .isEqualTo("carol");
        RawSocket alice = connect(table.home(), "alice");
        for (Target target : List.of(Target.DIRECT, Target.GROUP)) {
            asks(alice, "typing.start", "\"conversationId\":\"" + table.id(target) + "\"");
            JsonNode update = carol.nextFrame("typing.update").get("payload");
            assertThat(update.path("conversationId").asText()).isEqualTo(table.id(target));
        }
        for (Outsider outsider : outsiders) {
            table.tries(outsider + " looks who types");
            hearsTheWitness(outsider);
            table.tries(outsider + " watches no more");
            assertThat(asks(sockets.get(outsider), "presence.unsubscribe", "\"userIds\":[\"alice\",\"bob\"]")
                            .path("type")
                            .asText())
                    .isEqualTo("ok");
        }
    }

    /// The first of presence and the first of typing are the witness's.
    private void hearsTheWitness(Outsider outsider) throws IOException {
        try (RawSocket witness = RawSocket.connected(
                table.milena().port(), table.tenant(outsider).tokenOf("witness"))) {
            asks(witness, "presence.set", "\"status\":\"away\"");
            asks(witness, "typing.start", "\"conversationId\":\"" + talks.get(outsider) + "\"");
            boolean seen = false;
            boolean typing = false;
            while (!seen || !typing) {
                JsonNode frame = sockets.get(outsider).nextFrame();
                assertThat(frame.at("/payload/userId").asText("witness"))
                        .as("%s hears %s", outsider, frame)
                        .isEqualTo("witness");
                seen |= frame.path("type").asText().equals("presence.update");
                typing |= frame.path("type").asText().equals("typing.update");
            }
        }
    }

    /// They type where they may not, and no member is told; each is refused in the table of frames.
    void typingToMembers() throws Exception {
        RawSocket carol = connect(table.home(), "carol");
        RawSocket alice = connect(table.home(), "alice");
        for (Outsider outsider : outsiders) {
            for (Target target : Target.values()) {
                table.tries("%s types in %s before members".formatted(outsider, target));
                String about = "\"conversationId\":\"" + table.id(target) + "\"";
                for (String type : List.of("typing.start", "typing.stop", "typing.start")) {
                    assertThat(asks(sockets.get(outsider), type, about)
                                    .path("type")
                                    .asText())
                            .isEqualTo("error");
                }
            }
        }
        asks(alice, "typing.start", "\"conversationId\":\"" + table.id(Target.QUIET_GROUP) + "\"");
        JsonNode update = carol.nextFrame("typing.update").get("payload");
        while (!update.path("conversationId").asText().equals(table.id(Target.QUIET_GROUP))) {
            assertThat(update.path("userId").asText()).as("%s", update).isEqualTo("alice");
            update = carol.nextFrame("typing.update").get("payload");
        }
        assertThat(update.path("userId").asText()).as("%s", update).isEqualTo("alice");
    }

    /// A message in the group comes by no way to them.
    void messages() throws Exception {
        String group = table.home().group("anna", "ben", "fred");
        Rest.Answer left = table.home()
                .rest()
                .call(
                        "DELETE",
                        "/api/v1/conversations/" + group + "/members/fred",
                        table.home().tokenOf("anna"),
                        "");
        assertThat(left.status()).as("%s", left).isEqualTo(204);
        sockets.get(Outsider.FORMER_MEMBER).nextFrame("conversation.left");
        RawSocket ben = connect(table.home(), "ben");
        Map<Outsider, String> cursors = new EnumMap<>(Outsider.class);
        for (Outsider outsider : outsiders) {
            EventReader stream = new EventReader(table.milena().url(), table.token(outsider), null);
            streams.put(outsider, stream);
            assertThat(stream.next().path("type").asText()).isEqualTo("connected");
            cursors.put(outsider, poll(outsider, "wait=0").path("cursor").asText());
        }
        posts(table.home(), "anna", group, "between us");
        assertThat(textOf(ben.nextFrame("message.new"))).isEqualTo("between us");
        for (Outsider outsider : outsiders) {
            posts(table.tenant(outsider), "witness", talks.get(outsider), "to you");
            table.tries(outsider + " listens over a socket");
            assertThat(textOf(sockets.get(outsider).nextFrame("message.new"))).isEqualTo("to you");
            table.tries(outsider + " listens to a stream");
            assertThat(textOf(nextMessage(streams.get(outsider)))).isEqualTo("to you");
            table.tries(outsider + " polls");
            assertThat(textOf(nextMessage(outsider, cursors.get(outsider)))).isEqualTo("to you");
        }
    }

    private static String textOf(JsonNode message) {
        return message.at("/payload/content/text").asText();
    }

    private static JsonNode nextMessage(EventReader stream) throws Exception {
        JsonNode frame = stream.next();
        while (!frame.path("type").asText().equals("message.new")) {
            frame = stream.next();
        }
        return frame;
    }

    private JsonNode nextMessage(Outsider outsider, String cursor) throws Exception {
        JsonNode polled = poll(outsider, "cursor=" + cursor);
        Optional<JsonNode> message = polled.path("frames")
                .valueStream()
                .filter(frame -> frame.path("type").asText().equals("message.new"))
                .findFirst();
        assertThat(polled.path("frames")).as("%s polls", outsider).isNotEmpty();
        return message.isPresent()
                ? message.get()
                : nextMessage(outsider, polled.path("cursor").asText());
    }

    private static void posts(Tenant tenant, String userId, String conversationId, String text) throws Exception {
        Rest.Answer answer = tenant.posts(userId, conversationId, "m-" + text.hashCode(), text);
        assertThat(answer.status()).as("%s", answer).isEqualTo(201);
    }

    private JsonNode poll(Outsider outsider, String query) throws Exception {
        Rest.Answer answer = table.home().rest().call("GET", "/poll?" + query, table.token(outsider), "");
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        return answer.body();
    }

    @Override
    public void close() throws IOException {
        streams.values().forEach(EventReader::close);
        for (RawSocket socket : open) {
            socket.close();
        }
    }
}
