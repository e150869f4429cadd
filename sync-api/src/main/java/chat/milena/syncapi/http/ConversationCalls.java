package chat.milena.syncapi.http;

import chat.milena.protocol.conversation.ConversationView;
import chat.milena.protocol.json.Fields.Rejection;
import chat.milena.protocol.read.History;
import chat.milena.protocol.read.Members;
import chat.milena.protocol.read.MessageReactions;
import chat.milena.protocol.read.MessageReceipts;
import chat.milena.protocol.read.Pins;
import chat.milena.protocol.read.Receipts;
import chat.milena.protocol.timeline.Entry;
import chat.milena.runtime.http.HttpCall;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.word.Refusal;
import chat.milena.syncapi.person.Profiles;
import chat.milena.syncapi.read.Cursors;
import chat.milena.syncapi.read.Read.Order;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.read.Reads;
import chat.milena.syncapi.read.ReadsUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Answers calls about one conversation, each by one read. Safe for all threads; waits for the views.
final class ConversationCalls {
    static final String CONVERSATION = "id";
    static final String MESSAGE = "messageId";

    /// The maximum size of one member, with an escaped name and address, or of one receipt.
    private static final int PERSON_BYTES = 4 * 1024;

    /// Code points of an emoji.
    private static final int EMOJI_MAX = 32;

    private static final String BOTH = "must not be given together with before";
    private static final Duration ALMOST_A_MILLISECOND = Duration.ofNanos(999_999);
    private static final String MESSAGES = "messages";
    private static final List<String> VIEWS = List.of("timeline", MESSAGES);

    private final Reads reads;
    private final Profiles profiles;
    private final SyncLimits limits;

    ConversationCalls(Reads reads, Profiles profiles, SyncLimits limits) {
        this.reads = reads;
        this.profiles = profiles;
        this.limits = limits;
    }

    /// The request of a call, after its parameters have been read.
    @FunctionalInterface
    private interface Question<T extends Record> {
        Read<T> of(ConversationKey conversation, String userId, QueryFields query);
    }

    /// `GET /api/v1/conversations/{conversation}`.
    CallAnswer<ConversationView> describe(HttpCall call) throws ReadsUnavailableException {
        return answer(call, (conversation, userId, query) -> new Read.Describe(conversation, userId));
    }

    /// `GET /api/v1/conversations/{conversation}/members`.
    CallAnswer<Members> members(HttpCall call) throws ReadsUnavailableException {
        CallAnswer<Members> answer = answer(
                call,
                (conversation, userId, query) ->
                        new Read.MembersPage(conversation, userId, afterUserId(query), people(query)));
        return answer instanceof CallAnswer.Answered<Members>(var page)
                ? new CallAnswer.Answered<>(profiles.named(call.token().tenant(), page))
                : answer;
    }

    /// `GET /api/v1/conversations/{conversation}/receipts`.
    CallAnswer<Receipts> receipts(HttpCall call) throws ReadsUnavailableException {
        return answer(
                call,
                (conversation, userId, query) ->
                        new Read.ReceiptsPage(conversation, userId, afterUserId(query), people(query)));
    }

    /// `GET /api/v1/conversations/{conversation}/pins`.
    CallAnswer<Pins> pins(HttpCall call) throws ReadsUnavailableException {
        return answer(
                call,
                (conversation, userId, query) -> new Read.PinsPage(
                        conversation,
                        userId,
                        query.sequence("cursor", Cursors::parseSequence).orElse(0),
                        limits.answerBytesMax()));
    }

    /// `GET /api/v1/conversations/{conversation}/messages/{message}`.
    CallAnswer<Entry.Message> message(HttpCall call) throws ReadsUnavailableException {
        return answer(
                call, (conversation, userId, query) -> new Read.OneMessage(conversation, userId, named(call, query)));
    }

    /// `GET /api/v1/conversations/{conversation}/messages/{message}/reactions`.
    CallAnswer<MessageReactions> reactions(HttpCall call) throws ReadsUnavailableException {
        return answer(
                call,
                (conversation, userId, query) -> new Read.ReactionsPage(
                        conversation, userId, named(call, query), query.text("emoji", EMOJI_MAX), afterUserId(query)));
    }

    /// `GET /api/v1/conversations/{conversation}/messages/{message}/receipts`.
    CallAnswer<MessageReceipts> messageReceipts(HttpCall call) throws ReadsUnavailableException {
        return answer(
                call,
                (conversation, userId, query) -> new Read.MessageReceiptsPage(
                        conversation, userId, named(call, query), afterUserId(query), people(query)));
    }

    private static Read.Named named(HttpCall call, QueryFields query) {
        OptionalLong number = query.sequence("sequenceNumber", Cursors::parseSequence);
        return new Read.Named(messageId(call, query), number.isPresent() ? number.getAsLong() : null);
    }

    private static String messageId(HttpCall call, QueryFields query) {
        String messageId = call.pathPart(MESSAGE);
        if (!Ids.isValidMessageId(messageId)) {
            query.refuse(MESSAGE, "must be the id of a message");
        }
        return messageId;
    }

    /// `GET /api/v1/conversations/{conversation}/messages`.
    CallAnswer<History> messages(HttpCall call) throws ReadsUnavailableException {
        return answer(call, (conversation, userId, query) -> {
            Edge edge = timelineEdge(query);
            return new Read.HistoryPage(
                    conversation,
                    userId,
                    edge.order(),
                    edge.at(),
                    limit(query),
                    limits.answerBytesMax(),
                    query.word("view", VIEWS).equals(MESSAGES),
                    edge.moment());
        });
    }

    /// `GET /api/v1/conversations/{conversation}/threads/{message}/messages`.
    CallAnswer<History> replies(HttpCall call) throws ReadsUnavailableException {
        return answer(call, (conversation, userId, query) -> {
            Edge edge = edge(query);
            return new Read.ThreadPage(
                    conversation,
                    userId,
                    named(call, query),
                    edge.order(),
                    edge.at(),
                    limit(query),
                    limits.answerBytesMax());
        });
    }

    /// Where a page begins, and which way it goes.
    ///
    /// @param moment in place of the number; null without one
    private record Edge(Order order, long at, @Nullable Long moment) {}

    /// The edge of a page of a timeline: a number, or a moment.
    private static Edge timelineEdge(QueryFields query) {
        Optional<Instant> before = query.moment("before");
        Optional<Instant> after = query.moment("after");
        if (before.isPresent() ? query.has("after") : after.isPresent() && query.has("before")) {
            query.refuse("after", BOTH);
        }
        if (before.isPresent()) {
            // Times of messages are whole milliseconds: those before a part of one are those before the next.
            return new Edge(
                    Order.NEWEST_FIRST,
                    0,
                    before.get().plus(ALMOST_A_MILLISECOND).toEpochMilli());
        }
        return after.isPresent() ? new Edge(Order.OLDEST_FIRST, 0, after.get().toEpochMilli()) : edge(query);
    }

    private static Edge edge(QueryFields query) {
        OptionalLong before = query.sequence("before", Cursors::parseSequence);
        OptionalLong after = query.sequence("after", Cursors::parseSequence);
        if (before.isPresent() && after.isPresent()) {
            query.refuse("after", BOTH);
        }
        return after.isEmpty()
                ? new Edge(Order.NEWEST_FIRST, before.orElse(Read.HistoryPage.END), null)
                : new Edge(Order.OLDEST_FIRST, after.getAsLong(), null);
    }

    private int limit(QueryFields query) {
        return query.limit(limits.pages().usual(), limits.pages().max());
    }

    private int people(QueryFields query) {
        return Math.clamp(limits.answerBytesMax() / PERSON_BYTES, 1, limit(query));
    }

    private static String afterUserId(QueryFields query) {
        return query.cursor("cursor", Cursors::parseUser).orElse("");
    }

    private <T extends Record> CallAnswer<T> answer(HttpCall call, Question<T> question)
            throws ReadsUnavailableException {
        QueryFields query = new QueryFields(call);
        String conversationId = call.pathPart(CONVERSATION);
        Read<T> read = question.of(
                new ConversationKey(call.token().tenant(), conversationId),
                call.token().userId(),
                query);
        Rejection rejection = query.rejection();
        if (rejection != null) {
            return CallAnswer.of(rejection);
        }
        if (!Ids.isValid(conversationId)) {
            return CallAnswer.of(new ReadAnswer.Refused<T>(Refusal.NO_SUCH_CONVERSATION));
        }
        return CallAnswer.of(reads.ask(List.of(read)).getFirst());
    }
}
