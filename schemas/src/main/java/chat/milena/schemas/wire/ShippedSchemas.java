package chat.milena.schemas.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/// The schema versions of Milena, with ids that never change: used in place of a registry.
///
/// They are listed in `schemas/catalogue.tsv`, one line a version (id, record, version), each beside its frozen
/// `.avsc`. Schemas are compared by Avro's parsing canonical form, which leaves out docs and Java hints.
/// Immutable.
public final class ShippedSchemas implements SchemaIds {
    private static final String FOLDER = "/schemas/";

    /// The highest id that the oldest version of Milena knows which may run beside this one, during an upgrade.
    /// What cannot be written with it is written with the newest schema, which versions between the two cannot
    /// read. So it is raised with each release.
    static final int KNOWN_BESIDE = 144;

    /// One line of the catalogue.
    public record Version(int id, String record, int version, Schema schema) {}

    private final List<Version> versions;
    private final Map<Integer, Schema> byId = new HashMap<>();
    private final Map<Long, Integer> byFingerprint = new HashMap<>();

    private ShippedSchemas(List<Version> versions) {
        this.versions = versions;
        for (Version version : versions) {
            byId.put(version.id(), version.schema());
            byFingerprint.put(SchemaNormalization.parsingFingerprint64(version.schema()), version.id());
        }
    }

    /// Reads the catalogue from the class path.
    public static ShippedSchemas load() {
        List<Version> versions = resource("catalogue.tsv")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(ShippedSchemas::parse)
                .toList();
        return new ShippedSchemas(versions);
    }

    /// All versions, oldest first within a record.
    public List<Version> versions() {
        return versions;
    }

    /// The versions of one record, oldest first.
    public List<Version> versions(String record) {
        return versions.stream()
                .filter(version -> version.record().equals(record))
                .toList();
    }

    @Override
    public int idOf(Schema writer) {
        Integer id = byFingerprint.get(SchemaNormalization.parsingFingerprint64(writer));
        if (id == null) {
            throw new SerializationException("No shipped version of the schema of " + writer.getFullName());
        }
        return id;
    }

    @Override
    public Schema schemaOf(int id) {
        Schema schema = byId.get(id);
        if (schema == null) {
            throw new SerializationException("No shipped schema has the id " + id);
        }
        return schema;
    }

    @Override
    public @Nullable Schema olderOf(Schema writer) {
        Schema older = versions(writer.getName()).stream()
                .filter(version -> version.id() <= KNOWN_BESIDE)
                .reduce((first, second) -> second)
                .map(Version::schema)
                .orElse(null);
        return older == null || idOf(older) == idOf(writer) ? null : older;
    }

    private static Version parse(String line) {
        String[] fields = line.split("\t", -1);
        int version = Integer.parseInt(fields[2]);
        String json = resource(fields[1] + "-v" + version + ".avsc");
        return new Version(Integer.parseInt(fields[0]), fields[1], version, new Schema.Parser().parse(json));
    }

    private static String resource(String name) {
        try (InputStream in = ShippedSchemas.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IllegalStateException("Not on the class path: " + FOLDER + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
