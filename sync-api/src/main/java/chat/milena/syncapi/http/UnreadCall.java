package chat.milena.syncapi.http;

import chat.milena.protocol.read.UnreadTotals;
import chat.milena.protocol.read.UnreadTotals.Totals;
import chat.milena.runtime.http.HttpCall;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer.UnreadCounts;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.read.Reads;
import chat.milena.syncapi.read.ReadsUnavailableException;
import java.util.List;
import java.util.Set;

/// Answers the number of a user's unread messages, over all conversations. Safe for all threads; waits for the
/// views.
final class UnreadCall {
    private final Reads reads;
    private final Latest latest;
    private final FollowedThreadsCall threads;

    UnreadCall(Reads reads, SyncLimits limits) {
        this.threads = new FollowedThreadsCall(reads, limits);
        this.reads = reads;
        this.latest = new Latest(reads, limits.pages().membershipsMax());
    }

    /// `GET /api/v1/unread`: over the lines of the inbox, and the followed threads of their conversations.
    CallAnswer<UnreadTotals> answer(HttpCall call) throws ReadsUnavailableException {
        return new CallAnswer.Answered<>(
                of(new UserKey(call.token().tenant(), call.token().userId())));
    }

    UnreadTotals of(UserKey user) throws ReadsUnavailableException {
        Set<String> conversationIds = latest.inboxIds(user);
        UnreadTotals unread = withoutThreads(user, conversationIds);
        Totals heard = unread.totals();
        Totals muted = unread.muted();
        for (FollowedThreadsCall.Standing thread : threads.standing(user)) {
            if (thread.stand().unread() == 0
                    || !conversationIds.contains(thread.thread().conversationId())) {
                continue;
            }
            if (thread.stand().muted()) {
                muted = muted.plusThread();
            } else {
                heard = heard.plusThread();
            }
        }
        return new UnreadTotals(heard, muted);
    }

    /// The unread messages of the conversations that are not muted: a badge. It costs less than all totals.
    long messages(UserKey user) throws ReadsUnavailableException {
        return withoutThreads(user, latest.inboxIds(user)).totals().messages();
    }

    private UnreadTotals withoutThreads(UserKey user, Set<String> conversationIds) throws ReadsUnavailableException {
        List<Read.UnreadOf> questions = conversationIds.stream()
                .map(id -> new Read.UnreadOf(new ConversationKey(user.tenant(), id), user.userId()))
                .toList();
        Totals heard = Totals.NONE;
        Totals muted = Totals.NONE;
        for (ReadAnswer<UnreadCounts> answer : reads.ask(questions)) {
            switch (answer) {
                case ReadAnswer.Answered<UnreadCounts>(var counts) -> {
                    if (counts.muted()) {
                        muted = muted.plus(counts.messages(), counts.mentions());
                    } else {
                        heard = heard.plus(counts.messages(), counts.mentions());
                    }
                }
                // The user left in between.
                case ReadAnswer.Refused<UnreadCounts> refused -> {}
            }
        }
        return new UnreadTotals(heard, muted);
    }
}
