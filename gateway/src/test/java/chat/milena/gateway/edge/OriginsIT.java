package chat.milena.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.runtime.config.Settings;
import chat.milena.runtime.http.AllowedOrigins;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OriginsIT {
    private static final String GROUPS = "/api/v1/groups";
    private static final String ALLOWED = "Access-Control-Allow-Origin";

    private Gateway gateway;

    @BeforeAll
    void start() throws Exception {
        gateway = new Gateway(AllowedOrigins.of(Settings.ofEnvironment(Map.of(
                "MILENA_ORIGINS",
                "shop=https://shop.example http://localhost:3000;bank=https://bank.example;open=*;"
                        + "*=https://app.example"))));
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource({
        "shop, https://shop.example, true",
        "shop, http://localhost:3000, true",
        "shop, https://bank.example, false",
        "shop, https://evil.example, false",
        "shop, https://app.example, false",
        "shop, null, false",
        "bank, https://bank.example, true",
        "bank, https://shop.example, false",
        "open, https://evil.example, true",
        "default, https://app.example, true",
        "default, https://shop.example, false",
    })
    void tenantsUsersMayCallFromItsWebsitesOnly(String tenant, String origin, boolean allowed) throws Exception {
        String token = tenant + "/alice";

        Client client = Client.from(gateway, origin, "?token=" + token);
        HttpResponse<String> answer = send(gateway.post(GROUPS, token, "{}").header("Origin", origin));

        if (allowed) {
            client.next("connected");
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.headers().firstValue(ALLOWED)).hasValue(origin);
            client.socket().abort();
        } else {
            assertThat(client.closed()).isEqualTo(4401);
            assertThat(client.closeReason()).isEqualTo("origin");
            assertThat(client.hasFrame()).isFalse();
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(new JsonMapper().readTree(answer.body()).get("error").asText())
                    .isEqualTo("FORBIDDEN");
            assertThat(answer.headers().firstValue(ALLOWED)).isEmpty();
        }
        assertThat(answer.headers().firstValue("Vary")).hasValue("Origin");
        assertThat(gateway.log.size()).isZero();
        await().until(() -> gateway.registry.size() == 0 && gateway.shards.leases() == 0);
    }

    @Test
    void callersThatAreNoBrowsersAreNotConcerned() throws Exception {
        gateway.connect("shop/bob").socket().abort();

        HttpResponse<String> answer = send(gateway.post(GROUPS, "shop/bob", "{}"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue(ALLOWED)).isEmpty();
    }

    @Test
    void preflightOfAnAllowedWebsiteSaysWhatItMayDo() throws Exception {
        for (String method : new String[] {"POST", "PATCH", "DELETE"}) {
            HttpResponse<String> answer = preflight("https://shop.example", method);

            assertThat(answer.statusCode()).isEqualTo(204);
            assertThat(answer.body()).isEmpty();
            assertThat(answer.headers().firstValue(ALLOWED)).hasValue("https://shop.example");
            assertThat(answer.headers().firstValue("Access-Control-Allow-Methods"))
                    .hasValueSatisfying(methods -> assertThat(methods).contains(method));
            assertThat(answer.headers().firstValue("Access-Control-Allow-Headers"))
                    .hasValueSatisfying(headers -> assertThat(headers).isEqualTo("authorization,content-type"));
            assertThat(answer.headers().firstValue("Access-Control-Allow-Credentials"))
                    .isEmpty();
        }
    }

    @Test
    void preflightOfAnotherWebsiteIsRefused() throws Exception {
        try (Gateway strict = new Gateway(AllowedOrigins.of(
                Settings.ofEnvironment(Map.of("MILENA_ORIGINS", "shop=https://shop.example;*=https://app.example"))))) {
            HttpRequest request = HttpRequest.newBuilder(strict.uri(GROUPS))
                    .method("OPTIONS", BodyPublishers.noBody())
                    .header("Origin", "https://evil.example")
                    .header("Access-Control-Request-Method", "POST")
                    .build();

            HttpResponse<String> answer = strict.http.send(request, BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.headers().firstValue(ALLOWED)).isEmpty();
        }
    }

    @Test
    void optionsWithoutAPreflightsHeadersIsAnotherMethod() throws Exception {
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(gateway.uri(GROUPS)).method("OPTIONS", BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(405);
    }

    @Test
    void refusalsCanBeReadByTheWebsite() throws Exception {
        HttpResponse<String> noToken = send(gateway.post(GROUPS, "bad", "{}").header("Origin", "https://shop.example"));

        assertThat(noToken.statusCode()).isEqualTo(401);
        assertThat(noToken.headers().firstValue(ALLOWED)).hasValue("https://shop.example");
        assertThat(noToken.headers().firstValue("Access-Control-Expose-Headers"))
                .hasValueSatisfying(exposed -> assertThat(exposed).contains("Retry-After"));
    }

    private HttpResponse<String> preflight(String origin, String method) throws Exception {
        return send(HttpRequest.newBuilder(gateway.uri(GROUPS))
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", method)
                .header("Access-Control-Request-Headers", "authorization,content-type"));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return gateway.http.send(request.build(), BodyHandlers.ofString());
    }
}
