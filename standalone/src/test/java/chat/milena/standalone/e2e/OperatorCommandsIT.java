package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import chat.milena.bench.cluster.ChildProcess;
import chat.milena.standalone.ProxyConfig;
import chat.milena.standalone.SourceFiles;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// What an operator asks of a running system: why a user may not write, and how busy it is.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class OperatorCommandsIT {
    @RegisterExtension
    final RunningMilena milena = new RunningMilena();

    private record Ended(int exitCode, List<String> lines) {}

    @Test
    void explainSaysWhyAUserMayNotReadOrWrite() throws Exception {
        try (Tenant home = Tenant.ofDefault(milena)) {
            String group = home.group("alice", "bob", "carol");
            assertThat(explained("bob", group).lines())
                    .anyMatch(line -> line.startsWith("conversation  group, 3 members"))
                    .anyMatch(line -> line.startsWith("membership    member since"))
                    .contains("reads         yes, from number 1 on", "writes        yes")
                    .anyMatch(line -> line.startsWith("sequencer") && line.contains("chat.inbound.v1-"));
            assertThat(explained("bob", group).exitCode()).isZero();

            Ended outsider = explained("mallory", group);
            assertThat(outsider.exitCode()).isEqualTo(1);
            assertThat(outsider.lines())
                    .contains(
                            "membership    none",
                            "reads         no: FORBIDDEN, only members of this group may do that",
                            "writes        no: FORBIDDEN, only members of this group may do that");
            assertThat(explained("bob", "nowhere").lines())
                    .contains("conversation  none of this id in tenant default")
                    .anyMatch(line -> line.startsWith("writes        no: CONVERSATION_NOT_FOUND"));

            String settings = "{\"settings\":{\"onlyAdminsCanPost\":true}}";
            assertThat(home.rest()
                            .call("PATCH", "/api/v1/conversations/" + group, home.tokenOf("alice"), settings)
                            .status())
                    .isEqualTo(200);
            assertThat(explained("bob", group).lines())
                    .contains("reads         yes, from number 1 on")
                    .contains("writes        no: FORBIDDEN, only admins post in this group");
            assertThat(explained("alice", group).lines()).contains("writes        yes");

            String ban = "{\"reason\":\"spam\"}";
            assertThat(home.rest()
                            .call("PUT", "/api/v1/moderation/bans/carol", home.moderator("mod"), ban)
                            .status())
                    .isEqualTo(200);
            assertThat(explained("carol", group).lines())
                    .anyMatch(line -> line.startsWith("ban           in the tenant by mod"))
                    .contains("writes        no: FORBIDDEN, this user is banned");

            String talk = home.direct("alice", "bob");
            assertThat(home.rest()
                            .call("PUT", "/api/v1/blocks/alice", home.tokenOf("bob"), "")
                            .status())
                    .isLessThan(300);
            assertThat(explained("alice", talk).lines())
                    .contains("writes        no: FORBIDDEN, nothing can be written here");
        }
    }

    @Test
    void topShowsRatesOfARunningSystem() throws Exception {
        Ended top = ran(List.of("top", "--url", milena.operators().toString(), "--every", "300ms", "--count", "2"));

        assertThat(top.exitCode()).as("%s", top.lines()).isZero();
        assertThat(top.lines())
                .anyMatch(line -> line.endsWith("1 of 1 processes"))
                .anyMatch(line -> line.startsWith("clients   0 connections"))
                .anyMatch(line -> line.startsWith("behind    fanout 0  moderation 0  sequencer 0"))
                .anyMatch(line -> line.startsWith("reads     "))
                .anyMatch(line -> line.startsWith("trouble   0 dead letters") && line.contains("Redis up"));
        Ended away = ran(List.of("top", "--url", "http://127.0.0.1:1", "--every", "100ms", "--count", "1"));
        assertThat(away.exitCode()).isEqualTo(1);
        assertThat(away.lines()).anyMatch(line -> line.startsWith("http://127.0.0.1:1 does not answer"));
    }

    /// `promtool` of Prometheus judges where it is installed.
    @Test
    void metricsAreCleanAndEveryCounterIsThereBeforeItCounts(@TempDir Path folder) throws Exception {
        String page;
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI metrics = milena.operators().resolve("/metrics");
            page = http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                    .body();
        }
        Set<String> counters = SourceFiles.found(
                Pattern.compile("`(milena_[a-z_]+_total)`"),
                Files.readString(SourceFiles.ROOT.resolve("docs/operations.md")));
        // This one pushes nothing.
        counters.removeIf(name -> name.matches("milena_(push|courier)_.*"));
        assertThat(counters)
                .hasSizeGreaterThan(20)
                .allSatisfy(name -> assertThat(page).contains("# TYPE " + name + " counter\n"));
        assertThat(page)
                .contains("milena_rejections_total{answered=\"call\",code=\"UNAUTHORIZED\"} ")
                .contains("milena_gateway_messages_total{tenant=\"other\"} 0.0")
                .contains("milena_stream_restoring{application=\"sequencer\"} 0.0")
                .contains("milena_data_bytes{part=\"kafka\"} ")
                .doesNotContain("kafka_stream_", "kafka_consumer_");

        assumeThat(ProxyConfig.isInstalled("promtool"))
                .as("promtool is installed")
                .isTrue();
        Path file = Files.writeString(folder.resolve("metrics.txt"), page);
        Process check = new ProcessBuilder("promtool", "check", "metrics")
                .redirectInput(file.toFile())
                .redirectErrorStream(true)
                .start();
        String complaints = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(check.waitFor()).as(complaints).isZero();
        assertThat(complaints).isEmpty();
    }

    private Ended explained(String userId, String conversationId) throws Exception {
        return ran(List.of(
                "explain",
                "--user",
                userId,
                "--conversation",
                conversationId,
                "--data",
                milena.data().toString(),
                "--bootstrap",
                milena.kafka().bootstrapServers()));
    }

    private static Ended ran(List<String> arguments) throws Exception {
        try (ChildProcess run = ServerJvm.start(new ArrayList<>(arguments), Map.of())) {
            return new Ended(run.exitCode(), run.lines());
        }
    }
}
