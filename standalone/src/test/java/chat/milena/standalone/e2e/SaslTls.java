package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.cluster.Access;
import chat.milena.standalone.SourceFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Brokers that are reached by TLS and a password alone, and permit only what is granted.
///
/// @param folder with the certificate and the passwords
/// @param users by which the brokers know processes; `broker` is one that may do everything
record SaslTls(Path folder, List<String> users) implements Access {
    private static final String MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule required";
    private static final String STORE_PASSWORD = "a-password-of-the-tests";

    /// Makes the certificate and the files.
    static SaslTls in(Path folder, List<String> users) throws Exception {
        SaslTls access = new SaslTls(folder, users);
        Files.createDirectory(access.audit());
        keytool(
                "-genkeypair",
                "-alias",
                "broker",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=broker",
                "-ext",
                "SAN=ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                access.keys(),
                "-storepass",
                STORE_PASSWORD);
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "broker",
                "-file",
                access.certificate(),
                "-keystore",
                access.keys(),
                "-storepass",
                STORE_PASSWORD);
        for (String user : users) {
            Files.writeString(folder.resolve(user + ".jaas"), login(user) + ";\n");
        }
        return access;
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/keytool"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as("%s", process.inputReader().lines().toList())
                .isZero();
    }

    /// Where the brokers note what was done.
    Path audit() {
        return folder.resolve("audit");
    }

    /// That of the authorizer.
    @Override
    public List<String> brokerClassPath() {
        return List.of(
                SourceFiles.ROOT.resolve("standalone/target/test-classes").toString());
    }

    private String keys() {
        return folder.resolve("broker.p12").toString();
    }

    private String certificate() {
        return folder.resolve("broker.pem").toString();
    }

    private static String login(String user) {
        return MODULE + " username=\"" + user + "\" password=\"" + password(user) + "\"";
    }

    private static String password(String user) {
        return "password-of-" + user;
    }

    @Override
    public Map<String, String> ofBrokers() {
        StringBuilder logins = new StringBuilder(login("broker"));
        users.forEach(user -> logins.append(" user_" + user + "=\"" + password(user) + "\""));
        Map<String, String> settings = new HashMap<>();
        settings.put("listener.security.protocol.map", "BROKER:SASL_SSL,CONTROLLER:PLAINTEXT");
        settings.put("sasl.enabled.mechanisms", "PLAIN");
        settings.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
        settings.put("listener.name.broker.plain.sasl.jaas.config", logins + ";");
        settings.put("ssl.keystore.type", "PKCS12");
        settings.put("ssl.keystore.location", keys());
        settings.put("ssl.keystore.password", STORE_PASSWORD);
        settings.put("ssl.truststore.type", "PEM");
        settings.put("ssl.truststore.location", certificate());
        settings.put("authorizer.class.name", AuditingAuthorizer.class.getName());
        settings.put(AuditingAuthorizer.FOLDER, audit().toString());
        settings.put("super.users", "User:broker;User:ANONYMOUS");
        return settings;
    }

    @Override
    public Map<String, String> ofClients(String user) {
        return Map.of(
                "MILENA_KAFKA_SECURITY_PROTOCOL", "SASL_SSL",
                "MILENA_KAFKA_SASL_MECHANISM", "PLAIN",
                "MILENA_KAFKA_SASL_JAAS_CONFIG_FILE",
                        folder.resolve(user + ".jaas").toString(),
                "MILENA_KAFKA_SSL_TRUSTSTORE_TYPE", "PEM",
                "MILENA_KAFKA_SSL_TRUSTSTORE_LOCATION", certificate());
    }

    /// Properties of a client that may do everything.
    Map<String, String> ofOperator() {
        return Map.of(
                "security.protocol", "SASL_SSL",
                "sasl.mechanism", "PLAIN",
                "sasl.jaas.config", login("broker") + ";",
                "ssl.truststore.type", "PEM",
                "ssl.truststore.location", certificate());
    }
}
