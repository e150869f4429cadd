package chat.milena.syncapi.route;

import chat.milena.protocol.json.RecordJson;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.syncapi.read.ModerationRead;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads and their answers as JSON, between instances. Safe for all threads.
public final class ReadCodec {
    private static final JsonMapper MAPPER = RecordJson.strict()
            .rebuild()
            .registerSubtypes(
                    new NamedType(Read.Describe.class, "describe"),
                    new NamedType(Read.MembersPage.class, "members"),
                    new NamedType(Read.ReceiptsPage.class, "receipts"),
                    new NamedType(Read.HistoryPage.class, "history"),
                    new NamedType(Read.PinsPage.class, "pins"),
                    new NamedType(Read.OneMessage.class, "message"),
                    new NamedType(Read.ReactionsPage.class, "reactions"),
                    new NamedType(Read.MessageReceiptsPage.class, "message-receipts"),
                    new NamedType(Read.ThreadPage.class, "thread"),
                    new NamedType(Read.FollowedBy.class, "followed"),
                    new NamedType(Read.ThreadStand.class, "thread-stand"),
                    new NamedType(Read.ThreadLine.class, "thread-line"),
                    new NamedType(Read.SyncOne.class, "sync"),
                    new NamedType(Read.Summary.class, "summary"),
                    new NamedType(Read.Place.class, "place"),
                    new NamedType(Read.UnreadOf.class, "unread"),
                    new NamedType(Read.TypingAudience.class, "typing"),
                    new NamedType(Read.NotifiableIn.class, "notifiable"),
                    new NamedType(Read.Memberships.class, "memberships"),
                    new NamedType(Read.Joined.class, "joined"),
                    new NamedType(Read.Profile.class, "profile"),
                    new NamedType(Read.DraftOf.class, "draft"),
                    new NamedType(Read.Blocking.class, "blocking"),
                    new NamedType(Read.BlocksPage.class, "blocks"),
                    new NamedType(Read.DevicesOf.class, "devices"),
                    new NamedType(Read.DeviceOf.class, "device"),
                    new NamedType(Read.SettingsOf.class, "settings"),
                    new NamedType(Read.LevelOf.class, "level"),
                    new NamedType(Read.NotifiedUser.class, "notified-user"),
                    new NamedType(ModerationRead.BansPage.class, "bans"),
                    new NamedType(ModerationRead.BanOf.class, "ban"),
                    new NamedType(ModerationRead.BansOf.class, "bans-of"),
                    new NamedType(ModerationRead.ReportsPage.class, "reports"),
                    new NamedType(ModerationRead.InContext.class, "in-context"),
                    new NamedType(ModerationRead.WarningsOf.class, "warnings"))
            .build();
    private static final TypeReference<List<Read<?>>> READS = new TypeReference<>() {};
    private static final TypeReference<List<@Nullable Envelope>> ENVELOPES = new TypeReference<>() {};

    private static final JsonMapper ANSWERS = RecordJson.lenient();

    private ReadCodec() {}

    /// One answer: either the value or the rejection is set.
    private record Envelope(
            @Nullable JsonNode answered, @Nullable Refused refused) {}

    private record Refused(ErrorCode code, String reason) {}

    /// Reads as JSON in UTF-8.
    public static byte[] writeReads(List<? extends Read<?>> reads) {
        try {
            return MAPPER.writerFor(READS).writeValueAsBytes(reads);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("Every read has a JSON form", e);
        }
    }

    /// Reads the output of [#writeReads(List)].
    ///
    /// @throws IOException if it is something else, as that of another version may be
    public static List<Read<?>> readReads(byte[] json) throws IOException {
        return MAPPER.readValue(json, READS);
    }

    /// Answers as JSON in UTF-8.
    public static byte[] writeAnswers(List<? extends ReadAnswer<?>> answers) {
        try {
            return ANSWERS.writeValueAsBytes(
                    answers.stream().map(ReadCodec::envelope).toList());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("Every answer has a JSON form", e);
        }
    }

    /// Reads the output of [#writeAnswers(List)].
    ///
    /// @param reads the answered reads
    /// @throws IOException if it is something else, as that of another version may be
    public static List<ReadAnswer<?>> readAnswers(byte[] json, List<? extends Read<?>> reads) throws IOException {
        List<@Nullable Envelope> envelopes = ANSWERS.readValue(json, ENVELOPES);
        if (envelopes.size() != reads.size()) {
            throw new IOException(envelopes.size() + " answers to " + reads.size() + " reads");
        }
        List<ReadAnswer<?>> answers = new ArrayList<>(reads.size());
        for (int i = 0; i < reads.size(); i++) {
            answers.add(answer(envelopes.get(i), reads.get(i)));
        }
        return answers;
    }

    private static Envelope envelope(ReadAnswer<?> answer) {
        return switch (answer) {
            case ReadAnswer.Answered<?>(var value) -> new Envelope(ANSWERS.valueToTree(value), null);
            case ReadAnswer.Refused<?>(var code, var reason) -> new Envelope(null, new Refused(code, reason));
        };
    }

    private static ReadAnswer<?> answer(@Nullable Envelope envelope, Read<?> read) throws IOException {
        if (envelope != null && envelope.refused() != null) {
            return new ReadAnswer.Refused<>(
                    envelope.refused().code(), envelope.refused().reason());
        }
        if (envelope == null || envelope.answered() == null) {
            throw new IOException("neither answered nor refused");
        }
        return new ReadAnswer.Answered<>(ANSWERS.treeToValue(envelope.answered(), read.answerType()));
    }
}
