package chat.milena.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.protocol.json.Json;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.http.AllowedOrigins;
import chat.milena.runtime.http.HttpConfig;
import chat.milena.runtime.http.HttpFront;
import chat.milena.runtime.http.TrustedProxies;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.runtime.time.Ticker;
import chat.milena.runtime.token.ClaimRules;
import chat.milena.runtime.token.Exemptions;
import chat.milena.runtime.token.JwksConfig;
import chat.milena.runtime.token.JwksKeys;
import chat.milena.runtime.token.SignedTokenVerifier;
import chat.milena.runtime.token.TokenSecret;
import chat.milena.runtime.token.TokenSigner;
import chat.milena.runtime.token.VerifiedToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class DevSignInTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final TokenSecret SECRET = TokenSecret.random();

    private final AtomicLong nanos = new AtomicLong();
    private final Readiness readiness = new Readiness();
    private final HttpFront front = new HttpFront(
            HttpConfig.of("127.0.0.1", 0)
                    .behind(
                            TrustedProxies.of(Settings.ofEnvironment(Map.of("MILENA_TRUSTED_PROXIES", "127.0.0.1"))),
                            Duration.ofSeconds(75)),
            readiness,
            AllowedOrigins.ANY,
            new SimpleMeterRegistry());

    @BeforeEach
    void start() throws IOException {
        readiness.set(Readiness.START, true, "");
        front.mountAlways(
                "/dev/token", new DevSignIn(front, new TokenSigner(SECRET), Set.of("carol"), CLOCK, nanos::get));
        front.start();
    }

    @AfterEach
    void stop() {
        front.stop(Duration.ofSeconds(1));
    }

    /// A call of the page, with some of it replaced; `PORT` stands for the port.
    private RawCall call(String from, String to, String body) throws IOException {
        String request = "POST /dev/token HTTP/1.1|Host: localhost:PORT|Origin: http://localhost:PORT"
                + "|Sec-Fetch-Site: same-origin|Content-Type: application/json|Connection: close|Content-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "|";
        assertThat(request).contains(from);
        return RawCall.send(
                front.port(), request.replace(from, to).replace("PORT", Integer.toString(front.port())) + "|" + body);
    }

    private JsonNode signIn(String name) throws IOException {
        RawCall answer = call("", "", "{\"name\":\"" + name + "\"}");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return Json.parse(answer.body()).orElseThrow();
    }

    private static VerifiedToken verified(JsonNode signedIn) throws Exception {
        Settings none = Settings.ofEnvironment(Map.of());
        return new SignedTokenVerifier(
                        List.of(SECRET),
                        new JwksKeys(JwksConfig.of(none), Ticker.system()).keys(),
                        Exemptions.of(none, List.of()),
                        ClaimRules.DEFAULT,
                        CLOCK)
                .verify(signedIn.path("token").asText());
    }

    @Test
    void nameInTheAlphabetOfIdsIsTheUserId() throws Exception {
        JsonNode signedIn = signIn("alice");

        assertThat(signedIn.path("userId").asText()).isEqualTo("alice");
        assertThat(signedIn.path("expiresAt").asLong())
                .isEqualTo(Instant.parse("2026-01-02T04:04:05Z").toEpochMilli());
        assertThat(verified(signedIn))
                .isEqualTo(new VerifiedToken(
                        "default",
                        "alice",
                        null,
                        Instant.parse("2026-01-02T04:04:05Z"),
                        false,
                        false,
                        CLOCK.instant(),
                        null));
    }

    @Test
    void onlyNamedUsersAreModerators() throws Exception {
        assertThat(verified(signIn("carol")).moderator()).isTrue();
        assertThat(verified(signIn("Carol")).moderator()).isFalse();
        assertThat(verified(signIn("alice")).moderator()).isFalse();
    }

    @Test
    void otherNamesHaveAnIdOfTheirSpellingInNfc() throws Exception {
        VerifiedToken composed = verified(signIn("Zo\u00eb M\u00fcller"));
        VerifiedToken decomposed = verified(signIn("Zoe\u0308 Mu\u0308ller"));

        assertThat(composed.userId()).matches("u_[0-9a-f]{16}").isEqualTo(decomposed.userId());
        assertThat(composed.name()).isEqualTo("Zo\u00eb M\u00fcller");
        assertThat(decomposed.name()).isEqualTo("Zoe\u0308 Mu\u0308ller");
        assertThat(verified(signIn("Zoe M\u00fcller")).userId()).isNotEqualTo(composed.userId());
    }

    @Test
    void answerIsNotKeptAndNoOtherWebsiteReadsIt() throws IOException {
        RawCall answer = call("", "", "{\"name\":\"alice\"}");

        assertThat(answer.field("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.field("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.head()).doesNotContain("Access-Control");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Without it, or once more.
                "Origin: http://localhost:PORT -> X: x",
                "Content-Type: application/json -> X: x",
                "Origin: http://localhost:PORT -> Origin: http://localhost:PORT|Origin: http://localhost:PORT",
                // Of another host or port: a name that was made to lead here, too.
                "Host: localhost:PORT|Origin: http://localhost:PORT -> Host: evil.example:PORT|Origin: http://evil.example:PORT",
                "Host: localhost:PORT|Origin: http://localhost:PORT -> Host: localhost:1|Origin: http://localhost:1",
                "Host: localhost:PORT|Origin: http://localhost:PORT -> Host: localhost|Origin: http://localhost",
                "Host: localhost:PORT -> Host: localhost.evil.example:PORT",
                "POST /dev/token -> POST http://localhost:PORT/dev/token",
                // Of another website.
                "Origin: http://localhost:PORT -> Origin: https://localhost:PORT",
                "Origin: http://localhost:PORT -> Origin: http://127.0.0.1:PORT",
                "Origin: http://localhost:PORT -> Origin: http://localhost:3000",
                "Origin: http://localhost:PORT -> Origin: https://evil.example",
                "Origin: http://localhost:PORT -> Origin: null",
                "same-origin -> same-site",
                "same-origin -> cross-site",
                "same-origin -> none",
                "same-origin -> same-origin|Sec-Fetch-Site: cross-site",
                // What a page may send to another website without asking.
                "application/json -> text/plain",
                "application/json -> application/x-www-form-urlencoded",
                "application/json -> text/plain; application/json",
                // Through a proxy, trusted or not.
                "Connection: close -> Connection: close|Forwarded: for=127.0.0.1",
                "Connection: close -> Connection: close|X-Forwarded-For: 127.0.0.1",
                "Connection: close -> Connection: close|x-forwarded-host: localhost",
                "Connection: close -> Connection: close|X-Forwarded-Anything: x",
                "Connection: close -> Connection: close|X-Real-IP: 127.0.0.1",
                "Connection: close -> Connection: close|Via: 1.1 proxy",
                // Another method, another path.
                "POST -> GET",
                "POST -> PUT",
                "POST -> OPTIONS",
                "POST /dev/token HTTP/1.1 -> OPTIONS /dev/token HTTP/1.1|Access-Control-Request-Method: POST",
                "/dev/token -> /dev/token/",
                "/dev/token -> /dev/%74oken",
                "/dev/token -> /dev/token;x",
            })
    void allElseIsAnUnknownPath(String replaced) throws IOException {
        String[] fromTo = replaced.split(" -> ", 2);
        RawCall answer = call(fromTo[0], fromTo[1], "{\"name\":\"alice\"}");

        assertThat(answer.status()).as(answer.toString()).isEqualTo(404);
        assertThat(answer.body())
                .isEqualTo(RawCall.send(front.port(), "GET /nowhere HTTP/1.1|Host: localhost|Connection: close||")
                        .body());
        if (!replaced.contains("/dev/token -> /dev/")) {
            assertThat(answer.head()).doesNotContain("Access-Control");
        }
    }

    /// Whatever the path is.
    @Test
    void requestWithoutOneHostIsNone() throws IOException {
        for (String hosts : List.of("X: x", "Host: localhost:PORT|Host: localhost:PORT")) {
            assertThat(call("Host: localhost:PORT", hosts, "{\"name\":\"alice\"}")
                            .status())
                    .isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "[::1]"})
    void everyNameOfThisMachineServes(String host) throws IOException {
        assertThat(call("localhost:PORT", host + ":PORT", "{\"name\":\"alice\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void olderBrowsersSendNoFetchSite() throws IOException {
        assertThat(call("Sec-Fetch-Site: same-origin|", "", "{\"name\":\"alice\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void whatIsNoNameIsRefusedInWords() throws IOException {
        for (String body : List.of("", "[]", "{}", "{\"name\":\"\"}", "{\"name\":7}", "{\"name\":\"a\\u202Eb\"}")) {
            RawCall answer = call("", "", body);
            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(answer.body()).contains("INVALID_REQUEST");
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        }
        assertThat(call("", "", "{\"name\":\"" + "\u00e9".repeat(101) + "\"}").body())
                .contains("name: must be 1 to 100 characters");
        assertThat(call("", "", "{\"name\":\"" + "x".repeat(5_000) + "\"}").status())
                .isEqualTo(413);
    }

    @Test
    void sixthInASecondIsTooMany() throws IOException {
        for (int i = 0; i < 5; i++) {
            assertThat(call("", "", "{\"name\":\"alice\"}").status()).isEqualTo(200);
        }

        RawCall sixth = call("", "", "{\"name\":\"alice\"}");

        assertThat(sixth.status()).isEqualTo(429);
        assertThat(sixth.field("Retry-After")).isEqualTo("1");
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(call("", "", "{\"name\":\"alice\"}").status()).isEqualTo(200);
    }
}
