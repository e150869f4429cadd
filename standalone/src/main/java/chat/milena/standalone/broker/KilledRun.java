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

/// The registration that a killed run left in the controller's log: a broker that never announced its shutdown and
/// that the controller considers alive.
final class KilledRun {
    private static final Logger LOG = LoggerFactory.getLogger(KilledRun.class);
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(5);

    private KilledRun() {}

    /// Unregisters that broker, if there is one. No broker may run meanwhile.
    ///
    /// @throws TimeoutException if the controller does not become active in time
    static void forget(MetadataLoader loader, Controller controller)
            throws InterruptedException, ExecutionException, TimeoutException {
        long deadline = System.nanoTime() + WITHIN.toNanos();
        BrokerRegistration left = firstImage(loader, deadline).cluster().broker(BrokerSettings.NODE_ID);
        // A broker that announced its shutdown is fenced, and has no session to wait for.
        if (left != null && !left.fenced()) {
            LOG.debug("unregistering the broker of a killed run, epoch {}", left.epoch());
            unregister(controller, deadline);
        }
    }

    /// The state at the end of the log, which is known once there is a leader.
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
                // A leader elected a moment ago may not be active yet.
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
            throw new TimeoutException("the controller did not become active within " + WITHIN.toSeconds() + " s");
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
            // There is nothing to close.
        }
    }
}
