package chat.milena.syncapi.http;

import chat.milena.protocol.json.Fields.Rejection;
import chat.milena.protocol.read.Inbox;
import chat.milena.protocol.read.InboxLine.Personal;
import chat.milena.protocol.read.InboxLine;
import chat.milena.runtime.http.HttpCall;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.http.InboxPages.Candidates;
import chat.milena.syncapi.person.Profiles;
import chat.milena.syncapi.read.Cursors.InboxWalk;
import chat.milena.syncapi.read.Cursors;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.read.Reads;
import chat.milena.syncapi.read.ReadsUnavailableException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Answers the inbox: a user's conversations, the one with the latest message first. Safe for all threads; waits
/// for the views.
///
/// The order is that of the moment, so each page computes it again ([Latest]); but only the lines of the page are
/// read.
final class InboxCall {
    private final SyncLimits limits;
    private final Clock clock;
    private final Latest latest;
    private final BoundedLines lines;
    private final Profiles profiles;
    private final Reads reads;

    InboxCall(Reads reads, Profiles profiles, SyncLimits limits, Clock clock) {
        this.reads = reads;
        this.profiles = profiles;
        this.limits = limits;
        this.clock = clock;
        this.latest = new Latest(reads, limits.pages().membershipsMax());
        this.lines = new BoundedLines(reads);
    }

    /// `GET /api/v1/conversations`.
    CallAnswer<Inbox> answer(HttpCall call) throws ReadsUnavailableException {
        QueryFields query = new QueryFields(call);
        int limit = query.limit(limits.pages().usual(), limits.pages().max());
        Optional<InboxWalk> walk = query.cursor("cursor", Cursors::parseInbox);
        boolean archived = query.flag("archived");
        Rejection rejection = query.rejection();
        if (rejection != null) {
            return CallAnswer.of(rejection);
        }
        UserKey user = new UserKey(call.token().tenant(), call.token().userId());
        return new CallAnswer.Answered<>(page(user, archived, walk, limit));
    }

    private Inbox page(UserKey user, boolean archived, Optional<InboxWalk> walk, int limit)
            throws ReadsUnavailableException {
        long nowMillis = clock.millis();
        Latest.Found found = latest.ofInbox(user, archived);
        Candidates candidates = InboxPages.page(found.lines(), walk, nowMillis);
        BoundedLines.Shown<InboxLine> shown = lines.show(
                candidates.lines(),
                limit,
                limits.answerBytesMax(),
                line -> new Read.Summary(new ConversationKey(user.tenant(), line.conversationId()), user.userId()),
                read -> keeping(user, found, profiles.named(user, read)));
        InboxWalk next = candidates.after(shown.taken());
        return new Inbox(
                shown.lines(), next != null, next == null ? null : Cursors.inbox(next), found.isCut() ? true : null);
    }

    /// The lines with the user's own state; the drafts are read only now, since few lines have one.
    private List<InboxLine> keeping(UserKey user, Latest.Found found, List<InboxLine> lines)
            throws ReadsUnavailableException {
        Map<String, Latest.Line> places = new HashMap<>();
        for (Latest.Line line : found.lines()) {
            if (line.kept() != null) {
                places.put(line.conversationId(), line);
            }
        }
        Map<String, InboxLine.Draft> drafts = drafts(user, places, lines);
        List<InboxLine> keeping = new ArrayList<>(lines.size());
        for (InboxLine line : lines) {
            String id = line.conversation().conversationId();
            Latest.Line place = places.get(id);
            keeping.add(place == null ? line : line.keeping(personal(line.personal(), place, drafts.get(id))));
        }
        return keeping;
    }

    private Map<String, InboxLine.Draft> drafts(UserKey user, Map<String, Latest.Line> places, List<InboxLine> lines)
            throws ReadsUnavailableException {
        List<Read.DraftOf> questions = new ArrayList<>();
        for (InboxLine line : lines) {
            Latest.Line place = places.get(line.conversation().conversationId());
            if (place != null && place.kept() != null && place.kept().draftChars() > 0) {
                questions.add(new Read.DraftOf(user, place.conversationId()));
            }
        }
        Map<String, InboxLine.Draft> drafts = new HashMap<>();
        List<ReadAnswer<ReadAnswer.Drafted>> answers = questions.isEmpty() ? List.of() : reads.ask(questions);
        for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i) instanceof ReadAnswer.Answered<ReadAnswer.Drafted>(var drafted)
                    && drafted.draft() != null) {
                drafts.put(questions.get(i).conversationId(), drafted.draft());
            }
        }
        return drafts;
    }

    private static Personal personal(Personal own, Latest.Line place, InboxLine.@Nullable Draft draft) {
        ReadAnswer.Kept kept = Objects.requireNonNull(place.kept(), "read before");
        return new Personal(
                own.accepted(),
                kept.archived(),
                kept.pinned(),
                place.hidden(),
                own.unreadFrom(),
                kept.clearedUpTo() == 0 ? null : kept.clearedUpTo(),
                draft);
    }
}
