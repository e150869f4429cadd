package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Connections that break and go on, by WebSocket and by what stands in for it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class ResumeIT {
    private static final int MISSED = 120;

    @RegisterExtension
    final RunningMilena milena = new RunningMilena()
            .with("MILENA_RATE_MESSAGES_PER_SECOND", "0")
            .with("MILENA_RATE_MESSAGES_PER_MINUTE", "0");

    private final List<AutoCloseable> open = new ArrayList<>();
    private Tenant home;

    @BeforeEach
    void open() {
        home = Tenant.ofDefault(milena);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable connection : open) {
            connection.close();
        }
        open.clear();
        home.close();
    }

    private RawSocket connect(String userId) throws IOException {
        RawSocket socket = RawSocket.connected(milena.port(), home.tokenOf(userId));
        open.add(socket);
        return socket;
    }

    private RawSocket resume(String userId, String token) throws IOException {
        RawSocket socket = RawSocket.resuming(milena.port(), home.tokenOf(userId), token);
        open.add(socket);
        return socket;
    }

    private EventReader events(String userId, String lastEventId) throws Exception {
        EventReader reader =
                new EventReader(milena.url(), home.tokenOf(userId), lastEventId.isEmpty() ? null : lastEventId);
        open.add(reader);
        assertThat(reader.status()).isEqualTo(200);
        assertThat(reader.contentType()).isEqualTo("text/event-stream");
        return reader;
    }

    private JsonNode poll(String userId, String query) throws Exception {
        Rest.Answer answer = home.rest().call("GET", "/poll" + query, home.tokenOf(userId), "");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.body();
    }

    /// Sends and waits for the acks.
    private static void sends(RawSocket socket, String conversationId, int count, String name) throws IOException {
        for (int i = 0; i < count; i++) {
            String id = name + i;
            socket.text("{\"type\":\"message.send\",\"id\":\"" + id + "\",\"payload\":{\"messageId\":\"" + id
                    + "\",\"conversationId\":\"" + conversationId
                    + "\",\"content\":{\"type\":\"text\",\"text\":\"hi\"}}}");
            socket.nextFrame("message.ack");
        }
    }

    private static String tokenNow(RawSocket socket) throws IOException {
        socket.text("{\"type\":\"heartbeat\"}");
        return socket.nextFrame("heartbeat").path("resumeToken").asText();
    }

    private static List<Long> numbers(JsonNode offline) {
        List<Long> numbers = new ArrayList<>();
        offline.at("/payload/messages")
                .forEach(entry -> numbers.add(entry.path("sequenceNumber").asLong()));
        return numbers;
    }

    /// A token may point a little before what was told last, never behind it, so the first may be one that came before.
    private static void assertMissed(RawSocket socket, long from) throws Exception {
        List<Integer> sizes = new ArrayList<>();
        List<Long> all = numbersUpTo(from + MISSED - 1, socket::nextFrame, sizes);
        assertThat(sizes).startsWith(50, 50).allMatch(size -> size <= 50);
        assertThat(all.getFirst()).isBetween(1L, from);
        assertThat(all)
                .isEqualTo(LongStream.rangeClosed(all.getFirst(), all.getLast())
                        .boxed()
                        .toList());
    }

    /// The numbers that come until this one has, in the order they came. Those behind the frames of what was missed may
    /// come live: an ack does not wait until the deliveries of its transaction can be read.
    ///
    /// @param sizes takes how many each frame of what was missed has
    private static List<Long> numbersUpTo(long last, Callable<JsonNode> frames, List<Integer> sizes) throws Exception {
        List<Long> all = new ArrayList<>();
        while (all.isEmpty() || all.getLast() < last) {
            JsonNode frame = frames.call();
            if (frame.path("type").asText().equals("messages.offline")) {
                sizes.add(numbers(frame).size());
                all.addAll(numbers(frame));
            } else {
                assertThat(frame.path("type").asText())
                        .isEqualTo(number(frame) == 1 ? "conversation.created" : "message.new");
                all.add(number(frame));
            }
        }
        return all;
    }

    private static long number(JsonNode frame) {
        return frame.at("/payload/sequenceNumber").asLong();
    }

    @Test
    void whatWasMissedComesInFramesOfFiftyThenLive() throws Exception {
        RawSocket alice = connect("alice");
        RawSocket bob = connect("bob");
        String talk = home.direct("alice", "bob");
        sends(alice, talk, 1, "before");
        bob.nextFrame("message.new");
        String token = tokenNow(bob);
        bob.close();
        sends(alice, talk, MISSED, "missed");

        RawSocket again = resume("bob", token);
        JsonNode greeting = again.nextFrame();
        assertThat(greeting.path("resumed").asBoolean()).isTrue();
        assertMissed(again, 3);
        sends(alice, talk, 1, "after");
        assertThat(number(again.nextFrame())).isEqualTo(3 + MISSED);

        // Whoever lost the connection amid all that begins where it began.
        RawSocket third = resume("bob", greeting.path("resumeToken").asText());
        assertThat(third.nextFrame().path("resumed").asBoolean()).isTrue();
        assertMissed(third, 3);
    }

    @Test
    void tokenOutlivesTheProcessThatGaveIt() throws Exception {
        RawSocket cleo = connect("cleo");
        RawSocket dan = connect("dan");
        String talk = home.direct("cleo", "dan");
        dan.nextFrame("conversation.created");
        String token = tokenNow(dan);
        dan.close();
        sends(cleo, talk, MISSED, "missed");
        cleo.close();

        milena.stop();
        milena.start();
        RawSocket back = connect("cleo");
        RawSocket again = resume("dan", token);

        assertThat(again.nextFrame().path("resumed").asBoolean()).isTrue();
        assertMissed(again, 2);
        sends(back, talk, 1, "after");
        assertThat(number(again.nextFrame())).isEqualTo(2 + MISSED);
    }

    @Test
    void tokenOfSomebodyElseOrSpoiledBeginsAfresh() throws Exception {
        String token = tokenNow(connect("eve"));

        for (String other : List.of(token.substring(1), "x", token.substring(0, token.length() - 1))) {
            assertThat(resume("eve", other).nextFrame().path("resumed").asBoolean(true))
                    .isFalse();
        }
        assertThat(resume("finn", token).nextFrame().path("resumed").asBoolean(true))
                .isFalse();
        assertThat(resume("eve", token).nextFrame().path("resumed").asBoolean()).isTrue();
    }

    @Test
    void streamOfEventsGoesOnBehindItsLastEvent() throws Exception {
        RawSocket gina = connect("gina");
        String talk = home.direct("gina", "hal");
        EventReader first = events("hal", "");
        JsonNode greeting = first.next();
        assertThat(greeting.path("type").asText()).isEqualTo("connected");
        assertThat(greeting.path("resumed").asBoolean(true)).isFalse();
        sends(gina, talk, 2, "m");
        assertThat(number(first.next())).isEqualTo(2);
        String behindTwo = first.lastEventId();
        assertThat(number(first.next())).isEqualTo(3);
        first.close();
        sends(gina, talk, 2, "n");

        EventReader second = events("hal", behindTwo);
        assertThat(second.next().path("resumed").asBoolean()).isTrue();
        assertThat(numbersUpTo(5, second::next, new ArrayList<>())).containsExactly(3L, 4L, 5L);
        sends(gina, talk, 1, "o");
        assertThat(number(second.next())).isEqualTo(6);
        String behindAll = second.lastEventId();
        second.close();

        EventReader third = events("hal", behindAll);
        assertThat(third.next().path("resumed").asBoolean()).isTrue();
        sends(gina, talk, 1, "p");
        assertThat(number(third.next())).isEqualTo(7);
    }

    @Test
    void cursorThatIsRepeatedBringsTheSameAgain() throws Exception {
        RawSocket ivy = connect("ivy");
        String talk = home.direct("ivy", "jim");
        JsonNode begin = poll("jim", "");
        assertThat(begin.at("/frames/0/type").asText()).isEqualTo("connected");
        String cursor = begin.path("cursor").asText();
        assertThat(poll("jim", "?wait=0&cursor=" + cursor).path("frames")).isEmpty();
        sends(ivy, talk, 150, "m");

        JsonNode once = poll("jim", "?cursor=" + cursor);
        JsonNode twice = poll("jim", "?cursor=" + cursor);
        assertThat(once.path("frames")).hasSize(100).isEqualTo(twice.path("frames"));
        assertThat(once.at("/frames/0/type").asText()).isEqualTo("message.new");
        assertThat(number(once.at("/frames/0"))).isEqualTo(2);
        List<Long> rest = new ArrayList<>();
        String next = once.path("cursor").asText();
        while (rest.size() < 50) {
            JsonNode more = poll("jim", "?cursor=" + next);
            more.path("frames").forEach(frame -> rest.add(number(frame)));
            next = more.path("cursor").asText();
        }
        assertThat(rest).isEqualTo(LongStream.rangeClosed(102, 151).boxed().toList());
        JsonNode spoiled = poll("jim", "?cursor=none");
        assertThat(spoiled.at("/frames/0/resumed").asBoolean(true)).isFalse();
    }

    @Test
    void pollWaitsForTheNextFrame() throws Exception {
        RawSocket kim = connect("kim");
        String talk = home.direct("kim", "leo");
        String cursor = poll("leo", "").path("cursor").asText();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = threads.submit(() -> poll("leo", "?wait=25&cursor=" + cursor));
            sends(kim, talk, 1, "m");

            assertThat(number(waiting.get().at("/frames/0"))).isEqualTo(2);
        }
    }
}
