package chat.milena.runtime.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import chat.milena.testsupport.MovableClock;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// Published keys over time: rotation, outages, and URLs that misbehave.
@Timeout(60)
class JwksKeysTest {
    private static final Duration OUTAGE = Duration.ofHours(24);
    private static final Duration REFRESH = Duration.ofMinutes(5);
    private static final Duration REFETCH = Duration.ofSeconds(10);
    private static final Duration WITHIN = Duration.ofSeconds(10);
    /// For fetches that never end; long enough for one that does.
    private static final Duration SOON = Duration.ofSeconds(3);
    private static final int BYTES_MAX = 16 * 1024;

    private final MovableClock clock = new MovableClock();
    private JwksServer server;
    private JwksServer elsewhere;
    private JwksKeys keys;
    private TokenVerifier verifier;
    private ECKey first;
    private ECKey second;

    @BeforeEach
    void start() throws Exception {
        server = new JwksServer();
        elsewhere = new JwksServer();
        first = TestKeys.ec("first");
        second = TestKeys.ec("second");
        open(WITHIN);
    }

    private void open(Duration fetchWithin) {
        keys = new JwksKeys(
                new JwksConfig(
                        List.of(new KeySource(server.url(), null)), OUTAGE, REFRESH, REFETCH, fetchWithin, BYTES_MAX),
                clock::nanos);
        verifier = new SignedTokenVerifier(List.of(), keys.keys(), ClaimRules.DEFAULT, clock);
    }

    @AfterEach
    void stop() {
        keys.close();
        server.close();
        elsewhere.close();
    }

    @Test
    void keysAreFetchedOnceHoweverManyTokens() throws Exception {
        server.publish(first);

        for (int i = 0; i < 100; i++) {
            verify(first);
        }

        assertThat(server.requests).hasValue(1);
    }

    @Test
    void keysAreFetchedAtTheStartAndThenInTheBackground() throws Exception {
        server.publish(first);
        keys.start();
        awaitRequests(1);
        awaitKnown(first);

        server.publish(first, second);
        keys.refreshIfDue();
        clock.advance(REFRESH.minusMillis(1));
        keys.refreshIfDue();
        assertThat(server.requests).hasValue(1);
        clock.advance(Duration.ofMillis(1));
        keys.refreshIfDue();

        awaitRequests(2);
        awaitKnown(second);
        assertThat(server.requests).hasValue(2);
    }

    @Test
    void clockThatIsSetMakesNoKeyOldAndKeepsNobodyFromFetching() throws Exception {
        server.publish(first);
        keys.refreshIfDue();
        awaitKnown(first);

        clock.set(OUTAGE.multipliedBy(2));
        keys.refreshIfDue();
        verify(first);
        assertThat(server.requests).hasValue(1);

        clock.set(OUTAGE.multipliedBy(-4));
        server.publish(first, second);
        clock.advance(REFRESH);
        keys.refreshIfDue();
        awaitKnown(second);
    }

    @Test
    void newKeyIsFetchedAtOnceWithItsFirstToken() throws Exception {
        server.publish(first);
        keys.refreshIfDue();
        awaitKnown(first);

        server.publish(second);
        verify(second);

        assertThat(server.requests).hasValue(2);
        assertThatThrownBy(() -> verify(first)).isInstanceOf(InvalidTokenException.class);
    }

    @Test
    void unknownKeysCauseOneFetchInAWhile() throws Exception {
        server.publish(first);
        keys.refreshIfDue();
        awaitKnown(first);

        for (int i = 0; i < 50; i++) {
            ECKey unknown = new ECKey.Builder(second).keyID("k" + i).build();
            assertThatThrownBy(() -> verify(unknown))
                    .isInstanceOf(InvalidTokenException.class)
                    .hasMessageContaining("unknown key");
        }
        assertThat(server.requests).hasValue(2);

        clock.advance(REFETCH);
        server.publish(first, second);
        verify(second);
        assertThat(server.requests).hasValue(3);
    }

    @Test
    void burstOfUnknownKeysIsBoundedAndLeavesKnownOnesAlone() throws Exception {
        keys.close();
        open(Duration.ofSeconds(50));
        server.publish(first);
        keys.refreshIfDue();
        awaitKnown(first);
        server.hangs();
        int refused = 100;
        String unknown = token(second);

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> checks = new ArrayList<>();
            for (int i = 0; i < PublicKeys.WAITING_MAX + refused; i++) {
                checks.add(threads.submit(() -> verifier.verify(unknown)));
            }
            await().until(() -> checks.stream().filter(Future::isDone).count() == refused);
            for (int i = 0; i < 100; i++) {
                verify(first);
            }
            assertThat(checks.stream().filter(Future::isDone)).hasSize(refused);

            server.close();
            for (Future<?> check : checks) {
                assertThatThrownBy(check::get)
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(TokenKeysUnavailableException.class);
            }
        }
        assertThat(server.requests).hasValue(2);
    }

    @Test
    void expiredTokenMakesNobodyFetchAKey() throws Exception {
        server.publish(first);
        String jwt = token(second);
        clock.advance(Duration.ofHours(2));

        assertThatThrownBy(() -> verifier.verify(jwt)).isInstanceOf(InvalidTokenException.ExpiredException.class);
        assertThat(server.requests).hasValue(0);
    }

    @Test
    void withoutAnyKeysTokensAreNeitherGoodNorBad() throws Exception {
        assertThatThrownBy(() -> verify(first)).isInstanceOf(TokenKeysUnavailableException.class);
        assertThatThrownBy(() -> verify(first)).isInstanceOf(TokenKeysUnavailableException.class);
        assertThat(server.requests).hasValue(1);

        server.publish(first);
        clock.advance(REFETCH);

        verify(first);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "down",
                "missing",
                "garbage",
                "empty",
                "null",
                "no keys",
                "no usable keys",
                "broken key",
                "deep",
                "not UTF-8",
                "hangs",
                "drips",
                "floods",
                "redirects",
                "gone"
            })
    void lastGoodKeysServeOnThroughAnOutage(String outage) throws Exception {
        if (outage.equals("hangs") || outage.equals("drips")) {
            keys.close();
            open(SOON);
        }
        server.publish(first);
        keys.refreshIfDue();
        awaitKnown(first);

        begin(outage);
        clock.advance(REFRESH);
        keys.refreshIfDue();
        assertThatThrownBy(() -> verify(second)).isInstanceOf(TokenKeysUnavailableException.class);
        verify(first);
        clock.advance(OUTAGE.minus(REFRESH).minusMillis(1));
        verify(first);

        clock.advance(Duration.ofMillis(1));
        assertThatThrownBy(() -> verify(first)).isInstanceOf(TokenKeysUnavailableException.class);
    }

    private void begin(String outage) throws Exception {
        switch (outage) {
            case "down" -> server.answers(503, "");
            case "missing" -> server.answers(404, "<html>not here</html>");
            case "garbage" -> server.answers(200, "<html>a captive portal</html>");
            case "empty" -> server.answers(200, "");
            case "null" -> server.answers(200, "null");
            case "no keys" -> server.answers(200, "{\"keys\":[]}");
            case "no usable keys" -> server.answers(200, "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}");
            case "broken key" -> server.answers(200, "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"A\"}]}");
            case "deep" -> server.answers(200, "[".repeat(BYTES_MAX - 10));
            case "not UTF-8" -> server.answers(200, "{\"keys\":\"\u00ff\"}");
            case "hangs" -> server.hangs();
            case "drips" -> server.drips();
            case "floods" -> server.floods(64L * 1024 * 1024);
            case "redirects" -> {
                elsewhere.publish(second);
                server.redirectsTo(elsewhere.url());
            }
            default -> server.close();
        }
    }

    @Test
    void recoveryIsNoticedSoonAfterAnOutage() throws Exception {
        server.publish(first);
        keys.refreshIfDue();
        awaitKnown(first);
        server.answers(503, "");
        clock.advance(REFRESH);
        keys.refreshIfDue();
        awaitRequests(2);

        server.publish(first, second);
        await().untilAsserted(() -> {
            clock.advance(REFETCH);
            keys.refreshIfDue();
            assertThat(server.requests).hasValueGreaterThan(2);
        });

        awaitKnown(second);
    }

    @Test
    void logNamesAUrlWithoutWhatMayBeSecretInIt() throws Exception {
        URI secret = URI.create(server.url() + "?key=hunter2");
        JwksConfig config =
                new JwksConfig(List.of(new KeySource(secret, null)), OUTAGE, REFRESH, REFETCH, WITHIN, BYTES_MAX);
        try (CapturedLog log = new CapturedLog();
                JwksKeys other = new JwksKeys(config, clock::nanos)) {
            other.refreshIfDue();
            await().until(() -> !log.lines().isEmpty());
            server.publish(first);
            await().until(() -> {
                clock.advance(REFETCH);
                other.refreshIfDue();
                return log.lines().size() == 2;
            });

            assertThat(log.lines())
                    .allSatisfy(line -> assertThat(line)
                            .contains(server.url().toString())
                            .doesNotContain("hunter2")
                            .doesNotContain("key="));
        }
    }

    @Test
    void oddKeyIsPassedOverWithOneLineHoweverOftenItIsFetched() throws Exception {
        String odd = "{\"kty\":\"EC\",\"crv\":\"brainpoolP256r1\",\"x\":\"AQ\",\"y\":\"AQ\",\"kid\":\"brain\"}";
        server.answers(200, "{\"keys\":[" + odd + "," + first.toPublicJWK() + "]}");
        try (CapturedLog log = new CapturedLog()) {
            verify(first);
            for (int fetches = 2; fetches <= 4; fetches++) {
                int before = fetches;
                clock.advance(REFRESH);
                await().until(() -> {
                    keys.refreshIfDue();
                    return server.requests.get() >= before;
                });
            }
            verify(first);

            assertThat(log.lines()).singleElement().asString().contains("brain (");
        }
    }

    /// What the endpoints log meanwhile.
    private static final class CapturedLog implements AutoCloseable {
        private final Logger logger = (Logger) LoggerFactory.getLogger(JwksEndpoint.class);
        private final ListAppender<ILoggingEvent> log = new ListAppender<>();
        private final Level usual = logger.getLevel();

        private CapturedLog() {
            log.start();
            logger.setLevel(Level.INFO);
            logger.addAppender(log);
        }

        private List<String> lines() {
            return List.copyOf(log.list).stream()
                    .map(ILoggingEvent::getFormattedMessage)
                    .toList();
        }

        @Override
        public void close() {
            logger.detachAppender(log);
            logger.setLevel(usual);
        }
    }

    @Test
    void closingReleasesThoseWhoWait() throws Exception {
        server.hangs();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> check = threads.submit(() -> verifier.verify(token(first)));
            awaitRequests(1);

            keys.close();

            assertThatThrownBy(check::get).hasCauseInstanceOf(TokenKeysUnavailableException.class);
        }
        clock.advance(REFETCH);
        assertThatThrownBy(() -> verify(first)).isInstanceOf(TokenKeysUnavailableException.class);
    }

    private void awaitRequests(int count) {
        await().until(() -> server.requests.get() >= count);
    }

    private void awaitKnown(ECKey key) {
        await().until(() -> keys.known().contains(key.getKeyID()));
    }

    private void verify(ECKey key) throws Exception {
        assertThat(verifier.verify(token(key)).userId()).isEqualTo("alice");
    }

    private String token(ECKey key) throws Exception {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .subject("alice")
                .expirationTime(Date.from(clock.instant().plusSeconds(60)))
                .build();
        return TestKeys.sign(TestKeys.head(JWSAlgorithm.ES256, key.getKeyID()), claims, key);
    }
}
