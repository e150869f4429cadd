package chat.milena.standalone.up;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.TopicException;
import chat.milena.runtime.kafka.Topics;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.schemas.topic.TopicCatalogue;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;

/// The step between the broker and those who use it: the topics are made or checked.
public final class TopicsReady implements Component {
    private static final Duration WITHIN = Duration.ofSeconds(30);

    private final TopicCatalogue catalogue;
    private final KafkaClients clients;

    public TopicsReady(TopicCatalogue catalogue, KafkaClients clients) {
        this.catalogue = catalogue;
        this.clients = clients;
    }

    @Override
    public String name() {
        return "topics";
    }

    @Override
    public void start() throws TopicException, InterruptedException {
        try (Admin admin = Admin.create(clients.admin())) {
            Topics.provision(catalogue.all(), admin, WITHIN);
        }
    }

    @Override
    public void stop(Duration within) {
        // Topics stay.
    }
}
