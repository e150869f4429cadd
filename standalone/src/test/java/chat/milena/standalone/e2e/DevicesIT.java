package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.cluster.FreePorts;
import chat.milena.runtime.token.TokenSecret;
import chat.milena.runtime.token.TokenSigner;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.testsupport.RedisServer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Devices over everything real: the list, registrations that move, and sign-outs.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DevicesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String DEVICES = "/api/v1/devices";

    @RegisterExtension
    final RedisServer redis = new RedisServer(FreePorts.take(1).getFirst());

    @RegisterExtension
    final RunningMilena milena = new RunningMilena()
            .with("MILENA_REDIS_URL", redis.url().toString())
            .with("MILENA_FCM_PROJECTS", "shop-app")
            .with("MILENA_APNS_TOPICS", "org.example.app");

    private final List<AutoCloseable> open = new ArrayList<>();
    private Tenant home;

    @BeforeEach
    void open() {
        home = new Tenant(milena, "default");
        open.add(home);
        await().atMost(PATIENCE).until(() -> milena.readiness().contains("presence: ready"));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
        open.clear();
    }

    private RawSocket connect(int port, String userId, String deviceId) throws IOException {
        return connectWith(port, home.tokenOf(userId), deviceId);
    }

    private RawSocket connectWith(int port, String token, String deviceId) throws IOException {
        RawSocket socket = RawSocket.ofDevice(port, token, deviceId, "");
        open.add(socket);
        return socket;
    }

    private Rest.Answer call(String method, String path, String userId, String body) throws Exception {
        return home.rest().call(method, path, home.tokenOf(userId), body);
    }

    private static String fcm(String token) {
        return "{\"platform\":\"fcm\",\"token\":\"" + token + "\",\"locale\":\"de-CH\",\"timeZone\":\"Europe/Zurich\"}";
    }

    private Rest.Answer registers(String userId, String deviceId, String token) throws Exception {
        return call("PUT", DEVICES + "/" + deviceId, userId, fcm(token));
    }

    private String token(String userId, @Nullable Instant issuedAt, @Nullable String deviceId) throws IOException {
        TokenSecret secret = TokenSecret.loadOrCreate(milena.data().resolve("token.secret"));
        return new TokenSigner(secret)
                .sign(new VerifiedToken(
                        "default",
                        userId,
                        null,
                        Instant.now().plus(Duration.ofHours(1)),
                        false,
                        false,
                        issuedAt,
                        deviceId));
    }

    private JsonNode device(String userId, String deviceId) throws Exception {
        for (JsonNode line : call("GET", DEVICES, userId, "").body().path("devices")) {
            if (line.path("deviceId").asText().equals(deviceId)) {
                return line;
            }
        }
        return MissingNode.getInstance();
    }

    private static String closeOf(RawSocket socket) throws IOException {
        return socket.closeReason();
    }

    @Test
    void devicesAreListedWithTheirConnectionsAndRegistrations() throws Exception {
        RawSocket laptop = connect(milena.port(), "ann", "laptop");
        laptop.nextFrame("connected");
        RawSocket without = RawSocket.withoutDevice(milena.port(), home.tokenOf("ann"));
        open.add(without);

        Rest.Answer registered = registers("ann", "phone", "token-of-ann");
        assertThat(registered.status()).as(registered.text()).isEqualTo(200);
        assertThat(registered.text()).doesNotContain("token-of-ann");
        assertThat(registered.body().path("push").path("platform").asText()).isEqualTo("fcm");
        assertThat(registered.body().path("push").path("appId").asText()).isEqualTo("shop-app");
        assertThat(registered.body().path("connected").asBoolean(true)).isFalse();
        assertThat(registered.body().path("lastSeen").isNull()).isTrue();
        assertThat(laptop.nextFrame("device.updated").path("payload").toString())
                .isEqualTo("{\"deviceId\":\"phone\",\"removed\":false}");

        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode list = call("GET", DEVICES, "ann", "").body().path("devices");
            assertThat(list).hasSize(3);
            assertThat(device("ann", "laptop").path("connected").asBoolean()).isTrue();
            assertThat(list.findValuesAsText("deviceId")).anyMatch(id -> id.startsWith("~conn_"));
        });
        assertThat(call("GET", DEVICES, "ben", "").text()).isEqualTo("{\"devices\":[]}");

        laptop.close();
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(device("ann", "laptop").path("connected").asBoolean(true))
                    .isFalse();
            assertThat(device("ann", "laptop").path("lastSeen").longValue()).isPositive();
        });
    }

    @Test
    void sameRegistrationAgainWritesNothing() throws Exception {
        RawSocket laptop = connect(milena.port(), "cid", "laptop");
        laptop.nextFrame("connected");
        JsonNode first = registers("cid", "phone", "token-of-cid").body();
        assertThat(registers("cid", "phone", "token-of-cid").body()).isEqualTo(first);
        registers("cid", "phone", "another-token");

        assertThat(laptop.nextFrame("device.updated")).isNotNull();
        assertThat(laptop.nextFrame("device.updated")).isNotNull();
        laptop.text("{\"type\":\"heartbeat\",\"id\":\"h\"}");
        assertThat(laptop.nextFrame().path("type").asText())
                .as("no third one before it")
                .isEqualTo("heartbeat");
    }

    @Test
    void tokenMovesAcrossUsersAndTenantsAndThatOutlivesACrash() throws Exception {
        Tenant other = new Tenant(milena, "other");
        open.add(other);
        registers("dot", "phone", "moving-token");
        assertThat(device("dot", "phone").path("push").isMissingNode()).isFalse();

        Rest.Answer moved = other.rest().call("PUT", DEVICES + "/tablet", other.tokenOf("eve"), fcm("moving-token"));
        assertThat(moved.status()).as(moved.text()).isEqualTo(200);

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(device("dot", "phone").path("push").isMissingNode())
                                .isTrue());
        milena.kill9();
        milena.start();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(other.rest()
                                .call("GET", DEVICES, other.tokenOf("eve"), "")
                                .body()
                                .at("/devices/0/push/platform")
                                .asText())
                        .isEqualTo("fcm"));
        assertThat(device("dot", "phone").path("push").isMissingNode()).isTrue();
        registers("dot", "phone", "moving-token");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(other.rest()
                                .call("GET", DEVICES, other.tokenOf("eve"), "")
                                .text())
                        .doesNotContain("fcm"));
    }

    @Test
    void signOutClosesTheDeviceAtEveryGatewayAndItsEarlierTokens() throws Exception {
        String early = token("fay", Instant.now(), null);
        try (SecondGateway second = new SecondGateway(milena, redis.url().toString(), Set.of())) {
            RawSocket here = connectWith(milena.port(), early, "phone");
            RawSocket there = connectWith(second.port(), early, "phone");
            RawSocket laptop = connect(milena.port(), "fay", "laptop");
            for (RawSocket socket : List.of(here, there, laptop)) {
                socket.nextFrame("connected");
            }
            registers("fay", "phone", "token-of-fay");

            assertThat(call("DELETE", DEVICES + "/phone", "fay", "").status()).isEqualTo(204);

            assertThat(closeOf(here)).isEqualTo("4401 signed out");
            assertThat(closeOf(there)).isEqualTo("4401 signed out");
            laptop.nextFrame("device.updated");
            assertThat(laptop.nextFrame("device.updated").path("payload").toString())
                    .isEqualTo("{\"deviceId\":\"phone\",\"removed\":true}");
        }

        assertThat(closeOf(connectWith(milena.port(), early, "phone"))).isEqualTo("4401 signed out");
        assertThat(closeOf(connectWith(milena.port(), token("fay", null, null), "phone")))
                .isEqualTo("4401 signed out");
        Rest.Answer push = home.rest().call("PUT", DEVICES + "/phone", early, fcm("token-of-fay"));
        assertThat(push.status()).as(push.text()).isEqualTo(401);
        assertThat(push.body().path("reason").asText()).isEqualTo("signed out");
        assertThat(home.rest().call("GET", DEVICES, early, "").status())
                .as("a token without the claim serves on")
                .isEqualTo(200);
        connectWith(milena.port(), early, "another").nextFrame("connected");
        connectWith(milena.port(), token("fay", Instant.now().plusMillis(1), null), "phone")
                .nextFrame("connected");

        milena.kill9();
        milena.start();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(closeOf(connectWith(milena.port(), early, "phone")))
                        .isEqualTo("4401 signed out"));
    }

    @Test
    void signOutEndsStreamsAndPolls() throws Exception {
        String early = token("gil", Instant.now(), null);
        HttpClient http = HttpClient.newHttpClient();
        CompletableFuture<HttpResponse<Stream<String>>> stream =
                http.sendAsync(request("/events?device_id=phone", early), HttpResponse.BodyHandlers.ofLines());
        List<String> lines = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> ended =
                stream.thenAcceptAsync(answer -> answer.body().forEach(lines::add));
        String cursor = Rest.JSON
                .readTree(http.send(request("/poll?device_id=phone", early), HttpResponse.BodyHandlers.ofString())
                        .body())
                .path("cursor")
                .asText();
        CompletableFuture<HttpResponse<String>> poll = http.sendAsync(
                request("/poll?device_id=phone&cursor=" + cursor, early), HttpResponse.BodyHandlers.ofString());
        await().atMost(PATIENCE)
                .until(() -> device("gil", "phone").path("connected").asBoolean());
        await().atMost(PATIENCE).until(() -> !lines.isEmpty());

        call("DELETE", DEVICES + "/phone", "gil", "");

        assertThat(poll.get().statusCode()).as(poll.get().body()).isEqualTo(401);
        assertThat(poll.get().body()).contains("\"reason\":\"signed out\"");
        ended.get();
        HttpResponse<String> again =
                http.send(request("/poll?device_id=phone", early), HttpResponse.BodyHandlers.ofString());
        assertThat(again.statusCode()).isEqualTo(401);
        assertThat(again.body()).contains("\"reason\":\"signed out\"");
        assertThat(http.send(request("/events?device_id=no%20id", early), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(400);
    }

    private HttpRequest request(String path, String token) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + milena.port() + path))
                .header("Authorization", "Bearer " + token)
                .timeout(PATIENCE)
                .build();
    }

    @Test
    void tokenOfOneDeviceIsGoodForThatAloneAndForNothingAfterItsSignOut() throws Exception {
        String bound = token("hal", Instant.now(), "phone");
        connectWith(milena.port(), bound, "phone").nextFrame("connected");
        assertThat(closeOf(connectWith(milena.port(), bound, "laptop"))).isEqualTo("4401 token bad");
        for (String method : List.of("DELETE", "PUT")) {
            Rest.Answer other = home.rest().call(method, DEVICES + "/laptop", bound, fcm("x"));
            assertThat(other.status()).as(other.text()).isEqualTo(401);
        }
        assertThat(home.rest().call("GET", DEVICES, bound, "").status()).isEqualTo(200);

        assertThat(home.rest().call("DELETE", DEVICES + "/phone", bound, "").status())
                .isEqualTo(204);

        for (String path : List.of("GET " + DEVICES, "PUT /api/v1/users/me", "DELETE /api/v1/blocks/x")) {
            String[] parts = path.split(" ", 2);
            Rest.Answer dead = home.rest().call(parts[0], parts[1], bound, "{}");
            assertThat(dead.status()).as(path + " " + dead.text()).isEqualTo(401);
            assertThat(dead.body().path("reason").asText()).isEqualTo("signed out");
        }
    }

    @Test
    void connectionWithoutADeviceIsEndedByItsName() throws Exception {
        RawSocket socket = RawSocket.withoutDevice(milena.port(), home.tokenOf("ida"));
        open.add(socket);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(call("GET", DEVICES, "ida", "").body().path("devices"))
                                .hasSize(1));
        String name =
                call("GET", DEVICES, "ida", "").body().at("/devices/0/deviceId").asText();

        assertThat(call("DELETE", DEVICES + "/" + name, "jon", "").status())
                .as("of somebody else: nothing")
                .isEqualTo(204);
        assertThat(call("PUT", DEVICES + "/" + name, "ida", fcm("x")).status()).isEqualTo(400);
        assertThat(call("DELETE", DEVICES + "/" + name, "ida", "").status()).isEqualTo(204);

        assertThat(closeOf(socket)).isEqualTo("4401 signed out");
    }

    @Test
    void notificationsOfAUserAndOfAConversation() throws Exception {
        String talk = home.direct("kim", "lee");
        String path = "/api/v1/conversations/" + talk + "/notifications";
        String own = "/api/v1/users/me/notifications";
        RawSocket socket = connect(milena.port(), "kim", "laptop");
        socket.nextFrame("connected");
        assertThat(call("GET", own, "kim", "").text()).isEqualTo("{\"level\":\"all\",\"preview\":\"full\"}");
        assertThat(call("GET", path, "kim", "").text())
                .isEqualTo("{\"conversationId\":\"" + talk
                        + "\",\"level\":null,\"effectiveLevel\":\"all\",\"muted\":false}");

        Rest.Answer changed = call(
                "PUT", own, "kim", "{\"level\":\"mentions\",\"quietHours\":{\"from\":\"22:00\",\"to\":\"07:00\"}}");
        assertThat(changed.text())
                .isEqualTo(
                        "{\"level\":\"mentions\",\"preview\":\"full\",\"quietHours\":{\"from\":\"22:00\",\"to\":\"07:00\"}}");
        assertThat(socket.nextFrame("notifications.updated").path("payload")).isEqualTo(changed.body());
        assertThat(call("GET", own, "kim", "").text()).isEqualTo(changed.text());
        call("PUT", "/api/v1/users/me", "kim", "{\"name\":\"Kim\"}");
        assertThat(call("GET", own, "kim", "").text())
                .as("a profile does not lose them")
                .isEqualTo(changed.text());
        assertThat(call("GET", "/api/v1/users/me", "kim", "").text()).doesNotContain("quietHours");

        assertThat(call("PUT", path, "kim", "{\"level\":\"none\"}").text())
                .isEqualTo("{\"conversationId\":\"" + talk
                        + "\",\"level\":\"none\",\"effectiveLevel\":\"none\",\"muted\":false}");
        assertThat(socket.nextFrame("notifications.updated").path("payload").toString())
                .isEqualTo("{\"conversationId\":\"" + talk + "\",\"level\":\"none\"}");
        call("PATCH", "/api/v1/conversations/" + talk + "/personal", "kim", "{\"pinned\":true}");
        long until = Instant.now().plusSeconds(3_600).toEpochMilli();
        call("PUT", "/api/v1/conversations/" + talk + "/mute", "kim", "{\"until\":" + until + "}");
        assertThat(call("PUT", path, "kim", "{\"level\":null}").text())
                .isEqualTo("{\"conversationId\":\"" + talk
                        + "\",\"level\":null,\"effectiveLevel\":\"mentions\",\"muted\":true,\"mutedUntil\":" + until
                        + "}");
        assertThat(call("GET", "/api/v1/conversations/" + talk, "kim", "").status())
                .isEqualTo(200);
        assertThat(call("GET", path, "mia", "").status()).as("an outsider").isEqualTo(404);
        assertThat(call("PUT", path, "mia", "{\"level\":\"all\"}").status()).isEqualTo(404);
    }

    @Test
    void tokensOfDevicesAreNowhereOnTheDisk() throws Exception {
        String secret = "do-not-find-this-token-" + "x".repeat(40);
        assertThat(registers("ned", "phone", secret).status()).isEqualTo(200);
        call("DELETE", DEVICES + "/phone/push", "ned", "");
        registers("ned", "phone", secret);

        byte[] bytes = secret.getBytes(StandardCharsets.US_ASCII);
        try (Stream<Path> files = Files.walk(milena.data())) {
            assertThat(files.filter(Files::isRegularFile).filter(file -> holds(file, bytes)))
                    .isEmpty();
        }
    }

    private static boolean holds(Path file, byte[] bytes) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                    .contains(new String(bytes, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return false;
        }
    }
}
