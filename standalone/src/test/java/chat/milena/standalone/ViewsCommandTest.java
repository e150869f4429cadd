package chat.milena.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.runtime.token.TokenSecret;
import chat.milena.syncapi.SyncApiConfig;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewsCommandTest {
    private static final String OPERATOR = "b3BlcmF0b3Itc2VjcmV0LW9mLXRoaXJ0eS10d28tYnl0ZXM";

    @TempDir
    Path folder;

    @Test
    void clusterNeedsNoDataFolder() throws Exception {
        Queue<String> secrets = new ConcurrentLinkedQueue<>();
        byte[] status = "{\"versions\":[{\"views\":\"milena-views-a-1\",\"partitions\":4,\"lag\":0}]}"
                .getBytes(StandardCharsets.UTF_8);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            secrets.add(exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.sendResponseHeaders(200, status.length);
            exchange.getResponseBody().write(status);
            exchange.close();
        });
        server.start();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream prints = new PrintStream(out, true, StandardCharsets.UTF_8);
        try {
            CommandContext context =
                    new CommandContext(Map.of("MILENA_OPERATOR_SECRET", OPERATOR), prints, prints, Clock.systemUTC());
            String missing = folder.resolve("missing").toString();
            String url = "http://127.0.0.1:" + server.getAddress().getPort();

            assertThat(Main.run(context, "views", "status", "--data", missing, "--url", url))
                    .as(out.toString(StandardCharsets.UTF_8))
                    .isZero();
        } finally {
            server.stop(0);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("milena-views-a-1  4 partitions  0 behind");
        assertThat(List.copyOf(secrets))
                .containsExactly("Bearer "
                        + TokenSecret.parse(OPERATOR)
                                .derived(SyncApiConfig.SECRET_PURPOSE)
                                .value());
    }
}
