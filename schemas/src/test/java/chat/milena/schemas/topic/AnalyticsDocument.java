package chat.milena.schemas.topic;

import chat.milena.schemas.wire.ShippedSchemas;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/// The parts of `docs/analytics.md` that are made from the catalogue and the schemas.
final class AnalyticsDocument {
    /// The parts of each topic's key, in order; a `#` marks a number.
    static final Map<String, List<String>> KEYS = Map.ofEntries(
            Map.entry("chat.messages.v1", List.of("tenant", "conversationId", "sequenceNumber#")),
            Map.entry("chat.conversations.v1", List.of("tenant", "conversationId")),
            Map.entry("chat.members.v1", List.of("tenant", "conversationId", "userId")),
            Map.entry("chat.memberships.v1", List.of("tenant", "userId", "conversationId")),
            Map.entry("chat.receipts.v1", List.of("tenant", "conversationId", "userId")),
            Map.entry("chat.annotations.v1", List.of("tenant", "conversationId", "sequenceNumber#", "userId")),
            Map.entry("chat.references.v1", List.of("tenant", "conversationId", "list", "number#")),
            Map.entry("chat.users.v1", List.of("tenant", "userId")),
            Map.entry("chat.personal.v1", List.of("tenant", "userId", "conversationId")),
            Map.entry("chat.blocks.v1", List.of("tenant", "userId", "blockedId")),
            Map.entry("chat.threads.v1", List.of("tenant", "userId", "conversationId", "rootId")),
            Map.entry("chat.bans.v1", List.of("tenant", "userId", "conversationId")),
            Map.entry("chat.moderation.v1", List.of("tenant", "`moderation`")),
            Map.entry("chat.reports.v1", List.of("tenant", "`open`", "openedAt#", "conversationId", "messageId")),
            Map.entry("chat.warnings.v1", List.of("tenant", "userId")),
            Map.entry("chat.sends.v1", List.of("tenant", "userId")),
            Map.entry("chat.inbound.v1", List.of("tenant", "conversationId")),
            Map.entry("chat.user-commands.v1", List.of("tenant", "userId")),
            Map.entry("chat.fanout.v1", List.of("tenant", "conversationId")),
            Map.entry("chat.devices.v1", List.of("tenant", "userId", "deviceId")),
            Map.entry("chat.push.v1", List.of("tenant", "userId", "deviceId")),
            Map.entry("chat.push-results.v1", List.of("tenant", "userId", "deviceId")));

    /// Topics with keys of another kind.
    private static final Map<String, String> OTHER_KEYS = Map.of(
            "chat.tenants.v1", "`tenant`",
            "chat.deliveries.v1", "the shard, in four bytes",
            "chat.dead-letters.v1", "as the record came; may be missing");

    private static final Pattern TOPIC = Pattern.compile(
            "(### (chat\\.\\S+)\n(?:(?!###).*\n)*?<!-- topic -->\n)(?:(?!<!-- end -->).*\n)*<!-- end -->");
    private static final Pattern RECORDS = Pattern.compile("(<!-- records -->\n)(?:(?!<!-- end -->).*\n)*<!-- end -->");
    private static final int COLUMNS_MAX = 120;

    private final ShippedSchemas schemas;
    private final TopicCatalogue topics;

    AnalyticsDocument(ShippedSchemas schemas) {
        this.schemas = schemas;
        this.topics = new TopicCatalogue(Sizing.EMBEDDED, schemas);
    }

    /// The document with fresh tables.
    String refreshed(String document) {
        Map<String, TopicSpec<?, ?>> byName = new TreeMap<>();
        topics.all().forEach(topic -> byName.put(topic.name(), topic));
        String withTopics = TOPIC.matcher(document).replaceAll(found -> {
            TopicSpec<?, ?> topic = byName.get(found.group(2));
            return Matcher.quoteReplacement(
                    found.group(1) + (topic == null ? "no such topic\n" : table(topic)) + "<!-- end -->");
        });
        return RECORDS.matcher(withTopics)
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1) + records() + "\n<!-- end -->"));
    }

    private String table(TopicSpec<?, ?> topic) {
        String record = topic.values().schema().getName();
        List<ShippedSchemas.Version> versions = schemas.versions(record);
        return "\n| | |\n| --- | --- |\n"
                + row(
                        "value",
                        "[`" + record + "`](#" + record.toLowerCase(Locale.ROOT) + "), version "
                                + versions.get(versions.size() - 1).version())
                + row("key", key(topic.name()))
                + row("partitions", "by " + owner(topic))
                + row("kept", kept(topic))
                + "\n";
    }

    private static String row(String name, String text) {
        return "| " + name + " | " + text + " |\n";
    }

    private static String key(String topic) {
        List<String> parts = KEYS.get(topic);
        if (parts == null) {
            return String.valueOf(OTHER_KEYS.get(topic));
        }
        return parts.stream()
                .map(part -> part.endsWith("#") ? "`" + part.replace("#", "") + "` (number)" : quoted(part))
                .collect(Collectors.joining(", "));
    }

    private static String quoted(String part) {
        return part.startsWith("`") ? "the word " + part : "`" + part + "`";
    }

    private String owner(TopicSpec<?, ?> topic) {
        for (Map.Entry<String, List<TopicSpec<?, ?>>> group : topics.groups().entrySet()) {
            if (group.getValue().contains(topic)) {
                return group.getKey();
            }
        }
        return topic.partitions() == 1 ? "nothing: there is one" : "tenant";
    }

    private static String kept(TopicSpec<?, ?> topic) {
        String newest = "the newest record of each key";
        return switch (topic.cleanup()) {
            case DELETE -> age(topic.retention());
            case COMPACT -> newest + ", without end";
            case COMPACT_AND_DELETE -> newest + ", for `MILENA_RETENTION` (" + age(topic.retention()) + ")";
        };
    }

    private static String age(@Nullable Duration retention) {
        if (retention == null || retention.isNegative()) {
            return "without end";
        }
        return retention.toHours() < 24 ? retention.toHours() + " h" : retention.toDays() + " d";
    }

    /// All records that values consist of, in the order of the topics.
    private String records() {
        Map<String, Schema> found = new LinkedHashMap<>();
        Deque<Schema> open = new ArrayDeque<>();
        topics.all().forEach(topic -> open.add(topic.values().schema()));
        while (!open.isEmpty()) {
            Schema schema = open.remove();
            if (found.putIfAbsent(schema.getName(), schema) == null) {
                schema.getFields().forEach(field -> {
                    Schema record = recordOf(field.schema());
                    if (record != null) {
                        open.add(record);
                    }
                });
            }
        }
        return new TreeMap<>(found)
                .values().stream().map(AnalyticsDocument::described).collect(Collectors.joining());
    }

    private static @Nullable Schema recordOf(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> schema;
            case ARRAY -> recordOf(schema.getElementType());
            case UNION -> recordOf(present(schema));
            default -> null;
        };
    }

    private static Schema present(Schema union) {
        return union.getTypes().get(union.getTypes().get(0).getType() == Schema.Type.NULL ? 1 : 0);
    }

    private static String described(Schema record) {
        StringBuilder text = new StringBuilder("\n### " + record.getName() + "\n\n");
        text.append(wrapped(oneLine(record.getDoc()))).append("| field | type | what |\n| --- | --- | --- |\n");
        for (Schema.Field field : record.getFields()) {
            String optional = field.schema().getType() == Schema.Type.UNION ? "optional " : "";
            String byDefault = field.hasDefaultValue() && optional.isEmpty() ? ", with a default" : "";
            text.append("| `" + field.name() + "` | " + optional + type(field.schema()) + byDefault + " | "
                    + oneLine(field.doc()) + " |\n");
        }
        return text.toString();
    }

    private static String type(Schema schema) {
        LogicalType logical = schema.getLogicalType();
        if (logical != null) {
            return logical.getName();
        }
        return switch (schema.getType()) {
            case RECORD -> "[`" + schema.getName() + "`](#" + schema.getName().toLowerCase(Locale.ROOT) + ")";
            case ARRAY -> "list of " + type(schema.getElementType());
            case UNION -> type(present(schema));
            default -> schema.getType().getName();
        };
    }

    private static String oneLine(@Nullable String doc) {
        return doc == null ? "" : doc.replaceAll("\\s+", " ").strip();
    }

    private static String wrapped(String text) {
        StringBuilder lines = new StringBuilder();
        int column = 0;
        for (String word : text.split(" ", -1)) {
            if (column > 0 && column + 1 + word.length() > COLUMNS_MAX) {
                lines.append("\n");
                column = 0;
            }
            lines.append(column == 0 ? "" : " ").append(word);
            column += (column == 0 ? 0 : 1) + word.length();
        }
        return text.isEmpty() ? "" : lines.append("\n\n").toString();
    }
}
