package chat.milena.syncapi.http;

import chat.milena.conversation.moderation.BanListRules;
import chat.milena.protocol.frame.SafetyFrames.BanUpdated;
import chat.milena.protocol.frame.SafetyFrames.PendingWarnings;
import chat.milena.protocol.json.Fields.Rejection;
import chat.milena.protocol.json.ProtocolJson;
import chat.milena.protocol.read.Bans;
import chat.milena.protocol.read.ReportQueue.ReportedLine;
import chat.milena.protocol.read.ReportQueue.Surroundings;
import chat.milena.protocol.read.ReportQueue;
import chat.milena.protocol.timeline.Entry;
import chat.milena.runtime.http.HttpCall;
import chat.milena.schemas.key.BanKey;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.ReportKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.read.Cursors;
import chat.milena.syncapi.read.ModerationRead.Reported;
import chat.milena.syncapi.read.ModerationRead.Row;
import chat.milena.syncapi.read.ModerationRead;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.read.Reads;
import chat.milena.syncapi.read.ReadsUnavailableException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers what moderators read: the queue of messages, and the bans. Safe for all threads; waits for the views.
///
/// The queue is kept by tenant, the messages by conversation. So a page is gathered, some messages at a time, until it
/// is full.
public final class ModerationCalls {
    private static final Logger LOG = LoggerFactory.getLogger(ModerationCalls.class);
    private static final int REPORTS_USUAL = 50;
    private static final int REPORTS_MAX = 100;

    /// Entries on each side of a message.
    private static final int CONTEXT = 5;

    /// Approximate size of those on one side.
    private static final long CONTEXT_BYTES_MAX = 32 * 1024;

    private static final int AT_A_TIME = 10;

    private final Reads reads;
    private final SyncLimits limits;
    private final Clock clock;

    ModerationCalls(Reads reads, SyncLimits limits, Clock clock) {
        this.reads = reads;
        this.limits = limits;
        this.clock = clock;
    }

    /// `GET /api/v1/moderation/reports`.
    CallAnswer<ReportQueue> reports(HttpCall call) throws ReadsUnavailableException {
        if (!call.token().moderator()) {
            return moderatorsOnly();
        }
        UserKey moderator = new UserKey(call.token().tenant(), call.token().userId());
        QueryFields query = new QueryFields(call);
        int limit = query.limit(REPORTS_USUAL, REPORTS_MAX);
        boolean decided = query.word("state", List.of(ReportQueue.OPEN, ReportQueue.DECIDED))
                .equals(ReportQueue.DECIDED);
        Optional<ReportKey> after =
                query.cursor("cursor", cursor -> Cursors.parseReport(moderator.tenant(), decided, cursor));
        Rejection rejection = query.rejection();
        if (rejection != null) {
            return CallAnswer.of(rejection);
        }
        ReportKey from = after.orElse(new ReportKey(moderator.tenant(), decided, 0, "", ""));
        return switch (reads.ask(List.of(new ModerationRead.ReportsPage(from, limit)))
                .getFirst()) {
            case ReadAnswer.Answered<Reported>(var found) -> new CallAnswer.Answered<>(page(moderator, found));
            case ReadAnswer.Refused<Reported> refused -> new CallAnswer.Refused<>(refused.code(), refused.reason());
        };
    }

    private ReportQueue page(UserKey moderator, Reported found) throws ReadsUnavailableException {
        List<ReportedLine> lines = new ArrayList<>();
        long bytes = 0;
        for (int from = 0; from < found.rows().size(); from += AT_A_TIME) {
            List<Row> some = found.rows().subList(from, Math.min(found.rows().size(), from + AT_A_TIME));
            for (ReportedLine line : shown(moderator, some)) {
                bytes += ProtocolJson.bytes(line).length + 1;
                if (bytes > limits.answerBytesMax() && !lines.isEmpty()) {
                    return new ReportQueue(lines, after(found.rows().get(lines.size() - 1)));
                }
                lines.add(line);
            }
        }
        return new ReportQueue(lines, found.hasMore() ? after(found.rows().getLast()) : null);
    }

    private static String after(Row row) {
        return Cursors.report(
                row.openedMillis(), row.line().conversationId(), row.line().messageId());
    }

    private List<ReportedLine> shown(UserKey moderator, List<Row> rows) throws ReadsUnavailableException {
        List<ReadAnswer<Surroundings>> answers = reads.ask(rows.stream()
                .map(row -> new ModerationRead.InContext(
                        new ConversationKey(moderator.tenant(), row.line().conversationId()),
                        moderator.userId(),
                        row.sequenceNumber(),
                        CONTEXT,
                        CONTEXT_BYTES_MAX))
                .toList());
        List<ReportedLine> lines = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            lines.add(
                    answers.get(i) instanceof ReadAnswer.Answered<Surroundings>(var shown)
                            ? rows.get(i).line().with(shown)
                            : rows.get(i).line());
        }
        return lines;
    }

    /// `GET /api/v1/moderation/bans`.
    CallAnswer<Bans> bans(HttpCall call) throws ReadsUnavailableException {
        if (!call.token().moderator()) {
            return moderatorsOnly();
        }
        String tenant = call.token().tenant();
        QueryFields query = new QueryFields(call);
        int limit = query.limit(limits.pages().usual(), limits.pages().max());
        Optional<BanKey> after = query.cursor("cursor", cursor -> Cursors.parseBan(tenant, cursor));
        Rejection rejection = query.rejection();
        if (rejection != null) {
            return CallAnswer.of(rejection);
        }
        BanKey from = after.orElse(new BanKey(tenant, "", ""));
        return CallAnswer.of(reads.ask(List.of(new ModerationRead.BansPage(from, limit, clock.millis())))
                .getFirst());
    }

    private static <T extends Record> CallAnswer<T> moderatorsOnly() {
        return new CallAnswer.Refused<>(BanListRules.MODERATORS_ONLY.code(), BanListRules.MODERATORS_ONLY.reason());
    }

    /// A message as a user may read it, who reports it; for gateways.
    public CallAnswer<Entry.Message> message(UserKey user, String conversationId, String messageId) {
        Read.OneMessage read = new Read.OneMessage(
                new ConversationKey(user.tenant(), conversationId), user.userId(), new Read.Named(messageId, null));
        try {
            return CallAnswer.of(reads.ask(List.of(read)).getFirst());
        } catch (ReadsUnavailableException e) {
            return CallAnswer.of(e);
        }
    }

    private static BanUpdated frame(Bans.BanLine ban) {
        return new BanUpdated(ban.conversationId(), true, ban.until(), ban.reason());
    }

    /// The bans of a user that hold, and the warnings that the user is still to be shown, for gateways. The bans
    /// of a tenant are in one partition, so where they cannot be read now, the warnings are sent alone: a
    /// refusal says that there is a ban.
    public CallAnswer<PendingWarnings> warnings(UserKey user) {
        ModerationRead.WarningsOf warnings = new ModerationRead.WarningsOf(user);
        ModerationRead.BansOf bans = new ModerationRead.BansOf(user.tenant(), user.userId(), clock.millis());
        try {
            List<ReadAnswer<?>> both = reads.askAny(List.of(warnings, bans));
            return pending(warnings.narrow(both.getFirst()), bans.narrow(both.getLast()));
        } catch (ReadsUnavailableException e) {
            LOG.debug("The bans of a user who begins, or the warnings, cannot be read now", e);
        }
        try {
            return CallAnswer.of(reads.ask(List.of(warnings)).getFirst());
        } catch (ReadsUnavailableException e) {
            return CallAnswer.of(e);
        }
    }

    private static CallAnswer<PendingWarnings> pending(ReadAnswer<PendingWarnings> warned, ReadAnswer<Bans> banned) {
        if (warned instanceof ReadAnswer.Answered<PendingWarnings>(var pending)
                && banned instanceof ReadAnswer.Answered<Bans>(var bans)) {
            return new CallAnswer.Answered<>(new PendingWarnings(
                    bans.bans().stream().map(ModerationCalls::frame).toList(), pending.warnings()));
        }
        return CallAnswer.of(warned);
    }
}
