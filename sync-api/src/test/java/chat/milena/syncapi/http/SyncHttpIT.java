package chat.milena.syncapi.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.protocol.json.ProtocolJson;
import chat.milena.protocol.read.SyncResult;
import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.FakeConversation;
import chat.milena.syncapi.http.SyncServer.Answer;
import chat.milena.syncapi.read.ReadAnswer.UserIds;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SyncHttpIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private SyncServer server = start(SyncLimits.DEFAULT);

    private static SyncServer start(SyncLimits limits) {
        try {
            return new SyncServer(limits);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Another server in place of the usual one.
    private void restart(SyncLimits limits) {
        server.close();
        server = start(limits);
    }

    @AfterEach
    void stop() {
        CountDownLatch held = server.reads.held;
        if (held != null) {
            held.countDown();
        }
        server.close();
    }

    private FakeConversation group(String id, String... userIds) {
        return FakeConversation.group(server.reads.views, id, userIds);
    }

    private static String syncBody(Object... idsAndNumbers) {
        List<String> conversations = new ArrayList<>();
        for (int i = 0; i < idsAndNumbers.length; i += 2) {
            conversations.add("{\"conversationId\":\"%s\",\"lastSequence\":%s,\"later\":true}"
                    .formatted(idsAndNumbers[i], idsAndNumbers[i + 1]));
        }
        return "{\"conversations\":[" + String.join(",", conversations) + "],\"unknown\":{}}";
    }

    private static List<String> ids(JsonNode conversations) {
        List<String> ids = new ArrayList<>();
        conversations.forEach(one -> ids.add(one.path("conversationId").asText()));
        return ids;
    }

    @Test
    void aSyncAnswersWhatIsNamedWhatIsNewAndWhatIsDenied() throws Exception {
        group("g1", "alice", "bob").saysTimes(3, "alice");
        group("g2", "alice", "bob");
        FakeConversation.direct(server.reads.views, "d1", "bob", "carol");
        group("theirs", "alice", "carol");
        FakeConversation.direct(server.reads.views, "secret", "alice", "carol");
        group("left", "alice", "bob").leaves("bob");

        JsonNode answer = server.answered(
                server.sync("bob", syncBody("g1", 2, "theirs", 0, "secret", 0, "left", 1, "nothing", 0)));

        assertThat(ids(answer.path("conversations"))).containsExactly("g1");
        assertThat(answer.path("conversations").get(0).path("messages")).hasSize(2);
        assertThat(ids(answer.path("newConversations"))).containsExactly("d1", "g2");
        assertThat(answer.path("newConversations").get(1).path("participants")).hasSize(2);
        assertThat(answer.path("denied")).hasToString("[\"theirs\",\"secret\",\"left\",\"nothing\"]");
        assertThat(answer.path("serverTime").longValue()).isEqualTo(SyncServer.NOW.toEpochMilli());
        assertThat(answer.has("newConversationsCursor")).isFalse();
        assertThat(server.answered(server.sync("acme/bob", syncBody("g1", 0))).path("denied"))
                .hasToString("[\"g1\"]");
    }

    @Test
    void whoIsNewSyncsWithNothing() throws Exception {
        JsonNode answer = server.answered(server.sync("nobody", "{\"conversations\":[]}"));

        assertThat(answer)
                .hasToString("{\"conversations\":[],\"newConversations\":[],\"denied\":[],\"serverTime\":"
                        + SyncServer.NOW.toEpochMilli() + "}");
    }

    @Test
    void manyNewConversationsComeInParts() throws Exception {
        SyncLimits usual = SyncLimits.DEFAULT;
        restart(new SyncLimits(
                new SyncLimits.InProgress(10, 10),
                new SyncLimits.Sync(usual.sync().bodyBytesMax(), 5, 100, 3),
                new SyncLimits.Pages(200, 50, 100),
                1 << 20,
                0));
        for (int i = 0; i < 8; i++) {
            group("g" + i, "alice", "bob");
        }

        JsonNode first = server.answered(server.sync("bob", syncBody("g0", 0, "g2", 0)));
        String cursor = first.path("newConversationsCursor").textValue();
        JsonNode second = server.answered(
                server.sync("bob", "{\"conversations\":[],\"newConversationsCursor\":\"" + cursor + "\"}"));

        assertThat(ids(first.path("newConversations"))).containsExactly("g1", "g3", "g4");
        assertThat(cursor).startsWith("new_");
        assertThat(ids(second.path("newConversations"))).containsExactly("g5", "g6", "g7");
        assertThat(second.has("newConversationsCursor")).isFalse();
    }

    @Test
    void theLimitOfASyncCountsEntries() throws Exception {
        group("g", "alice", "bob").saysTimes(150, "alice");

        JsonNode usual = server.answered(server.sync("bob", syncBody("g", 0)));
        JsonNode few = server.answered(
                server.sync("bob", "{\"conversations\":[{\"conversationId\":\"g\",\"lastSequence\":0}],\"limit\":7}"));

        assertThat(usual.path("conversations").get(0).path("messages")).hasSize(100);
        assertThat(usual.path("conversations").get(0).path("hasMore").booleanValue())
                .isTrue();
        assertThat(few.path("conversations").get(0).path("messages")).hasSize(7);
    }

    @Test
    void theInboxIsLatestFirstAndFollowsItsCursor() throws Exception {
        // The longer they are, the later was their last event; two of a length are in the order of their ids.
        group("b", "alice", "bob").saysTimes(1, "alice");
        group("c", "alice", "bob").saysTimes(5, "bob");
        group("a", "alice", "bob").saysTimes(5, "alice");
        group("d", "alice", "bob").saysTimes(9, "alice");
        group("theirs", "alice", "carol");

        JsonNode first = server.answered(server.get("/api/v1/conversations?limit=2", "bob"));
        String cursor = first.path("nextCursor").textValue();
        JsonNode second = server.answered(server.get("/api/v1/conversations?limit=2&cursor=" + cursor, "bob"));

        assertThat(ids(first.path("conversations"))).containsExactly("d", "a");
        assertThat(first.path("hasMore").booleanValue()).isTrue();
        assertThat(ids(second.path("conversations"))).containsExactly("c", "b");
        assertThat(second.path("hasMore").booleanValue()).isFalse();
        assertThat(second.has("nextCursor")).isFalse();
        JsonNode line = second.path("conversations").get(0);
        assertThat(line.path("lastMessage").path("status").textValue()).isEqualTo("SENT");
        assertThat(line.path("unreadCount").intValue()).isEqualTo(5);
        assertThat(line.path("muted").booleanValue()).isFalse();
        assertThat(first.has("truncated")).isFalse();
    }

    @Test
    void anInboxThatCannotKnowAllSaysSo() throws Exception {
        SyncLimits usual = SyncLimits.DEFAULT;
        restart(new SyncLimits(
                new SyncLimits.InProgress(10, 10),
                new SyncLimits.Sync(usual.sync().bodyBytesMax(), 5, 100, 3),
                new SyncLimits.Pages(200, 50, 4),
                1 << 20,
                0));
        for (int i = 0; i < 5; i++) {
            group("g" + i, "alice", "bob");
        }

        JsonNode page = server.answered(server.get("/api/v1/conversations", "bob"));

        assertThat(page.path("conversations")).hasSize(4);
        assertThat(page.path("truncated").booleanValue()).isTrue();
        assertThat(server.answered(server.get("/api/v1/conversations", "nobody")))
                .hasToString("{\"conversations\":[],\"hasMore\":false}");
    }

    @Test
    void aRenameOrANewcomerPutsNoOldGroupAboveANewMessage() throws Exception {
        group("quiet", "alice", "bob")
                .says("alice", "old")
                .joins("carol")
                .gives("bob", "admin")
                .joins("dave");
        group("busy", "alice", "bob").joins("carol").says("alice", "new");

        JsonNode page = server.answered(server.get("/api/v1/conversations", "bob"));

        assertThat(ids(page.path("conversations"))).containsExactly("busy", "quiet");
    }

    @Test
    void nobodyIsHiddenFromTheirLatestConversationsByIds() throws Exception {
        SyncLimits usual = SyncLimits.DEFAULT;
        restart(new SyncLimits(
                new SyncLimits.InProgress(10, 10),
                new SyncLimits.Sync(usual.sync().bodyBytesMax(), 5, 100, 3),
                new SyncLimits.Pages(200, 50, 4),
                1 << 20,
                0));
        for (int i = 0; i < 10; i++) {
            group("aaa" + i, "mallory", "bob").says("mallory", "spam");
        }
        group("zzz", "alice", "bob").saysTimes(5, "alice");

        JsonNode page = server.answered(server.get("/api/v1/conversations", "bob"));
        JsonNode sync = server.answered(server.sync("bob", "{\"conversations\":[]}"));
        CallAnswer<UserIds> seen =
                server.http.people().sharing(new UserKey(FakeConversation.TENANT, "bob"), List.of("alice"));
        CallAnswer<UserIds> sees =
                server.http.people().sharing(new UserKey(FakeConversation.TENANT, "alice"), List.of("bob"));

        assertThat(ids(page.path("conversations"))).hasSize(4).startsWith("zzz");
        assertThat(page.path("truncated").booleanValue()).isTrue();
        assertThat(ids(sync.path("newConversations"))).hasSize(3).startsWith("zzz");
        assertThat(((CallAnswer.Answered<UserIds>) seen).value().userIds()).containsExactly("alice");
        assertThat(((CallAnswer.Answered<UserIds>) sees).value().userIds()).containsExactly("bob");
    }

    @Test
    void aWalkThroughAnInboxMeetsWhatIsWrittenToMeanwhile() throws Exception {
        for (int i = 0; i < 60; i++) {
            group("g%02d".formatted(i), "alice", "bob").saysTimes(i + 1, "alice");
        }
        List<String> met = new ArrayList<>();
        String cursor = "";
        for (int page = 0; page < 3; page++) {
            JsonNode answer = server.answered(server.get("/api/v1/conversations?limit=20" + cursor, "bob"));
            met.addAll(ids(answer.path("conversations")));
            cursor = "&cursor=" + answer.path("nextCursor").asText();
            if (page == 0) {
                // It stood on the third page, and stands at the top now.
                group("g05", "alice", "bob").after(SyncServer.NOW).says("alice", "late");
            }
        }
        assertThat(met).hasSize(60).doesNotHaveDuplicates().endsWith("g05");
        assertThat(cursor).as("a cursor behind the last page").endsWith("=");
    }

    private void large(String id, int messages) {
        FakeConversation made = group(id, "alice", "bob");
        for (int i = 0; i < messages; i++) {
            made.says("alice", "\u4e2d".repeat(4_000));
        }
    }

    private static int bytes(Answer answer) {
        return answer.response().body().getBytes(StandardCharsets.UTF_8).length;
    }

    @Test
    void aPageOfLongMessagesIsAMegabyteAndTheWalkMeetsAll() throws Exception {
        large("g", 300);
        int met = 0;
        String before = "";
        while (met < 301) {
            Answer page = server.get("/api/v1/conversations/g/messages?limit=200" + before, "bob");
            assertThat(bytes(page)).isLessThan(1 << 20);
            met += server.answered(page).path("messages").size();
            before = "&before=" + page.body().path("nextCursor").asText();
        }
        assertThat(met).isEqualTo(301);
    }

    @Test
    void momentsHavePartsOfAMillisecond() throws Exception {
        group("g", "alice", "bob").saysTimes(2, "alice");
        String messages = "/api/v1/conversations/g/messages?limit=9";
        JsonNode all = server.answered(server.get(messages, "bob")).path("messages");
        Instant last = Instant.ofEpochMilli(all.get(0).path("timestamp").asLong());
        assertThat(all.get(0).path("sequenceNumber").asInt()).isEqualTo(3);

        assertThat(numbers(messages + "&before=" + last)).containsExactly(2, 1);
        assertThat(numbers(messages + "&before=" + last.plusNanos(500_000))).containsExactly(3, 2, 1);
        assertThat(numbers(messages + "&after=" + last.plusNanos(500_000))).isEmpty();
        assertThat(numbers(messages + "&after=" + last.minusNanos(500_000))).containsExactly(3);
    }

    private List<Integer> numbers(String path) throws Exception {
        List<Integer> numbers = new ArrayList<>();
        server.answered(server.get(path, "bob"))
                .path("messages")
                .forEach(entry -> numbers.add(entry.path("sequenceNumber").asInt()));
        return numbers;
    }

    @Test
    void aSyncOfLongMessagesIsAMegabyteAndGoesOnUntilNothingIsMissing() throws Exception {
        int conversations = 30;
        for (int i = 0; i < conversations; i++) {
            large("g" + i, i == 7 ? 150 : 5);
        }
        long[] has = new long[conversations];
        boolean more = true;
        for (int syncs = 0; more; syncs++) {
            assertThat(syncs).isLessThan(20);
            Object[] named = new Object[2 * conversations];
            for (int i = 0; i < conversations; i++) {
                named[2 * i] = "g" + i;
                named[2 * i + 1] = has[i];
            }
            Answer answer = server.sync("bob", syncBody(named));
            assertThat(bytes(answer)).isLessThan(1 << 20);
            more = false;
            for (JsonNode one : server.answered(answer).path("conversations")) {
                int i = Integer.parseInt(one.path("conversationId").asText().substring(1));
                for (JsonNode entry : one.path("messages")) {
                    has[i]++;
                    assertThat(entry.path("sequenceNumber").longValue()).isEqualTo(has[i]);
                }
                assertThat(one.path("upToSequence").longValue()).isEqualTo(has[i]);
                boolean whole = has[i] == one.path("lastSequence").longValue();
                assertThat(one.path("hasMore").booleanValue()).isEqualTo(!whole);
                more |= !whole;
            }
        }
        assertThat(has[7]).isEqualTo(151);
    }

    @Test
    void aSyncOfAsManyConversationsAsItMayNameIsAMegabyteAndGetsOn() throws Exception {
        Object[] named = new Object[1_000];
        for (int i = 0; i < 500; i++) {
            String id = "g%03d".formatted(i) + "x".repeat(60);
            large(id, 1);
            named[2 * i] = id;
            named[2 * i + 1] = 1;
        }
        UserKey bob = new UserKey(FakeConversation.TENANT, "bob");
        JsonNode body = new JsonMapper().readTree(syncBody(named));

        Answer answer = server.sync("bob", syncBody(named));
        CallAnswer<SyncResult> framed = server.http.sync().answer(bob, body, "payload.", 256 * 1024);

        assertThat(bytes(answer)).isLessThan(1 << 20);
        JsonNode lines = server.answered(answer).path("conversations");
        assertThat(lines).hasSize(500);
        assertThat(lines.get(0).path("messages")).hasSize(1);
        assertThat(lines.get(499).path("messages")).isEmpty();
        assertThat(lines.get(499).path("hasMore").booleanValue()).isTrue();
        assertThat(lines.get(499).path("upToSequence").longValue()).isEqualTo(1);
        JsonNode frame = json(framed);
        assertThat(frame.toString().length()).isLessThan(256 * 1024);
        assertThat(frame.path("conversations").get(0).path("messages")).hasSize(1);
    }

    @Test
    void manyLargeConversationsAreAMegabyteInAnInboxAndInASync() throws Exception {
        String[] people = new String[100];
        for (int i = 0; i < people.length; i++) {
            people[i] = "person%02d".formatted(i) + "x".repeat(56);
        }
        people[0] = "alice";
        people[1] = "bob";
        for (int i = 0; i < 200; i++) {
            group("g%03d".formatted(i), people).says("alice", "\u4e2d".repeat(2_000));
        }
        List<String> inbox = new ArrayList<>();
        String cursor = "";
        for (boolean more = true; more; ) {
            Answer page = server.get("/api/v1/conversations?limit=200" + cursor, "bob");
            assertThat(bytes(page)).isLessThan(1 << 20);
            inbox.addAll(ids(server.answered(page).path("conversations")));
            more = page.body().path("hasMore").booleanValue();
            cursor = "&cursor=" + page.body().path("nextCursor").asText();
        }
        List<String> unnamed = new ArrayList<>();
        cursor = "";
        for (boolean more = true; more; ) {
            Answer sync = server.sync("bob", "{\"conversations\":[]" + cursor + "}");
            assertThat(bytes(sync)).isLessThan(1 << 20);
            unnamed.addAll(ids(server.answered(sync).path("newConversations")));
            more = sync.body().has("newConversationsCursor");
            cursor = ",\"newConversationsCursor\":\""
                    + sync.body().path("newConversationsCursor").asText() + "\"";
        }

        assertThat(inbox).hasSize(200).doesNotHaveDuplicates();
        assertThat(unnamed).hasSize(200).doesNotHaveDuplicates();
    }

    @Test
    void aConversationItsPeopleAndItsReceiptsAreRead() throws Exception {
        group("g", "alice", "bob", "carol").says("alice", "hi").receives("bob", 2, 1);

        JsonNode conversation = server.answered(server.get("/api/v1/conversations/g", "bob"));
        JsonNode people = server.answered(server.get("/api/v1/conversations/g/members?limit=2", "bob"));
        JsonNode rest = server.answered(server.get(
                "/api/v1/conversations/g/members?cursor="
                        + people.path("nextCursor").textValue(),
                "bob"));
        JsonNode receipts = server.answered(server.get("/api/v1/conversations/g/receipts", "bob"));

        assertThat(conversation.path("lastSequence").intValue()).isEqualTo(2);
        assertThat(people.path("members")).hasSize(2);
        assertThat(rest.path("members").get(0).path("userId").textValue()).isEqualTo("carol");
        assertThat(receipts.path("receipts")
                        .get(0)
                        .path("deliveredUpToSequence")
                        .intValue())
                .isEqualTo(2);
    }

    @Test
    void historyIsReadBothWaysByNumberAndByCursor() throws Exception {
        group("g", "alice", "bob").saysTimes(100, "alice");
        String messages = "/api/v1/conversations/g/messages";

        JsonNode newest = server.answered(server.get(messages, "bob"));
        JsonNode older = server.answered(server.get(
                messages + "?limit=200&before=" + newest.path("nextCursor").textValue(), "bob"));
        JsonNode oldest = server.answered(server.get(messages + "?after=0&limit=2", "bob"));
        JsonNode beyond = server.answered(server.get(messages + "?after=101", "bob"));

        assertThat(newest.path("messages")).hasSize(50);
        assertThat(newest.path("messages").get(0).path("sequenceNumber").intValue())
                .isEqualTo(101);
        assertThat(newest.path("nextCursor").textValue()).isEqualTo("seq_52");
        assertThat(older.path("messages")).hasSize(51);
        assertThat(older.path("hasMore").booleanValue()).isFalse();
        assertThat(oldest.path("messages").get(1).path("sequenceNumber").intValue())
                .isEqualTo(2);
        assertThat(beyond.path("messages")).isEmpty();
    }

    @Test
    void outsidersAreAnsweredAllAlike() throws Exception {
        group("g", "alice", "bob").leaves("bob");
        FakeConversation.direct(server.reads.views, "d", "alice", "carol");

        for (String call : List.of("", "/members", "/receipts", "/messages")) {
            Answer unknown = server.get("/api/v1/conversations/nothing" + call, "mallory");
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(unknown.error()).isEqualTo("CONVERSATION_NOT_FOUND");
            String text = unknown.response().body();
            for (String path : List.of("d", "%20")) {
                assertThat(server.get("/api/v1/conversations/" + path + call, "mallory")
                                .response()
                                .body())
                        .isEqualTo(text);
            }
            assertThat(server.get("/api/v1/conversations/g" + call, "acme/alice")
                            .response()
                            .body())
                    .isEqualTo(text);
            for (String outsider : List.of("mallory", "bob")) {
                Answer refused = server.get("/api/v1/conversations/g" + call, outsider);
                assertThat(refused.status()).isEqualTo(403);
                assertThat(refused.error()).isEqualTo("FORBIDDEN");
            }
        }
    }

    @Test
    void headIsAnsweredLikeGetWithoutABody() throws Exception {
        group("g", "alice", "bob");

        Answer answer =
                server.send(server.request("/api/v1/conversations/g", "bob").method("HEAD", BodyPublishers.noBody()));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.response().body()).isEmpty();
    }

    @Test
    void viewsThatCannotAnswerAreUnavailableForATime() throws Exception {
        server.reads.retryAfter = Duration.ofMillis(1_200);

        for (Answer answer : List.of(
                server.get("/api/v1/conversations", "bob"),
                server.get("/api/v1/conversations/g/messages", "bob"),
                server.sync("bob", syncBody("g", 0)))) {
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.error()).isEqualTo("UNAVAILABLE");
            assertThat(answer.header("Retry-After")).isEqualTo("2");
            assertThat(answer.body().path("retryAfter").intValue()).isEqualTo(2);
        }
    }

    @Test
    void whatBreaksInsideIsUnavailableAndCountedAsSuch() throws Exception {
        server.reads.broken = true;

        assertThat(server.get("/api/v1/conversations/g", "bob").status()).isEqualTo(503);
        assertThat(server.meters
                        .get("milena.sync.requests")
                        .tags("call", "conversation", "status", "503")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void callsAreTimedByCallAndStatus() throws Exception {
        group("g", "alice", "bob");

        server.answered(server.sync("bob", syncBody("g", 0)));
        server.sync("bob", "{}");
        server.get("/api/v1/conversations/g/messages", "mallory");

        assertThat(count("sync", "200")).isEqualTo(1);
        assertThat(count("sync", "400")).isEqualTo(1);
        assertThat(count("messages", "403")).isEqualTo(1);
    }

    private long count(String call, String status) {
        return server.meters
                .get("milena.sync.requests")
                .tags("call", call, "status", status)
                .timer()
                .count();
    }

    /// A user may have an eighth of the calls: two here.
    @Test
    void tooManyCallsInProgressAreUnavailable() throws Exception {
        restart(new SyncLimits(
                new SyncLimits.InProgress(16, 1),
                new SyncLimits.Sync(10_000, 5, 100, 3),
                new SyncLimits.Pages(200, 50, 4),
                1 << 20,
                0));
        CountDownLatch held = new CountDownLatch(1);
        server.reads.held = held;
        CompletableFuture<Answer> sync = server.later(
                server.request("/api/v1/sync", "bob").POST(BodyPublishers.ofString("{\"conversations\":[]}")));
        await().atMost(SOON).until(() -> server.reads.inside.get() == 1);

        Answer second = server.sync("bob", "{\"conversations\":[]}");
        CompletableFuture<Answer> page =
                server.later(server.request("/api/v1/conversations/g", "bob").GET());
        await().atMost(SOON).until(() -> server.reads.inside.get() == 2);
        Answer third = server.get("/api/v1/conversations/g", "bob");

        for (Answer refused : List.of(second, third)) {
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.error()).isEqualTo("UNAVAILABLE");
            assertThat(refused.header("Retry-After")).isNotEmpty();
        }
        held.countDown();
        assertThat(sync.join().status()).isEqualTo(200);
        assertThat(page.join().status()).isEqualTo(404);
        await().atMost(SOON)
                .until(() -> server.get("/api/v1/conversations/g", "bob").status() == 404);
    }

    @Test
    void clientsThatDisconnectMidAnswerLeakNoPlace() throws Exception {
        restart(new SyncLimits(
                new SyncLimits.InProgress(24, 1),
                new SyncLimits.Sync(10_000, 5, 100, 3),
                new SyncLimits.Pages(200, 50, 4),
                1 << 20,
                0));
        for (int round = 0; round < 5; round++) {
            CountDownLatch held = new CountDownLatch(1);
            server.reads.held = held;
            List<Socket> clients = new ArrayList<>();
            clients.add(send("POST /api/v1/sync", "{\"conversations\":[]}"));
            clients.add(send("GET /api/v1/conversations/g", ""));
            clients.add(send("GET /api/v1/conversations", ""));
            await().atMost(SOON).until(() -> server.reads.inside.get() == 3);
            for (Socket client : clients) {
                // Without a lingering close: a reset, as from a phone that is gone.
                client.setSoLinger(true, 0);
                client.close();
            }
            held.countDown();
            await().atMost(SOON).until(() -> server.reads.inside.get() == 0);
            server.reads.held = null;
            await().atMost(SOON).until(this::allPlacesAreFree);
        }
    }

    private boolean allPlacesAreFree() throws Exception {
        List<CompletableFuture<Answer>> calls = new ArrayList<>();
        calls.add(server.later(
                server.request("/api/v1/sync", "bob").POST(BodyPublishers.ofString("{\"conversations\":[]}"))));
        for (int i = 0; i < 2; i++) {
            calls.add(server.later(
                    server.request("/api/v1/conversations/g", "bob").GET()));
        }
        return calls.stream().allMatch(call -> call.join().status() != 503);
    }

    private Socket send(String call, String body) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.front.port());
        String head = call + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer bob\r\nContent-Length: " + body.length()
                + "\r\n\r\n";
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static JsonNode json(CallAnswer<SyncResult> answer) throws IOException {
        return new JsonMapper().readTree(ProtocolJson.bytes(((CallAnswer.Answered<SyncResult>) answer).value()));
    }

    @Test
    void aSyncAsPlainJavaAnswersAsOverHttpAndNamesFieldsByTheirPath() throws Exception {
        group("g", "alice", "bob").saysTimes(3, "alice");
        UserKey bob = new UserKey(FakeConversation.TENANT, "bob");
        SyncCall sync = server.http.sync();

        CallAnswer<SyncResult> answer =
                sync.answer(bob, new JsonMapper().readTree(syncBody("g", 1)), "payload.", Long.MAX_VALUE);
        CallAnswer<SyncResult> refused =
                sync.answer(bob, new JsonMapper().readTree("{\"conversations\":[{}]}"), "payload.", Long.MAX_VALUE);
        CallAnswer<SyncResult> none = sync.answer(bob, new JsonMapper().readTree("[]"));

        assertThat(json(answer)).isEqualTo(server.answered(server.sync("bob", syncBody("g", 1))));
        assertThat(((CallAnswer.Refused<SyncResult>) refused).reason())
                .isEqualTo("payload.conversations[0].conversationId: is required");
        assertThat(none.status()).isEqualTo(400);
    }
}
