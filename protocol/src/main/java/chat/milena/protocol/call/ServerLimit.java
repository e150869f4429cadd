package chat.milena.protocol.call;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The limits that `GET /api/v1/server` reports. docs/protocol.md takes its table from these comments. The name of
/// a limit there, and the variable that sets it, follow from the constant.
public enum ServerLimit {
    /// Text, in code points.
    TEXT_CHARACTERS_MAX(4_000, Unit.NONE),
    /// Metadata, in bytes of JSON.
    METADATA_BYTES_MAX(4_096, Unit.NONE),
    /// Users whom a message mentions by their ids.
    MENTIONS_MAX(50, Unit.NONE, false),
    /// Reason of a deletion, in code points.
    REASON_CHARACTERS_MAX(200, Unit.NONE, false),
    /// An emoji, in code points.
    EMOJI_CHARACTERS_MAX(32, Unit.NONE, false),
    /// Different emoji of a message at a time.
    EMOJIS_MAX(20, Unit.NONE, false),
    /// Different emoji of a message over time.
    EMOJIS_EVER_MAX(100, Unit.NONE, false),
    /// Pinned messages of a conversation.
    PINS_MAX(50, Unit.NONE, false),
    /// A draft, in code points.
    DRAFT_CHARACTERS_MAX(4_000, Unit.NONE, false),
    /// Name of a profile, in code points.
    PROFILE_NAME_CHARACTERS_MAX(100, Unit.NONE, false),
    /// `custom` of a profile, in bytes of JSON.
    PROFILE_CUSTOM_BYTES_MAX(2_048, Unit.NONE, false),
    /// Users named by `GET /api/v1/users`.
    PROFILE_IDS_MAX(100, Unit.NONE, false),
    /// Users whom a user has blocked.
    BLOCKS_MAX(1_000, Unit.NONE, false),
    /// Devices of a user.
    DEVICES_MAX(100, Unit.NONE, false),
    /// Token of a registration for push, in characters.
    DEVICE_TOKEN_CHARACTERS_MAX(4_096, Unit.NONE, false),
    /// A frame or body, in bytes. If these are larger: 4,096 and 72 for each member of a group for a body that
    /// lists members; 4,096 and 122 for each conversation of a sync for its body.
    FRAME_BYTES_MAX(65_536, Unit.NONE),
    /// Members of a group, including the creator.
    MEMBERS_MAX(1_000, Unit.NONE),
    /// Commands of a user in a second, at all gateways together.
    RATE_MESSAGES_PER_SECOND(10, Unit.NONE),
    /// Commands of a user in a minute, at all gateways together.
    RATE_MESSAGES_PER_MINUTE(100, Unit.NONE),
    /// Commands of a tenant in a second, at each gateway.
    RATE_TENANT_MESSAGES_PER_SECOND(2_000, Unit.NONE),
    /// Commands from receipts of a user in a second, at each gateway.
    RATE_RECEIPTS_PER_SECOND(50, Unit.NONE),
    /// Commands from receipts of a tenant in a second, at each gateway.
    RATE_TENANT_RECEIPTS_PER_SECOND(5_000, Unit.NONE),
    /// How long receipts wait for others to be merged with.
    RECEIPT_WINDOW(200, Unit.MILLISECONDS),
    /// Waiting receipts of a connection.
    RECEIPTS_HELD_MAX(500, Unit.NONE),
    /// Members of a conversation above which the receipts of others are sent only to the senders of what was read.
    RECEIPTS_BROADCAST_MAX(100, Unit.NONE),
    /// New connections in a second. A user may open a fiftieth of them, at least one, with bursts of ten seconds'
    /// worth.
    RATE_CONNECTIONS_PER_SECOND(100, Unit.NONE),
    /// New connections in a second from one address.
    RATE_ADDRESS_CONNECTIONS_PER_SECOND(20, Unit.NONE),
    /// Frames of a connection in a second, of any kind.
    RATE_FRAMES_PER_SECOND(100, Unit.NONE),
    /// Frames of presence and typing of a connection in a second.
    RATE_LIVE_FRAMES_PER_SECOND(5, Unit.NONE),
    /// Users that a connection watches.
    PRESENCE_WATCHED_MAX(500, Unit.NONE),
    /// Delay before a user without devices is `offline`.
    PRESENCE_GRACE(5_000, Unit.MILLISECONDS),
    /// Minimum interval between two `presence.update` about one user.
    PRESENCE_PAUSE(1_000, Unit.MILLISECONDS),
    /// How long a presence lasts that its gateway does not renew.
    PRESENCE_LIFE(120_000, Unit.MILLISECONDS),
    /// How long typing lasts without a repeated `typing.start`.
    TYPING_LIFE(5_000, Unit.MILLISECONDS),
    /// Members of a conversation above which typing is not sent.
    TYPING_BROADCAST_MAX(100, Unit.NONE),
    /// Cost of a user's reads in a second, with bursts of ten seconds' worth. A page costs 1; one message, its
    /// reactions or its receipts, an inbox, `GET /api/v1/users` or `POST /api/v1/sync` 5; each 64 KiB of the
    /// answer 1 more.
    RATE_READS_PER_SECOND(20, Unit.NONE),
    /// Frames `sync` of a user in 10 seconds, at each gateway; beyond it `RATE_LIMITED`.
    RATE_SYNC_FRAMES(40, Unit.NONE, false),
    /// Messages that a user reports in an hour, at each gateway; beyond it `RATE_LIMITED`.
    RATE_REPORTS(60, Unit.NONE, false),
    /// Polls of a user in 10 seconds, at each gateway.
    RATE_POLLS(100, Unit.NONE),
    /// MiB that a user's commands write in a day, at each gateway; receipts may write as much again.
    RATE_MEBIBYTES_PER_DAY(64, Unit.NONE),
    /// The same for a tenant.
    RATE_TENANT_MEBIBYTES_PER_DAY(65_536, Unit.NONE),
    /// Connections of a gateway.
    CONNECTIONS_MAX(20_000, Unit.NONE),
    /// Connections of a user, at each gateway.
    CONNECTIONS_PER_USER(100, Unit.NONE),
    /// A tenant's share of a gateway's connections, of its unanswered messages, and of the bytes that wait for
    /// slow readers.
    TENANT_SHARE_PERCENT(50, Unit.PERCENT),
    /// Unanswered messages of a connection.
    WINDOW_MAX(256, Unit.NONE),
    /// Unanswered messages of all connections.
    COMMANDS_IN_FLIGHT_MAX(10_000, Unit.NONE),
    /// REST calls in progress.
    REST_CALLS_MAX(1_000, Unit.NONE),
    /// How long a message or a REST call waits for its answer before `UNAVAILABLE`.
    ANSWER_WITHIN(15_000, Unit.MILLISECONDS),
    /// Conversations of a sync.
    SYNC_CONVERSATIONS_MAX(500, Unit.NONE),
    /// Entries of each conversation of a sync.
    SYNC_ENTRIES_MAX(100, Unit.NONE),
    /// Entries or lines of a page.
    PAGE_MAX(200, Unit.NONE),
    /// Bytes of a page or a sync, beyond which the rest comes with the next one.
    ANSWER_BYTES_MAX(1_048_576, Unit.BYTES),
    /// Latest conversations of a user that the inbox knows.
    INBOX_CONVERSATIONS_MAX(2_000, Unit.NONE),
    /// How long a read may wait for the views.
    READ_WITHIN(3_000, Unit.MILLISECONDS),
    /// Bytes that wait for a slow reader before a `resync`.
    OUTBOX_BYTES_MAX(1_048_576, Unit.BYTES),
    /// Bytes that wait for all slow readers of a gateway; beyond half of it, each may hold less.
    OUTBOXES_BYTES_MAX(268_435_456, Unit.BYTES),
    /// Interval of heartbeats.
    HEARTBEAT_INTERVAL(30_000, Unit.MILLISECONDS),
    /// Silence before 4408.
    SILENCE_MAX(90_000, Unit.MILLISECONDS),
    /// How long a frame may take to arrive.
    FRAME_WITHIN(30_000, Unit.MILLISECONDS),
    /// Time from the warning to the end of a token.
    TOKEN_WARNING(60_000, Unit.MILLISECONDS),
    /// Events that a client may have missed to resume.
    RESUME_MISSED_MAX(5_000, Unit.NONE),
    /// Malformed frames in a minute before 4400.
    MALFORMED_FRAMES_PER_MINUTE(10, Unit.NONE),
    /// Rejected frames in a minute before 4429.
    REFUSED_FRAMES_PER_MINUTE(100, Unit.NONE);

    private static final Pattern UNDERSCORE = Pattern.compile("_(.)");

    private final long initial;
    private final Unit unit;
    private final boolean settable;

    /// The unit of a value.
    public enum Unit {
        NONE,
        BYTES,
        MILLISECONDS,
        PERCENT
    }

    ServerLimit(long initial, Unit unit) {
        this(initial, unit, true);
    }

    ServerLimit(long initial, Unit unit, boolean settable) {
        this.initial = initial;
        this.unit = unit;
        this.settable = settable;
    }

    /// The name in the answer, such as `textCharactersMax`.
    public String word() {
        return UNDERSCORE
                .matcher(name().toLowerCase(Locale.ROOT))
                .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
    }

    /// The environment variable that sets it; empty if it is fixed.
    public Optional<String> variable() {
        return settable ? Optional.of("MILENA_" + name()) : Optional.empty();
    }

    /// The default.
    public long initial() {
        return initial;
    }

    /// The unit of the default and of the reported value.
    public Unit unit() {
        return unit;
    }
}
