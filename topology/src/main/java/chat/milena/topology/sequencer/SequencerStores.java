package chat.milena.topology.sequencer;

import chat.milena.schemas.avro.Annotation;
import chat.milena.schemas.avro.Block;
import chat.milena.schemas.avro.Conversation;
import chat.milena.schemas.avro.FollowedThread;
import chat.milena.schemas.avro.IndexedMessage;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.Personal;
import chat.milena.schemas.avro.Receipt;
import chat.milena.schemas.avro.ReportedMessage;
import chat.milena.schemas.avro.SequenceState;
import chat.milena.schemas.key.AnnotationKey;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.FollowKey;
import chat.milena.schemas.key.KeySerde;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.key.MessageKey;
import chat.milena.schemas.key.ReportKey;
import chat.milena.schemas.key.TenantKey;
import chat.milena.schemas.wire.AvroSerde;
import chat.milena.schemas.wire.SchemaIds;
import chat.milena.streams.run.CheckedStores;
import chat.milena.streams.run.StoreDamage;
import chat.milena.topology.annotation.AnnotationStore;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/// The sequencer's own state: everything about a conversation that decisions need, in RocksDB, each store with a
/// changelog.
final class SequencerStores {
    /// Conversation → its position.
    static final String SEQUENCES = "sequences";
    /// Conversation → its properties.
    static final String CONVERSATIONS = "conversations";
    /// (Conversation, user) → membership.
    static final String MEMBERS = "members";
    /// (Conversation, messageId) → the message's sender and number, for as long as messages are kept.
    static final String MESSAGE_INDEX = "message-index";

    /// (Conversation, user) → watermarks.
    static final String RECEIPTS = "receipts";

    /// (Conversation, user) → the membership that the user ended themselves, until they come back.
    static final String DEPARTURES = "departures";

    /// (Conversation, user) → the user's own state of it.
    static final String PERSONAL = "personal";

    /// (User, conversation, message) → the thread of the message that they follow.
    static final String FOLLOWS = "follows";

    /// (Direct conversation that is not there, user) → their block of the other.
    static final String BLOCKS = "block-marks";

    /// (Conversation, user) → when they last sent a message while slow mode held for them.
    static final String SENDS = "sends";

    /// (Conversation, messageId) → the reports of a message, and what was decided on it, without the copy.
    static final String REPORTS = "reports";

    /// (Tenant, time, message) → the same of messages that are open, with the copy.
    static final String OPEN_REPORTS = "open-reports";

    /// Tenant → how many of them are open, without those that wait before others are shown them.
    static final String OPEN_COUNTS = "open-report-counts";

    /// Conversation → how many of its messages wait before others are shown them.
    static final String HELD_COUNTS = "held-message-counts";

    /// The index keeps whole segments of time and drops the oldest; a key has one entry, see
    /// [chat.milena.streams.run.ExpiringEntries].
    private static final Duration INDEX_WINDOW = Duration.ofMillis(1);

    private SequencerStores() {}

    /// What makes each store.
    ///
    /// @param openReportsLog the settings of the log of [#OPEN_REPORTS]
    static Set<StoreBuilder<?>> builders(
            SchemaIds ids, Duration messageRetention, Map<String, String> openReportsLog, StoreDamage damage) {
        Serde<ConversationKey> byConversation = new KeySerde<>(ConversationKey::fromBytes);
        return new LinkedHashSet<>(List.of(
                Stores.keyValueStoreBuilder(
                        CheckedStores.keyValue(SEQUENCES, damage),
                        byConversation,
                        new AvroSerde<>(SequenceState.class, ids)),
                Stores.keyValueStoreBuilder(
                        CheckedStores.keyValue(CONVERSATIONS, damage),
                        byConversation,
                        new AvroSerde<>(Conversation.class, ids)),
                Stores.keyValueStoreBuilder(
                        CheckedStores.keyValue(MEMBERS, damage),
                        new KeySerde<>(MemberKey::fromBytes),
                        new AvroSerde<>(Member.class, ids)),
                Stores.keyValueStoreBuilder(
                        CheckedStores.keyValue(RECEIPTS, damage),
                        new KeySerde<>(MemberKey::fromBytes),
                        new AvroSerde<>(Receipt.class, ids)),
                Stores.keyValueStoreBuilder(
                        CheckedStores.keyValue(DEPARTURES, damage),
                        new KeySerde<>(MemberKey::fromBytes),
                        new AvroSerde<>(Member.class, ids)),
                Stores.keyValueStoreBuilder(
                        CheckedStores.keyValue(PERSONAL, damage),
                        new KeySerde<>(MemberKey::fromBytes),
                        new AvroSerde<>(Personal.class, ids)),
                Stores.keyValueStoreBuilder(
                        CheckedStores.keyValue(FOLLOWS, damage),
                        new KeySerde<>(FollowKey::fromBytes),
                        new AvroSerde<>(FollowedThread.class, ids)),
                Stores.keyValueStoreBuilder(
                        CheckedStores.keyValue(AnnotationStore.PINS, damage),
                        byConversation,
                        new AvroSerde<>(Annotation.class, ids)),
                Stores.windowStoreBuilder(
                        CheckedStores.window(AnnotationStore.REACTIONS, messageRetention, INDEX_WINDOW, damage),
                        new KeySerde<>(AnnotationKey::fromBytes),
                        new AvroSerde<>(Annotation.class, ids)),
                Stores.keyValueStoreBuilder(
                        CheckedStores.keyValue(BLOCKS, damage),
                        new KeySerde<>(MemberKey::fromBytes),
                        new AvroSerde<>(Block.class, ids)),
                Stores.keyValueStoreBuilder(
                        CheckedStores.keyValue(SENDS, damage), new KeySerde<>(MemberKey::fromBytes), Serdes.Long()),
                Stores.windowStoreBuilder(
                        CheckedStores.window(REPORTS, messageRetention, INDEX_WINDOW, damage),
                        new KeySerde<>(MessageKey::fromBytes),
                        new AvroSerde<>(ReportedMessage.class, ids)),
                Stores.keyValueStoreBuilder(
                                CheckedStores.keyValue(OPEN_REPORTS, damage),
                                new KeySerde<>(ReportKey::fromBytes),
                                new AvroSerde<>(ReportedMessage.class, ids))
                        .withLoggingEnabled(openReportsLog),
                Stores.keyValueStoreBuilder(
                        CheckedStores.keyValue(OPEN_COUNTS, damage),
                        new KeySerde<>(TenantKey::fromBytes),
                        Serdes.Long()),
                Stores.keyValueStoreBuilder(CheckedStores.keyValue(HELD_COUNTS, damage), byConversation, Serdes.Long()),
                Stores.windowStoreBuilder(
                        CheckedStores.window(MESSAGE_INDEX, messageRetention, INDEX_WINDOW, damage),
                        new KeySerde<>(MessageKey::fromBytes),
                        new AvroSerde<>(IndexedMessage.class, ids))));
    }
}
