package chat.milena.schemas.wire;

import chat.milena.schemas.avro.TimelineEvent;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.specific.SpecificData;
import org.jspecify.annotations.Nullable;

/// Maps Avro schemas to our record classes: only those of our own package.
///
/// Avro's own lookup loads any class that a schema names, and so checks a process-wide allow-list first, which
/// every application that reads our topics would have to extend.
class RecordModel extends SpecificData {
    private static final String RECORDS = TimelineEvent.class.getPackageName() + ".";

    private final Map<String, Class<?>> classes = new ConcurrentHashMap<>();

    RecordModel() {
        super(TimelineEvent.class.getClassLoader());
        addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
    }

    @Override
    @SuppressWarnings("rawtypes") // as Avro declares it
    public @Nullable Class getClass(Schema schema) {
        boolean ours =
                schema.getType() == Schema.Type.RECORD && schema.getFullName().startsWith(RECORDS);
        return ours ? classes.computeIfAbsent(schema.getFullName(), this::load) : super.getClass(schema);
    }

    private Class<?> load(String name) {
        try {
            return Class.forName(name, true, getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException("No record class " + name, e);
        }
    }
}
