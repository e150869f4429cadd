package chat.milena.standalone.broker;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.controller.Controller;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.loader.LoaderManifest;
import org.apache.kafka.image.loader.MetadataLoader;
import org.apache.kafka.image.publisher.MetadataPublisher;
import org.apache.kafka.metadata.BrokerRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a killed run left in the controller's log: a broker that never took leave and, to the controller, still lives.
final class KilledRun {
    private static final Logger LOG = LoggerFactory.getLogger(KilledRun.class);
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(5);

    private KilledRun() {}

    /// Takes that broker out of the log, if there is one. To be called while no broker runs.
    ///
    /// @throws TimeoutException if the controller does not get to work in time
    static void forget(MetadataLoader loader, Controller controller)
            throws InterruptedException, ExecutionException, TimeoutException {
        long deadline = System.nanoTime() + WITHIN.toNanos();
        BrokerRegistration left = firstImage(loader, deadline).cluster().broker(BrokerSettings.NODE_ID);
        // One that took leave is fenced, and has no session that could be waited for.
        if (left != null && !left.fenced()) {
            LOG.debug("forgetting the broker of a killed run, epoch {}", left.epoch());
            unregister(controller, deadline);
        }
    }

    /// What the log holds at its end, which is known when there is a leader.
    private static MetadataImage firstImage(MetadataLoader loader, long deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        FirstImage first = new FirstImage();
        loader.installPublishers(List.of(first)).get(nanosUntil(deadline), TimeUnit.NANOSECONDS);
        MetadataImage image = first.seen.get(nanosUntil(deadline), TimeUnit.NANOSECONDS);
        loader.removeAndClosePublisher(first).get(nanosUntil(deadline), TimeUnit.NANOSECONDS);
        return image;
    }

    private static void unregister(Controller controller, long deadline)
            throws InterruptedException, ExecutionException, TimeoutException {
        ControllerRequestContext context = new ControllerRequestContext(
                new RequestHeaderData(), KafkaPrincipal.ANONYMOUS, OptionalLong.of(deadline));
        while (true) {
            try {
                controller
                        .unregisterBroker(context, BrokerSettings.NODE_ID)
                        .get(nanosUntil(deadline), TimeUnit.NANOSECONDS);
                return;
            } catch (ExecutionException e) {
                // Elected a moment ago, it may not have taken office yet.
                if (!(e.getCause() instanceof NotControllerException)) {
                    throw e;
                }
            }
            TimeUnit.NANOSECONDS.sleep(Math.min(PAUSE.toNanos(), nanosUntil(deadline)));
        }
    }

    private static long nanosUntil(long deadline) throws TimeoutException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw new TimeoutException("the controller did not get to work within " + WITHIN.toSeconds() + " s");
        }
        return left;
    }

    private static final class FirstImage implements MetadataPublisher {
        private final CompletableFuture<MetadataImage> seen = new CompletableFuture<>();

        @Override
        public String name() {
            return "KilledRun";
        }

        @Override
        public void onMetadataUpdate(MetadataDelta delta, MetadataImage image, LoaderManifest manifest) {
            seen.complete(image);
        }

        @Override
        public void close() {
            // Nothing of it is open.
        }
    }
}
