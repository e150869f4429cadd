package chat.milena.schemas.wire;

import chat.milena.schemas.avro.TimelineEvent;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.specific.SpecificData;
import org.jspecify.annotations.Nullable;

/// How Avro schemas become our record classes: those of our own package, and no others.
///
/// Avro's own lookup loads whatever class a schema names and so asks a process-wide allow-list first, which would
/// have to be widened for every application that reads our topics.
final class RecordModel extends SpecificData {
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
