package chat.milena.protocol.documents;

import chat.milena.protocol.call.CallRefused;
import chat.milena.protocol.call.ServerLimit;
import chat.milena.protocol.conversation.ConversationView;
import chat.milena.protocol.conversation.UserView;
import chat.milena.protocol.frame.CloseCode;
import chat.milena.protocol.frame.FromClient;
import chat.milena.protocol.frame.FromServer;
import chat.milena.protocol.read.SyncResult;
import chat.milena.protocol.read.SyncedConversation;
import chat.milena.protocol.timeline.Entry;
import chat.milena.schemas.word.ErrorCode;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The tables of `docs/protocol.md` that follow from records and enums, each between two marks.
final class Tables {
    private static final Pattern MARKED =
            Pattern.compile("(?s)(<!-- made from the records: (?<name>[a-z ]+) -->\\n\\n).*?(<!-- end -->)");

    private Tables() {}

    /// The document with its tables made again.
    static String refreshed(String document, SourceDocs docs) {
        return MARKED.matcher(document)
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1)
                        + switch (found.group("name")) {
                            case "frames of clients" -> frames(FromClient.class, docs, "payload", "what");
                            case "frames of the server" -> frames(FromServer.class, docs, "fields", "when");
                            case "close codes" -> closeCodes(docs);
                            case "errors" -> errors(docs);
                            case "calls that write" -> writes(docs);
                            case "calls that read" -> reads(docs);
                            case "fields of a sync" -> syncFields(docs);
                            case "limits" -> limits(docs);
                            default -> throw new AssertionError(found.group("name") + " is no table");
                        }
                        + "\n"
                        + found.group(3)));
    }

    private static String frames(Class<?> direction, SourceDocs docs, String fields, String what) {
        StringBuilder table = new StringBuilder("| type | " + fields + " | " + what + " |\n| --- | --- | --- |\n");
        for (Class<?> type : Schemas.leaves(direction)) {
            SourceDocs.Doc doc = docs.of(type);
            List<String> names = new ArrayList<>();
            for (RecordComponent component : type.getRecordComponents()) {
                names.add(field(component, doc));
            }
            row(table, "`" + Frames.word(type) + "`", names.isEmpty() ? "–" : String.join(", ", names), doc.text());
        }
        return table.toString();
    }

    private static String closeCodes(SourceDocs docs) {
        StringBuilder table =
                new StringBuilder("| code | reason | meaning | what a client does |\n| --- | --- | --- | --- |\n");
        for (CloseCode code : CloseCode.values()) {
            row(
                    table,
                    code.code(),
                    code.reason().isEmpty() ? "–" : "`" + code.reason() + "`",
                    docs.of(code).get(0),
                    docs.of(code).get(1));
        }
        return table.toString();
    }

    private static String errors(SourceDocs docs) {
        StringBuilder table = new StringBuilder("| HTTP | `error` | when |\n| --- | --- | --- |\n");
        Arrays.stream(ErrorCode.values())
                .sorted(Comparator.comparingInt(CallRefused::status))
                .forEach(code ->
                        row(table, CallRefused.status(code), "`" + code.word() + "`", String.join(" ", docs.of(code))));
        return table.toString();
    }

    private static String limits(SourceDocs docs) {
        StringBuilder table = new StringBuilder("| limit | name | default | variable |\n| --- | --- | --- | --- |\n");
        for (ServerLimit limit : ServerLimit.values()) {
            row(
                    table,
                    String.join(" ", docs.of(limit)),
                    "`" + limit.word() + "`",
                    shown(limit),
                    limit.variable().map(name -> "`" + name + "`").orElse("–"));
        }
        return table.toString();
    }

    private static String shown(ServerLimit limit) {
        long value = limit.initial();
        return switch (limit.unit()) {
            case NONE -> String.format(Locale.ROOT, "%,d", value);
            case BYTES -> value / (1024 * 1024) + " MiB";
            case MILLISECONDS -> value < 1_000 ? value + " ms" : value / 1_000 + " s";
            case PERCENT -> value + " %";
        };
    }

    private static String writes(SourceDocs docs) {
        StringBuilder table = new StringBuilder("| call | what | body | answer |\n| --- | --- | --- | --- |\n");
        Call.ALL.stream()
                .filter(call -> !call.isRead() && !call.isOpen())
                .forEach(call -> row(
                        table,
                        "`" + call.method() + " " + call.path() + "`",
                        call.summary(),
                        given(call, docs),
                        statuses(call) + (call.answer() == null ? "" : ": " + answer(call.answer(), docs))));
        return table.toString();
    }

    private static String statuses(Call call) {
        return new TreeMap<>(call.statuses())
                .entrySet().stream()
                        .map(status -> status.getKey()
                                + (status.getValue().equals("done") ? "" : " (" + status.getValue() + ")"))
                        .collect(Collectors.joining(", "));
    }

    private static String given(Call call, SourceDocs docs) {
        List<String> given = new ArrayList<>();
        if (call.example() != null) {
            given.addAll(fields(call.example().getClass(), docs));
        }
        new TreeMap<>(call.query()).forEach((name, meaning) -> given.add("`?" + name + "` (" + meaning + ")"));
        return given.isEmpty() ? "–" : String.join(", ", given);
    }

    private static String reads(SourceDocs docs) {
        StringBuilder table =
                new StringBuilder("| call | what | query or body | answer |\n| --- | --- | --- | --- |\n");
        Call.ALL.stream()
                .filter(Call::isRead)
                .forEach(call -> row(
                        table,
                        "`" + call.method() + " " + call.path() + "`",
                        call.summary(),
                        given(call, docs),
                        answer(Objects.requireNonNull(call.answer()), docs)));
        return table.toString();
    }

    private static String answer(Class<? extends Record> answer, SourceDocs docs) {
        if (answer == ConversationView.class) {
            return "the conversation";
        }
        if (answer == Entry.Message.class) {
            return "the entry";
        }
        if (answer == SyncResult.class) {
            return "[below](#sync)";
        }
        return answer == UserView.class ? "the profile" : String.join(", ", fields(answer, docs));
    }

    private static String syncFields(SourceDocs docs) {
        StringBuilder table = new StringBuilder("| field | what |\n| --- | --- |\n");
        syncFields(table, "", SyncResult.class, docs);
        syncFields(table, "conversations[].", SyncedConversation.class, docs);
        return table.toString();
    }

    private static void syncFields(StringBuilder table, String prefix, Class<? extends Record> type, SourceDocs docs) {
        for (RecordComponent component : type.getRecordComponents()) {
            String said = docs.of(type).components().get(component.getName());
            row(
                    table,
                    "`" + prefix + component.getName() + (isOptional(component) ? "?`" : "`"),
                    said == null ? "" : said);
        }
    }

    private static List<String> fields(Class<? extends Record> type, SourceDocs docs) {
        List<String> fields = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            fields.add(field(component, docs.of(type)) + each(type, component, docs));
        }
        return fields;
    }

    /// The fields of a list's elements, if only this record has such elements.
    private static String each(Class<?> type, RecordComponent component, SourceDocs docs) {
        return component.getGenericType() instanceof ParameterizedType list
                        && list.getActualTypeArguments()[0] instanceof Class<?> element
                        && element.getEnclosingClass() == type
                ? " (each " + String.join(", ", fields(element.asSubclass(Record.class), docs)) + ")"
                : "";
    }

    private static boolean isOptional(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class)
                && !component.getAccessor().isAnnotationPresent(JsonInclude.class);
    }

    private static void row(StringBuilder table, Object... cells) {
        for (Object cell : cells) {
            table.append("| ").append(cell).append(' ');
        }
        table.append("|\n");
    }

    private static String field(RecordComponent component, SourceDocs.Doc doc) {
        String said = doc.components().get(component.getName());
        if (component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
            return String.valueOf(said);
        }
        return "`" + component.getName() + (isOptional(component) ? "?`" : "`")
                + (said == null ? "" : " (" + said + ")");
    }
}
