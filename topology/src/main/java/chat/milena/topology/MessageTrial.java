package chat.milena.topology;

import chat.milena.conversation.command.Actor;
import chat.milena.conversation.command.Answer;
import chat.milena.conversation.command.Answer.Detail.Banned;
import chat.milena.conversation.command.Command.SendMessage;
import chat.milena.conversation.command.Lookups;
import chat.milena.conversation.moderation.BanListRules;
import chat.milena.conversation.rules.RuleBook;
import chat.milena.conversation.state.ConversationState;
import chat.milena.conversation.state.ConversationState.Absent;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Follow;
import chat.milena.conversation.state.FormerWatermarks;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.MessageAnnotations.PinnedMessage;
import chat.milena.conversation.state.OwnReactions;
import chat.milena.conversation.state.PersonalState;
import chat.milena.conversation.state.Position;
import chat.milena.conversation.state.Watermarks;
import chat.milena.schemas.avro.Ban;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.Conversation;
import chat.milena.schemas.avro.Member;
import chat.milena.schemas.avro.Message;
import chat.milena.schemas.avro.ReportedMessage;
import chat.milena.topology.sequencer.StateRecords;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the rules would answer to a new text message of a user, from the records of the log. For an operator: nothing
/// is sent. Slow mode is left out, since only the sequencer knows when a user last sent. Pure.
public final class MessageTrial {
    private static final int MEMBERS_MAX = 10_000;

    private MessageTrial() {}

    /// The answer.
    ///
    /// @param conversation null if there is none
    /// @param members of the conversation, all of them if it is direct
    /// @param bans of the user, in the tenant and in the conversation
    public static Answer answer(
            @Nullable Conversation conversation,
            Collection<Member> members,
            Collection<Ban> bans,
            String userId,
            Instant now) {
        RuleBook rules = RuleBook.of(MEMBERS_MAX, MEMBERS_MAX, MEMBERS_MAX, Duration.ofDays(1), Duration.ZERO);
        Message message = new Message("trial", new Content("text", "", null, null, null), null, null, null);
        return rules.version(rules.newest())
                .decide(
                        state(conversation, members),
                        new SendMessage(Actor.member(userId), message),
                        new OnlyBans(List.copyOf(bans)),
                        now)
                .answer();
    }

    private static ConversationState state(@Nullable Conversation conversation, Collection<Member> members) {
        if (conversation == null) {
            return new Absent();
        }
        SortedMap<String, Membership> memberships = new TreeMap<>();
        members.forEach(member -> memberships.put(member.getUserId(), StateRecords.membership(member)));
        return new Open(StateRecords.properties(conversation), memberships, Position.START.next(Instant.EPOCH));
    }

    /// A message that is no reply, mentions nobody and was never sent before needs to know nothing else.
    private record OnlyBans(List<Ban> bans) implements Lookups {
        @Override
        public @Nullable ReportedMessage report(String messageId) {
            return null;
        }

        @Override
        public boolean mayBan(String userId, boolean here) {
            return true;
        }

        @Override
        public boolean mayQueue(int most) {
            return true;
        }

        @Override
        public boolean mayHold(int most) {
            return true;
        }

        @Override
        public @Nullable Banned ban(String userId, Instant now) {
            for (Ban ban : bans) {
                if (BanListRules.holds(ban, now)) {
                    return new Banned(ban.getUntil());
                }
            }
            return null;
        }

        @Override
        public @Nullable FirstSend message(String messageId) {
            return null;
        }

        @Override
        public @Nullable String sender(long sequenceNumber) {
            return null;
        }

        @Override
        public OwnReactions reactions(long sequenceNumber, String userId) {
            return OwnReactions.NONE;
        }

        @Override
        public List<String> reactors(long sequenceNumber, int place, String without) {
            return List.of();
        }

        @Override
        public List<PinnedMessage> pins() {
            return List.of();
        }

        @Override
        public Watermarks watermarks(String userId) {
            return Watermarks.NONE;
        }

        @Override
        public @Nullable FormerWatermarks formerWatermarks() {
            return null;
        }

        @Override
        public PersonalState personal(String userId) {
            return PersonalState.NONE;
        }

        @Override
        public @Nullable Instant lastSent(String userId) {
            return null;
        }

        @Override
        public boolean hasBlocked(String userId) {
            return false;
        }

        @Override
        public @Nullable Follow follow(String rootId, String userId) {
            return null;
        }

        @Override
        public List<Follow> follows(String userId) {
            return List.of();
        }

        @Override
        public boolean hasLeft(String userId) {
            return false;
        }
    }
}
