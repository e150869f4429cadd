package chat.milena.streams.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckedStoresTest {
    private static final TaskId TASK = new TaskId(0, 0);
    private static final String NAME = "some";
    private static final TopicPartition LOG = new TopicPartition("log", 0);
    private static final int ENTRIES = 5_000;

    @TempDir
    Path folder;

    private final AtomicInteger counted = new AtomicInteger();
    private final StoreDamage damage = new StoreDamage(counted::incrementAndGet);
    private MockProcessorContext<Void, Void> context;

    @BeforeEach
    void makeContext() {
        makeContext(new Properties());
    }

    private void makeContext(Properties settings) {
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "checked-test");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
        settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.VoidSerde.class);
        settings.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.VoidSerde.class);
        context = new MockProcessorContext<>(settings, TASK, folder.toFile());
    }

    private <S extends StateStore> S opened(S store) {
        store.init(context.getStateStoreContext(), store);
        return store;
    }

    private KeyValueStore<Bytes, byte[]> open() {
        return opened(CheckedStores.keyValue(NAME, damage).get());
    }

    private WindowStore<Bytes, byte[]> openWindows() {
        return opened(CheckedStores.window(NAME, Duration.ofDays(30), Duration.ofMillis(1), damage)
                .get());
    }

    private static Bytes key(int number) {
        return Bytes.wrap(String.format(Locale.ROOT, "key-%06d", number).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] value(Random random) {
        byte[] value = new byte[200];
        random.nextBytes(value);
        return value;
    }

    private void fill() {
        KeyValueStore<Bytes, byte[]> store = open();
        Random random = new Random(1);
        for (int i = 0; i < ENTRIES; i++) {
            store.put(key(i), value(random));
        }
        store.commit(Map.of(LOG, 7L));
        store.close();
    }

    private static int walked(KeyValueIterator<?, ?> entries) {
        try (entries) {
            int walked = 0;
            while (entries.hasNext()) {
                entries.next();
                walked++;
            }
            return walked;
        }
    }

    /// Overwrites 64 bytes each 50 kB of the middle of what is large: the entries, and not how far the store has come.
    private void damageEntries() throws IOException {
        for (Path file : files(".*[.]sst")) {
            byte[] bytes = Files.readAllBytes(file);
            for (int at = bytes.length / 4; bytes.length > 100_000 && at < bytes.length * 3 / 4; at += 50_000) {
                for (int i = 0; i < 64; i++) {
                    bytes[at + i] ^= 0x55;
                }
            }
            Files.write(file, bytes);
        }
    }

    private List<Path> files(String name) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> path.getFileName().toString().matches(name))
                    .toList();
        }
    }

    @Test
    void wholeStoreIsWalkedToItsEnd() {
        fill();
        KeyValueStore<Bytes, byte[]> store = open();

        assertThat(walked(store.all())).isEqualTo(ENTRIES);
        assertThat(walked(store.reverseRange(key(10), key(19)))).isEqualTo(10);
        assertThat(walked(store.range(key(ENTRIES), null))).isZero();
        store.close();
        assertThat(counted).hasValue(0);
    }

    @Test
    void walkThatMeetsDamageDoesNotEndAsIfThatWereAll() throws IOException {
        fill();
        damageEntries();
        KeyValueStore<Bytes, byte[]> store = open();

        assertThatThrownBy(() -> walked(store.all())).isInstanceOf(TaskCorruptedException.class);
        assertThatThrownBy(() -> walked(store.reverseAll())).isInstanceOf(TaskCorruptedException.class);
        assertThatThrownBy(() -> damage.check(TASK)).isInstanceOf(TaskCorruptedException.class);
        damage.check(new TaskId(0, 1));
        assertThat(counted).hasValue(1);

        store.close();
        damage.check(TASK);
        KeyValueStore<Bytes, byte[]> again = open();
        assertThat(walked(again.all())).isZero();
        assertThat(again.committedOffset(LOG)).isNull();
        again.close();
    }

    @Test
    void singleValueInADamagedBlockIsNotAbsent() throws IOException {
        fill();
        damageEntries();
        KeyValueStore<Bytes, byte[]> store = open();

        assertThatThrownBy(() -> {
                    for (int i = 0; i < ENTRIES; i++) {
                        assertThat(store.get(key(i))).isNotNull();
                    }
                })
                .isInstanceOf(TaskCorruptedException.class);
        store.close();
    }

    @Test
    void replacedValuesLeaveTheDiskWhenTheirFilesAreRewritten() throws IOException {
        KeyValueStore<Bytes, byte[]> store = open();
        store.put(key(1), "what was written".getBytes(StandardCharsets.US_ASCII));
        store.put(key(2), "what stays".getBytes(StandardCharsets.US_ASCII));
        store.commit(Map.of(LOG, 7L));
        CheckedStores.rewrite(store, Duration.ofDays(1));
        assertThat(onDisk("what was written")).isTrue();
        store.put(key(1), "what replaced it".getBytes(StandardCharsets.US_ASCII));
        store.commit(Map.of(LOG, 8L));

        CheckedStores.rewrite(store, Duration.ofDays(1));
        assertThat(onDisk("what was written")).isTrue();

        await().ignoreExceptions().untilAsserted(() -> {
            CheckedStores.rewrite(store, Duration.ofSeconds(1));
            assertThat(onDisk("what was written")).isFalse();
        });
        assertThat(onDisk("what replaced it")).isTrue();
        assertThat(onDisk("what stays")).isTrue();
        store.close();
    }

    private boolean onDisk(String text) throws IOException {
        for (Path file : files(".*[.]sst")) {
            if (Files.exists(file)
                    && Files.readString(file, StandardCharsets.ISO_8859_1).contains(text)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void storeThatCannotBeOpenedIsBegunAgain() throws IOException {
        fill();
        for (Path file : files(".*[.]sst")) {
            Files.delete(file);
        }

        KeyValueStore<Bytes, byte[]> store = open();

        assertThat(counted).hasValue(1);
        assertThat(store.committedOffset(LOG)).isNull();
        assertThat(walked(store.all())).isZero();
        store.close();
    }

    @Test
    void windowsAreCheckedToo() throws IOException {
        WindowStore<Bytes, byte[]> store = openWindows();
        Random random = new Random(1);
        for (int i = 0; i < ENTRIES; i++) {
            store.put(key(i), value(random), 1_000_000L + i);
        }
        store.commit(Map.of(LOG, 7L));
        store.close();
        damageEntries();

        WindowStore<Bytes, byte[]> again = openWindows();
        assertThatThrownBy(() -> walked(again.backwardAll())).isInstanceOf(TaskCorruptedException.class);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < ENTRIES; i++) {
                        assertThat(walked(again.fetch(key(i), 0, Long.MAX_VALUE)))
                                .isEqualTo(1);
                    }
                })
                .isInstanceOf(TaskCorruptedException.class);
        again.close();
    }

    @Test
    void windowsWithoutAnyEntryRememberHowFarTheyHaveCome() {
        WindowStore<Bytes, byte[]> store = openWindows();
        store.commit(Map.of(LOG, 7L));
        store.close();

        WindowStore<Bytes, byte[]> again = openWindows();
        assertThat(again.committedOffset(LOG)).isEqualTo(7);
        again.put(key(1), value(new Random(1)), 1_700_000_000_000L);
        assertThat(walked(again.fetch(key(1), 0, Long.MAX_VALUE))).isEqualTo(1);
        again.close();
    }

    /// Kafka Streams would stage writes that nothing here commits.
    @Test
    void transactionalStoresAreRejected() {
        Properties transactional = new Properties();
        transactional.put(StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG, true);
        makeContext(transactional);

        assertThatThrownBy(this::open).isInstanceOf(ConfigException.class).hasMessageContaining("checked stores");
    }
}
