package chat.milena.standalone.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.schemas.key.ConversationKey;
import chat.milena.standalone.sync.SyncApiInstance.Answer;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Somebody who writes all the time and reads after each commit, at once, on one instance after the other: what was
/// committed must be there, and no read may be refused. The first miss ends it; [#end()] tells of it.
final class ReadChecker implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String WRITER = "alice";
    private static final String READER = "bob";

    private final ViewsLog log;
    private final List<ConversationKey> conversations;
    private final List<SyncApiInstance> instances;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final AtomicBoolean ending = new AtomicBoolean();
    private final AtomicLong checks = new AtomicLong();
    private final Future<?> work;

    /// @param conversations of alice and bob, in which nobody else writes meanwhile
    ReadChecker(ViewsLog log, List<ConversationKey> conversations, List<SyncApiInstance> instances) {
        this.log = log;
        this.conversations = conversations;
        this.instances = new ArrayList<>(instances);
        this.work = thread.submit(() -> {
            while (!ending.get()) {
                check(checks.getAndIncrement());
            }
            return null;
        });
    }

    /// Reads on this one as well, from now on.
    void add(SyncApiInstance instance) {
        synchronized (instances) {
            instances.add(instance);
        }
    }

    /// Does not read on this one any longer, once this returns.
    void remove(SyncApiInstance instance) {
        synchronized (instances) {
            instances.remove(instance);
        }
    }

    /// Waits until so many more reads were checked, or one failed.
    void awaitChecks(int more) {
        long enough = checks.get() + more;
        await().atMost(PATIENCE).until(() -> checks.get() >= enough || work.isDone());
    }

    /// Ends it.
    ///
    /// @throws java.util.concurrent.ExecutionException with what was missing
    void end() throws Exception {
        ending.set(true);
        work.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private void check(long turn) throws Exception {
        ConversationKey conversation = conversations.get((int) (turn % conversations.size()));
        String text = "text " + turn;
        long number = log.says(conversation, WRITER, text);
        synchronized (instances) {
            SyncApiInstance instance = instances.get((int) (turn % instances.size()));
            switch ((int) (turn / instances.size() % 4)) {
                case 0 -> checkSync(instance, conversation, number, text);
                case 1 -> checkWhole(instance, conversation, number);
                default -> checkNewest(instance, conversation, number, text);
            }
        }
    }

    private static void checkNewest(SyncApiInstance instance, ConversationKey conversation, long number, String text)
            throws Exception {
        Answer answer = instance.reads(READER, "/" + conversation.conversationId() + "/messages?limit=1");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertIs(answer.json().path("messages").path(0), number, text);
    }

    private void checkSync(SyncApiInstance instance, ConversationKey conversation, long number, String text)
            throws Exception {
        String body = "{\"conversations\":[{\"conversationId\":\"%s\",\"lastSequence\":%d}]}"
                .formatted(conversation.conversationId(), number - 1);
        Answer answer = instance.syncs(READER, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode synced = answer.json().path("conversations").path(0);
        assertThat(synced.path("lastSequence").asLong()).isEqualTo(number);
        assertIs(synced.path("messages").path(0), number, text);
        assertThat(answer.json().path("newConversations").findValuesAsText("conversationId"))
                .as("the other conversations")
                .containsAll(conversations.stream()
                        .filter(other -> !other.equals(conversation))
                        .map(ConversationKey::conversationId)
                        .toList());
    }

    private static void checkWhole(SyncApiInstance instance, ConversationKey conversation, long number)
            throws Exception {
        List<Long> numbers = new ArrayList<>();
        boolean hasMore = true;
        while (hasMore) {
            long after = numbers.isEmpty() ? 0 : numbers.getLast();
            Answer answer =
                    instance.reads(READER, "/" + conversation.conversationId() + "/messages?limit=200&after=" + after);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.text()).doesNotContain(ViewsLog.ABORTED);
            for (JsonNode entry : answer.json().path("messages")) {
                numbers.add(entry.path("sequenceNumber").asLong());
            }
            hasMore = answer.json().path("hasMore").asBoolean();
        }
        for (int i = 0; i < numbers.size(); i++) {
            assertThat(numbers.get(i)).as("numbers without a gap").isEqualTo(i + 1);
        }
        assertThat(numbers).hasSize(Math.toIntExact(number));
    }

    private static void assertIs(JsonNode entry, long number, String text) {
        assertThat(entry.path("sequenceNumber").asLong())
                .as("the newest number in %s", entry)
                .isEqualTo(number);
        assertThat(entry.path("content").path("text").asText()).isEqualTo(text);
    }

    @Override
    public void close() {
        ending.set(true);
        thread.shutdownNow();
    }
}
