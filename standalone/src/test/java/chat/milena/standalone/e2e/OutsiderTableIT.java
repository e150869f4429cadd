package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.standalone.e2e.OutsiderTable.Target;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The outsiders' half of the table of bad input: every call and frame × every conversation × every kind of person who
/// may not make it. Each cell gets its code; where a conversation is none of theirs, the answer is the same to the
/// letter as for one that does not exist; no answer says anything of what was there; and nothing happens.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutsiderTableIT {
    @RegisterExtension
    final RunningMilena milena = new RunningMilena()
            .with("MILENA_RATE_MESSAGES_PER_SECOND", "0")
            .with("MILENA_RATE_MESSAGES_PER_MINUTE", "0");

    private OutsiderTable table;

    @BeforeAll
    void open() throws Exception {
        table = new OutsiderTable(milena);
    }

    @AfterAll
    void close() {
        table.close();
        System.out.printf("The table of outsiders has %d cells%n", table.cells());
    }

    private static int status(String code) {
        return switch (code) {
            case "UNAUTHORIZED" -> 401;
            case "FORBIDDEN" -> 403;
            case "CONVERSATION_NOT_FOUND" -> 404;
            default -> throw new IllegalArgumentException(code);
        };
    }

    @ParameterizedTest
    @EnumSource
    void everyCallAboutEveryConversation(Outsider outsider) throws Exception {
        List<OutsiderAsk> asks = Stream.of(OutsiderAsk.changes(), OutsiderAsk.calls())
                .flatMap(List::stream)
                .toList();
        for (OutsiderAsk ask : asks) {
            String unknown = asked(outsider, ask, Target.UNKNOWN).text();
            for (Target target : Target.values()) {
                String code = OutsiderTable.expected(outsider, target, ask.may());
                if (!code.isEmpty()) {
                    String cell = "%s asks %s of %s".formatted(outsider, ask, target);
                    table.tries(cell);
                    Rest.Answer answer = asked(outsider, ask, target);
                    OutsiderTable.assertRefused(cell, answer.body(), answer.text(), code, unknown);
                    assertThat(answer.status()).as("%s: %s", cell, answer).isEqualTo(status(code));
                }
            }
        }
        table.assertNothingHappened("calls of " + outsider);
    }

    private Rest.Answer asked(Outsider outsider, OutsiderAsk ask, Target target) throws Exception {
        return call(
                outsider,
                ask.way(),
                ask.path(table.id(target), outsider.userId()),
                ask.body(table.id(target), outsider.userId()));
    }

    private Rest.Answer call(Outsider outsider, String method, String path, String body) throws Exception {
        return table.home().rest().call(method, path, table.token(outsider), body);
    }

    @ParameterizedTest
    @EnumSource
    void everyFrameAboutEveryConversation(Outsider outsider) throws Exception {
        if (!outsider.isKnown()) {
            table.tries(outsider + " connects");
            assertNotConnected(outsider);
            return;
        }
        try (RawSocket socket = RawSocket.connected(milena.port(), table.token(outsider))) {
            for (OutsiderAsk ask : OutsiderAsk.frames()) {
                String unknown = said(socket, outsider, ask, Target.UNKNOWN).toString();
                for (Target target : Target.values()) {
                    String code = OutsiderTable.expected(outsider, target, ask.may());
                    if (!code.isEmpty()) {
                        String cell = "%s says %s in %s".formatted(outsider, ask, target);
                        table.tries(cell);
                        JsonNode error = said(socket, outsider, ask, target);
                        assertThat(error.path("type").asText())
                                .as("%s: %s", cell, error)
                                .isEqualTo("error");
                        assertThat(error.path("id").asText()).as(cell).isEqualTo("r");
                        OutsiderTable.assertRefused(cell, error.path("payload"), error.toString(), code, unknown);
                    }
                }
            }
            socket.text("{\"type\":\"heartbeat\",\"id\":\"alive\"}");
            assertThat(socket.nextFrame("heartbeat").path("id").asText()).isEqualTo("alive");
        }
        table.assertNothingHappened("frames of " + outsider);
    }

    private void assertNotConnected(Outsider outsider) throws Exception {
        try (RawSocket socket = outsider == Outsider.NOBODY
                ? RawSocket.withoutToken(milena.port())
                : RawSocket.withTokenInHeader(milena.port(), table.token(outsider))) {
            assertThat(socket.next()).isEqualTo(new RawSocket.Received.Closed(4401));
        }
    }

    private JsonNode said(RawSocket socket, Outsider outsider, OutsiderAsk ask, Target target) throws Exception {
        socket.text(ask.text(table.id(target), outsider.userId()));
        return socket.nextFrame();
    }

    @ParameterizedTest
    @EnumSource(names = {"NOBODY", "EXPIRED", "FORGED", "UNSIGNED"})
    void everyOtherCallWithoutAGoodToken(Outsider outsider) throws Exception {
        String cursor = table.cursor("alice");
        List<String> calls = List.of(
                "POST /api/v1/conversations {\"type\":\"direct\",\"participantIds\":[\"bob\"]}",
                "POST /api/v1/groups {\"name\":\"n\",\"participantIds\":[\"bob\"]}",
                "POST /api/v1/sync " + syncOf(List.of(Target.values())),
                "GET /api/v1/conversations ",
                "GET /api/v1/conversations?limit=1 ",
                "PUT /api/v1/users/me {\"name\":\"n\"}",
                "GET /api/v1/users/me ",
                "GET /api/v1/users?ids=alice ",
                "PUT /api/v1/blocks/bob ",
                "DELETE /api/v1/blocks/bob ",
                "GET /api/v1/blocks ",
                "GET /api/v1/devices ",
                "PUT /api/v1/devices/phone {\"platform\":\"fcm\",\"token\":\"t\"}",
                "DELETE /api/v1/devices/phone ",
                "DELETE /api/v1/devices/phone/push ",
                "GET /api/v1/users/me/notifications ",
                "PUT /api/v1/users/me/notifications {}",
                "PUT /api/v1/moderation/bans/bob {\"reason\":\"spam\"}",
                "DELETE /api/v1/moderation/bans/bob ",
                "GET /api/v1/moderation/bans ",
                "GET /api/v1/moderation/reports ",
                "POST /api/v1/moderation/decisions {}",
                "GET /api/v1/threads ",
                "GET /api/v1/unread ",
                "GET /events ",
                "GET /events?resume=" + cursor + " ",
                "GET /events?token=" + table.token(outsider) + " ",
                "GET /poll ",
                "GET /poll?cursor=" + cursor + " ",
                "GET /poll?wait=0&token=" + table.token(outsider) + " ");
        for (String one : calls) {
            String cell = outsider + " calls " + one;
            table.tries(cell);
            String[] parts = one.split(" ", 3);
            String head = one.contains("token=") ? "" : table.token(outsider);
            Rest.Answer answer = table.home().rest().call(parts[0], parts[1], head, parts[2]);
            assertThat(answer.status()).as("%s: %s", cell, answer).isEqualTo(401);
            OutsiderTable.assertRefused(cell, answer.body(), answer.text(), "UNAUTHORIZED", "");
            assertThat(answer.body().path("reason").asText())
                    .as("%s: %s", cell, answer)
                    .isEqualTo(outsider == Outsider.EXPIRED ? "token expired" : "token bad");
        }
    }

    /// What moderators do, by users who are none, and by a moderator of another tenant.
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NOBODY", "EXPIRED", "FORGED", "UNSIGNED"})
    void everyCallOfModerators(Outsider outsider) throws Exception {
        boolean moderates = outsider == Outsider.OTHER_TENANTS_MODERATOR;
        for (String action : List.of("remove", "dismiss", "warn", "ban", "release", "reject")) {
            String unknown = decided(outsider, Target.UNKNOWN, action).text();
            for (Target target : Target.values()) {
                String cell = "%s decides to %s in %s".formatted(outsider, action, target);
                table.tries(cell);
                Rest.Answer answer = decided(outsider, target, action);
                String code = moderates ? "CONVERSATION_NOT_FOUND" : "FORBIDDEN";
                OutsiderTable.assertRefused(cell, answer.body(), answer.text(), code, unknown);
                assertThat(answer.status()).as("%s: %s", cell, answer).isEqualTo(status(code));
            }
        }
        for (String one : List.of(
                "GET /api/v1/moderation/reports ",
                "GET /api/v1/moderation/reports?state=decided ",
                "GET /api/v1/moderation/bans ",
                "DELETE /api/v1/moderation/bans/carol ",
                "PUT /api/v1/moderation/bans/carol {\"reason\":\"spam\"}")) {
            String cell = outsider + " calls " + one;
            table.tries(cell);
            String[] parts = one.split(" ", 3);
            Rest.Answer answer = call(outsider, parts[0], parts[1], parts[2]);
            if (moderates) {
                assertThat(answer.status()).as("%s: %s", cell, answer).isBetween(200, 204);
                assertThat(table.hidden(outsider)).as(cell).noneMatch(answer.text()::contains);
            } else {
                assertThat(answer.status()).as("%s: %s", cell, answer).isEqualTo(403);
                OutsiderTable.assertRefused(cell, answer.body(), answer.text(), "FORBIDDEN", "");
            }
        }
        assertThat(table.home()
                        .posts("carol", table.home().group("carol"), "m1", "not banned")
                        .status())
                .as("whoever has her id elsewhere may be banned")
                .isEqualTo(201);
        table.assertNothingHappened("calls of moderators by " + outsider);
    }

    private Rest.Answer decided(Outsider outsider, Target target, String action) throws Exception {
        return call(
                outsider,
                "POST",
                "/api/v1/moderation/decisions",
                "{\"conversationId\":\"%s\",\"messageId\":\"secret\",\"action\":\"%s\"}"
                        .formatted(table.id(target), action));
    }

    private String syncOf(List<Target> targets) {
        List<String> named = targets.stream()
                .map(target -> "{\"conversationId\":\"" + table.id(target) + "\",\"lastSequence\":0}")
                .toList();
        return "{\"conversations\":[" + String.join(",", named) + "]}";
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NOBODY", "EXPIRED", "FORGED", "UNSIGNED"})
    void everySyncAndInboxHoldsNothingOfOthers(Outsider outsider) throws Exception {
        List<String> hidden = table.hidden(outsider);
        List<List<Target>> questions = new ArrayList<>(List.of(List.of(Target.values()), List.of()));
        Stream.of(Target.values()).map(List::of).forEach(questions::add);
        try (RawSocket socket = RawSocket.connected(milena.port(), table.token(outsider))) {
            for (List<Target> targets : questions) {
                String cell = outsider + " syncs " + targets;
                table.tries(cell);
                Rest.Answer answer = call(outsider, "POST", "/api/v1/sync", syncOf(targets));
                assertThat(answer.status()).as("%s: %s", cell, answer).isEqualTo(200);
                assertSynced(cell, outsider, targets, answer.body());
                table.tries(cell + " over a socket");
                socket.text("{\"type\":\"sync\",\"id\":\"s\",\"payload\":" + syncOf(targets) + "}");
                JsonNode result = socket.nextFrame("sync.result");
                assertSynced(cell + " over a socket", outsider, targets, result.path("payload"));
            }
        }
        table.tries(outsider + " looks into the inbox");
        Rest.Answer inbox = call(outsider, "GET", "/api/v1/conversations", "");
        assertThat(inbox.status()).as("%s", inbox).isEqualTo(200);
        assertThat(hidden).as("in %s", inbox.text()).noneMatch(inbox.text()::contains);
    }

    private void assertSynced(String cell, Outsider outsider, List<Target> targets, JsonNode answer) {
        List<String> named = targets.stream().map(table::id).toList();
        List<String> hidden = table.hidden(outsider);
        assertThat(answer.path("denied").valueStream().map(JsonNode::asText))
                .as("%s: %s", cell, answer)
                .containsExactlyInAnyOrderElementsOf(
                        named.stream().filter(hidden::contains).toList());
        assertThat(answer.path("conversations").findValuesAsText("conversationId"))
                .as("%s: %s", cell, answer)
                .containsExactlyInAnyOrderElementsOf(
                        named.stream().filter(id -> !hidden.contains(id)).toList());
        assertThat(answer.path("newConversations").findValuesAsText("conversationId"))
                .as("%s: %s", cell, answer)
                .doesNotContainAnyElementsOf(hidden);
        if (outsider != Outsider.MEMBER) {
            assertThat(answer.toString()).as(cell).doesNotContain(OutsiderTable.SECRET);
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NOBODY", "EXPIRED", "FORGED", "UNSIGNED"})
    void noPlaceOfAnotherInTheDeliveriesIsGoneOnFrom(Outsider outsider) throws Exception {
        for (String userId : List.of("alice", "carol", "fred")) {
            if (userId.equals(outsider.userId()) && !outsider.isElsewhere()) {
                continue;
            }
            String cursor = userId.equals("fred") ? table.cursorOfTheFormerMember() : table.cursor(userId);
            table.tries("%s polls on from where %s was".formatted(outsider, userId));
            Rest.Answer answer = call(outsider, "GET", "/poll?wait=0&cursor=" + cursor, "");
            assertThat(answer.body().path("frames")).as("%s", answer).hasSize(1);
            assertAfresh(answer.body().at("/frames/0"));
            table.tries("%s resumes a stream from where %s was".formatted(outsider, userId));
            try (EventReader stream = new EventReader(milena.url(), table.token(outsider), cursor)) {
                assertAfresh(stream.next());
            }
            table.tries("%s resumes a socket from where %s was".formatted(outsider, userId));
            try (RawSocket socket = RawSocket.resuming(milena.port(), table.token(outsider), cursor)) {
                assertAfresh(socket.nextFrame());
                socket.text("{\"type\":\"heartbeat\",\"id\":\"alive\"}");
                JsonNode frame = socket.nextFrame();
                while (!frame.path("id").asText().equals("alive")) {
                    assertThat(frame.toString()).doesNotContain(OutsiderTable.SECRET);
                    frame = socket.nextFrame();
                }
            }
        }
    }

    private static void assertAfresh(JsonNode frame) {
        assertThat(frame.path("type").asText()).as("%s", frame).isEqualTo("connected");
        assertThat(frame.path("resumed").asBoolean(true)).as("%s", frame).isFalse();
    }

    @Test
    void aFormerMembersOwnPlaceBringsNothingOfThePast() throws Exception {
        String cursor = table.cursorOfTheFormerMember();
        String fred = table.token(Outsider.FORMER_MEMBER);
        table.tries("a former member polls on from where they were");
        Rest.Answer polled = call(Outsider.FORMER_MEMBER, "GET", "/poll?wait=0&cursor=" + cursor, "");
        assertNothingOfThePast(polled.body().path("frames").valueStream().toList());

        table.tries("a former member resumes a stream from where they were");
        try (EventReader stream = new EventReader(milena.url(), fred, cursor)) {
            assertThat(stream.next().path("resumed").asBoolean()).isTrue();
            assertNothingOfThePast(untilTheyLeft(stream::next));
        }
        table.tries("a former member resumes a socket from where they were");
        try (RawSocket socket = RawSocket.resuming(milena.port(), fred, cursor)) {
            assertThat(socket.nextFrame().path("resumed").asBoolean()).isTrue();
            assertNothingOfThePast(untilTheyLeft(socket::nextFrame));
        }
    }

    private static List<JsonNode> untilTheyLeft(Callable<JsonNode> next) throws Exception {
        List<JsonNode> frames = new ArrayList<>();
        for (int left = 0; left < 2; ) {
            JsonNode frame = next.call();
            frames.add(frame);
            left += isLeft(frame) ? 1 : 0;
        }
        return frames;
    }

    private static boolean isLeft(JsonNode frame) {
        return frame.path("type").asText().equals("conversation.left");
    }

    /// Of each group, that they are out of it.
    private static void assertNothingOfThePast(List<JsonNode> frames) {
        assertThat(frames.toString()).doesNotContain(OutsiderTable.SECRET);
        assertThat(frames).filteredOn(OutsiderTableIT::isLeft).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void everyTokenThatIsNotOnesOwnDoesNotRefresh(Outsider outsider) throws Exception {
        table.tries(outsider + " refreshes carol's token");
        try (RawSocket carol = RawSocket.connected(milena.port(), table.home().tokenOf("carol"))) {
            carol.text("{\"type\":\"token.refresh\",\"id\":\"r\",\"payload\":{\"token\":\"" + table.token(outsider)
                    + "\"}}");
            JsonNode error = carol.nextFrame();
            assertThat(error.at("/payload/error").asText()).as("%s", error).isEqualTo("UNAUTHORIZED");
            carol.text("{\"type\":\"heartbeat\"}");
            carol.nextFrame("heartbeat");
        }
    }

    @Test
    void directConversationsHaveNoMemberCalls() throws Exception {
        for (OutsiderAsk ask : OutsiderAsk.changes()) {
            table.tries("one of two wants to " + ask);
            String path = ask.path(table.id(Target.DIRECT), "alice");
            String token = table.home().tokenOf("alice");
            Rest.Answer answer = table.home().rest().call(ask.way(), path, token, ask.body("", "alice"));
            assertThat(answer.status()).as("%s: %s", ask, answer).isEqualTo(400);
            assertThat(answer.error()).isEqualTo("INVALID_REQUEST");
        }
        table.assertNothingHappened("calls about members of two");
    }

    @Test
    void outsidersHearNothingAndAreNotHeard() throws Exception {
        try (OutsiderListening listening = new OutsiderListening(table)) {
            listening.messages();
            listening.presenceAndTyping();
            listening.typingToMembers();
        }
        table.assertNothingHappened("outsiders listened");
    }
}
