package chat.milena.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.protocol.call.ServerInfo;
import chat.milena.protocol.call.ServerInfo.Features;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.http.AllowedOrigins;
import chat.milena.runtime.http.HttpConfig;
import chat.milena.runtime.http.HttpFront;
import chat.milena.runtime.lifecycle.Readiness;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WebsiteTest {
    private static final byte[] PAGE = "<!doctype html><title>x</title>".getBytes(StandardCharsets.UTF_8);
    private static final byte[] SCRIPT = "export {};".getBytes(StandardCharsets.UTF_8);
    private static final ServerInfo INFO = new ServerInfo(
            "milena",
            "1",
            1,
            30_000,
            Map.of("textCharactersMax", 4_000L),
            List.of("text"),
            new Features(false, false, false, false, true),
            new ServerInfo.PushOffer(List.of(), null));

    private final Readiness readiness = new Readiness();
    private final HttpFront front = new HttpFront(
            HttpConfig.of("127.0.0.1", 0),
            readiness,
            AllowedOrigins.of(Settings.ofEnvironment(Map.of("MILENA_ORIGINS", "*=https://app.example"))),
            new SimpleMeterRegistry());

    @BeforeEach
    void start() throws IOException {
        front.start();
    }

    @AfterEach
    void stop() {
        front.stop(Duration.ofSeconds(1));
    }

    private void mount(PageFiles files, String... settings) {
        Settings environment =
                Settings.ofEnvironment(settings.length == 0 ? Map.of() : Map.of(settings[0], settings[1]));
        WebConfig config = WebConfig.of(environment, true, true, () -> 8080);
        assertThat(environment.errors()).isEmpty();
        Website.mount(front, config, files, Website.serverInfo(INFO, new AddressRate(3, () -> 0)), null);
    }

    private void mountPage(String... settings) {
        mount(new PageFiles(Map.of("/", PAGE, "/assets/page.3fa9.js", SCRIPT, "/milena-chat.js", SCRIPT)), settings);
    }

    private RawCall get(String path, String... heads) throws IOException {
        return call("GET", path, heads);
    }

    private RawCall call(String method, String path, String... heads) throws IOException {
        String more = heads.length == 0 ? "" : String.join("|", heads) + "|";
        return RawCall.send(
                front.port(), method + " " + path + " HTTP/1.1|Host: localhost|Connection: close|" + more + "|");
    }

    @Test
    void pageIsServedWhileNothingElseIsReady() throws IOException {
        mountPage();

        RawCall page = get("/");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).isEqualTo(new String(PAGE, StandardCharsets.UTF_8));
        assertThat(page.field("Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(page.field("Cache-Control")).isEqualTo("no-cache");
        assertThat(get("/ws").status()).isEqualTo(503);
    }

    @Test
    void browserLetsThePageRunItsOwnScriptsAlone() throws IOException {
        mountPage();

        RawCall page = get("/", "Origin: https://app.example");

        assertThat(page.field("Content-Security-Policy"))
                .isEqualTo("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
                        + " media-src 'self' blob:; font-src 'self'; connect-src 'self' ws://localhost:8080"
                        + " ws://127.0.0.1:8080; worker-src 'self'; manifest-src 'self';"
                        + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                        + " require-trusted-types-for 'script'; trusted-types milena")
                .doesNotContain("unsafe");
        assertThat(page.field("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(page.field("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(page.field("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
        assertThat(page.field("Permissions-Policy")).isEqualTo("camera=(), microphone=(), geolocation=()");
        assertThat(page.head()).doesNotContain("Access-Control");
    }

    @Test
    void policyNamesThePublicAddressAndWhereTokensComeFrom() throws IOException {
        mountPage("MILENA_PUBLIC_URL", "https://chat.example");
        assertThat(get("/").field("Content-Security-Policy"))
                .contains("; connect-src 'self' wss://chat.example https://chat.example;");

        mountPage("MILENA_WEB_TOKEN_URL", "https://Shop.example:443/token?for=chat");
        assertThat(get("/").field("Content-Security-Policy")).contains(" https://shop.example;");
        assertThat(get("/web.json").body())
                .isEqualTo(
                        "{\"server\":\"/\",\"signIn\":\"url\",\"tokenUrl\":\"https://Shop.example:443/token?for=chat\"}");
    }

    @Test
    void whatABrowserHasIsNotSentAgain() throws IOException {
        mountPage();
        String tag = get("/").field("ETag");

        RawCall again = get("/", "If-None-Match: \"other\", W/" + tag);

        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(again.field("ETag")).isEqualTo(tag);
        assertThat(get("/", "If-None-Match: \"other\"").status()).isEqualTo(200);
        assertThat(get("/assets/page.3fa9.js").field("ETag")).isNotEqualTo(tag);
    }

    @Test
    void whatGetsSmallerIsCompressedForThoseWhoTakeIt() throws IOException {
        byte[] text =
                "export const text = 'the same again and again';\n".repeat(100).getBytes(StandardCharsets.UTF_8);
        mount(new PageFiles(Map.of("/", PAGE, "/assets/long.1.js", text)));

        for (String taken : List.of("gzip", "br, gzip;q=0.5, deflate", "gzip ; q=1.0", "identity,gzip")) {
            RawCall small = get("/assets/long.1.js", "Accept-Encoding: " + taken);
            assertThat(small.field("Content-Encoding")).as(taken).isEqualTo("gzip");
            assertThat(Integer.parseInt(small.field("Content-Length"))).isLessThan(text.length / 2);
            assertThat(small.field("Vary")).isEqualTo("Accept-Encoding");
            assertThat(get("/assets/long.1.js", "Accept-Encoding: " + taken, "If-None-Match: " + small.field("ETag"))
                            .status())
                    .isEqualTo(304);
        }
        for (String taken : List.of("br", "gzip;q=0", "gzip; q=0.000, br", "xgzip", "*;q=0")) {
            RawCall whole = get("/assets/long.1.js", "Accept-Encoding: " + taken);
            assertThat(whole.head()).as(taken).doesNotContain("Content-Encoding");
            assertThat(whole.body()).isEqualTo(new String(text, StandardCharsets.UTF_8));
            assertThat(whole.field("Vary")).isEqualTo("Accept-Encoding");
        }
        assertThat(get("/assets/long.1.js").field("ETag"))
                .isNotEqualTo(get("/assets/long.1.js", "Accept-Encoding: gzip").field("ETag"));
        assertThat(get("/", "Accept-Encoding: gzip").head()).doesNotContain("Content-Encoding", "Vary");
    }

    @Test
    void headSaysWhatGetWouldAndOtherMethodsAreRefused() throws IOException {
        mountPage();

        RawCall head = call("HEAD", "/");

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.field("Content-Length")).isEqualTo(Integer.toString(PAGE.length));
        assertThat(head.field("ETag")).isEqualTo(get("/").field("ETag"));
        for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS")) {
            RawCall refused = call(method, "/", "Content-Length: 0");
            assertThat(refused.status()).as(method).isEqualTo(405);
            assertThat(refused.field("Allow")).isEqualTo("GET, HEAD");
        }
    }

    @Test
    void filesThatChangeTheirNamesAreKeptAndMayBeUsedElsewhere() throws IOException {
        mountPage();

        RawCall asset = get("/assets/page.3fa9.js", "Origin: https://anywhere.example");

        assertThat(asset.field("Cache-Control")).isEqualTo("max-age=31536000, immutable");
        assertThat(asset.field("Content-Type")).isEqualTo("text/javascript; charset=utf-8");
        assertThat(asset.field("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(asset.field("Cross-Origin-Resource-Policy")).isEqualTo("cross-origin");
        assertThat(get("/milena-chat.js").field("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(get("/milena-chat.js").field("Cache-Control")).isEqualTo("no-cache");
    }

    @Test
    void pathsThatAreNotListedStayUnknown() throws IOException {
        mountPage();
        readiness.set(Readiness.START, true, "");

        for (String path : List.of(
                "/index.html",
                "/assets/",
                "/assets/page.js",
                "/assets/..%2fpage.3fa9.js",
                "/assets/../",
                "/files",
                "/c/1",
                "/dev/token",
                "/sw.js")) {
            RawCall answer = get(path);
            assertThat(answer.status()).as(path).isEqualTo(404);
            assertThat(answer.body()).contains("no such path");
        }
    }

    @Test
    void pageThatIsNotBuiltIsOneLineOfText() throws IOException {
        mount(new PageFiles(Map.of()));

        RawCall answer = get("/");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.field("Content-Type")).startsWith("text/plain");
        assertThat(answer.body().lines()).hasSize(1);
    }

    @Test
    void withoutThePageOnlyTheServerSpeaks() throws IOException {
        mountPage("MILENA_WEB", "off");
        readiness.set(Readiness.START, true, "");

        assertThat(get("/").status()).isEqualTo(404);
        assertThat(get("/web.json").status()).isEqualTo(404);
        assertThat(get("/api/v1/server").status()).isEqualTo(200);
    }

    @Test
    void anybodyMayAskWhatTheServerIs() throws IOException {
        mountPage();

        RawCall answer = get("/api/v1/server", "Origin: https://anywhere.example");

        assertThat(answer.body())
                .isEqualTo(
                        "{\"name\":\"milena\",\"version\":\"1\",\"featureLevel\":1,\"heartbeatInterval\":30000,"
                                + "\"limits\":{\"textCharactersMax\":4000},\"contentTypes\":[\"text\"],\"features\":{\"push\":"
                                + "false,\"search\":false,\"media\":false,\"moderation\":false,\"webSignIn\":true},\"push\":{\"platforms\":[]}}");
        assertThat(answer.field("Cache-Control")).isEqualTo("no-cache");
        assertThat(answer.field("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.field("Access-Control-Allow-Origin")).isEqualTo("*");
        get("/api/v1/server");
        get("/api/v1/server");
        RawCall fourth = get("/api/v1/server");
        assertThat(fourth.status()).isEqualTo(429);
        assertThat(fourth.field("Retry-After")).isEqualTo("1");
    }

    @Test
    void settingsThatAreNoneAreRefused() {
        for (String url :
                List.of("shop.example", "ftp://shop.example/t", "https://u:p@shop.example/t", "https://a/#t")) {
            Settings environment = Settings.ofEnvironment(Map.of("MILENA_WEB_TOKEN_URL", url));
            WebConfig.of(environment, true, false, () -> 0);
            assertThat(environment.errors()).as(url).hasSize(1);
        }
        for (String url : List.of("https://a.example/chat", "ftp://a.example", "chat.example", "https://a.example?x")) {
            Settings environment = Settings.ofEnvironment(Map.of("MILENA_PUBLIC_URL", url));
            WebConfig.of(environment, true, false, () -> 0);
            assertThat(environment.errors()).as(url).hasSize(1);
        }
        for (String users : List.of("carol,", "carol, dora", "host", "Zoë")) {
            Settings environment = Settings.ofEnvironment(Map.of("MILENA_DEV_MODERATORS", users));
            WebConfig.of(environment, true, false, () -> 0);
            assertThat(environment.errors()).as(users).hasSize(1);
        }
    }
}
