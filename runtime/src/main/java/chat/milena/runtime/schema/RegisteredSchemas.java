package chat.milena.runtime.schema;

import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.schema.RegistryClient.RefusedException;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.SchemaIds;
import chat.milena.schemas.wire.ShippedSchemas;
import chat.milena.schemas.wire.ShippedSchemas.Version;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/// The schemas with the ids of a registry outside. The start finds or registers all shipped versions, so afterwards the
/// registry may be away. Only a schema of a later release is asked for when the first value with it comes: that waits
/// for one call. Safe for all threads.
///
/// The subjects are those of the topics; a record of state stores only has its full name as its subject. No record has
/// an id before the start.
final class RegisteredSchemas implements SchemaIds, Component {
    private static final Duration RETRY_AFTER = Duration.ofMillis(500);
    private static final Duration UNKNOWN_FOR = Duration.ofSeconds(10);
    private static final int UNKNOWN_MAX = 1_000;

    private final ShippedSchemas shipped;
    private final RegistryClient registry;
    private final Duration within;
    private final Map<Long, Integer> ids = new ConcurrentHashMap<>();
    private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();
    /// Ids that the registry did not know a moment ago: junk must not cost a call each time.
    private final Cache<Integer, Boolean> unknown = Caffeine.newBuilder()
            .maximumSize(UNKNOWN_MAX)
            .expireAfterWrite(UNKNOWN_FOR)
            .build();

    /// @param within how long a start waits for each answer
    RegisteredSchemas(ShippedSchemas shipped, RegistryClient registry, Duration within) {
        this.shipped = shipped;
        this.registry = registry;
        this.within = within;
    }

    @Override
    public String name() {
        return "schemas";
    }

    /// @throws IOException if the registry rejects a schema, or does not answer in time
    @Override
    public void start() throws IOException, InterruptedException {
        for (Map.Entry<String, String> subject : subjects().entrySet()) {
            register(subject.getKey(), shipped.versions(subject.getValue()));
        }
    }

    private void register(String subject, List<Version> versions) throws IOException, InterruptedException {
        boolean isKept = false;
        for (Version version : versions) {
            Schema schema = version.schema();
            Integer id = answered(() -> registry.find(subject, schema));
            if (id == null && !isKept) {
                answered(() -> registry.keep(subject, RegistryAnswers.COMPATIBILITY));
                isKept = true;
            }
            note(schema, id == null ? answered(() -> registry.register(subject, schema)) : id);
        }
    }

    /// Only finds the schemas, for a command that ends soon: it registers nothing. A schema that is not registered
    /// has no id then.
    ///
    /// @throws IOException if the registry rejects a question, or does not answer
    void find() throws IOException, InterruptedException {
        for (Map.Entry<String, String> subject : subjects().entrySet()) {
            for (Version version : shipped.versions(subject.getValue())) {
                Integer id = registry.find(subject.getKey(), version.schema());
                if (id != null) {
                    note(version.schema(), id);
                }
            }
        }
    }

    @Override
    public void stop(Duration time) {
        registry.close();
    }

    @Override
    public int idOf(Schema writer) {
        Integer id = ids.get(fingerprint(writer));
        if (id == null) {
            throw new SerializationException("The schema of " + writer.getFullName() + " is not registered");
        }
        return id;
    }

    @Override
    public Schema schemaOf(int id) {
        Schema known = schemas.get(id);
        if (known != null) {
            return known;
        }
        Schema found;
        try {
            found = unknown.getIfPresent(id) == null ? registry.schemaOf(id) : null;
        } catch (IOException e) {
            // The value may be good: it must not be taken for junk.
            throw new KafkaException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while the schema registry was asked", e);
        }
        if (found == null) {
            unknown.put(id, true);
            throw new SerializationException("No schema at the registry has the id " + id);
        }
        schemas.put(id, found);
        return found;
    }

    @Override
    public @Nullable Schema olderOf(Schema writer) {
        return shipped.olderOf(writer);
    }

    /// A question to the registry.
    private interface Question<T extends @Nullable Object> {
        T ask() throws IOException, InterruptedException;
    }

    /// Asks until the registry answers.
    private <T extends @Nullable Object> T answered(Question<T> question) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (true) {
            try {
                return question.ask();
            } catch (RefusedException e) {
                throw e;
            } catch (IOException e) {
                if (System.nanoTime() + RETRY_AFTER.toNanos() - deadline > 0) {
                    throw e;
                }
            }
            TimeUnit.NANOSECONDS.sleep(RETRY_AFTER.toNanos());
        }
    }

    /// The first id of a schema is the one of new values; all are read.
    private void note(Schema schema, int id) {
        ids.putIfAbsent(fingerprint(schema), id);
        schemas.put(id, schema);
    }

    /// The record of each subject.
    private Map<String, String> subjects() {
        Map<String, String> subjects = new LinkedHashMap<>();
        for (TopicSpec<?, ?> topic : new TopicCatalogue(Sizing.EMBEDDED, shipped).all()) {
            subjects.put(topic.subject(), topic.values().schema().getName());
        }
        for (Version version : shipped.versions()) {
            if (!subjects.containsValue(version.record())) {
                subjects.put(version.schema().getFullName(), version.record());
            }
        }
        return subjects;
    }

    private static long fingerprint(Schema schema) {
        return SchemaNormalization.parsingFingerprint64(schema);
    }
}
