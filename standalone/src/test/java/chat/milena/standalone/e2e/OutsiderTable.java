package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.call.TokenMinter;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/// The conversations that outsiders ask for, who they are, and what a cell of the table must be answered. Safe for all
/// threads.
///
/// Alice is the admin of each group, bob and carol are members, and fred was one; in each something secret was said
/// while he was.
final class OutsiderTable implements AutoCloseable {
    static final String SECRET = "a secret between us";
    private static final String ELSEWHERE = "elsewhere";
    private static final String NOT_FOUND = "CONVERSATION_NOT_FOUND";

    /// Which conversation is asked for.
    enum Target {
        GROUP,
        /// Only admins may post.
        QUIET_GROUP,
        /// Of alice and carol.
        DIRECT,
        UNKNOWN
    }

    private final RunningMilena milena;
    private final Tenant home;
    private final Tenant elsewhere;
    private final TokenMinter minter;
    private final Map<Target, String> ids = new EnumMap<>(Target.class);
    private final String freds;
    private final Map<Target, Integer> events;
    private final Queue<String> tried = new ConcurrentLinkedQueue<>();

    OutsiderTable(RunningMilena milena) throws IOException, InterruptedException {
        this.milena = milena;
        home = Tenant.ofDefault(milena);
        elsewhere = new Tenant(milena, ELSEWHERE);
        minter = TokenMinter.fromFile(milena.data().resolve("operator.secret"), Clock.systemUTC());
        ids.put(Target.GROUP, home.group("alice", "bob", "carol", "fred"));
        ids.put(Target.QUIET_GROUP, home.group("alice", "bob", "carol", "fred"));
        ids.put(Target.DIRECT, home.direct("alice", "carol"));
        ids.put(Target.UNKNOWN, "grp_00000000000000000000000000000000");
        freds = cursor("fred");
        for (Target target : List.of(Target.GROUP, Target.QUIET_GROUP, Target.DIRECT)) {
            assertThat(home.posts("alice", id(target), "secret", SECRET).status())
                    .isEqualTo(201);
        }
        change("PATCH", id(Target.QUIET_GROUP), "{\"settings\":{\"onlyAdminsCanPost\":true}}", 200);
        change("DELETE", id(Target.GROUP) + "/members/fred", "", 204);
        change("DELETE", id(Target.QUIET_GROUP) + "/members/fred", "", 204);
        events = events();
    }

    private void change(String method, String path, String body, int status) throws IOException, InterruptedException {
        Rest.Answer answer = home.rest().call(method, "/api/v1/conversations/" + path, home.tokenOf("alice"), body);
        assertThat(answer.status()).as("%s", answer).isEqualTo(status);
    }

    /// Where this user of the default tenant is in the deliveries now.
    String cursor(String userId) throws IOException, InterruptedException {
        Rest.Answer answer = home.rest().call("GET", "/poll?wait=0", home.tokenOf(userId), "");
        assertThat(answer.body().path("cursor").asText()).as("%s", answer).isNotEmpty();
        return answer.body().path("cursor").asText();
    }

    /// Where fred was while he was in the groups, before anything was said.
    String cursorOfTheFormerMember() {
        return freds;
    }

    RunningMilena milena() {
        return milena;
    }

    Tenant home() {
        return home;
    }

    /// The tenant that this outsider is in.
    Tenant tenant(Outsider outsider) {
        return outsider.isElsewhere() ? elsewhere : home;
    }

    String id(Target target) {
        return ids.get(target);
    }

    String token(Outsider outsider) {
        String user = outsider.userId();
        return switch (outsider) {
            case NOBODY -> "";
            case EXPIRED -> minter.mint(user, "default", Duration.ofMinutes(-1));
            case FORGED ->
                new TokenMinter(
                                "another-secret-of-32-bytes-or-so".getBytes(StandardCharsets.US_ASCII),
                                Clock.systemUTC())
                        .mint(user, "default", Duration.ofHours(1));
            case UNSIGNED -> {
                String signed = minter.mint(user, "default", Duration.ofHours(1));
                yield signed.substring(0, signed.lastIndexOf('.') + 1);
            }
            case OTHER_TENANTS_MODERATOR -> elsewhere.moderator(user);
            case OTHER_TENANTS_ADMIN, OTHER_TENANTS_STRANGER, STRANGER, FORMER_MEMBER, MEMBER ->
                tenant(outsider).tokenOf(user);
        };
    }

    /// The code of a cell; empty where it is no outsider's.
    static String expected(Outsider outsider, Target target, OutsiderAsk.May may) {
        return switch (outsider) {
            case NOBODY, EXPIRED, FORGED, UNSIGNED -> "UNAUTHORIZED";
            case OTHER_TENANTS_ADMIN, OTHER_TENANTS_STRANGER, OTHER_TENANTS_MODERATOR -> NOT_FOUND;
            case STRANGER, FORMER_MEMBER ->
                switch (target) {
                    case GROUP, QUIET_GROUP -> "FORBIDDEN";
                    case DIRECT, UNKNOWN -> NOT_FOUND;
                };
            case MEMBER ->
                switch (target) {
                    case GROUP -> may == OutsiderAsk.May.ADMINS ? "FORBIDDEN" : "";
                    case QUIET_GROUP -> may == OutsiderAsk.May.MEMBERS ? "" : "FORBIDDEN";
                    case DIRECT, UNKNOWN -> NOT_FOUND;
                };
        };
    }

    /// The ids of the conversations that an outsider may not read.
    List<String> hidden(Outsider outsider) {
        return Stream.of(Target.values())
                .filter(target ->
                        !expected(outsider, target, OutsiderAsk.May.MEMBERS).isEmpty())
                .map(this::id)
                .toList();
    }

    /// A cell is being looked at.
    void tries(String cell) {
        tried.add(cell);
    }

    int cells() {
        return tried.size();
    }

    /// It is refused with this code and nothing else is said; where there is nothing, in the same words as of what does
    /// not exist.
    ///
    /// @param error with `error` and `message`; of a call without a good token with `reason` too
    /// @param text all of the answer
    /// @param unknown all of the answer that the unknown conversation gets
    static void assertRefused(String cell, JsonNode error, String text, String code, String unknown) {
        assertThat(error.path("error").asText()).as("%s: %s", cell, text).isEqualTo(code);
        List<String> fields =
                code.equals("UNAUTHORIZED") ? List.of("error", "message", "reason") : List.of("error", "message");
        assertThat(error.fieldNames())
                .toIterable()
                .as("%s: %s", cell, text)
                .containsExactlyInAnyOrderElementsOf(fields);
        if (code.equals(NOT_FOUND)) {
            assertThat(text).as(cell).isEqualTo(unknown);
        }
    }

    /// Nothing was appended to any of the conversations since the beginning, and nobody but members has receipts.
    void assertNothingHappened(String when) throws IOException, InterruptedException {
        assertThat(events()).as("events after " + when).isEqualTo(events);
        for (Target target : List.of(Target.GROUP, Target.QUIET_GROUP, Target.DIRECT)) {
            String path = "/api/v1/conversations/" + id(target) + "/receipts";
            Rest.Answer answer = home.rest().call("GET", path, home.tokenOf("alice"), "");
            assertThat(answer.status()).as("%s", answer).isEqualTo(200);
            assertThat(answer.body().path("receipts").findValuesAsText("userId"))
                    .as("who has receipts after %s: %s", when, answer)
                    .isSubsetOf("alice", "bob", "carol");
        }
    }

    private Map<Target, Integer> events() {
        MessageLog log = MessageLog.of(milena);
        Map<Target, Integer> counts = new EnumMap<>(Target.class);
        ids.forEach((target, id) -> counts.put(target, log.events("default", id).size()));
        return counts;
    }

    @Override
    public void close() {
        home.close();
        elsewhere.close();
    }
}
