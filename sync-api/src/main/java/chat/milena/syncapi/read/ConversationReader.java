package chat.milena.syncapi.read;

import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MemberKey;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/// Answers what is asked of one conversation from the views that hold it. Pure but for reading the views; safe for all
/// threads that bring views of their own.
///
/// A tenant's retention and each message's `expiresAt` are applied here, so what is too old is gone at once, however
/// long it stays on disk. What a page costs is bounded: see [Timeline] and [Watermarks].
public final class ConversationReader {
    private final Function<String, Duration> retention;

    /// @param retention how long a tenant's events are shown
    public ConversationReader(Function<String, Duration> retention) {
        this.retention = retention;
    }

    /// Answers one read.
    ///
    /// @param now the moment at which it is answered
    public ReadAnswer answer(ConversationViews views, Read.OfConversation read, Instant now) {
        ConversationKey key = read.conversation();
        return switch (AccessRules.decide(views.conversation(key), views.member(new MemberKey(key, read.userId())))) {
            case AccessRules.Denied(var refused) -> refused;
            case AccessRules.Granted granted -> {
                Expiry expiry = Expiry.at(now, retention.apply(key.tenant()));
                OpenConversation open = new OpenConversation(views, key, granted, expiry);
                yield new ReadAnswer.Answered(
                        switch (read) {
                            case Read.Describe describe -> open.describe();
                            case Read.MembersPage page -> open.members(page.afterUserId(), page.limit());
                            case Read.ReceiptsPage page -> open.receipts(page.afterUserId(), page.limit());
                            case Read.HistoryPage page -> open.history(page.order(), page.edge(), page.limit());
                            case Read.SyncOne one -> open.sync(one);
                            case Read.Summary summary -> open.summary();
                        });
            }
        };
    }
}
