package chat.milena.standalone.operate;

import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.TopicException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// The commands of one log on their way to another, in a file that is deleted at the end: two brokers do not run at the
/// same time in one process.
final class CommandFile implements Closeable {
    private static final int NONE = -1;

    private final Path path;
    private final DataOutputStream out;

    CommandFile(Path path) throws IOException {
        this.path = path;
        this.out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(path)));
    }

    /// Adds a command.
    void add(ConsumerRecord<byte[], byte[]> record) throws IOException {
        out.writeInt(record.partition());
        out.writeLong(record.timestamp());
        write(record.key());
        write(record.value());
    }

    private void write(byte @Nullable [] bytes) throws IOException {
        out.writeInt(bytes == null ? NONE : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    /// Writes all commands to the same partitions of a topic, in order and with their times.
    ///
    /// @return how many
    long sendAll(String topic, KafkaClients clients) throws IOException, TopicException {
        out.flush();
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        long sent = 0;
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(path)));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        clients.producer(Map.of(ProducerConfig.ACKS_CONFIG, "all", ProducerConfig.LINGER_MS_CONFIG, 5)),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (ProducerRecord<byte[], byte[]> next = next(in, topic); next != null; next = next(in, topic)) {
                var _ = producer.send(next, (written, e) -> failure.compareAndSet(null, e));
                sent++;
            }
            producer.flush();
        }
        Exception e = failure.get();
        if (e != null) {
            throw new TopicException("cannot write " + topic + ": " + e.getMessage(), e);
        }
        return sent;
    }

    private static @Nullable ProducerRecord<byte[], byte[]> next(DataInputStream in, String topic) throws IOException {
        int partition;
        try {
            partition = in.readInt();
        } catch (EOFException e) {
            return null;
        }
        long timestamp = in.readLong();
        byte[] key = read(in);
        return new ProducerRecord<>(topic, partition, timestamp, key, read(in));
    }

    private static byte @Nullable [] read(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length == NONE ? null : in.readNBytes(length);
    }

    @Override
    public void close() throws IOException {
        out.close();
        Files.deleteIfExists(path);
    }
}
