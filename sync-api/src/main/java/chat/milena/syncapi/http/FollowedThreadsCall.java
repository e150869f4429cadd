package chat.milena.syncapi.http;

import chat.milena.protocol.json.Fields.Rejection;
import chat.milena.protocol.read.FollowedThreads;
import chat.milena.runtime.http.HttpCall;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.read.Cursors;
import chat.milena.syncapi.read.Cursors.ThreadPlace;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.Read.Followed;
import chat.milena.syncapi.read.ReadAnswer.ThreadUnread;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.read.Reads;
import chat.milena.syncapi.read.ReadsUnavailableException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Answers which threads a user follows, the one with the latest reply first. Safe for all threads of the machine;
/// waits for the views.
///
/// As many are looked at as the inbox knows conversations; the order is that of the moment.
final class FollowedThreadsCall {
    private static final int DEFAULT = 20;
    private static final int MAX = 50;

    private static final Comparator<Standing> LATEST_FIRST =
            Comparator.comparing(Standing::place, Cursors.LATEST_THREAD_FIRST);

    private final Reads reads;
    private final int knownMax;

    FollowedThreadsCall(Reads reads, SyncLimits limits) {
        this.reads = reads;
        this.knownMax = limits.pages().membershipsMax();
    }

    /// A thread and how it stands.
    record Standing(Followed thread, ThreadUnread stand) {
        private ThreadPlace place() {
            return new ThreadPlace(stand.lastReplyAt(), thread.conversationId(), thread.rootId());
        }
    }

    /// `GET /api/v1/threads`.
    CallAnswer<FollowedThreads> answer(HttpCall call) throws ReadsUnavailableException {
        QueryFields query = new QueryFields(call);
        int limit = query.limit(DEFAULT, MAX);
        Optional<ThreadPlace> after = query.cursor("cursor", Cursors::parseThread);
        Rejection rejection = query.rejection();
        return rejection == null
                ? new CallAnswer.Answered<>(
                        page(new UserKey(call.token().tenant(), call.token().userId()), after, limit))
                : CallAnswer.of(rejection);
    }

    FollowedThreads page(UserKey user, Optional<ThreadPlace> after, int limit) throws ReadsUnavailableException {
        List<Standing> behind = standing(user).stream()
                .sorted(LATEST_FIRST)
                .filter(one -> after.isEmpty() || Cursors.LATEST_THREAD_FIRST.compare(one.place(), after.get()) > 0)
                .toList();
        List<Standing> page = behind.subList(0, Math.min(limit, behind.size()));
        List<Read.ThreadLine> questions = page.stream()
                .map(one -> new Read.ThreadLine(
                        new ConversationKey(user.tenant(), one.thread().conversationId()), user.userId(), one.thread()))
                .toList();
        List<FollowedThreads.Line> lines = new ArrayList<>();
        for (ReadAnswer<FollowedThreads.Line> answer : reads.ask(questions)) {
            if (answer instanceof ReadAnswer.Answered<FollowedThreads.Line>(var line)) {
                lines.add(line);
            }
        }
        return new FollowedThreads(
                lines,
                page.size() == behind.size()
                        ? null
                        : Cursors.thread(page.getLast().place()));
    }

    /// The threads that a user follows and may read.
    List<Standing> standing(UserKey user) throws ReadsUnavailableException {
        List<Followed> followed =
                switch (reads.ask(List.of(new Read.FollowedBy(user, knownMax))).getFirst()) {
                    case ReadAnswer.Answered<ReadAnswer.FollowedList>(var list) -> list.threads();
                    case ReadAnswer.Refused<ReadAnswer.FollowedList> refused -> List.of();
                };
        List<Read.ThreadStand> questions = followed.stream()
                .map(thread -> new Read.ThreadStand(
                        new ConversationKey(user.tenant(), thread.conversationId()), user.userId(), thread))
                .toList();
        List<Standing> standing = new ArrayList<>();
        List<ReadAnswer<ThreadUnread>> answers = reads.ask(questions);
        for (int i = 0; i < answers.size(); i++) {
            // They left, or nobody has replied yet.
            if (answers.get(i) instanceof ReadAnswer.Answered<ThreadUnread>(var stand)) {
                standing.add(new Standing(followed.get(i), stand));
            }
        }
        return standing;
    }
}
