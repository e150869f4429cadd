package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.cluster.ChildProcess;
import chat.milena.bench.cluster.FreePorts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Push as a process of its own, beside a system that only registers devices; it is killed in between.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PushWorkerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final int internalPort = FreePorts.take(1).getFirst();

    @RegisterExtension
    final RunningMilena milena = new RunningMilena()
            .with("MILENA_FCM_PROJECTS", "shop")
            .with("MILENA_INTERNAL_PORT", Integer.toString(internalPort));

    private ChildProcess worker() throws Exception {
        return ServerJvm.start(
                List.of(
                        "push-worker",
                        "--push-log",
                        "--data",
                        milena.data().toString(),
                        "--state",
                        milena.scratch("push").toString()),
                Map.of(
                        "MILENA_KAFKA_BOOTSTRAP_SERVERS",
                        milena.kafka().bootstrapServers(),
                        "MILENA_SYNC_API_URLS",
                        "http://127.0.0.1:" + internalPort,
                        "MILENA_PUSH_HOLD",
                        "1s"));
    }

    private static void awaitPushed(ChildProcess worker, String text) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(worker.lines()).anyMatch(line -> line.contains(text)));
    }

    @Test
    void separateWorkerPushesAndResumesAfterAKill() throws Exception {
        try (Tenant home = new Tenant(milena, "default")) {
            Rest.Answer registered = home.rest()
                    .call(
                            "PUT",
                            "/api/v1/devices/phone",
                            home.tokenOf("bob"),
                            "{\"platform\":\"fcm\",\"token\":\"token-of-bob\"}");
            assertThat(registered.status()).as(registered.text()).isEqualTo(200);
            String direct = home.direct("alice", "bob");
            ChildProcess first = worker();
            home.posts("alice", direct, "m1", "one");
            awaitPushed(first, "alice | one (1 new, 1 unread)");
            home.posts("alice", direct, "m2", "two");
            first.kill();
            ChildProcess second = worker();
            awaitPushed(second, "alice | two (1 new, 2 unread)");
            assertThat(second.lines()).noneMatch(line -> line.contains("| one"));
            second.kill();
        }
    }
}
