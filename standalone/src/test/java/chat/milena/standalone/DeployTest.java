package chat.milena.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import chat.milena.runtime.config.PushKeys;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `docker-compose.yml` and the files of `deploy/`: each program that reads them accepts them, and they name only
/// settings, commands and
/// metrics that exist. A program that is not installed (Debian's packages docker-compose, nginx-light and
/// prometheus) leaves its test out.
class DeployTest {
    private static final Path DEPLOY = SourceFiles.ROOT.resolve("deploy");
    private static final Path COMPOSE = SourceFiles.ROOT.resolve("docker-compose.yml");
    private static final Path POM = SourceFiles.ROOT.resolve("pom.xml");
    private static final Path OPERATIONS = SourceFiles.ROOT.resolve("docs/operations.md");
    private static final Pattern SETTING = Pattern.compile("MILENA_[A-Z_]+");
    private static final Pattern METRIC = Pattern.compile("milena_[a-z_]+");
    private static final Pattern COMMAND = Pattern.compile("^ +command: ([a-z-]+)( [a-z]+)?.*$", Pattern.MULTILINE);

    private static final List<String> SECRETS = List.of(
            "operator", "tokens", "push-keys", "push-index", "redis-password", "redis-url", "tls.crt", "tls.key");

    @TempDir
    Path folder;

    private record Ended(int code, String output) {}

    @Test
    void composeFileIsAccepted() throws Exception {
        Path secrets = Files.createDirectory(copied().resolve("secrets"));
        for (String secret : SECRETS) {
            Files.createFile(secrets.resolve(secret));
        }
        Files.copy(COMPOSE, folder.resolve("docker-compose.yml"));

        Ended ended = run(folder, "docker-compose", "config", "-q");

        assertThat(ended.code()).as(ended.output()).isZero();
    }

    @Test
    void secretsAreMade() throws Exception {
        assumeThat(ProxyConfig.isInstalled("openssl"))
                .as("openssl is installed")
                .isTrue();
        Path copy = copied();

        Ended ended = run(copy, "sh", "secrets.sh");

        assertThat(ended.code()).as(ended.output()).isZero();
        Path secrets = copy.resolve("secrets");
        assertThat(SECRETS)
                .allSatisfy(secret -> assertThat(secrets.resolve(secret)).isNotEmptyFile());
        assertThat(PushKeys.load(secrets.resolve("push-keys"), secrets.resolve("push-index")))
                .isNotNull();
    }

    /// Arguments are seen in the list of processes. A program in place of Redis prints how it was started.
    @Test
    void redisGetsItsPasswordByItsInput() throws Exception {
        String compose = Files.readString(COMPOSE);
        Matcher script = Pattern.compile("(?ms)^      - \\|\\n(        exec redis-server.*?\\n        END)\\n")
                .matcher(compose);
        assertThat(script.find()).isTrue();
        Path secret = Files.writeString(folder.resolve("redis-password"), "hunter2");
        Path redis = Files.writeString(folder.resolve("redis-server"), "#!/bin/sh\necho \"arguments $*\"\nexec cat\n");
        assertThat(redis.toFile().setExecutable(true)).isTrue();

        Ended ended = run(
                folder,
                "sh",
                "-c",
                "PATH=" + folder + ":$PATH\n"
                        + script.group(1)
                                .stripIndent()
                                .replace("$$", "$")
                                .replace("/run/secrets/redis-password", secret.toString()));

        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output().lines())
                .containsExactly("arguments -", "save \"\"", "appendonly no", "requirepass hunter2");
    }

    @Test
    void proxyIsAccepted() throws Exception {
        List<String> command = new ArrayList<>(
                ProxyConfig.NGINX.in(folder, 8443, text -> text.replaceAll("gateway-[0-9]:8080", "127.0.0.1:8080")));
        command.addAll(1, List.of("-t", "-q"));

        Ended ended = run(folder, command.toArray(String[]::new));

        assertThat(ended.code()).as(ended.output()).isZero();
    }

    /// With certain words of its own for what is wrong, and none for what is right.
    @Test
    void otherProxyIsAccepted() throws Exception {
        List<String> command = new ArrayList<>(
                ProxyConfig.HAPROXY.in(folder, 8443, text -> text.replaceAll("gateway-[0-9]:8080", "127.0.0.1:8080")));
        command.add(1, "-c");

        Ended ended = run(folder, command.toArray(String[]::new));

        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).doesNotContain("WARNING");
    }

    @Test
    void metricsAndAlertsAreAccepted() throws Exception {
        Ended ended = run(DEPLOY, "promtool", "check", "config", "prometheus.yml");

        assertThat(ended.code()).as(ended.output()).isZero();
    }

    @Test
    void settingsAreDocumented() throws Exception {
        Set<String> known = all(SETTING, Files.readString(OPERATIONS));

        for (String file :
                List.of("docker-compose.yml", "deploy/Dockerfile", "deploy/nginx.conf", "deploy/haproxy.cfg")) {
            Set<String> named = all(SETTING, Files.readString(SourceFiles.ROOT.resolve(file)));
            named.removeIf(setting -> setting.endsWith("_FILE")
                    && known.contains(setting.substring(0, setting.length() - "_FILE".length())));
            assertThat(known).as(file).containsAll(named);
        }
    }

    @Test
    void metricsAreDocumented() throws Exception {
        Set<String> known = all(METRIC, Files.readString(OPERATIONS));

        for (String file : List.of("alerts.yml", "grafana/dashboards/milena.json")) {
            Set<String> named = all(METRIC, Files.readString(DEPLOY.resolve(file))).stream()
                    .map(metric -> metric.replaceFirst("_(bucket|sum|count)$", ""))
                    .collect(Collectors.toSet());
            assertThat(named).as(file).hasSizeGreaterThan(5);
            assertThat(known).as(file).containsAll(named);
        }
    }

    @Test
    void alertsAreExplained() throws Exception {
        String operations = Files.readString(OPERATIONS);
        Set<String> alerts =
                all(Pattern.compile("(?<=alert: )[A-Za-z]+"), Files.readString(DEPLOY.resolve("alerts.yml")));

        assertThat(alerts)
                .hasSizeGreaterThan(8)
                .allSatisfy(alert -> assertThat(operations).contains("`" + alert + "`"));
    }

    @Test
    void dashboardHasQueriesInEachPanel() throws Exception {
        JsonNode dashboard = new ObjectMapper()
                .readTree(DEPLOY.resolve("grafana/dashboards/milena.json").toFile());

        assertThat(dashboard.path("uid").asText()).isEqualTo("milena");
        assertThat(dashboard.toString())
                .contains(
                        "milena_stream_lag",
                        "milena_moderation_age_seconds",
                        "milena_moderation_verdicts_total",
                        "milena_reports_open",
                        "milena_reports_oldest_seconds",
                        "milena_reports_overturned_total",
                        "milena_classifier_backlog");
        assertThat(dashboard.path("panels")).hasSizeGreaterThan(10).allSatisfy(panel -> {
            assertThat(panel.path("title").asText()).isNotEmpty();
            assertThat(panel.path("targets"))
                    .isNotEmpty()
                    .allSatisfy(
                            target -> assertThat(target.path("expr").asText()).isNotEmpty());
        });
    }

    @Test
    void brokersAreThoseOfTheTests() throws Exception {
        Matcher version = Pattern.compile("<kafka.version>(.+)</").matcher(Files.readString(POM));
        assertThat(version.find()).isTrue();
        assertThat(Files.readString(COMPOSE)).contains("image: apache/kafka:" + version.group(1) + "\n");
    }

    /// All that it mounts is there.
    @Test
    void mountedFilesExist() throws Exception {
        assertThat(Pattern.compile("\"\\./([^:]+):")
                        .matcher(Files.readString(COMPOSE))
                        .results())
                .isNotEmpty()
                .allSatisfy(mounted ->
                        assertThat(SourceFiles.ROOT.resolve(mounted.group(1))).exists());
    }

    @Test
    void commandsExist() throws Exception {
        Matcher matcher = COMMAND.matcher(Files.readString(COMPOSE));
        Set<String> commands = new TreeSet<>();
        while (matcher.find()) {
            if (!matcher.group(1).equals("sh")) {
                commands.add(matcher.group(1));
            }
        }

        assertThat(commands)
                .contains("gateway", "sequencer", "fanout", "moderation", "sync-api", "push-worker", "topics");
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        CommandContext context = new CommandContext(Map.of(), nowhere, nowhere, Clock.systemUTC());
        assertThat(commands)
                .allSatisfy(command -> assertThat(Main.run(context, command, "--help"))
                        .as(command)
                        .isZero());
    }

    private static Set<String> all(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(found -> found.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// What a program may write beside its files is not left in the sources.
    private Path copied() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("deploy"));
        try (Stream<Path> files = Files.list(DEPLOY)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName().toString()));
            }
        }
        return copy;
    }

    private Ended run(Path where, String... command) throws IOException, InterruptedException {
        assumeThat(ProxyConfig.isInstalled(command[0]))
                .as(command[0] + " is installed")
                .isTrue();
        Path output = Files.createTempFile(folder, "output", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(where.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends in time").isTrue();
        return new Ended(process.exitValue(), Files.readString(output));
    }
}
