package chat.milena.topology.sequencer;

import chat.milena.conversation.command.Answer.Detail.Banned;
import chat.milena.conversation.command.Lookups;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Follow;
import chat.milena.conversation.state.FormerWatermarks;
import chat.milena.conversation.state.MessageAnnotations.PinnedMessage;
import chat.milena.conversation.state.OwnReactions;
import chat.milena.conversation.state.PersonalState;
import chat.milena.conversation.state.Watermarks;
import chat.milena.schemas.avro.ReportedMessage;
import chat.milena.schemas.key.AnnotationKey;
import chat.milena.schemas.key.BanKey;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.MemberKey;
import chat.milena.schemas.key.MessageKey;
import chat.milena.topology.annotation.AnnotationStore;
import chat.milena.topology.command.LookupException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lookups in the stores, for one conversation. For the stream thread.
///
/// @param key the conversation
record StoredLookups(ConversationKey key, MessageIndex index, AnnotationStore annotations, MemberStores people)
        implements Lookups {

    @Override
    public @Nullable FirstSend message(String messageId) {
        return LookupException.checked(() -> index.find(new MessageKey(key, messageId)));
    }

    @Override
    public @Nullable String sender(long sequenceNumber) {
        return LookupException.checked(() -> index.sender(key, sequenceNumber));
    }

    @Override
    public OwnReactions reactions(long sequenceNumber, String userId) {
        return LookupException.checked(() -> annotations.reactions(new AnnotationKey(key, sequenceNumber, userId)));
    }

    @Override
    public List<String> reactors(long sequenceNumber, int place, String without) {
        return LookupException.checked(() -> annotations.reactors(key, sequenceNumber, place, without));
    }

    @Override
    public List<PinnedMessage> pins() {
        return LookupException.checked(() -> annotations.pins(key));
    }

    @Override
    public Watermarks watermarks(String userId) {
        return LookupException.checked(() -> people.receipts().watermarks(key, userId));
    }

    @Override
    public @Nullable FormerWatermarks formerWatermarks() {
        return LookupException.checked(() -> people.receipts().formerWatermarks(key));
    }

    @Override
    public PersonalState personal(String userId) {
        return LookupException.checked(() -> people.personal().of(key, userId));
    }

    @Override
    public @Nullable ReportedMessage report(String messageId) {
        return LookupException.checked(() -> people.reports().find(new MessageKey(key, messageId)));
    }

    @Override
    public @Nullable Banned ban(String userId, Instant now) {
        return LookupException.checked(() -> people.bans().find(key, userId, now));
    }

    @Override
    public boolean mayBan(String userId, boolean here) {
        String scope = here ? key.conversationId() : null;
        return LookupException.checked(() -> people.bans().hasRoom(BanKey.of(key.tenant(), userId, scope)));
    }

    @Override
    public boolean mayQueue(int most) {
        return LookupException.checked(() -> people.reports().open(key.tenant()) < most);
    }

    @Override
    public boolean mayHold(int most) {
        return LookupException.checked(() -> people.reports().held(key) < most);
    }

    @Override
    public @Nullable Instant lastSent(String userId) {
        return LookupException.checked(() -> people.sends().last(new MemberKey(key, userId)));
    }

    @Override
    public boolean hasBlocked(String userId) {
        return LookupException.checked(() -> people.blocks().has(key, userId));
    }

    @Override
    public @Nullable Follow follow(String rootId, String userId) {
        return LookupException.checked(() -> people.follows().of(key, rootId, userId));
    }

    @Override
    public List<Follow> follows(String userId) {
        return LookupException.checked(() -> people.follows().allOf(key, userId));
    }

    @Override
    public boolean hasLeft(String userId) {
        return LookupException.checked(() -> people.departures().has(key, userId));
    }
}
