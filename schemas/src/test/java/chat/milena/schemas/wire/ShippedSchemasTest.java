package chat.milena.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import chat.milena.schemas.avro.Annotation;
import chat.milena.schemas.avro.Ban;
import chat.milena.schemas.avro.Block;
import chat.milena.schemas.avro.Conversation;
import chat.milena.schemas.avro.DeadLetter;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.Device;
import chat.milena.schemas.avro.FanoutAudience;
import chat.milena.schemas.avro.FanoutEvent;
import chat.milena.schemas.avro.FollowedThread;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.avro.IndexedMessage;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.ModerationEvent;
import chat.milena.schemas.avro.Personal;
import chat.milena.schemas.avro.PushCandidate;
import chat.milena.schemas.avro.PushIntent;
import chat.milena.schemas.avro.PushResult;
import chat.milena.schemas.avro.PushTargets;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.avro.RecentSends;
import chat.milena.schemas.avro.Reference;
import chat.milena.schemas.avro.ReportedMessage;
import chat.milena.schemas.avro.SentMessage;
import chat.milena.schemas.avro.SequenceState;
import chat.milena.schemas.avro.Tenant;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.avro.User;
import chat.milena.schemas.avro.Warnings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.SchemaValidator;
import org.apache.avro.SchemaValidatorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShippedSchemasTest {
    private final ShippedSchemas shipped = ShippedSchemas.load();

    static Stream<Schema> schemasInTheCode() {
        return Stream.of(
                InboundCommand.SCHEMA$,
                TimelineEvent.SCHEMA$,
                Annotation.SCHEMA$,
                Conversation.SCHEMA$,
                Member.SCHEMA$,
                Receipt.SCHEMA$,
                Reference.SCHEMA$,
                FollowedThread.SCHEMA$,
                User.SCHEMA$,
                Personal.SCHEMA$,
                Block.SCHEMA$,
                Ban.SCHEMA$,
                ModerationEvent.SCHEMA$,
                Tenant.SCHEMA$,
                SentMessage.SCHEMA$,
                RecentSends.SCHEMA$,
                ReportedMessage.SCHEMA$,
                Warnings.SCHEMA$,
                Device.SCHEMA$,
                PushIntent.SCHEMA$,
                PushResult.SCHEMA$,
                PushTargets.SCHEMA$,
                PushCandidate.SCHEMA$,
                Delivery.SCHEMA$,
                SequenceState.SCHEMA$,
                IndexedMessage.SCHEMA$,
                FanoutEvent.SCHEMA$,
                FanoutAudience.SCHEMA$,
                DeadLetter.SCHEMA$);
    }

    /// A changed record needs a new line in the catalogue and a new file; the old ones stay as they are.
    @ParameterizedTest
    @MethodSource("schemasInTheCode")
    void newestShippedVersionIsTheOneInTheCode(Schema code) throws IOException {
        Path proposed = Path.of("target", "schemas", code.getName() + ".avsc");
        Files.createDirectories(proposed.getParent());
        Files.writeString(proposed, withoutJavaHints(code) + "\n");

        assertThat(SchemaNormalization.toParsingForm(newest(code.getName())))
                .as("add a version to schemas/catalogue.tsv; its file is proposed in %s", proposed)
                .isEqualTo(SchemaNormalization.toParsingForm(code));
    }

    @ParameterizedTest
    @MethodSource("schemasInTheCode")
    void everyVersionReadsEveryOther(Schema code) {
        SchemaValidator compatible =
                new SchemaValidatorBuilder().mutualReadStrategy().validateAll();
        List<Schema> older = shipped.versions().stream()
                .filter(version -> version.record().equals(code.getName()))
                .map(ShippedSchemas.Version::schema)
                .toList();

        assertThat(older).isNotEmpty();
        assertThatNoException().isThrownBy(() -> compatible.validate(code, older.reversed()));
    }

    @Test
    void idsAreUnique() {
        assertThat(shipped.versions()).extracting(ShippedSchemas.Version::id).doesNotHaveDuplicates();
    }

    @Test
    void olderVersionIsOneThatIsKnownBesideThisOne() {
        Schema older = Objects.requireNonNull(shipped.olderOf(InboundCommand.SCHEMA$));

        assertThat(shipped.idOf(older))
                .isLessThanOrEqualTo(ShippedSchemas.KNOWN_BESIDE)
                .isLessThan(shipped.idOf(InboundCommand.SCHEMA$));
        assertThat(shipped.olderOf(DeadLetter.SCHEMA$))
                .as("a record without changes")
                .isNull();
    }

    private Schema newest(String record) {
        return shipped.versions().stream()
                .filter(version -> version.record().equals(record))
                .reduce((first, second) -> second)
                .orElseThrow()
                .schema();
    }

    private static String withoutJavaHints(Schema schema) {
        String json = schema.toString().replace("{\"type\":\"string\",\"avro.java.string\":\"String\"}", "\"string\"");
        return SchemaFormatter.format("json/pretty", new Schema.Parser().parse(json));
    }
}
