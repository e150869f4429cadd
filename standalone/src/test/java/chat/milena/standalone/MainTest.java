package chat.milena.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.milena.gateway.rest.GroupIds;
import chat.milena.gateway.resume.ResumeTokens;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.token.SignedTokenVerifier;
import chat.milena.runtime.token.TokenSecret;
import chat.milena.runtime.token.TokenSigner;
import chat.milena.runtime.token.TokenVerifier;
import chat.milena.runtime.token.Tokens;
import chat.milena.runtime.token.VerifiedToken;
import chat.milena.standalone.up.DataFolder;
import chat.milena.standalone.up.DataFolderException;
import chat.milena.syncapi.SyncApiConfig;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        nosuch               | Unmatched argument
        up --prot 8080       | Unknown options: '--prot'
        up --port            | Missing required parameter
        up --port abc        | --port must be a whole number from 0 to 65535
        up --port 65536      | --port must be from 0 to 65535
        up --port -1         | --port must be from 0 to 65535
        up --kafka-port 0    | --kafka-port must be from 1 to 65535
        up --bind nowhere.invalid | --bind must be an address
        up extra             | Unmatched argument
        up --redis redis://:hunter2@127.0.0.1:6379 | --redis must not hold a password
        up --dev-sign-in --bind 0.0.0.0 | --dev-sign-in lets anybody who can connect sign in as any user
        up --dev-sign-in=perhaps | is not a boolean
        token a --name Zo\uFFFD\uFFFD | --name cannot be read
        token                | Missing required parameter: 'USER'
        token al/ice         | USER must be 1 to 64
        token a --tenant ?   | --tenant must be 1 to 64
        token a --ttl 1w     | --ttl must be a duration such as
        token a --ttl 0s     | --ttl must be from 1s to 3650d
        token a b            | Unmatched argument
        """)
    void misuseIsOneLineAndExitCode2(String arguments, String message) {
        assertThat(run(arguments)).isEqualTo(2);
        assertThat(err()).contains(message).startsWith("milena: ").hasLineCount(1);
        assertThat(out.size()).isZero();
    }

    @Test
    void allThatIsWrongIsReportedTogether() {
        environment.putAll(Map.of("MILENA_PORTT", "1", "MILENA_SILENCE_MAX", "x", "MILENA_BIND", "?"));

        assertThat(run("up --port x")).isEqualTo(2);
        assertThat(err())
                .contains("--port must", "MILENA_BIND must", "MILENA_SILENCE_MAX must", "MILENA_PORTT is set but")
                .hasLineCount(4);
    }

    @Test
    void wrongEnvironmentIsMisuseToo() {
        environment.put("MILENA_PORT", "eighty");

        assertThat(run("up", "--data", folder.toString())).isEqualTo(2);
        assertThat(err()).isEqualTo("milena: MILENA_PORT must be a whole number from 0 to 65535\n");
    }

    @Test
    void wrongKafkaOverrideIsToldBeforeAnythingStarts() {
        environment.put("MILENA_KAFKA_SECURITY_PROTOCOL", "SSL");

        assertThat(run("up", "--data", folder.toString())).isEqualTo(2);
        assertThat(err()).contains("MILENA_KAFKA_SECURITY_PROTOCOL must not be set");
        assertThat(folder.resolve("kafka")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MILENA_KAFKA_PORT=9093",
                "MILENA_DURABLE=on",
                "MILENA_KAFKA_LISTEN=127.0.0.2:9094",
                "MILENA_KAFKA_ADVERTISED=chat.example:9094"
            })
    void settingOfAnOwnBrokerBesideBrokersElsewhereIsMisuse(String setting) {
        String name = setting.substring(0, setting.indexOf('='));
        environment.put("MILENA_KAFKA_BOOTSTRAP_SERVERS", "elsewhere:9092");
        environment.put("MILENA_SIZING", "cluster");
        environment.put(name, setting.substring(name.length() + 1));

        assertThat(run("up", "--data", folder.toString())).isEqualTo(2);
        assertThat(err())
                .isEqualTo("milena: " + name + " is for a broker of this process, and MILENA_KAFKA_BOOTSTRAP_SERVERS"
                        + " names another one\n");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void portOptionOfAnOwnBrokerBesideBrokersElsewhereIsMisuse() {
        environment.put("MILENA_KAFKA_BOOTSTRAP_SERVERS", "elsewhere:9092");

        assertThat(run("up", "--data", folder.toString(), "--kafka-port", "9093"))
                .isEqualTo(2);
        assertThat(err()).contains("--kafka-port is for a broker of this process");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void addressOfAListenerThatIsNotSetIsMisuse() {
        environment.put("MILENA_KAFKA_ADVERTISED", "chat.example:9094");

        assertThat(run("up", "--data", folder.toString())).isEqualTo(2);
        assertThat(err()).contains("MILENA_KAFKA_LISTEN adds, which is not set");
    }

    /// Otherwise each record would have one copy there.
    @Test
    void brokersElsewhereWithoutTheNumberOfCopiesAreMisuse() {
        environment.put("MILENA_KAFKA_BOOTSTRAP_SERVERS", "elsewhere:9092");

        assertThat(run("up", "--data", folder.toString())).isEqualTo(2);
        assertThat(err()).startsWith("milena: MILENA_SIZING must be set beside").hasLineCount(1);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void logOfAnOwnBrokerIsNotLeftForBrokersElsewhere() throws Exception {
        DataFolder data = DataFolder.at(folder);
        assertThat(data.tokenSecret()).isNotNull();
        Files.createFile(Files.createDirectory(data.kafka()).resolve("meta.properties"));
        environment.put("MILENA_KAFKA_BOOTSTRAP_SERVERS", "elsewhere:9092");
        environment.put("MILENA_SIZING", "cluster");

        assertThat(run("up", "--data", folder.toString())).isEqualTo(1);
        assertThat(err())
                .isEqualTo("milena: the data folder " + data.path() + " has the log of its own broker: unset"
                        + " MILENA_KAFKA_BOOTSTRAP_SERVERS, or name another folder with --data\n");
    }

    /// The next mistake is about an own broker, so the blank name is none of a cluster.
    @Test
    void blankNamesOfBrokersAreNotSet() {
        environment.put("MILENA_KAFKA_BOOTSTRAP_SERVERS", " ");
        environment.put("MILENA_KAFKA_SECURITY_PROTOCOL", "SSL");

        assertThat(run("up", "--data", folder.toString())).isEqualTo(2);
        assertThat(err())
                .isEqualTo(
                        "milena: MILENA_KAFKA_SECURITY_PROTOCOL must not be set: this process runs its own broker\n");
    }

    @Test
    void unknownFormatOfTheLogIsMisuse() {
        environment.put("MILENA_LOG_FORMAT", "xml");

        assertThat(run("topics", "plan")).isEqualTo(2);
        assertThat(err()).isEqualTo("milena: MILENA_LOG_FORMAT must be text or json\n");
    }

    @Test
    void permissionsArePrintedAsOptionsOfKafkasTool() {
        assertThat(run("topics", "acls", "--for", "gateway", "--user", "chat")).isZero();

        assertThat(out().lines())
                .contains(
                        "--add --allow-principal User:chat --operation Describe --topic chat."
                                + " --resource-pattern-type prefixed",
                        "--add --allow-principal User:chat --operation Read --topic chat.deliveries.v1",
                        "--add --allow-principal User:chat --operation Write --topic chat.inbound.v1")
                .noneMatch(line -> line.contains("group"));
        assertThat(run("topics", "acls", "--for", "sequencer")).isZero();
        assertThat(out())
                .contains("User:sequencer --operation All --transactional-id milena-sequencer"
                        + " --resource-pattern-type prefixed");
    }

    @Test
    void busyKafkaPortIsOneLineAndExitCode1() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            String port = Integer.toString(taken.getLocalPort());

            assertThat(run("up", "--data", folder.toString(), "--kafka-port", port))
                    .isEqualTo(1);
            assertThat(err()).isEqualTo("milena: port " + port + " (for Kafka) is in use\n");
        }
    }

    @Test
    void foreignFolderIsOneLineAndExitCode1() throws Exception {
        Files.writeString(folder.resolve("thesis.txt"), "x");

        assertThat(run("up --data " + folder)).isEqualTo(1);
        assertThat(err()).contains("holds other files").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token a",
                "views status",
                "views rebuild",
                "topics check",
                "topics repair",
                "dead-letters list",
                "push refused",
                "rerun --into nowhere",
                "broker",
                "kafka-config",
                "sync-api"
            })
    void folderThatNoUpMadeIsRefusedAndNotMade(String command) {
        Path mistyped = folder.resolve("mistyped");

        assertThat(run(command + " --data " + mistyped)).isEqualTo(1);
        assertThat(err())
                .isEqualTo("milena: there is no data folder at " + mistyped
                        + ": pass the folder of the `up` with --data\n");
        assertThat(mistyped).doesNotExist();
    }

    @Test
    void kafkaConfigLetsToolsInAndItsFileIsForItsOwnerOnly() throws Exception {
        DataFolder data = dataFolder("data");
        String expected = "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required"
                + " username=\"milena\" password=\"" + data.kafkaPassword().value() + "\";\n"
                + "sasl.mechanism=SCRAM-SHA-256\nsecurity.protocol=SASL_PLAINTEXT\n";

        assertThat(run("kafka-config", "--data", data.path().toString())).isZero();
        assertThat(out()).isEqualTo(expected);

        Path file = folder.resolve("client.properties");
        Files.writeString(file, "something that others may read");
        out.reset();
        assertThat(run("kafka-config", "--data", data.path().toString(), "--out", file.toString()))
                .isZero();
        assertThat(out.size()).isZero();
        assertThat(file).content().isEqualTo(expected);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void tokenIsAcceptedByThisInstallationsVerifier() throws Exception {
        Path data = dataFolder("new one").path();

        assertThat(run("token", "alice", "--data", data.toString(), "--tenant", "shop", "--name", "Al", "--ttl", "90s"))
                .isZero();

        TokenSecret secret = TokenSecret.loadOrCreate(data.resolve("token.secret"));
        assertThat(SignedTokenVerifier.ofSecrets(List.of(secret), CLOCK).verify(out().strip()))
                .isEqualTo(new VerifiedToken("shop", "alice", "Al", NOW.plusSeconds(90), false, false, NOW, null));
        assertThat(err()).isEmpty();
    }

    @Test
    void tokenMayBeExemptFromRatesBySecretOfTheOperator() throws Exception {
        dataFolder("");

        assertThat(run("token", "importer", "--data", folder.toString(), "--unlimited"))
                .isZero();
        String importer = out().strip();

        assertThat(tokensOf(folder).verify(importer).unlimitedRate()).isTrue();
        TokenSecret ofHosts = TokenSecret.loadOrCreate(folder.resolve("token.secret"));
        assertThatThrownBy(() ->
                        SignedTokenVerifier.ofSecrets(List.of(ofHosts), CLOCK).verify(importer))
                .hasMessageContaining("wrong signature");
        assertThat(folder.resolve("operator.secret")).exists();
    }

    @Test
    void hostExemptsNobodyFromRates() throws Exception {
        DataFolder.at(folder).tokenSecret();
        TokenSecret ofHosts = TokenSecret.loadOrCreate(folder.resolve("token.secret"));
        String jwt =
                new TokenSigner(ofHosts).sign(new VerifiedToken("shop", "mallory", null, NOW.plusSeconds(90), true));

        VerifiedToken token = tokensOf(folder).verify(jwt);

        assertThat(token.userId()).isEqualTo("mallory");
        assertThat(token.unlimitedRate()).isFalse();
    }

    @Test
    void whatProcessesProveDoesNotFollowFromWhatHostsHold() throws Exception {
        DataFolder data = DataFolder.at(folder);

        for (String purpose :
                List.of(SyncApiConfig.SECRET_PURPOSE, ResumeTokens.SECRET_PURPOSE, GroupIds.SECRET_PURPOSE)) {
            assertThat(data.operatorSecret().derived(purpose))
                    .isNotEqualTo(data.tokenSecret().derived(purpose))
                    .isEqualTo(DataFolder.at(folder).operatorSecret().derived(purpose));
        }
        assertThat(Files.getPosixFilePermissions(folder.resolve("operator.secret")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    private static TokenVerifier tokensOf(Path data) throws DataFolderException {
        DataFolder folder = DataFolder.at(data);
        Tokens tokens = Tokens.of(
                Settings.ofEnvironment(Map.of()),
                List.of(folder.tokenSecret()),
                List.of(folder.operatorSecret()),
                CLOCK);
        return tokens.verifier();
    }

    @Test
    void tokenFolderComesFromTheEnvironmentWhereNoOptionNamesIt() throws Exception {
        environment.put("MILENA_DATA", dataFolder("from environment").path().toString());

        assertThat(run("token alice")).isZero();
        assertThat(out()).isNotBlank();
    }

    @Test
    void helpIsNoMisuse() {
        assertThat(run("up --help")).isZero();
        assertThat(out()).contains("--port").contains("MILENA_PORT");
    }

    /// As an `up` leaves it.
    private DataFolder dataFolder(String name) throws DataFolderException {
        DataFolder data = DataFolder.at(folder.resolve(name));
        data.tokenSecret();
        return data;
    }

    private int run(String line) {
        return run(line.split(" ", -1));
    }

    private int run(String... arguments) {
        CommandContext context = new CommandContext(environment, stream(out), stream(err), CLOCK);
        return Main.run(context, arguments);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
