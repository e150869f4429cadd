package chat.milena.standalone.e2e;

import chat.milena.bench.cluster.Deployment;
import chat.milena.bench.cluster.Places;
import chat.milena.standalone.ProxyConfig;
import chat.milena.standalone.SourceFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// The cluster of `docker-compose.yml`, with ports and folders of this machine in place of hosts, networks,
/// volumes and mounted secrets. A secret or a folder that a service uses without having it is missing here too.
///
/// @param further settings of all services, which replace those of the file
record ComposedDeployment(ComposeFile compose, Map<String, String> further) implements Deployment {
    private static final String MILENA = "milena";
    private static final String TOPICS = "topics";
    private static final String LOOPBACK = "127.0.0.1";
    private static final String ANY = "0.0.0.0";
    private static final Pattern LISTENER = Pattern.compile(LOOPBACK + "/([0-9]+)");
    private static final int REDIS_PORT = 6379;
    private static final String REGISTRY = "schema-registry";
    private static final Path REGISTRY_PROGRAM = SourceFiles.ROOT
            .resolve("standalone/target/schema-registry/quarkus-run.jar")
            .toAbsolutePath();

    @Override
    public void makeSecrets(Places places) throws IOException, InterruptedException {
        Path folder = places.folder();
        Path secrets = ProxyConfig.secrets(folder);
        Path redis = secrets.resolve("redis-url");
        Files.writeString(redis, places.local(Files.readString(redis)));
        Files.copy(secrets.resolve("operator"), folder.resolve("operator.secret"));
        Files.copy(secrets.resolve("tokens"), folder.resolve("token.secret"));
    }

    /// As the image of Kafka reads its environment.
    @Override
    public Map<String, String> broker(int id, Places places) {
        String name = "kafka-" + id;
        Map<String, String> settings = new LinkedHashMap<>();
        compose.service(name).environment().forEach((variable, value) -> {
            if (variable.startsWith("KAFKA_")) {
                String property = variable.substring("KAFKA_".length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '.');
                settings.put(property, places.local(name, value));
            }
        });
        return settings;
    }

    @Override
    public List<String> redis(Path program, Places places) {
        ComposeFile.Service redis = compose.service("redis");
        String here = program + " - --bind " + LOOPBACK + " --port " + places.port("redis", REDIS_PORT);
        return redis.command().stream()
                .map(word -> mounted(redis, word.replace("$$", "$"), places).replace("redis-server -", here))
                .toList();
    }

    /// @throws IllegalStateException if the build has not unpacked it
    @Override
    public List<String> schemaRegistry(Places places) {
        if (!Files.exists(REGISTRY_PROGRAM)) {
            throw new IllegalStateException("mvn -pl standalone dependency:unpack@schema-registry unpacks the program"
                    + " that is missing: " + REGISTRY_PROGRAM);
        }
        List<String> words = new ArrayList<>(List.of("env"));
        compose.service(REGISTRY)
                .environment()
                .forEach((variable, value) -> words.add(variable + "=" + places.local(value)));
        words.add("QUARKUS_HTTP_HOST=" + LOOPBACK);
        words.add("QUARKUS_HTTP_PORT=" + port(REGISTRY, "8080", places));
        words.add("QUARKUS_MANAGEMENT_HOST=" + LOOPBACK);
        words.add("QUARKUS_MANAGEMENT_PORT=" + port(REGISTRY, "9000", places));
        words.addAll(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                REGISTRY_PROGRAM.toString()));
        return words;
    }

    @Override
    public List<String> services() {
        return compose.running(MILENA).stream()
                .filter(name -> !name.equals(TOPICS))
                .toList();
    }

    @Override
    public Service service(String name, Places places) {
        ComposeFile.Service service = compose.service(name);
        List<String> arguments = new ArrayList<>();
        for (String word : service.command()) {
            boolean isPort = !arguments.isEmpty() && arguments.getLast().equals("--port");
            arguments.add(isPort ? port(name, word, places) : here(service, word, places));
        }
        return new Service(arguments, environment(name, places));
    }

    /// @param user a service, or a kind of service
    @Override
    public Map<String, String> environment(String user, Places places) {
        String name = compose.services().containsKey(user) ? user : user + "-1";
        ComposeFile.Service service = compose.service(name);
        Map<String, String> settings = new LinkedHashMap<>();
        service.environment()
                .forEach((variable, value) -> settings.put(variable, here(name, service, variable, value, places)));
        settings.putAll(further);
        return settings;
    }

    /// The command of a health check; empty without one.
    List<String> healthCheck(String name, Places places) {
        return compose.service(name).healthCheck().stream()
                .map(word ->
                        LISTENER.matcher(word).replaceAll(found -> LOOPBACK + "/" + port(name, found.group(1), places)))
                .toList();
    }

    private static String port(String host, String port, Places places) {
        return Integer.toString(places.port(host, Integer.parseInt(port)));
    }

    private String here(String name, ComposeFile.Service service, String variable, String value, Places places) {
        if (variable.endsWith("_PORT")) {
            return port(name, value, places);
        }
        return variable.endsWith("_HOST") ? LOOPBACK : here(service, value, places);
    }

    private String here(ComposeFile.Service service, String text, Places places) {
        return text.equals(ANY)
                ? LOOPBACK
                : places.local(mounted(service, text, places).replace(compose.subnet(), "127.0.0.0/8"));
    }

    private static String mounted(ComposeFile.Service service, String text, Places places) {
        String mounted = text;
        for (String secret : service.secrets()) {
            mounted = mounted.replaceAll(
                    "/run/secrets/" + secret + "\\b(?!-)",
                    places.folder().resolve("secrets").resolve(secret).toString());
        }
        for (String volume : service.volumes()) {
            String[] parts = volume.split(":", -1);
            mounted =
                    mounted.replace(parts[1], places.folder().resolve(parts[0]).toString());
        }
        return mounted;
    }
}
