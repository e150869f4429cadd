package chat.milena.topology;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.LogStarts;
import chat.milena.runtime.kafka.TopicException;
import chat.milena.runtime.kafka.Topics;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/// The step between the broker and its users: the topics are made or checked.
public final class TopicsReady implements Component {
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final Duration RESOLVE_EVERY = Duration.ofMillis(500);

    private final InstalledTopics topics;
    private final KafkaClients clients;
    private final boolean makes;
    private final Duration within;

    /// @param makes whether missing topics are made; otherwise they are an error: a cluster without any may be the
    /// wrong one
    public TopicsReady(TopicCatalogue catalogue, KafkaClients clients, boolean makes) {
        this(catalogue, clients, makes, WITHIN);
    }

    /// @param within how long the brokers may take for a step
    TopicsReady(TopicCatalogue catalogue, KafkaClients clients, boolean makes, Duration within) {
        this.within = within;
        this.topics = new InstalledTopics(catalogue);
        this.clients = clients;
        this.makes = makes;
    }

    @Override
    public String name() {
        return "topics";
    }

    @Override
    public void start() throws TopicException, InterruptedException {
        String servers = clients.bootstrapServers();
        Admin admin = resolved(() -> Admin.create(clients.admin()), servers, within, RESOLVE_EVERY);
        try {
            if (!makes) {
                Topics.require(topics.catalogue().all(), Set.of(LogStarts.TOPIC), admin, within);
            }
            Topics.provision(topics.all(Topics.names(admin, within)), admin, within);
        } catch (TopicException e) {
            throw e.getCause() instanceof TimeoutException
                    ? new TopicException(e.getMessage() + ", at " + servers, e)
                    : e;
        } finally {
            // Without a bound it would wait for answers that did not come.
            admin.close(Duration.ZERO);
        }
    }

    @Override
    public void stop(Duration within) {
        // Topics stay.
    }

    /// The result of the maker once the name of a broker can be resolved: a name may become known a little later
    /// than its clients.
    static <T> T resolved(Supplier<T> maker, String servers, Duration within, Duration every)
            throws TopicException, InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (true) {
            try {
                return maker.get();
            } catch (KafkaException e) {
                String cause =
                        e.getCause() == null ? "" : String.valueOf(e.getCause().getMessage());
                if (!cause.contains("No resolvable bootstrap")) {
                    throw e;
                }
                if (System.nanoTime() - deadline >= 0) {
                    throw new TopicException("cannot resolve the name of any broker of " + servers, e);
                }
            }
            Thread.sleep(every);
        }
    }
}
