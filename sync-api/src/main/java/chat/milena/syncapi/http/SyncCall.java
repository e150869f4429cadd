package chat.milena.syncapi.http;

import chat.milena.protocol.conversation.ConversationView;
import chat.milena.protocol.json.ProtocolJson;
import chat.milena.protocol.read.SyncResult;
import chat.milena.protocol.read.SyncedConversation;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.syncapi.read.Cursors;
import chat.milena.syncapi.read.Cursors.InboxWalk;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.read.Reads;
import chat.milena.syncapi.read.ReadsUnavailableException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/// Answers a client with everything that it missed: `POST /api/v1/sync`, and the frame `sync`.
///
/// Safe for all threads; waits for the views. Bounded in parallel syncs; beyond it the answer is
/// [CallAnswer.Unavailable].
///
/// An answer is bounded in bytes. The rest comes with the next sync: a conversation whose entries do not fit has
/// `hasMore`, and the number of the last entry that fits.
public final class SyncCall {
    private static final String NAME = "sync";
    private static final Duration RETRY_SOON = Duration.ofSeconds(1);

    /// The size of the rest of the answer: names of fields, the time, a cursor.
    private static final int AROUND_BYTES = 1_024;

    /// One conversation without an entry.
    private static final int LINE_BYTES = 400;

    /// The id of a denied conversation.
    private static final int DENIED_BYTES = 70;

    /// This fraction is reserved for conversations that the client did not list.
    private static final int PART_FOR_NEW = 8;

    /// Less than this is not worth another read.
    private static final int MORE_BYTES = 64 * 1024;

    private final Reads reads;
    private final SyncLimits limits;
    private final Clock clock;
    private final CallMeters meters;
    private final Semaphore places;
    private final Latest latest;
    private final BoundedLines lines;

    SyncCall(Reads reads, SyncLimits limits, Clock clock, CallMeters meters) {
        this.reads = reads;
        this.limits = limits;
        this.clock = clock;
        this.meters = meters;
        this.places = new Semaphore(limits.inProgress().syncsMax());
        this.latest = new Latest(reads, limits.pages().membershipsMax());
        this.lines = new BoundedLines(reads);
    }

    /// The answer to a body.
    public CallAnswer<SyncResult> answer(UserKey user, JsonNode body) {
        return answer(user, body, "", limits.answerBytesMax());
    }

    /// The answer to a body that is part of something larger.
    ///
    /// @param user from a verified token
    /// @param body the request, checked here
    /// @param path the prefix of its fields in a rejection, such as `payload.`
    /// @param bytesMax maximum size of the answer there, if that is less than elsewhere
    public CallAnswer<SyncResult> answer(UserKey user, JsonNode body, String path, long bytesMax) {
        return meters.timed(NAME, () -> bounded(user, body, path, Math.min(bytesMax, limits.answerBytesMax())));
    }

    private CallAnswer<SyncResult> bounded(UserKey user, JsonNode body, String path, long bytesMax) {
        if (!body.isObject()) {
            return new CallAnswer.Refused<>(ErrorCode.INVALID_REQUEST, "body: must be a JSON object");
        }
        switch (SyncRequest.parse(body, path, limits)) {
            case SyncRequest.Invalid(var rejection) -> {
                return CallAnswer.of(rejection);
            }
            case SyncRequest.Valid(var request) -> {
                if (!places.tryAcquire()) {
                    return new CallAnswer.Unavailable<>("too many syncs in progress", RETRY_SOON);
                }
                try {
                    return new CallAnswer.Answered<>(sync(user, request, bytesMax));
                } catch (ReadsUnavailableException e) {
                    return CallAnswer.of(e);
                } finally {
                    places.release();
                }
            }
        }
    }

    private SyncResult sync(UserKey user, SyncRequest request, long bytesMax) throws ReadsUnavailableException {
        long nowMillis = clock.millis();
        long forNewMax = bytesMax / PART_FOR_NEW;
        Named named = new Named(user, request);
        named.ask(bytesMax - AROUND_BYTES - forNewMax);
        Latest.Found found = latest.of(user, id -> !request.lastSequences().containsKey(id));
        InboxPages.Candidates candidates = InboxPages.page(found.lines(), request.newConversations(), nowMillis);
        BoundedLines.Shown<ConversationView> shown = lines.show(
                candidates.lines(),
                limits.sync().newConversationsMax(),
                bytesMax - AROUND_BYTES - named.bytes,
                line -> new Read.Describe(new ConversationKey(user.tenant(), line.conversationId()), user.userId()));
        InboxWalk next = candidates.after(shown.taken());
        return new SyncResult(
                named.conversations,
                shown.lines(),
                next == null ? null : Cursors.newConversations(next),
                found.isCut() ? true : null,
                named.denied,
                nowMillis);
    }

    /// The answers for the listed conversations.
    private final class Named {
        private final UserKey user;
        private final SyncRequest request;
        private final List<SyncedConversation> conversations = new ArrayList<>();
        private final List<String> denied = new ArrayList<>();
        private long bytes;

        private Named(UserKey user, SyncRequest request) {
            this.user = user;
            this.request = request;
        }

        /// Reads all with an even part of the bytes each, and then those that had more once more, with what the
        /// others left free. The first of these gets at least one entry, so that each sync makes progress.
        private void ask(long bytesMax) throws ReadsUnavailableException {
            List<Map.Entry<String, Long>> named =
                    List.copyOf(request.lastSequences().entrySet());
            if (named.isEmpty()) {
                return;
            }
            long even = Math.max(0, bytesMax / named.size() - LINE_BYTES);
            List<ReadAnswer<SyncedConversation>> answers = new ArrayList<>(reads.ask(
                    named.stream().map(one -> question(one, even, false)).toList()));
            List<Integer> cut = new ArrayList<>();
            for (int i = 0; i < answers.size(); i++) {
                bytes += bytes(answers.get(i));
                if (isCut(answers.get(i))) {
                    cut.add(i);
                }
            }
            if (!cut.isEmpty()) {
                askMore(named, answers, cut, bytesMax - bytes);
            }
            for (int i = 0; i < named.size(); i++) {
                switch (answers.get(i)) {
                    case ReadAnswer.Answered<SyncedConversation>(var one) -> conversations.add(one);
                    case ReadAnswer.Refused<SyncedConversation> refused ->
                        denied.add(named.get(i).getKey());
                }
            }
        }

        private void askMore(
                List<Map.Entry<String, Long>> named,
                List<ReadAnswer<SyncedConversation>> answers,
                List<Integer> cut,
                long left)
                throws ReadsUnavailableException {
            int some = Math.clamp(left / MORE_BYTES, 1, cut.size());
            List<Integer> again = cut.subList(0, some);
            List<Read.SyncOne> questions = new ArrayList<>(some);
            for (int i : again) {
                long more = Math.max(0, left / some) + bytes(answers.get(i)) - LINE_BYTES;
                questions.add(question(named.get(i), more, questions.isEmpty()));
            }
            List<ReadAnswer<SyncedConversation>> more = reads.ask(questions);
            for (int i = 0; i < some; i++) {
                ReadAnswer<SyncedConversation> before = answers.set(again.get(i), more.get(i));
                bytes += bytes(more.get(i)) - bytes(before);
            }
        }

        private Read.SyncOne question(Map.Entry<String, Long> one, long bytesMax, boolean atLeastOne) {
            return new Read.SyncOne(
                    new ConversationKey(user.tenant(), one.getKey()),
                    user.userId(),
                    one.getValue(),
                    request.limit(),
                    bytesMax,
                    atLeastOne);
        }

        /// Whether there was more, and fewer entries than requested.
        private boolean isCut(ReadAnswer<SyncedConversation> answer) {
            return answer instanceof ReadAnswer.Answered<SyncedConversation>(var one)
                    && one.hasMore()
                    && one.messages().size() < request.limit();
        }

        private static long bytes(ReadAnswer<SyncedConversation> answer) {
            return switch (answer) {
                case ReadAnswer.Answered<SyncedConversation>(var one) -> ProtocolJson.bytes(one).length + 1;
                case ReadAnswer.Refused<SyncedConversation> refused -> DENIED_BYTES;
            };
        }
    }
}
