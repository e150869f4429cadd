package chat.milena.standalone.e2e;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.replay.Transcript;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.standalone.sync.FoldedTimeline;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whole conversations in groups with premoderation: everything is held, and moderators decide on it in another order.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HeldReplayIT {
    /// Low, so that groups of both kinds are among these.
    private static final int LARGE_FROM = 10;

    private static final int PAGE = 100;
    private static final int LINES = 120;
    /// An admin, who says nothing.
    private static final String CHAIR = "the-chair";

    @RegisterExtension
    final RunningMilena milena = new RunningMilena()
            .with("MILENA_LARGE_GROUP_FROM", Integer.toString(LARGE_FROM))
            .with("MILENA_RATE_MESSAGES_PER_SECOND", "0")
            .with("MILENA_RATE_MESSAGES_PER_MINUTE", "0");

    /// A message as it must be by now.
    private static final class Said {
        private final String messageId;
        private final String userId;
        private final long number;
        private String text;
        private long revision;
        private boolean waits = true;
        private boolean rejected;

        private Said(String messageId, String userId, long number, String text) {
            this.messageId = messageId;
            this.userId = userId;
            this.number = number;
            this.text = text;
        }

        private boolean isShown() {
            return !waits && !rejected;
        }
    }

    static Stream<Named<Transcript>> transcripts() throws IOException {
        List<Transcript> transcripts = new ArrayList<>(Transcripts.recorded(1, LINES));
        transcripts.add(Transcripts.made("crowd", 14, LINES, 6));
        transcripts.add(Transcripts.made("trio", 3, LINES, 7));
        return transcripts.stream().map(transcript -> Named.of(transcript.name(), transcript));
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void everyMemberHasTheSameTimelineInWhateverOrderItWasDecidedOn(Transcript transcript) throws Exception {
        long seed = Long.getLong("milena.seed", System.nanoTime());
        String tenant = "t" + UUID.randomUUID();
        try (Tenant home = new Tenant(milena, tenant)) {
            Play play = new Play(home, transcript, new Random(seed));
            try (play) {
                play.run();
                play.check("seed " + seed);
            }
            Map<String, Long> logged = new HashMap<>();
            for (TimelineEvent event : MessageLog.of(milena).events(tenant, play.group)) {
                if (event.getMessage() != null) {
                    logged.put(event.getMessage().getMessageId(), event.getSequenceNumber());
                }
            }
            assertThat(logged).isEqualTo(play.acked());
        }
    }

    /// One transcript, with a device of each member.
    private final class Play implements AutoCloseable {
        private final Tenant home;
        private final Transcript transcript;
        private final Random random;
        private final String group;
        private final Map<String, RawSocket> sockets = new LinkedHashMap<>();
        private final Map<String, FoldedTimeline> folds = new LinkedHashMap<>();
        private final List<Said> all = new ArrayList<>();
        /// Up to which message of their own, shown to others, the members have read.
        private final Map<String, Long> read = new HashMap<>();

        private Play(Tenant home, Transcript transcript, Random random) throws Exception {
            this.home = home;
            this.transcript = transcript;
            this.random = random;
            this.group = home.group(CHAIR, transcript.people().toArray(String[]::new));
            JsonNode settings = call("PATCH", "", CHAIR, "{\"settings\":{\"premoderation\":true}}");
            assertThat(settings.at("/settings/premoderation").asBoolean()).isTrue();
            List<String> members = new ArrayList<>(transcript.people());
            members.add(CHAIR);
            for (String userId : members) {
                sockets.put(userId, RawSocket.connected(milena.port(), home.tokenOf(userId)));
                FoldedTimeline fold = new FoldedTimeline(userId, false);
                history(userId).forEach(fold::put);
                folds.put(userId, fold);
            }
        }

        private JsonNode call(String method, String path, String userId, String body) throws Exception {
            Rest.Answer answer =
                    home.rest().call(method, "/api/v1/conversations/" + group + path, home.tokenOf(userId), body);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            return answer.body();
        }

        private List<JsonNode> history(String userId) throws Exception {
            List<JsonNode> entries = new ArrayList<>();
            JsonNode page;
            do {
                page = call("GET", "/messages?limit=" + PAGE + "&after=" + entries.size(), userId, "");
                page.path("messages").forEach(entries::add);
            } while (page.path("hasMore").asBoolean());
            return entries;
        }

        private Map<String, Long> acked() {
            Map<String, Long> acked = new HashMap<>();
            all.forEach(said -> acked.put(said.messageId, said.number));
            return acked;
        }

        /// What is said is decided on, and edited, before and after; a tenth waits at the end.
        private void run() throws Exception {
            for (Transcript.Line line : transcript.lines()) {
                sends(line);
                if (random.nextInt(3) == 0) {
                    decides();
                }
                if (random.nextInt(8) == 0 && all.stream().anyMatch(said -> !said.rejected)) {
                    edits();
                }
            }
            while (all.stream().filter(said -> said.waits).count() > LINES / 10) {
                decides();
            }
        }

        private void sends(Transcript.Line line) throws Exception {
            String messageId = "m" + all.size();
            Rest.Answer sent = home.posts(line.userId(), group, messageId, line.text());
            assertThat(sent.status()).as(sent.text()).isEqualTo(201);
            assertThat(sent.body().path("held").asBoolean()).isTrue();
            all.add(new Said(
                    messageId, line.userId(), sent.body().path("sequenceNumber").asLong(), line.text()));
        }

        private void decides() throws Exception {
            Said said = any(one -> one.waits);
            boolean releases = random.nextInt(10) < 7;
            Rest.Answer decided = home.rest()
                    .call(
                            "POST",
                            "/api/v1/moderation/decisions",
                            home.moderator("mia"),
                            "{\"conversationId\":\"%s\",\"messageId\":\"%s\",\"action\":\"%s\",\"revision\":%d}"
                                    .formatted(group, said.messageId, releases ? "release" : "reject", said.revision));
            assertThat(decided.status()).as(decided.text()).isEqualTo(200);
            assertThat(decided.body().path("duplicate").asBoolean()).isFalse();
            said.waits = false;
            said.rejected = !releases;
            if (releases) {
                read.merge(said.userId, said.number, Math::max);
            }
        }

        private void edits() throws Exception {
            Said said = any(one -> !one.rejected);
            said.text = "edited " + ++said.revision;
            JsonNode edited = call(
                    "PATCH",
                    "/messages/" + said.messageId,
                    said.userId,
                    "{\"content\":{\"type\":\"text\",\"text\":\"" + said.text + "\"}}");
            assertThat(edited.path("held").asBoolean()).isTrue();
            assertThat(edited.path("revision").asLong()).isEqualTo(said.revision);
            said.waits = true;
        }

        private Said any(Predicate<Said> which) {
            List<Said> some = all.stream().filter(which).toList();
            return some.get(random.nextInt(some.size()));
        }

        private void check(String run) throws Exception {
            List<JsonNode> ofChair = history(CHAIR);
            for (String userId : folds.keySet()) {
                String what = run + ", " + userId;
                List<JsonNode> answered = history(userId);
                assertThat(answered).as(what).hasSameSizeAs(ofChair);
                for (int i = 0; i < answered.size(); i++) {
                    assertThat(answered.get(i).path("sequenceNumber").asLong())
                            .as(what)
                            .isEqualTo(i + 1);
                }
                for (Said said : all) {
                    int place = Math.toIntExact(said.number) - 1;
                    checkEntry(what, said, userId, answered.get(place), ofChair.get(place));
                }
                checkFold(what, userId, answered);
                checkUnread(what, userId);
            }
        }

        private void checkEntry(String what, Said said, String userId, JsonNode entry, JsonNode ofChair) {
            String which = what + ", " + said.messageId;
            if (said.waits && !userId.equals(said.userId) && !userId.equals(CHAIR)) {
                assertThat(entry.properties().stream().map(Map.Entry::getKey))
                        .as(which)
                        .containsExactlyInAnyOrder("sequenceNumber", "timestamp", "kind", "hidden");
                return;
            }
            assertThat(entry.path("messageId").asText()).as(which).isEqualTo(said.messageId);
            assertThat(entry.path("senderId").asText()).as(which).isEqualTo(said.userId);
            assertThat(entry.path("held").asBoolean()).as(which).isEqualTo(said.waits);
            assertThat(entry.path("revision").asLong()).as(which).isEqualTo(said.revision);
            assertThat(entry.path("deletedBy").asText()).as(which).isEqualTo(said.rejected ? "moderation" : "");
            assertThat(entry.at("/content/text").asText()).as(which).isEqualTo(said.rejected ? "" : said.text);
            assertThat(withoutStatus(entry)).as(which).isEqualTo(withoutStatus(ofChair));
        }

        private JsonNode withoutStatus(JsonNode entry) {
            ObjectNode copy = entry.deepCopy();
            copy.remove("status");
            return copy;
        }

        /// The frames of the device make of the first answer what is answered now.
        private void checkFold(String what, String userId, List<JsonNode> answered) throws Exception {
            FoldedTimeline fold = requireNonNull(folds.get(userId));
            RawSocket socket = requireNonNull(sockets.get(userId));
            while (fold.last() < answered.size()) {
                JsonNode frame = socket.nextFrame();
                JsonNode payload = frame.path("payload");
                if (payload.path("conversationId").asText().equals(group) && payload.has("sequenceNumber")) {
                    fold.apply(frame);
                }
            }
            FoldedTimeline now = new FoldedTimeline(userId, false);
            answered.forEach(now::put);
            assertThat(fold.differences(now)).as(what).isEmpty();
        }

        private void checkUnread(String what, String userId) throws Exception {
            long from = read.getOrDefault(userId, 0L);
            long expected = all.stream()
                    .filter(said -> said.isShown() && !said.userId.equals(userId) && said.number > from)
                    .count();
            Map<String, Long> unread = new TreeMap<>();
            home.rest()
                    .call("GET", "/api/v1/conversations", home.tokenOf(userId), "")
                    .body()
                    .path("conversations")
                    .forEach(line -> unread.put(
                            line.path("conversationId").asText(),
                            line.path("unreadCount").asLong()));
            assertThat(unread).as(what).containsExactly(Map.entry(group, expected));
        }

        @Override
        public void close() throws IOException {
            for (RawSocket socket : sockets.values()) {
                socket.close();
            }
        }
    }
}
