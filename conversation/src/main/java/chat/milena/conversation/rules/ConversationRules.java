package chat.milena.conversation.rules;

import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command;
import chat.milena.conversation.command.Command.Block;
import chat.milena.conversation.command.Command.CreateConversation;
import chat.milena.conversation.command.Command.Decide;
import chat.milena.conversation.command.Command.DeleteMessage;
import chat.milena.conversation.command.Command.EditMessage;
import chat.milena.conversation.command.Command.Flag;
import chat.milena.conversation.command.Command.FollowThread;
import chat.milena.conversation.command.Command.GroupCommand;
import chat.milena.conversation.command.Command.Keep;
import chat.milena.conversation.command.Command.MarkReceipt;
import chat.milena.conversation.command.Command.MemberCommand;
import chat.milena.conversation.command.Command.Mute;
import chat.milena.conversation.command.Command.PinMessage;
import chat.milena.conversation.command.Command.ReactToMessage;
import chat.milena.conversation.command.Command.ReadThread;
import chat.milena.conversation.command.Command.Report;
import chat.milena.conversation.command.Command.SendMessage;
import chat.milena.conversation.command.Lookups;
import chat.milena.conversation.moderation.BanListRules;
import chat.milena.conversation.moderation.BanRules;
import chat.milena.conversation.rules.MessageChangeRules.MessageBounds;
import chat.milena.conversation.state.ConversationState;
import chat.milena.conversation.state.ConversationState.Absent;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.Membership;
import chat.milena.schemas.word.ActorKind;
import chat.milena.schemas.word.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/// Passes each command to the rules of its family, and rejects banned users and outsiders for all of them. Only
/// the resent message of who left since is a duplicate before it is rejected.
///
/// Upholds invariant 6 (only members write). The families uphold 2 (numbers are 1..n) and 3 (one number a
/// messageId).
public final class ConversationRules implements Rules {
    static final Changes NO_SUCH_CONVERSATION = rejected(Refusal.NO_SUCH_CONVERSATION);

    private final CreationRules creationRules;
    private final GroupRules groupRules;
    private final ThreadRules threads;
    private final MessageRules messages;
    private final ReceiptRules receipts;
    private final MessageChangeRules messageChanges;
    private final AnnotationRules annotations;
    private final ReportRules reports;

    /// @param membersMax members of a conversation
    /// @param largeFrom members from which on it is large, and stays so
    /// @param receiptsMax up to how many members all of them are shown a receipt
    /// @param retention how long messages are kept
    /// @param editWithin how long they may be edited; zero for no bound
    public ConversationRules(int membersMax, int largeFrom, int receiptsMax, Duration retention, Duration editWithin) {
        MessageBounds bounds = new MessageBounds(retention, editWithin);
        this.threads = new ThreadRules(bounds);
        this.messages = new MessageRules(bounds, threads, receiptsMax);
        this.receipts = new ReceiptRules(receiptsMax);
        this.messageChanges = new MessageChangeRules(bounds);
        this.reports = new ReportRules(messageChanges);
        this.annotations = new AnnotationRules(bounds);
        this.creationRules = new CreationRules(membersMax, largeFrom);
        this.groupRules = new GroupRules(membersMax, largeFrom);
    }

    @Override
    public Changes decide(ConversationState state, Command command, Lookups lookups, Instant now) {
        Changes banned = BanRules.refusal(command, lookups, now);
        return banned == null ? allowed(state, command, lookups, now) : banned;
    }

    private Changes allowed(ConversationState state, Command command, Lookups lookups, Instant now) {
        return switch (command) {
            case CreateConversation create -> creationRules.decide(state, create, lookups, now);
            case Block block -> BlockRules.decide(state, block, lookups, now);
            case DeleteMessage delete ->
                switch (state) {
                    case Absent absent -> NO_SUCH_CONVERSATION;
                    case Open open -> {
                        Membership member = open.members().get(delete.userId());
                        yield member == null && !delete.actor().moderates()
                                ? outsider(open)
                                : messageChanges.delete(open, member, delete, lookups, now);
                    }
                };
            case Decide decide ->
                moderation(state, decide.actor().moderates(), open -> reports.decide(open, decide, lookups, now));
            case Flag flag ->
                moderation(
                        state,
                        flag.actor().kind() == ActorKind.MODERATION,
                        open -> reports.flag(open, flag, lookups, now));
            case MemberCommand asked ->
                switch (state) {
                    case Absent absent -> NO_SUCH_CONVERSATION;
                    case Open open -> {
                        Membership member = open.members().get(asked.userId());
                        if (member == null) {
                            Duplicate sent =
                                    asked instanceof SendMessage send ? MessageRules.sentBefore(send, lookups) : null;
                            yield sent == null ? outsider(open) : Changes.none(sent);
                        }
                        yield open.isBlocked() && BlockRules.stops(asked)
                                ? BlockRules.BLOCKED
                                : decide(open, member, asked, lookups, now);
                    }
                };
        };
    }

    private static Changes moderation(ConversationState state, boolean may, Function<Open, Changes> rules) {
        if (!may) {
            return Changes.none(BanListRules.MODERATORS_ONLY);
        }
        return switch (state) {
            case Absent absent -> NO_SUCH_CONVERSATION;
            case Open open -> rules.apply(open);
        };
    }

    private Changes decide(Open open, Membership member, MemberCommand command, Lookups lookups, Instant now) {
        return switch (command) {
            case SendMessage send -> messages.decide(open, member, send, lookups, now);
            case Report report -> reports.report(open, member, report, lookups, now);
            case EditMessage edit -> messageChanges.edit(open, member, edit, lookups, now);
            case ReactToMessage react -> annotations.react(open, member, react, lookups, now);
            case PinMessage pin -> annotations.pin(open, member, pin, lookups, now);
            case GroupCommand change -> groupRules.decide(open, member, change, lookups, now);
            case FollowThread follow -> threads.follow(open, member, follow, lookups);
            case ReadThread read -> threads.read(open, member, read, lookups);
            case MarkReceipt mark -> receipts.decide(open, member, mark, lookups, now);
            case Mute mute -> MembershipRules.mute(open, member, mute);
            case Keep keep -> PersonalRules.decide(open, member, keep, lookups, now);
        };
    }

    private static Changes outsider(Open open) {
        return rejected(Refusal.ofOutsider(open.properties().type()));
    }

    private static Changes rejected(Refusal refusal) {
        return Changes.rejected(refusal.code(), refusal.reason());
    }
}
