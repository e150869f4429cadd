package chat.milena.standalone.e2e;

import chat.milena.standalone.SourceFiles;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// `docker-compose.yml`: which processes run, and with what.
///
/// @param services by name, in the order of the file
/// @param subnet of the proxy and the gateways
record ComposeFile(Map<String, Service> services, String subnet) {
    /// One of them.
    ///
    /// @param volumes where it has folders that stay
    /// @param healthCheck the command that checks it; empty without one
    record Service(
            String image,
            List<String> command,
            Map<String, String> environment,
            List<String> secrets,
            List<String> volumes,
            List<String> healthCheck) {}

    static ComposeFile read() throws IOException {
        JsonNode root = yaml("docker-compose.yml");
        Map<String, Service> services = new LinkedHashMap<>();
        root.path("services").properties().forEach(one -> services.put(one.getKey(), service(one.getValue())));
        return new ComposeFile(
                services, root.at("/networks/front/ipam/config/0/subnet").asText());
    }

    /// The addresses that Prometheus reads, of each job.
    static Map<String, List<String>> scraped() throws IOException {
        Map<String, List<String>> targets = new LinkedHashMap<>();
        yaml("deploy/prometheus.yml")
                .path("scrape_configs")
                .forEach(job -> targets.put(job.path("job_name").asText(), texts(job.at("/static_configs/0/targets"))));
        return targets;
    }

    /// With anchors resolved.
    private static JsonNode yaml(String file) throws IOException {
        Object loaded = new Yaml(new SafeConstructor(new LoaderOptions()))
                .load(Files.readString(SourceFiles.ROOT.resolve(file)));
        return new ObjectMapper().valueToTree(loaded);
    }

    private static Service service(JsonNode service) {
        JsonNode command = service.path("command");
        Map<String, String> environment = new LinkedHashMap<>();
        service.path("environment")
                .properties()
                .forEach(one -> environment.put(one.getKey(), one.getValue().asText()));
        List<String> check = texts(service.at("/healthcheck/test"));
        return new Service(
                service.path("image").asText(),
                command.isTextual() ? List.of(command.asText().split(" ", -1)) : texts(command),
                environment,
                texts(service.path("secrets")),
                texts(service.path("volumes")),
                check.isEmpty() ? check : check.subList(1, check.size()));
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(one -> texts.add(one.asText()));
        return texts;
    }

    Service service(String name) {
        return Optional.ofNullable(services.get(name)).orElseThrow(() -> new AssertionError("no service " + name));
    }

    /// The names of those that run an image.
    List<String> running(String image) {
        return services.entrySet().stream()
                .filter(one -> one.getValue().image().split(":", 2)[0].equals(image))
                .map(Map.Entry::getKey)
                .toList();
    }
}
