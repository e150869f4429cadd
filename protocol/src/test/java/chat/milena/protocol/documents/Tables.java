package chat.milena.protocol.documents;

import chat.milena.protocol.frame.FromClient;
import chat.milena.protocol.frame.FromServer;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The tables of `docs/protocol.md` that follow from records, each between two marks.
final class Tables {
    private static final Pattern MARKED =
            Pattern.compile("(?s)(<!-- made from the records: (?<name>[a-z ]+) -->\\n\\n).*?(<!-- end -->)");

    private Tables() {}

    /// The document with its tables made afresh.
    static String refreshed(String document, SourceDocs docs) {
        return MARKED.matcher(document)
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1)
                        + switch (found.group("name")) {
                            case "frames of clients" -> frames(FromClient.class, docs, "payload", "what");
                            case "frames of the server" -> frames(FromServer.class, docs, "fields", "when");
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
            table.append("| `").append(Frames.word(type)).append("` | ");
            table.append(names.isEmpty() ? "–" : String.join(", ", names));
            table.append(" | ").append(doc.text()).append(" |\n");
        }
        return table.toString();
    }

    private static String field(RecordComponent component, SourceDocs.Doc doc) {
        String said = doc.components().get(component.getName());
        if (component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
            return String.valueOf(said);
        }
        boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class)
                && !component.getAccessor().isAnnotationPresent(JsonInclude.class);
        return "`" + component.getName() + (optional ? "?`" : "`") + (said == null ? "" : " (" + said + ")");
    }
}
