package chat.milena.topology;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.TopicAccess;
import chat.milena.runtime.kafka.TopicCheck;
import chat.milena.runtime.kafka.TopicException;
import chat.milena.runtime.kafka.Topics;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The step between the brokers and their users: the topics are made, or only checked.
public final class TopicsReady implements Component {
    private static final Logger LOG = LoggerFactory.getLogger(TopicsReady.class);
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final Duration RESOLVE_EVERY = Duration.ofMillis(500);

    private final InstalledTopics topics;
    private final KafkaClients clients;
    private final @Nullable TopicAccess access;
    private final Duration within;

    /// Makes missing topics, and changes settings that may be changed at any time.
    public static TopicsReady making(TopicCatalogue catalogue, KafkaClients clients) {
        return new TopicsReady(catalogue, clients, null, WITHIN);
    }

    /// Changes nothing. Missing topics are an error: a cluster without any may be the wrong one.
    ///
    /// @param access what the process does with the topics
    public static TopicsReady checking(TopicCatalogue catalogue, KafkaClients clients, TopicAccess access) {
        return new TopicsReady(catalogue, clients, access, WITHIN);
    }

    /// @param access null to make topics
    /// @param within how long the brokers may take for a step
    TopicsReady(TopicCatalogue catalogue, KafkaClients clients, @Nullable TopicAccess access, Duration within) {
        this.within = within;
        this.topics = new InstalledTopics(catalogue);
        this.clients = clients;
        this.access = access;
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
            if (access == null) {
                Topics.provision(topics.all(Topics.names(admin, within)), admin, within);
            } else {
                check(topics.check(access, admin, within));
            }
        } catch (TopicException e) {
            throw e.getCause() instanceof TimeoutException
                    ? new TopicException(e.getMessage() + ", at " + servers, e)
                    : e;
        } finally {
            // Without a bound it would wait for answers that did not come.
            admin.close(Duration.ZERO);
        }
    }

    private static void check(TopicCheck check) throws TopicException {
        check.changes().forEach(change -> LOG.warn("{} (`milena topics create` changes it)", change));
        if (!check.faults().isEmpty()) {
            throw new TopicException("the topics are not as this process needs them (`milena topics check`,"
                    + " docs/operations.md):\n" + String.join("\n", check.faults()));
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
