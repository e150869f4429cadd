package chat.milena.topology.delivery;

import chat.milena.schemas.avro.FanoutEvent;
import chat.milena.schemas.avro.TimelineEvent;
import chat.milena.schemas.id.Ids;
import chat.milena.schemas.key.ConversationKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Rules for every event that the sequencer writes. Pure.
final class FanoutRules {
    /// The maximum of an installation; see `MILENA_MEMBERS_MAX`.
    private static final int MEMBERS_MAX = 10_000;

    /// Without members an event would reach nobody, unnoticed.
    static final String UNKNOWN_MEMBERS = "members: missing, and unknown here";

    private FanoutRules() {}

    /// The rule that is broken, starting with the field; null if all hold.
    static @Nullable String broken(ConversationKey key, FanoutEvent fanout) {
        TimelineEvent event = fanout.getEvent();
        if (!Ids.isValid(event.getTenant())) {
            return "tenant: not an id";
        }
        if (!Ids.isValid(event.getConversationId())) {
            return "conversationId: not an id";
        }
        if (!key.equals(new ConversationKey(event.getTenant(), event.getConversationId()))) {
            return "key: of another conversation than the value";
        }
        if (!Ids.isValid(event.getActorId())) {
            return "actorId: not an id";
        }
        if (event.getSequenceNumber() < 1) {
            return "sequenceNumber: below 1";
        }
        if (event.getTimestamp().isBefore(Instant.EPOCH)) {
            return "timestamp: before 1970";
        }
        if (!event.getParticipants().stream().allMatch(participant -> Ids.isValid(participant.getUserId()))) {
            return "participants: one has no id";
        }
        if (fanout.getMembers() != null && !fanout.getMembers().stream().allMatch(Ids::isValid)) {
            return "members: one is not an id";
        }
        return null;
    }

    /// The same for the members after the event.
    static @Nullable String broken(@Nullable Roster roster) {
        if (roster == null) {
            return UNKNOWN_MEMBERS;
        }
        return roster.after().size() > MEMBERS_MAX ? "members: more than any group may have" : null;
    }
}
