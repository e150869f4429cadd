package chat.milena.conversation.rules;

import static chat.milena.schemas.word.ErrorCode.INVALID_MESSAGE;
import static chat.milena.schemas.word.ErrorCode.MESSAGE_NOT_FOUND;

import chat.milena.conversation.command.Answer.Accepted;
import chat.milena.conversation.command.Answer.Duplicate;
import chat.milena.conversation.command.Answer.Replied;
import chat.milena.conversation.command.Change.FollowChanged;
import chat.milena.conversation.command.Change.FollowEnded;
import chat.milena.conversation.command.Change.FollowShown;
import chat.milena.conversation.command.Change.Stored;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.command.Command.FollowThread;
import chat.milena.conversation.command.Command.ReadThread;
import chat.milena.conversation.command.Lookups;
import chat.milena.conversation.command.Recipients;
import chat.milena.conversation.rules.MessageChangeRules.MessageBounds;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Follow;
import chat.milena.conversation.state.Membership;
import chat.milena.conversation.state.MessageState;
import chat.milena.conversation.state.Position;
import chat.milena.conversation.state.ThreadState;
import chat.milena.schemas.avro.Mentions;
import chat.milena.schemas.avro.MessageReference;
import chat.milena.schemas.avro.ThreadPlace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides on replies in threads. Pure.
///
/// A thread is of the message that begins it. Its replies have ordinals 1, 2, 3, ... without a gap, beside the numbers
/// that they take in the conversation. A reply begins no thread. What is unknown, deleted, expired or from before what
/// the sender may read takes no reply.
///
/// @param bounds how long messages are kept
record ThreadRules(MessageBounds bounds) {

    /// Where a reply would come.
    sealed interface Placing {}

    /// It is no reply.
    record NoReply() implements Placing {}

    /// It may come there.
    ///
    /// @param root the message that begins the thread
    record Reply(String rootId, FirstSend root, ThreadPlace place) implements Placing {

        /// The thread with it.
        ThreadState thread(String senderId, Instant at) {
            return ThreadState.after(threadOf(root), senderId, at);
        }
    }

    /// It must not come there.
    record Refused(Changes changes) implements Placing {}

    private static final Placing NO_REPLY = new NoReply();
    private static final Changes NO_SUCH_THREAD =
            Changes.rejected(MESSAGE_NOT_FOUND, "threadOf: there is no such message");
    private static final Changes NO_THREAD_OF_A_REPLY =
            Changes.rejected(INVALID_MESSAGE, "threadOf: a reply in a thread begins no thread");
    private static final Changes NO_FOLLOWING_A_REPLY =
            Changes.rejected(INVALID_MESSAGE, "messageId: a reply in a thread begins no thread");
    private static final Placing NO_SUCH_ROOT = new Refused(NO_SUCH_THREAD);
    private static final Placing REPLY_AS_ROOT = new Refused(NO_THREAD_OF_A_REPLY);

    /// @param wanted as the sender named it; null for a message that is no reply
    Placing place(Open open, Membership sender, @Nullable ThreadPlace wanted, Lookups lookups, Instant now) {
        if (wanted == null) {
            return NO_REPLY;
        }
        String rootId = wanted.getRoot().getMessageId();
        FirstSend root = bounds.standing(open, sender, rootId, lookups, now);
        if (root == null || root.state() == null) {
            return NO_SUCH_ROOT;
        }
        if (root.state().place() != null) {
            return REPLY_AS_ROOT;
        }
        ThreadState before = threadOf(root);
        return new Reply(
                rootId,
                root,
                new ThreadPlace(
                        new MessageReference(rootId, root.sequenceNumber()),
                        before == null ? 1 : before.replyCount() + 1,
                        wanted.getShowInConversation()));
    }

    /// The answer to a message that was accepted before; null if it is no reply.
    static @Nullable Replied replied(FirstSend message, Lookups lookups) {
        MessageState state = message.state();
        // One that waits for a moderator is in no thread yet.
        if (state == null || state.place() == null || state.place().getOrdinal() == 0) {
            return null;
        }
        FirstSend root = lookups.message(state.place().getRoot().getMessageId());
        ThreadState thread = root == null ? null : threadOf(root);
        return thread == null ? null : new Replied(state.place().getOrdinal(), thread);
    }

    /// The thread that a message begins; null if there is none.
    static @Nullable ThreadState threadOf(FirstSend message) {
        return message.state() == null ? null : message.state().thread();
    }

    /// A reply that waited for a moderator comes at the end of its thread.
    ///
    /// @param wanted its place, without an ordinal
    /// @return null if the message that begins the thread is not known any longer
    static @Nullable Reply end(ThreadPlace wanted, Lookups lookups) {
        String rootId = wanted.getRoot().getMessageId();
        FirstSend root = lookups.message(rootId);
        if (root == null || root.state() == null) {
            return null;
        }
        ThreadState before = threadOf(root);
        long ordinal = before == null ? 1 : before.replyCount() + 1;
        return new Reply(rootId, root, new ThreadPlace(wanted.getRoot(), ordinal, wanted.getShowInConversation()));
    }

    /// Who follows a thread from a reply on that waited for a moderator: as if it were new. But its sender, who
    /// may have left earlier replies unread meanwhile, has read it only if those are read.
    static List<Follow> followersOfReleased(
            Open open, String senderId, Reply reply, @Nullable Mentions mentions, Lookups lookups) {
        Follow before = lookups.follow(reply.rootId(), senderId);
        long ordinal = reply.place().getOrdinal();
        return followers(open, senderId, reply, mentions, lookups).stream()
                .filter(follow -> !follow.userId().equals(senderId)
                        || (open.members().containsKey(senderId)
                                && (before == null || before.readUpToOrdinal() >= ordinal - 1)))
                .toList();
    }

    /// Who follows a thread from a reply on, or has read more of it: its sender; with the first reply the sender of the
    /// message that begins it; and the people whom it mentions by their ids. Who follows already stays as they are.
    static List<Follow> followers(
            Open open, String senderId, Reply reply, @Nullable Mentions mentions, Lookups lookups) {
        long ordinal = reply.place().getOrdinal();
        List<Follow> follows = new ArrayList<>(2);
        follows.add(followOf(reply, senderId, ordinal));
        Set<String> others = new LinkedHashSet<>();
        if (ordinal == 1) {
            others.add(reply.root().senderId());
        }
        if (mentions != null) {
            others.addAll(mentions.getUserIds());
        }
        others.remove(senderId);
        follows.addAll(newFollowers(open, reply, others, lookups));
        return follows;
    }

    /// Who follows a thread because of an edit of one of its replies: the people whom only the new content mentions,
    /// from that reply on.
    static List<Follow> followers(
            Open open, FirstSend edited, @Nullable Mentions before, @Nullable Mentions after, Lookups lookups) {
        ThreadPlace place = edited.state() == null ? null : edited.state().place();
        if (place == null || after == null) {
            return List.of();
        }
        Set<String> others = new LinkedHashSet<>(after.getUserIds());
        others.remove(edited.senderId());
        if (before != null) {
            others.removeAll(Set.copyOf(before.getUserIds()));
        }
        String rootId = place.getRoot().getMessageId();
        FirstSend root = others.isEmpty() ? null : lookups.message(rootId);
        return root == null ? List.of() : newFollowers(open, new Reply(rootId, root, place), others, lookups);
    }

    private static List<Follow> newFollowers(Open open, Reply reply, Set<String> userIds, Lookups lookups) {
        List<Follow> follows = new ArrayList<>(userIds.size());
        for (String userId : userIds) {
            Membership member = open.members().get(userId);
            if (member != null
                    && MessageChangeRules.mayRead(open, member, reply.root())
                    && lookups.follow(reply.rootId(), userId) == null) {
                follows.add(followOf(reply, userId, reply.place().getOrdinal() - 1));
            }
        }
        return follows;
    }

    private static Follow followOf(Reply reply, String userId, long readUpToOrdinal) {
        return new Follow(userId, reply.rootId(), reply.root().sequenceNumber(), readUpToOrdinal);
    }

    /// A user who follows later counts from then on.
    Changes follow(Open open, Membership member, FollowThread command, Lookups lookups) {
        FirstSend root = lookups.message(command.rootId());
        if (root == null || root.state() == null || !MessageChangeRules.mayRead(open, member, root)) {
            return MessageChangeRules.NO_SUCH_MESSAGE;
        }
        if (root.state().place() != null) {
            return NO_FOLLOWING_A_REPLY;
        }
        Follow before = lookups.follow(command.rootId(), member.userId());
        ThreadState thread = root.state().thread();
        Follow now = before != null
                ? before
                : new Follow(
                        member.userId(),
                        command.rootId(),
                        root.sequenceNumber(),
                        thread == null ? 0 : thread.replyCount());
        if (command.ends()) {
            return shown(open, now, false, before == null ? null : new FollowEnded(now));
        }
        return shown(open, now, true, before == null ? new FollowChanged(now) : null);
    }

    /// Of a thread that its user does not follow nothing is kept.
    Changes read(Open open, Membership member, ReadThread command, Lookups lookups) {
        FirstSend root = lookups.message(command.rootId());
        if (root == null || root.state() == null || !MessageChangeRules.mayRead(open, member, root)) {
            return NO_SUCH_THREAD;
        }
        if (root.state().place() != null) {
            return NO_THREAD_OF_A_REPLY;
        }
        ThreadState thread = root.state().thread();
        long upTo = thread == null ? 0 : Math.min(command.upToOrdinal(), thread.replyCount());
        Follow before = lookups.follow(command.rootId(), member.userId());
        if (before == null) {
            return shown(open, new Follow(member.userId(), command.rootId(), root.sequenceNumber(), upTo), false, null);
        }
        Follow next = before.toRead(upTo);
        return shown(open, next, true, next.equals(before) ? null : new FollowChanged(next));
    }

    /// The member's own devices are notified if something changes.
    private static Changes shown(Open open, Follow follow, boolean followed, @Nullable Stored change) {
        Position at = open.position();
        return change == null
                ? new Changes(
                        null,
                        List.of(new FollowShown(follow, followed, Recipients.NOBODY)),
                        new Duplicate(at.sequenceNumber(), at.timestamp()),
                        null)
                : new Changes(
                        null,
                        List.of(change, new FollowShown(follow, followed, Recipients.Some.of(follow.userId()))),
                        new Accepted(at.sequenceNumber(), at.timestamp()),
                        null);
    }
}
