package chat.milena.runtime.kafka;

import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.Readiness;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether any broker answers. A process whose brokers have not answered for ten seconds is not ready: it accepts
/// nothing that it could keep.
public final class BrokersWatch implements Component {
    private static final Logger LOG = LoggerFactory.getLogger(BrokersWatch.class);
    private static final String NAME = "brokers";
    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(4);
    private static final Duration SILENT_MAX = Duration.ofSeconds(10);

    private final KafkaClients clients;
    private final Readiness readiness;
    private final Thread thread = Thread.ofVirtual().name("watch-brokers").unstarted(this::run);

    public BrokersWatch(KafkaClients clients, Readiness readiness) {
        this.clients = clients;
        this.readiness = readiness;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void start() {
        readiness.set(NAME, true, "");
        thread.start();
    }

    @Override
    public void stop(Duration within) throws InterruptedException {
        thread.interrupt();
        thread.join(within);
    }

    private void run() {
        try (Admin admin = Admin.create(clients.admin())) {
            watch(admin);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch(Admin admin) throws InterruptedException {
        long answeredAt = System.nanoTime();
        boolean silent = false;
        while (true) {
            Thread.sleep(EVERY);
            if (answers(admin)) {
                answeredAt = System.nanoTime();
            }
            boolean now = System.nanoTime() - answeredAt > SILENT_MAX.toNanos();
            if (now && !silent) {
                LOG.error("No broker has answered for {} s", SILENT_MAX.toSeconds());
            } else if (silent && !now) {
                LOG.info("The brokers answer again");
            }
            silent = now;
            readiness.set(NAME, !silent, "no broker answers");
        }
    }

    private static boolean answers(Admin admin) throws InterruptedException {
        try {
            return !admin.describeCluster()
                    .nodes()
                    .get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                    .isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("The brokers did not describe the cluster", e);
            return false;
        }
    }
}
