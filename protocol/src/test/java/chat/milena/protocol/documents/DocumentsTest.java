package chat.milena.protocol.documents;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.protocol.call.CallRefused;
import chat.milena.protocol.frame.FromClient;
import chat.milena.protocol.frame.FromServer;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The documents that are committed are those that the records make. Make them afresh with `-Dmilena.docs=apply`.
class DocumentsTest {
    private static final boolean APPLY = "apply".equals(System.getProperty("milena.docs"));
    private static final Pattern CALL = Pattern.compile("^\\| `([A-Z]+ /api/v1/[^`]*)`", Pattern.MULTILINE);
    private static final Path DOCS = Path.of("..", "docs");

    private final SourceDocs sources = new SourceDocs();

    private static void holds(String name, String made) throws IOException {
        Path file = DOCS.resolve(name);
        if (APPLY) {
            Files.writeString(file, made);
        }
        assertThat(file)
                .as("make it afresh with: mvn -q -pl protocol -am test -Dtest=DocumentsTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dmilena.docs=apply")
                .hasContent(made);
    }

    private static String text(ObjectNode document) throws IOException {
        DefaultPrettyPrinter pretty = new DefaultPrettyPrinter(
                Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER));
        pretty.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
        return Schemas.JSON.writer(pretty).writeValueAsString(document) + "\n";
    }

    private Schemas all() {
        Schemas schemas = new Schemas(sources, "#/$defs/");
        schemas.of(FromServer.class);
        schemas.of(FromClient.class);
        for (Call call : Call.ALL) {
            if (call.example() != null) {
                schemas.of(call.example().getClass());
            }
            if (call.answer() != null) {
                schemas.of(call.answer());
            }
        }
        schemas.of(CallRefused.class);
        return schemas;
    }

    @Test
    void schemas() throws IOException {
        ObjectNode document = Schemas.JSON.createObjectNode();
        document.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        document.put("title", "What clients of Milena send and see");
        document.set("$defs", all().definitions());

        holds("protocol.schema.json", text(document));
    }

    @Test
    void openApi() throws IOException {
        holds("openapi.json", text(OpenApi.document(sources)));
    }

    /// What is served is compared with the page where it is served.
    @Test
    void openApiHasTheCallsOfTheProtocolPage() throws IOException {
        assertThat(CALL.matcher(Files.readString(DOCS.resolve("protocol.md"))).results())
                .extracting(call -> call.group(1))
                .containsExactlyInAnyOrderElementsOf(Call.ALL.stream()
                        .map(call -> call.method() + " " + call.path())
                        .toList());
    }

    @Test
    void everyFrameOfClientsHasAnExample() {
        assertThat(AsyncApi.EXAMPLES)
                .extracting(Object::getClass)
                .containsExactlyInAnyOrderElementsOf(List.<Class<?>>copyOf(Schemas.leaves(FromClient.class)));
    }

    @Test
    void asyncApi() throws IOException {
        holds("asyncapi.json", text(AsyncApi.document(sources)));
    }

    @Test
    void typeScript() throws IOException {
        holds("protocol.d.ts", TypeScript.types(all().definitions()));
    }

    @Test
    void tables() throws IOException {
        holds("protocol.md", Tables.refreshed(Files.readString(DOCS.resolve("protocol.md")), sources));
    }
}
