package chat.milena.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import chat.milena.bench.cluster.FreePorts;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Bans at two sequencers and two gateways, of which one sequencer is killed and comes back.
@Tag("alone")
class BanClusterIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /// A second is promised; it is longer where other programs take the processors.
    private static final Duration IN_FORCE = Duration.ofSeconds(10);
    /// So that those who try leave the processor to the one that comes back.
    private static final int BETWEEN_MILLIS = 50;
    private static final String TENANT = "default";
    private static final int CREATED = 201;
    private static final int REFUSED = 403;
    private static final Set<Integer> NO_ANSWER = Set.of(429, 503);
    private static final TopicCatalogue TOPICS =
            new TopicCatalogue(Sizing.EMBEDDED.withPartitions(SeparateProcesses.PARTITIONS), ShippedSchemas.load());

    @TempDir
    private Path folder;

    private final List<Tenant> gateways = new ArrayList<>();

    @Test
    void banHoldsAtAllAndAtOneThatComesBackFromItsFirstCommandOn() throws Exception {
        List<Integer> ports = FreePorts.take(3);
        try (SeparateProcesses processes = new SeparateProcesses(folder);
                ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor()) {
            launch(processes, ports);
            List<String> talks = talks("ben");
            List<String> later = talks("eve");
            awaitSends("ben", talks);

            long millis = bans("ben", talks, beside);
            System.out.println("a ban was in force at two sequencers and two gateways after " + millis + " ms");
            assertThat(millis).isLessThan(IN_FORCE.toMillis());

            CountDownLatch over = new CountDownLatch(1);
            Future<Integer> refused = beside.submit(() -> tries("ben", talks, over));
            processes.kill9("sequencer-2");
            // The list of bans may be with the one that was killed.
            await().atMost(PATIENCE).ignoreExceptions().until(() -> ban("eve").status() == 200);
            long banned = System.nanoTime();
            sequencer(processes, 2);
            await().atMost(PATIENCE).until(() -> System.nanoTime() - banned > IN_FORCE.toNanos());
            Future<Integer> refusedLater = beside.submit(() -> tries("eve", later, over));
            processes.awaitAll();
            awaitSends("zoe", talks("zoe"));
            over.countDown();

            assertThat(refused.get(1, TimeUnit.MINUTES)).isPositive();
            assertThat(refusedLater.get(1, TimeUnit.MINUTES)).isPositive();
            for (Tenant gateway : gateways) {
                for (String talk : talks) {
                    assertThat(sends(gateway, "ben", talk)).isEqualTo(REFUSED);
                }
            }
        } finally {
            gateways.forEach(Tenant::close);
        }
    }

    private void launch(SeparateProcesses processes, List<Integer> ports) throws Exception {
        sequencer(processes, 1);
        sequencer(processes, 2);
        processes.launch(
                "sync-api-1",
                List.of("--state", folder.resolve("views").toString(), "--port", "0"),
                Map.of("MILENA_INTERNAL_PORT", Integer.toString(ports.getLast())));
        for (int i = 0; i < 2; i++) {
            String port = Integer.toString(ports.get(i));
            processes.launch(
                    "gateway-" + (i + 1),
                    List.of("--port", port),
                    Map.of(
                            "MILENA_SYNC_API_URLS", "http://127.0.0.1:" + ports.getLast(),
                            "MILENA_RATE_MESSAGES_PER_SECOND", "0",
                            "MILENA_RATE_MESSAGES_PER_MINUTE", "0"));
            gateways.add(new Tenant(URI.create("http://127.0.0.1:" + port), processes.data(), TENANT));
        }
        processes.awaitAll();
    }

    private void sequencer(SeparateProcesses processes, int number) throws Exception {
        String state = folder.resolve("sequencer-" + number).toString();
        processes.launch("sequencer-" + number, List.of("--state", state), Map.of());
    }

    /// Conversations of a user, one in each partition.
    private List<String> talks(String userId) throws Exception {
        Map<Integer, String> byPartition = new TreeMap<>();
        for (int i = 0; byPartition.size() < SeparateProcesses.PARTITIONS; i++) {
            String other = "other-" + i;
            ConversationKey key = new ConversationKey(TENANT, Ids.directConversation(TENANT, userId, other));
            if (byPartition.putIfAbsent(TOPICS.inbound().partitionOf(key), other) == null) {
                assertThat(gateways.getFirst().direct(userId, other)).isEqualTo(key.conversationId());
            }
        }
        return byPartition.values().stream()
                .map(other -> Ids.directConversation(TENANT, userId, other))
                .toList();
    }

    private static int sends(Tenant gateway, String userId, String talk) throws Exception {
        return gateway.posts(userId, talk, UUID.randomUUID().toString(), "hi").status();
    }

    /// Each partition is served.
    private void awaitSends(String userId, List<String> talks) {
        for (Tenant gateway : gateways) {
            for (String talk : talks) {
                await().atMost(PATIENCE).ignoreExceptions().until(() -> sends(gateway, userId, talk) == CREATED);
            }
        }
    }

    private Rest.Answer ban(String userId) throws Exception {
        Tenant gateway = gateways.getFirst();
        return gateway.rest()
                .call("PUT", "/api/v1/moderation/bans/" + userId, gateway.moderator("mia"), "{\"reason\":\"spam\"}");
    }

    /// From the answer to the ban until each conversation refuses the user by each gateway, in milliseconds.
    private long bans(String userId, List<String> talks, ExecutorService beside) throws Exception {
        Rest.Answer answer = ban(userId);
        long begin = System.nanoTime();
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        List<Future<Long>> refusals = new ArrayList<>();
        for (Tenant gateway : gateways) {
            for (String talk : talks) {
                refusals.add(beside.submit(() -> {
                    while (sends(gateway, userId, talk) != REFUSED) {
                        assertThat(System.nanoTime() - begin).isLessThan(PATIENCE.toNanos());
                    }
                    return System.nanoTime() - begin;
                }));
            }
        }
        long last = 0;
        for (Future<Long> refusal : refusals) {
            last = Math.max(last, refusal.get());
        }
        return TimeUnit.NANOSECONDS.toMillis(last);
    }

    /// Tries to send everywhere, again and again; nothing may be accepted.
    ///
    /// @return how often it was refused
    private int tries(String userId, List<String> talks, CountDownLatch over) throws Exception {
        int refused = 0;
        while (!over.await(BETWEEN_MILLIS, TimeUnit.MILLISECONDS)) {
            for (Tenant gateway : gateways) {
                for (String talk : talks) {
                    int status = sends(gateway, userId, talk);
                    assertThat(status == REFUSED || NO_ANSWER.contains(status))
                            .as("%s: %d", userId, status)
                            .isTrue();
                    refused += status == REFUSED ? 1 : 0;
                }
            }
        }
        return refused;
    }
}
