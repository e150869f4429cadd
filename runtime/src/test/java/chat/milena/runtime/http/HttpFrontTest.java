package chat.milena.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.runtime.token.VerifiedToken;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.undertow.server.HttpHandler;
import io.undertow.util.Methods;
import java.net.BindException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class HttpFrontTest {
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Readiness readiness = new Readiness();
    private final HttpFront front = front(0);

    private HttpFront front(int port) {
        return new HttpFront(
                HttpConfig.of("127.0.0.1", port),
                readiness,
                AllowedOrigins.parse("*=https://app.example"),
                new SimpleMeterRegistry());
    }

    private String body(String path) throws Exception {
        return answer(HttpRequest.newBuilder(uri(path)).build());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + front.port() + path);
    }

    private static String answer(HttpRequest request) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.ofString()).body();
        }
    }

    private static HttpHandler says(String word) {
        return exchange -> exchange.getResponseSender().send(word);
    }

    @AfterEach
    void stop() throws Exception {
        front.stop(SOON);
    }

    @Test
    void portInUseIsOneClearLine() throws Exception {
        front.start();
        int taken = front.port();

        assertThatThrownBy(() -> front(taken).start())
                .isInstanceOf(BindException.class)
                .hasMessageStartingWith("cannot bind port " + taken + " on 127.0.0.1: ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void pathIsServedExactlyAsItIsMounted() throws Exception {
        readiness.set(Readiness.START, true, "");
        front.mount("/api", says("api"));
        front.start();

        assertThat(body("/api")).isEqualTo("api");
        assertThat(body("/%61pi")).isEqualTo("api");
        for (String other : List.of("/api/", "/api/v1", "/apis", "/API", "/api;x", "/api;", "//api", "/api%2F", "/")) {
            assertThat(body(other)).as(other).contains("no such path");
        }
        front.unmount("/api");
        assertThat(body("/api")).contains("no such path");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/talks, read",
        "POST, /api/talks, written",
        "DELETE, /api/talks, 'must be GET, POST'",
        "DELETE, /api/talks/t1/people/bob, removed t1 bob",
        "DELETE, /api/talks/t%2F1/people/b%2fb, removed t/1 b/b",
        "DELETE, /api/talks/t1/people/%3F, removed t1 ?",
        "DELETE, /api/talks/t1/people/%25, removed t1 %",
        "DELETE, /api/talks/t1/people/%252F%253F%2525, removed t1 %2F%3F%25",
        "DELETE, /api/t%61lks/t1/people/b%6Fb, removed t1 bob",
        "DELETE, /api/talks/../people/., removed .. .",
        "GET, /api/talks/t1/people/bob, must be DELETE",
        "GET, /api/talks/, no such path",
        "GET, /api//talks, no such path",
        "GET, //api/talks, no such path",
        "GET, /api/talks%3Fx, no such path",
        "GET, /api/talks;x, no such path",
        "GET, /api/talk, no such path",
        "GET, /api/Talks, no such path",
        "GET, /api/talks/t1, no such path",
        "DELETE, /api/talks//people/bob, no such path",
        "DELETE, /api/talks/t1/people/, no such path",
        "DELETE, /api/talks/t1/people/bob/, no such path",
        "DELETE, /api/talks/t1/people/bob;x, no such path",
        "DELETE, /api/talks/t1/people/bob/x, no such path",
        "DELETE, /api/talks/t1/persons/bob, no such path",
        "DELETE, /api/talks%2Ft1/people/bob, no such path",
    })
    void callsOfAllServicesAreOneTableOfExactPaths(String method, String path, String answer) throws Exception {
        readiness.set(Readiness.START, true, "");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            front.mount(api(threads, Route.of(Methods.GET, "/api/talks", false, call -> word("read"))));
            front.mount(api(
                    threads,
                    Route.of(Methods.POST, "/api/talks", false, call -> word("written")),
                    Route.of(
                            Methods.DELETE,
                            "/api/talks/{talk}/people/{person}",
                            false,
                            call -> word("removed " + call.pathPart("talk") + " " + call.pathPart("person")))));
            front.start();

            try (RawConnection client = new RawConnection(front.port())) {
                client.send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\n"
                        + "Connection: close\r\n\r\n");
                assertThat(client.readUntil(answer)).startsWith("HTTP/1.1 ");
            }
        }
    }

    @Test
    void callsThatAreUnmountedLeaveThoseOfOthers() throws Exception {
        readiness.set(Readiness.START, true, "");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            HttpApi reads = api(threads, Route.of(Methods.GET, "/api", false, call -> word("read")));
            front.mount(reads);
            front.mount(api(threads, Route.of(Methods.POST, "/api", false, call -> word("written"))));
            front.start();
            assertThat(body("/api")).contains("bearer token");

            front.unmount(reads);

            assertThat(body("/api")).contains("must be POST");
        }
    }

    private HttpApi api(Executor threads, Route... routes) {
        return new HttpApi(
                List.of(routes),
                new HttpApi.Bounds(8, 1_024, 0),
                AllowedOrigins.ANY,
                token -> new VerifiedToken("shop", "alice", null, Instant.MAX),
                front.budgets(),
                threads);
    }

    private static HttpAnswer word(String word) {
        return HttpAnswer.of(200, word.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void targetThatCannotBeReadIsAnsweredInJson() throws Exception {
        readiness.set(Readiness.START, true, "");
        front.start();

        for (String target : List.of("/%ff", "/a?b=%ff", "/a?%c3%28=1", "/\u00fc")) {
            try (RawConnection client = new RawConnection(front.port())) {
                client.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nOrigin: https://app.example\r\n\r\n");
                assertThat(client.readUntil("}"))
                        .as(target)
                        .contains(" 400 ")
                        .contains("Access-Control-Allow-Origin: https://app.example")
                        .contains("INVALID_REQUEST");
            }
        }
    }

    @Test
    void preflightAllowsTheHeadsThatAreAskedFor() throws Exception {
        front.start();
        String preflight = "OPTIONS /nowhere HTTP/1.1|Host: localhost|Access-Control-Request-Method: POST"
                + "|Origin: https://app.example|Access-Control-Request-Headers: ";

        assertThat(head(preflight + "cache-control,x-own"))
                .contains("Access-Control-Allow-Headers: cache-control,x-own");
        assertThat(head(preflight + "x\"y")).contains(" 204 ").doesNotContain("Allow-Headers");
    }

    @Test
    void strangerLearnsWhetherItIsReadyAndNothingElse() throws Exception {
        readiness.set(Readiness.START, true, "");
        front.start();
        assertThat(body("/readyz")).isEqualTo("ready\n");
        readiness.set("sequencer", false, "a secret reason");

        assertThat(body("/readyz")).isEqualTo("not ready\n");
        assertThat(body("/healthz")).isEqualTo("alive\n");
        assertThat(body("/metrics")).contains("not ready");
    }

    @Test
    void componentServesOnWhileAnotherTakesOver() throws Exception {
        readiness.set(Readiness.START, true, "");
        readiness.set("sequencer", false, "taking over partitions");
        front.mount("/api", says("api"));
        front.start();

        assertThat(body("/api")).isEqualTo("api");
        assertThat(body("/ws")).contains("not ready");
        readiness.set("sequencer", true, "");
        assertThat(body("/ws")).contains("no such path");
    }

    @Test
    void processThatIsAboutToStopOpensNoConnectionsAndAnswersCalls() throws Exception {
        readiness.set(Readiness.START, true, "");
        front.mount("/ws", says("open"));
        front.mount(api(Runnable::run, Route.of(Methods.GET, "/api/talks", false, call -> word("read"))));
        front.start();
        assertThat(body("/ws")).isEqualTo("open");

        readiness.set(Readiness.LEAVING, false, "about to stop");

        assertThat(body("/readyz")).isEqualTo("not ready\n");
        assertThat(body("/ws")).contains("UNAVAILABLE");
        assertThat(answer(authorized("/api/talks"))).isEqualTo("read");
    }

    @Test
    void callsOfOtherProcessesAreTheLastToMatch() throws Exception {
        readiness.set(Readiness.START, true, "");
        front.mount(api(Runnable::run, Route.of(Methods.POST, "/api/talks", false, call -> word("written"))));
        front.mount(api(Runnable::run, Route.of(Methods.GET, "/api/own", false, call -> word("own"))));
        front.mountElsewhere(api(
                Runnable::run, Route.of(Methods.GET, "/api/*", false, call -> word("passed on " + call.target()))));
        front.start();

        assertThat(answer(authorized("/api/own"))).isEqualTo("own");
        assertThat(answer(authorized("/api/talks"))).isEqualTo("passed on /api/talks");
        assertThat(answer(authorized("/api/talks/t%2F1/%3F/members")))
                .isEqualTo("passed on /api/talks/t%2F1/%3F/members");
        assertThat(answer(authorized("/other"))).contains("no such path");
        front.unmountElsewhere();
        assertThat(answer(authorized("/api/talks"))).contains("must be POST");
    }

    private HttpRequest authorized(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + front.port() + path))
                .header("Authorization", "Bearer x")
                .build();
    }

    @Test
    void nothingIsServedBeforeTheProcessHasStartedNorWhileItStops() throws Exception {
        readiness.set(Readiness.START, false, "starting");
        readiness.set("gateway", true, "");
        front.mount("/api", says("api"));
        front.start();

        assertThat(body("/api")).contains("not ready");
        readiness.set(Readiness.START, true, "");
        assertThat(body("/api")).isEqualTo("api");
        readiness.set(Readiness.START, false, "stopping");
        assertThat(body("/api")).contains("not ready");
    }

    @Test
    void whatIsMountedForAlwaysIsServedBeforeAllElseAndToNoOtherWebsite() throws Exception {
        front.mountAlways("/page", says("page"));
        front.mountAlways("/hidden", front::answerUnknown);
        front.start();
        String origin = "|Host: localhost|Origin: https://app.example";

        assertThat(body("/page")).isEqualTo("page");
        assertThat(head("GET /page HTTP/1.1" + origin)).contains(" 200 ").doesNotContain("Allow-Origin");
        assertThat(head("OPTIONS /page HTTP/1.1|Access-Control-Request-Method: POST" + origin))
                .doesNotContain("Access-Control");
        readiness.set(Readiness.START, true, "");
        for (String other : List.of("/page/", "/page;x", "/Page", "/hidden")) {
            assertThat(body(other)).as(other).contains("no such path");
        }
        assertThat(head("OPTIONS /hidden HTTP/1.1|Access-Control-Request-Method: POST" + origin))
                .contains(" 404 ")
                .doesNotContain("Access-Control");
    }

    @Test
    void allowedWebsitesCanReadThatNothingIsServedYet() throws Exception {
        front.start();
        String preflight = "OPTIONS /api HTTP/1.1|Host: localhost|Access-Control-Request-Method: POST|Origin: ";
        String call = "POST /api HTTP/1.1|Host: localhost|Content-Length: 0|Origin: ";
        String allowed = "Access-Control-Allow-Origin: https://app.example";

        assertThat(head(preflight + "https://app.example")).contains(" 204 ").contains(allowed);
        assertThat(head(call + "https://app.example")).contains(" 503 ").contains(allowed);
        assertThat(head(preflight + "https://evil.example")).contains(" 403 ").doesNotContain("Allow-Origin");
        assertThat(head(call + "https://evil.example")).contains(" 503 ").doesNotContain("Allow-Origin");
    }

    private String head(String request) throws Exception {
        try (RawConnection client = new RawConnection(front.port())) {
            client.send(request.replace("|", "\r\n") + "\r\n\r\n");
            return client.readUntil("\r\n\r\n");
        }
    }

    @Test
    void stoppingTwiceOrBeforeTheStartDoesNoHarm() throws Exception {
        front.stop(SOON);
        front.start();
        front.stop(SOON);

        front.stop(SOON);
    }
}
