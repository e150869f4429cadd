package chat.milena.schemas.wire;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.Encoder;
import org.jspecify.annotations.Nullable;

/// Writes values with an older version of their schema, those that lose nothing by it: each field that the older
/// version lacks has its default, so readers of both versions get the same value. Versions only gain fields. Safe for
/// all threads.
final class OlderVersion {
    private final Schema older;
    private final RecordModel model = new ByName();
    private final GenericDatumWriter<IndexedRecord> writer;
    /// The records of the older version by their full names.
    private final Map<String, Schema> before;
    /// Full names of the records that gained a field, or that hold such a record.
    private final Set<String> changed = new HashSet<>();

    OlderVersion(Schema newer, Schema older) {
        this.older = older;
        this.writer = new GenericDatumWriter<>(older, model);
        this.before = new LinkedHashMap<>();
        addRecords(older, before);
        Map<String, Schema> present = new LinkedHashMap<>();
        addRecords(newer, present);
        before.forEach((name, known) -> requireFields(known, present.get(name)));
        boolean found = true;
        // Records may hold each other, so those that hold a changed one are found in rounds.
        while (found) {
            found = false;
            for (Schema record : present.values()) {
                found |= isChanged(record) && changed.add(record.getFullName());
            }
        }
    }

    private static void requireFields(Schema known, @Nullable Schema present) {
        for (Schema.Field field : known.getFields()) {
            if (present == null || present.getField(field.name()) == null) {
                throw new IllegalArgumentException(
                        "the newer version of " + known.getFullName() + " lacks " + field.name());
            }
        }
    }

    private boolean isChanged(Schema record) {
        Schema known = before.get(record.getFullName());
        return known == null
                || record.getFields().stream()
                        .anyMatch(field -> known.getField(field.name()) == null
                                || recordsOf(field.schema()).stream()
                                        .anyMatch(inner -> changed.contains(inner.getFullName())));
    }

    Schema schema() {
        return older;
    }

    /// Whether this value, or part of a value, loses nothing.
    boolean holds(@Nullable Object value) {
        if (value instanceof IndexedRecord record) {
            return !changed.contains(record.getSchema().getFullName()) || holdsFields(record);
        }
        if (value instanceof Collection<?> values) {
            return values.stream().allMatch(this::holds);
        }
        return !(value instanceof Map<?, ?> values) || values.values().stream().allMatch(this::holds);
    }

    private boolean holdsFields(IndexedRecord record) {
        Schema known = before.get(record.getSchema().getFullName());
        if (known == null) {
            return false;
        }
        for (Schema.Field field : record.getSchema().getFields()) {
            Object value = record.get(field.pos());
            boolean held = known.getField(field.name()) == null
                    ? Objects.equals(value, model.getDefaultValue(field))
                    : holds(value);
            if (!held) {
                return false;
            }
        }
        return true;
    }

    /// Writes a value that [loses nothing][#holds].
    void write(IndexedRecord value, Encoder encoder) throws IOException {
        writer.write(value, encoder);
    }

    private static void addRecords(Schema schema, Map<String, Schema> found) {
        for (Schema record : recordsOf(schema)) {
            if (found.putIfAbsent(record.getFullName(), record) == null) {
                record.getFields().forEach(field -> addRecords(field.schema(), found));
            }
        }
    }

    /// The records that a value of this schema is or has as elements; not those in its fields.
    private static List<Schema> recordsOf(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> List.of(schema);
            case ARRAY -> recordsOf(schema.getElementType());
            case MAP -> recordsOf(schema.getValueType());
            case UNION -> {
                List<Schema> all = new ArrayList<>();
                schema.getTypes().forEach(branch -> all.addAll(recordsOf(branch)));
                yield all;
            }
            default -> List.of();
        };
    }

    /// A field has another position in the older version.
    private static final class ByName extends RecordModel {
        @Override
        public Object getField(Object record, String name, int position) {
            IndexedRecord newer = (IndexedRecord) record;
            return newer.get(newer.getSchema().getField(name).pos());
        }
    }
}
