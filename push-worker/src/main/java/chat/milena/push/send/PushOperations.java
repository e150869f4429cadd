package chat.milena.push.send;

import chat.milena.push.topology.IntentRecords;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.PartitionReader;
import chat.milena.runtime.kafka.TopicAccess;
import chat.milena.schemas.avro.Device;
import chat.milena.schemas.avro.PushIntent;
import chat.milena.schemas.avro.PushRegistration;
import chat.milena.schemas.avro.PushResult;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.word.PushKind;
import chat.milena.schemas.word.PushOutcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// What an operator does with push, by the log alone: the running senders do what is written there, with the keys and
/// settings that they have. For one thread.
public final class PushOperations {
    /// How many refused pushes are shown or sent again in one go.
    public static final int REFUSED_MAX = 10_000;

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    /// Clocks differ.
    private static final Duration BEFORE = Duration.ofMinutes(1);

    private final TopicCatalogue topics;
    private final OperatorLog log;
    private final Clock clock;

    public PushOperations(TopicCatalogue topics, KafkaClients clients, Clock clock) {
        this.topics = topics;
        this.log = new OperatorLog(clients);
        this.clock = clock;
    }

    /// What they do with the topics, and [PushRekeying] too.
    public static TopicAccess access(TopicCatalogue topics) {
        return TopicAccess.of(
                Set.of(
                        topics.devices().name(),
                        topics.push().name(),
                        topics.pushResults().name()),
                Set.of(topics.push().name(), topics.userCommands().name()));
    }

    /// What became of the notification for one device.
    ///
    /// @param outcome the words of the result; `no answer` if no sender of the platform answered in time
    public record Outcome(String deviceId, String platform, String outcome) {}

    /// A push that a provider refused for good.
    ///
    /// @param reason the word of the result
    public record Refused(PushResult result, String reason) {}

    /// The pushes that were refused since a moment and not accepted later, oldest first in each partition; at most
    /// [#REFUSED_MAX].
    ///
    /// @throws KafkaException if the brokers do not answer
    public List<Refused> refused(Instant since) {
        List<Refused> found = new ArrayList<>();
        try (PartitionReader reader = log.reader()) {
            for (int number = 0; number < topics.pushResults().partitions(); number++) {
                found.addAll(
                        refused(reader, new TopicPartition(topics.pushResults().name(), number), since));
            }
        }
        return found.subList(0, Math.min(found.size(), REFUSED_MAX));
    }

    private Collection<Refused> refused(PartitionReader reader, TopicPartition results, Instant since) {
        Map<String, Refused> found = new LinkedHashMap<>();
        reader.read(results, reader.since(results, since), record -> {
            PushResult result = OperatorLog.value(topics.pushResults(), record);
            if (result != null) {
                note(result, found);
            }
            return true;
        });
        return found.values();
    }

    private static void note(PushResult result, Map<String, Refused> refused) {
        String push = String.join(
                "\n",
                result.getTenant(),
                result.getUserId(),
                result.getDeviceId(),
                result.getConversationId(),
                result.getKind(),
                String.valueOf(result.getSequenceNumber()));
        refused.remove(push);
        // Read to the end: what was accepted later is not refused any longer.
        if (PushOutcome.REFUSED.is(result.getOutcome()) && refused.size() < REFUSED_MAX) {
            refused.put(push, new Refused(result, String.valueOf(result.getReason())));
        }
    }

    /// Has refused pushes sent again. One whose intent is no longer in the log is left out.
    ///
    /// @return how many are sent again
    /// @throws KafkaException if the brokers do not answer
    public int resend(List<Refused> refused) throws InterruptedException {
        TopicSpec<DeviceKey, PushIntent> topic = topics.push();
        int sent = 0;
        try (PartitionReader reader = log.reader();
                KafkaProducer<byte[], byte[]> producer = log.producer()) {
            for (Refused push : refused) {
                PushResult result = push.result();
                DeviceKey key =
                        new DeviceKey(new UserKey(result.getTenant(), result.getUserId()), result.getDeviceId());
                PushIntent intent = intent(reader, key, result.getIntentOffset());
                if (intent != null) {
                    intent.setAttempt(1);
                    OperatorLog.sent(OperatorLog.send(producer, topic, key, intent));
                    sent++;
                }
            }
        }
        return sent;
    }

    private @Nullable PushIntent intent(PartitionReader reader, DeviceKey key, long offset) {
        ConsumerRecord<byte[], byte[]> record = reader.first(OperatorLog.partition(topics.push(), key.user()), offset);
        return record != null && record.offset() == offset ? OperatorLog.value(topics.push(), record) : null;
    }

    /// Sends one notification to each registered device of a user, to try whether it arrives, and waits for the
    /// results.
    ///
    /// @param within for all of them
    /// @return one for each registered device, in the order of their ids; none if no device is registered
    /// @throws KafkaException if the brokers do not answer
    public List<Outcome> test(UserKey user, Duration within) throws InterruptedException {
        Map<String, String> platforms = registered(user);
        if (platforms.isEmpty()) {
            return List.of();
        }
        TopicPartition results = OperatorLog.partition(topics.pushResults(), user);
        Instant now = clock.instant();
        Map<String, String> outcomes = new TreeMap<>();
        try (PartitionReader reader = log.reader()) {
            long next = reader.since(results, now.minus(BEFORE));
            write(user, platforms, now);
            long deadline = System.nanoTime() + within.toNanos();
            while (outcomes.size() < platforms.size() && deadline - System.nanoTime() > 0) {
                Thread.sleep(LOOK_EVERY);
                next = reader.read(results, next, record -> {
                    note(user, now, OperatorLog.value(topics.pushResults(), record), outcomes);
                    return true;
                });
            }
        }
        return platforms.entrySet().stream()
                .map(device -> new Outcome(
                        device.getKey(), device.getValue(), outcomes.getOrDefault(device.getKey(), "no answer")))
                .toList();
    }

    private static void note(UserKey user, Instant sent, @Nullable PushResult result, Map<String, String> outcomes) {
        if (result != null
                && PushKind.TEST.is(result.getKind())
                && result.getTenant().equals(user.tenant())
                && result.getUserId().equals(user.userId())
                && !result.getTimestamp().isBefore(sent)) {
            String reason = result.getReason();
            outcomes.put(
                    result.getDeviceId(),
                    result.getOutcome() + (reason == null || reason.isEmpty() ? "" : ": " + reason));
        }
    }

    /// The platforms of registered devices, by id.
    private Map<String, String> registered(UserKey user) {
        TopicPartition devices = OperatorLog.partition(topics.devices(), user);
        Map<String, String> platforms = new TreeMap<>();
        try (PartitionReader reader = log.reader()) {
            reader.read(devices, PartitionReader.BEGINNING, record -> {
                DeviceKey of = DeviceKey.fromBytes(record.key());
                if (of.user().equals(user)) {
                    note(of.deviceId(), OperatorLog.value(topics.devices(), record), platforms);
                }
                return true;
            });
        }
        return platforms;
    }

    private static void note(String deviceId, @Nullable Device device, Map<String, String> platforms) {
        PushRegistration push = device == null ? null : device.getPush();
        if (push == null) {
            platforms.remove(deviceId);
        } else {
            platforms.put(deviceId, push.getPlatform());
        }
    }

    private void write(UserKey user, Map<String, String> platforms, Instant now) throws InterruptedException {
        try (KafkaProducer<byte[], byte[]> producer = log.producer()) {
            for (Map.Entry<String, String> device : platforms.entrySet()) {
                DeviceKey key = new DeviceKey(user, device.getKey());
                OperatorLog.sent(OperatorLog.send(
                        producer, topics.push(), key, IntentRecords.test(key, device.getValue(), now)));
            }
        }
    }
}
