package chat.milena.bench.hostile;

import chat.milena.bench.call.HttpAnswer;
import chat.milena.bench.call.KeptTokens;
import chat.milena.bench.call.RawFrames;
import chat.milena.bench.call.RestClient;
import chat.milena.bench.client.TokenSource;
import chat.milena.bench.client.UsageFailure;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The prerequisites of floods: the server, ordinary users of it, and the conversations that these users created.
///
/// Not thread-safe except for [#token] and [#handshake].
final class Arena {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MESSAGES_EACH = 10;
    private static final int TEXT_CODE_POINTS = 4000;
    private static final int ID_CHARACTERS = 60;

    private final URI server;
    private final RestClient rest;
    private final TokenSource tokens;
    private final Requests requests;
    private final String prefix = "hostile-" + UUID.randomUUID().toString().substring(0, 8) + "-";
    private final RandomGenerator random = new SplittableRandom();
    private final int users;
    private @Nullable String filled;

    /// @param users the number of attacking users
    Arena(URI server, RestClient rest, TokenSource tokens, int users) {
        this.server = server;
        this.rest = rest;
        this.tokens = new KeptTokens(tokens);
        this.users = users;
        this.requests = new Requests(server);
    }

    Requests requests() {
        return requests;
    }

    RandomGenerator random() {
        return random;
    }

    String user(int number) {
        return prefix + number % users;
    }

    String token(int number) {
        return tokens.tokenFor(user(number));
    }

    byte[] handshake(int number) {
        return RawFrames.handshake(server, "device-" + number, token(number), new SplittableRandom(number));
    }

    byte[] handshake(String token) {
        return RawFrames.handshake(server, "device", token, random);
    }

    /// An id of a user who does not exist, of nearly the maximum length.
    String stranger(int number) {
        String name = prefix + "stranger-" + number + "-";
        return name + "x".repeat(Math.max(0, ID_CHARACTERS - name.length()));
    }

    List<String> strangers(int from, int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(stranger(from + i));
        }
        return ids;
    }

    /// A body such as `{"participantIds":["a","b"]}`, with a name.
    static byte[] naming(String field, List<String> userIds) {
        ObjectNode body = JSON.createObjectNode().put("name", "hostile");
        userIds.forEach(body.putArray(field)::add);
        return Requests.bytes(body.toString());
    }

    /// For each user a cursor of their stream, from which a poll waits for the next event.
    List<String> cursors() throws InterruptedException {
        List<String> cursors = new ArrayList<>();
        for (int i = 0; i < users; i++) {
            HttpAnswer answer = rest.call(user(i), "GET", "/poll", null);
            if (!answer.ok()) {
                throw new UsageFailure("a poll of the floods' own: " + answer.refusal());
            }
            cursors.add(answer.json().path("cursor").asText());
        }
        return cursors;
    }

    /// A group of the user with this number and one stranger.
    String group(int number) throws InterruptedException {
        return rest.createGroup(user(number), "hostile", List.of(stranger(0)));
    }

    /// A group of all users with as many bytes as they may send in a moment. Filled at the first request.
    String filledConversation() throws InterruptedException {
        String known = filled;
        if (known != null) {
            return known;
        }
        List<String> others = new ArrayList<>();
        for (int i = 1; i < users; i++) {
            others.add(user(i));
        }
        String id = rest.createGroup(user(0), "hostile", others);
        for (int i = 0; i < users * MESSAGES_EACH; i++) {
            ObjectNode body =
                    JSON.createObjectNode().put("messageId", UUID.randomUUID().toString());
            // Four bytes a character, and no two texts alike: a store would compress equal ones to nothing.
            StringBuilder text = new StringBuilder(2 * TEXT_CODE_POINTS);
            random.ints(TEXT_CODE_POINTS, 0x20000, 0x2A000).forEach(text::appendCodePoint);
            body.putObject("content").put("type", "text").put("text", text.toString());
            HttpAnswer answer = rest.call(user(i), "POST", "/api/v1/conversations/" + id + "/messages", body);
            if (!answer.ok()) {
                throw new UsageFailure("a message of the floods' own conversation: " + answer.refusal());
            }
        }
        filled = id;
        return id;
    }
}
