package chat.milena.standalone.operate;

import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.config.PrivateFolder;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.PartitionReader;
import chat.milena.runtime.kafka.TopicException;
import chat.milena.runtime.kafka.TopicSizing;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.HostProcess;
import chat.milena.runtime.lifecycle.Lifecycle;
import chat.milena.runtime.lifecycle.Metrics;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.runtime.lifecycle.StartException;
import chat.milena.runtime.schema.SchemaSource;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.standalone.CommandContext;
import chat.milena.standalone.broker.BrokerException;
import chat.milena.standalone.up.DataFolder;
import chat.milena.standalone.up.DataFolderException;
import chat.milena.standalone.up.DataOption;
import chat.milena.streams.run.InstalledLog;
import chat.milena.streams.run.NativeRocksDb;
import chat.milena.streams.run.StreamsService;
import chat.milena.topology.InstalledTopics;
import chat.milena.topology.LoggedEvents;
import chat.milena.topology.TopicsReady;
import chat.milena.topology.WriteSide;
import chat.milena.topology.WriteSideConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `rerun`: decides all commands of a stopped data folder again, in a fresh one, and compares the events of both.
@Command(
        name = "rerun",
        mixinStandardHelpOptions = true,
        description =
                "Decides the commands of a stopped data folder again, in a new folder, by the rules and at the times"
                        + " of the first run, and prints which conversations have other events than the first time.")
public final class RerunCommand implements Callable<Integer> {
    private static final Duration STOP_WITHIN = Duration.ofSeconds(60);
    private static final Duration READ_WITHIN = Duration.ofHours(1);
    private static final Duration ASK_WITHIN = Duration.ofSeconds(30);
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    /// Without a further command that is decided.
    private static final Duration STILL_WITHIN = Duration.ofMinutes(5);
    private static final int HEAP_PART = 4;
    private static final int SHOWN_MAX = 100;
    private static final int DIFFERENT = 1;

    private final CommandContext context;

    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--into", paramLabel = "DIR", required = true, description = "The new folder; it must not exist.")
    private Path into = Path.of("rerun");

    public RerunCommand(CommandContext context) {
        this.context = context;
    }

    /// What both runs need.
    private record Run(Settings environment, TopicCatalogue topics, SchemaSource schemas, WriteSideConfig config) {}

    /// The first run: its events, and the conversations whose first commands or events are no longer in the log.
    private record First(LoggedEvents events, Predicate<ConversationKey> isOlder) {}

    /// @return 1 if a conversation differs
    @Override
    public Integer call()
            throws InvalidSettingsException, DataFolderException, BrokerException, TopicException, InterruptedException,
                    IOException, StartException {
        Settings environment = context.settings();
        Path from = data.folder(environment);
        Sizing sizing = TopicSizing.ofOneMachine(environment);
        SchemaSource schemas = SchemaSource.of(environment);
        Run run = new Run(
                environment,
                new TopicCatalogue(sizing, schemas.ids()),
                schemas,
                WriteSideConfig.of(environment, into.toAbsolutePath().resolve("streams"), sizing.messageRetention()));
        environment.check();
        if (Files.exists(into)) {
            throw new DataFolderException(into + " exists: name a new folder with --into");
        }
        schemas.find();
        try (CommandFile commands =
                new CommandFile(into.toAbsolutePath().resolveSibling(into.getFileName() + ".commands"))) {
            First first;
            try (StoppedSystem stopped = new StoppedSystem(DataFolder.existing(from), environment)) {
                first = stopped.onBroker((clients, admin) -> first(run, clients, commands));
            }
            DataFolder folder = DataFolder.at(into);
            PrivateFolder.make(folder.kafka());
            NativeRocksDb.unpackInto(folder.natives());
            try (StoppedSystem fresh = new StoppedSystem(folder, environment)) {
                LoggedEvents again = fresh.onBroker((clients, admin) -> again(run, first, clients, admin, commands));
                return report(first, again);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private First first(Run run, KafkaClients clients, CommandFile commands) throws TopicException {
        LoggedEvents events = events(run, clients);
        TopicSpec<ConversationKey, InboundCommand> inbound = run.topics().inbound();
        Map<Integer, Instant> oldest = new HashMap<>();
        Predicate<ConversationKey> isOlder =
                key -> events.beganBefore(key, oldest.getOrDefault(inbound.partitionOf(key), Instant.MAX));
        read(inbound, clients, record -> {
            oldest.computeIfAbsent(
                    record.partition(),
                    partition -> record.offset() == PartitionReader.BEGINNING
                            ? Instant.MIN
                            : Instant.ofEpochMilli(record.timestamp()));
            ConversationKey key = key(run, record);
            if (key == null || !isOlder.test(key)) {
                add(commands, record);
            }
        });
        return new First(events, isOlder);
    }

    /// Reads all records of a topic, one partition after the other.
    private static void read(
            TopicSpec<?, ?> topic, KafkaClients clients, Consumer<ConsumerRecord<byte[], byte[]>> handler)
            throws TopicException {
        try (PartitionReader reader = PartitionReader.open(clients, READ_WITHIN)) {
            for (int number = 0; number < topic.partitions(); number++) {
                reader.read(new TopicPartition(topic.name(), number), PartitionReader.BEGINNING, record -> {
                    handler.accept(record);
                    return true;
                });
            }
        } catch (KafkaException e) {
            throw new TopicException("cannot read " + topic.name() + ": " + e.getMessage(), e);
        }
    }

    private static void add(CommandFile commands, ConsumerRecord<byte[], byte[]> record) {
        try {
            commands.add(record);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable ConversationKey key(Run run, ConsumerRecord<byte[], byte[]> record) {
        try {
            return record.key() == null
                    ? null
                    : run.topics().inbound().keys().deserializer().deserialize(record.topic(), record.key());
        } catch (SerializationException e) {
            return null;
        }
    }

    private static LoggedEvents events(Run run, KafkaClients clients) throws TopicException {
        LoggedEvents events =
                new LoggedEvents(run.topics().messages(), Runtime.getRuntime().maxMemory() / HEAP_PART);
        read(run.topics().messages(), clients, events::add);
        return events;
    }

    private LoggedEvents again(Run run, First first, KafkaClients clients, Admin admin, CommandFile commands)
            throws TopicException, InterruptedException {
        AtomicBoolean hasFailed = new AtomicBoolean();
        try (Metrics metrics = new Metrics()) {
            WriteSide writeSide = new WriteSide(
                    run.config(),
                    new InstalledLog(run.topics(), clients, run.schemas().ids()),
                    new HostProcess(new Readiness(), metrics.registry(), context.clock(), () -> hasFailed.set(true)),
                    first.events());
            TopicsReady.making(run.topics(), clients).start();
            long sent = send(run, clients, commands);
            say(sent + " commands are decided again");
            List<Component> components = new ArrayList<>(writeSide.onlySequencer());
            Lifecycle lifecycle = new Lifecycle(components, STOP_WITHIN);
            try {
                lifecycle.start();
                awaitDecided(run, admin, hasFailed);
            } catch (StartException e) {
                throw new TopicException("the sequencer did not start: " + e.getMessage(), e);
            } finally {
                lifecycle.stop();
            }
        }
        return events(run, clients);
    }

    private static long send(Run run, KafkaClients clients, CommandFile commands) throws TopicException {
        try {
            return commands.sendAll(run.topics().inbound().name(), clients);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits until the sequencer has committed the end of the commands.
    private static void awaitDecided(Run run, Admin admin, AtomicBoolean hasFailed)
            throws TopicException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (int number = 0; number < run.topics().inbound().partitions(); number++) {
            asked.put(new TopicPartition(run.topics().inbound().name(), number), OffsetSpec.latest());
        }
        try {
            Map<TopicPartition, Long> ends = new HashMap<>();
            admin.listOffsets(asked)
                    .all()
                    .get(ASK_WITHIN.toSeconds(), TimeUnit.SECONDS)
                    .forEach((partition, end) -> ends.put(partition, end.offset()));
            long leftBefore = Long.MAX_VALUE;
            long movedAt = System.nanoTime();
            for (long left = left(ends, admin); left > 0; left = left(ends, admin)) {
                if (left < leftBefore) {
                    leftBefore = left;
                    movedAt = System.nanoTime();
                }
                if (hasFailed.get() || System.nanoTime() - movedAt > STILL_WITHIN.toNanos()) {
                    throw new TopicException("the sequencer does not continue; " + left + " commands are left");
                }
                TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new TopicException("the broker does not answer: " + e.getMessage(), e);
        }
    }

    private static long left(Map<TopicPartition, Long> ends, Admin admin)
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(
                        StreamsService.applicationId(InstalledTopics.SEQUENCER))
                .partitionsToOffsetAndMetadata()
                .get(ASK_WITHIN.toSeconds(), TimeUnit.SECONDS);
        long left = 0;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            OffsetAndMetadata offset = committed.get(end.getKey());
            left += Math.max(0, end.getValue() - (offset == null ? 0 : offset.offset()));
        }
        return left;
    }

    private int report(First first, LoggedEvents again) {
        long older =
                first.events().conversations().stream().filter(first.isOlder()).count();
        if (older > 0) {
            say(older + " conversations are older than the log of commands and are left out");
        }
        Map<ConversationKey, Long> differences = first.events().differences(again, first.isOlder());
        differences.entrySet().stream()
                .limit(SHOWN_MAX)
                .forEach(one -> say("conversation " + one.getKey().conversationId() + " of tenant "
                        + one.getKey().tenant() + " differs from number " + one.getValue() + " on"));
        say(
                differences.isEmpty()
                        ? again.size() + " events are equal, byte for byte"
                        : differences.size() + " conversations differ");
        return differences.isEmpty() ? 0 : DIFFERENT;
    }

    private void say(String line) {
        context.out().println(line);
        context.out().flush();
    }
}
