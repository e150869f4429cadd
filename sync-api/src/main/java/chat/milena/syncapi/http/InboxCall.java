package chat.milena.syncapi.http;

import chat.milena.protocol.json.Fields.Rejection;
import chat.milena.protocol.read.Inbox;
import chat.milena.protocol.read.InboxLine;
import chat.milena.runtime.http.HttpCall;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.http.InboxPages.Candidates;
import chat.milena.syncapi.read.Cursors;
import chat.milena.syncapi.read.Cursors.InboxWalk;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.Reads;
import chat.milena.syncapi.read.ReadsUnavailableException;
import java.time.Clock;
import java.util.Optional;

/// Answers the inbox: a user's conversations, the one with the latest message first. Safe for all threads; waits for
/// the views.
///
/// The order is that of the moment, so each page finds it again ([Latest]); but only the lines of the page are read.
final class InboxCall {
    private final SyncLimits limits;
    private final Clock clock;
    private final Latest latest;
    private final BoundedLines lines;
    private final Profiles profiles;

    InboxCall(Reads reads, Profiles profiles, SyncLimits limits, Clock clock) {
        this.profiles = profiles;
        this.limits = limits;
        this.clock = clock;
        this.latest = new Latest(reads, limits.membershipsMax());
        this.lines = new BoundedLines(reads);
    }

    /// `GET /api/v1/conversations`.
    CallAnswer<Inbox> answer(HttpCall call) throws ReadsUnavailableException {
        QueryFields query = new QueryFields(call);
        int limit = query.limit(limits.pageDefault(), limits.pageMax());
        Optional<InboxWalk> walk = query.cursor("cursor", Cursors::parseInbox);
        Rejection rejection = query.rejection();
        if (rejection != null) {
            return CallAnswer.of(rejection);
        }
        UserKey user = new UserKey(call.token().tenant(), call.token().userId());
        return new CallAnswer.Answered<>(page(user, walk, limit));
    }

    private Inbox page(UserKey user, Optional<InboxWalk> walk, int limit) throws ReadsUnavailableException {
        long nowMillis = clock.millis();
        Latest.Found found = latest.of(user, any -> true);
        Candidates candidates = InboxPages.page(found.lines(), walk, nowMillis);
        BoundedLines.Shown<InboxLine> shown = lines.show(
                candidates.lines(),
                limit,
                limits.answerBytesMax(),
                line -> new Read.Summary(new ConversationKey(user.tenant(), line.conversationId()), user.userId()),
                read -> profiles.named(user, read));
        InboxWalk next = candidates.after(shown.taken());
        return new Inbox(
                shown.lines(), next != null, next == null ? null : Cursors.inbox(next), found.isCut() ? true : null);
    }
}
