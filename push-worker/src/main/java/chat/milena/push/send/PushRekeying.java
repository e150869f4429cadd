package chat.milena.push.send;

import chat.milena.runtime.config.PushKeys;
import chat.milena.runtime.config.Sealed;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.PartitionReader;
import chat.milena.schemas.avro.ChangeDevice;
import chat.milena.schemas.avro.Device;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.PushRegistration;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.topic.TopicCatalogue;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Encrypts the addresses of all registrations with the first key, after a new one was added. For one thread.
///
/// It writes a command for each registration under an older key, and the running system carries it out. A registration
/// that was replaced or ended meanwhile stays as it is. So it may be stopped, and run again, at any time.
///
/// **Bounds.** At most [#REGISTRATIONS_MAX] registrations are in memory: of a partition with more, a part of the
/// devices is read at a time. At most [#WRITES_MAX] writes are not acknowledged.
public final class PushRekeying {
    private static final int REGISTRATIONS_MAX = 50_000;
    /// With more parts, hashes of devices would be equal.
    private static final int PARTS_MAX = 1 << 16;

    private static final int WRITES_MAX = 1_000;
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private final TopicCatalogue topics;
    private final OperatorLog log;
    private final PushKeys keys;
    private final Clock clock;
    private final int registrationsMax;

    /// @param keys the first one encrypts
    public PushRekeying(TopicCatalogue topics, KafkaClients clients, PushKeys keys, Clock clock) {
        this(topics, clients, keys, clock, REGISTRATIONS_MAX);
    }

    /// @param registrationsMax those that are in memory
    public PushRekeying(TopicCatalogue topics, KafkaClients clients, PushKeys keys, Clock clock, int registrationsMax) {
        this.registrationsMax = registrationsMax;
        this.topics = topics;
        this.log = new OperatorLog(clients);
        this.keys = keys;
        this.clock = clock;
    }

    /// The registrations by their keys.
    ///
    /// @param first under the first key
    /// @param older under another key, which is known here
    /// @param unknown under a key that is not known here, so that nobody can encrypt them again
    public record Counts(long first, long older, long unknown) {
        static final Counts NONE = new Counts(0, 0, 0);

        private Counts plus(Counts more) {
            return new Counts(first + more.first, older + more.older, unknown + more.unknown);
        }
    }

    /// What was done.
    ///
    /// @param before the registrations at the beginning
    /// @param after the registrations at the end
    public record Outcome(Counts before, Counts after) {}

    /// Encrypts all, and waits until the system has carried it out.
    ///
    /// @param within how long to wait
    /// @throws KafkaException if the brokers do not answer
    public Outcome run(Duration within) throws InterruptedException {
        Counts before = pass(true);
        long deadline = System.nanoTime() + within.toNanos();
        Counts after = pass(false);
        while (after.older() > 0 && deadline - System.nanoTime() > 0) {
            Thread.sleep(LOOK_EVERY);
            after = pass(false);
        }
        return new Outcome(before, after);
    }

    private Counts pass(boolean isWriting) throws InterruptedException {
        Counts counts = Counts.NONE;
        try (PartitionReader reader = log.reader();
                Writes writes = isWriting ? new Writes(log.producer(), topics) : null) {
            for (int number = 0; number < topics.devices().partitions(); number++) {
                TopicPartition partition = new TopicPartition(topics.devices().name(), number);
                counts = counts.plus(part(reader, partition, 0, 1, writes));
            }
            if (writes != null) {
                writes.await(0);
            }
        }
        return counts;
    }

    /// One of several parts of the devices of a partition. A part that is too large is halved.
    private Counts part(PartitionReader reader, TopicPartition partition, int part, int parts, @Nullable Writes writes)
            throws InterruptedException {
        Map<DeviceKey, PushRegistration> registered = new HashMap<>();
        reader.read(partition, PartitionReader.BEGINNING, record -> {
            DeviceKey key = DeviceKey.fromBytes(record.key());
            Device device = OperatorLog.value(topics.devices(), record);
            PushRegistration push = device == null ? null : device.getPush();
            if (push == null) {
                registered.remove(key);
            } else if (Math.floorMod(key.hashCode(), parts) == part) {
                registered.put(key, push);
            }
            return registered.size() <= registrationsMax || parts >= PARTS_MAX;
        });
        if (registered.size() > registrationsMax && parts < PARTS_MAX) {
            return part(reader, partition, part, 2 * parts, writes)
                    .plus(part(reader, partition, part + parts, 2 * parts, writes));
        }
        Counts counts = Counts.NONE;
        for (Map.Entry<DeviceKey, PushRegistration> one : registered.entrySet()) {
            counts = counts.plus(take(one.getKey(), one.getValue(), writes));
        }
        return counts;
    }

    private Counts take(DeviceKey key, PushRegistration push, @Nullable Writes writes) throws InterruptedException {
        if (keys.isFirst(push.getKeyId())) {
            return new Counts(1, 0, 0);
        }
        String aad = PushKeys.aad(key.user().tenant(), key.user().userId(), key.deviceId(), push.getPlatform());
        byte[] sealed = new byte[push.getAddress().remaining()];
        push.getAddress().duplicate().get(sealed);
        byte[] plain = keys.open(push.getKeyId(), sealed, aad).orElse(null);
        if (plain == null) {
            return new Counts(0, 0, 1);
        }
        if (writes != null) {
            writes.add(key, command(key, push, keys.seal(plain, aad)));
        }
        return new Counts(0, 1, 0);
    }

    private InboundCommand command(DeviceKey key, PushRegistration former, Sealed sealed) {
        ChangeDevice change = new ChangeDevice();
        change.setDeviceId(key.deviceId());
        change.setPush(PushRegistration.newBuilder(former)
                .setKeyId(sealed.keyId())
                .setAddress(ByteBuffer.wrap(sealed.bytes()))
                .build());
        change.setRekeysOf(former.getRegisteredAt());
        return DeviceCommands.of(key, change, clock.instant());
    }

    /// Writes of commands, not all of them acknowledged.
    private record Writes(
            KafkaProducer<byte[], byte[]> producer, TopicCatalogue topics, Queue<Future<RecordMetadata>> open)
            implements AutoCloseable {
        private Writes(KafkaProducer<byte[], byte[]> producer, TopicCatalogue topics) {
            this(producer, topics, new ArrayDeque<>());
        }

        private void add(DeviceKey key, InboundCommand command) throws InterruptedException {
            await(WRITES_MAX - 1);
            open.add(OperatorLog.send(producer, topics.userCommands(), key.user(), command));
        }

        /// Waits until no more than this number are not acknowledged.
        private void await(int most) throws InterruptedException {
            while (open.size() > most) {
                OperatorLog.sent(open.remove());
            }
        }

        @Override
        public void close() {
            producer.close();
        }
    }
}
