package chat.milena.conversation.rules;

import static chat.milena.schemas.word.ErrorCode.FORBIDDEN;

import chat.milena.conversation.command.Change.Listed;
import chat.milena.conversation.command.Change.Stored;
import chat.milena.conversation.command.Change.Unlisted;
import chat.milena.conversation.command.Changes;
import chat.milena.conversation.state.ConversationState.Open;
import chat.milena.conversation.state.FirstSend;
import chat.milena.conversation.state.Membership;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.Mentions;
import chat.milena.schemas.id.Ids;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Decides whom a message mentions. Pure.
///
/// The sender names them; the text is never read. They are part of the content, so an edit replaces them. Mentions
/// are kept in lists of the conversation, from which unread mentions are counted; senders are in none of the lists
/// of their own messages, and replies that are shown only in their thread are in no list.
final class MentionRules {
    /// The rejection in groups where only admins mention all.
    static final Changes ADMINS_ONLY =
            Changes.rejected(FORBIDDEN, "content.mentions: only admins mention all in this group");

    private MentionRules() {}

    static boolean mayMention(Open open, Membership sender, Content content) {
        boolean all = content.getMentions() != null && content.getMentions().getAll();
        return !all || sender.isAdmin() || !open.properties().settings().getOnlyAdminsMentionAll();
    }

    /// The content without mentions of users who are not members, or may not read the message.
    ///
    /// @param sequenceNumber of the message
    static Content shown(Open open, long sequenceNumber, Content content) {
        Mentions named = content.getMentions();
        if (named == null || named.getAll()) {
            return content;
        }
        List<String> members = named.getUserIds().stream()
                .filter(userId -> mayRead(open, userId, sequenceNumber))
                .toList();
        return new Content(
                content.getType(),
                content.getText(),
                content.getMediaUrl(),
                content.getMetadata(),
                members.isEmpty() ? null : new Mentions(members, false));
    }

    private static boolean mayRead(Open open, String userId, long sequenceNumber) {
        Membership member = open.members().get(userId);
        return member != null && member.readsFrom(open.properties().settings()) <= sequenceNumber;
    }

    /// The changes of the lists of mentions after a change of a message's mentions.
    ///
    /// @param message the message as it is now
    static List<Stored> changes(@Nullable Mentions before, @Nullable Mentions after, FirstSend message) {
        if (message.isHidden()) {
            return List.of();
        }
        NavigableSet<String> old = lists(before, message.senderId());
        NavigableSet<String> now = lists(after, message.senderId());
        List<Stored> changes = new ArrayList<>();
        for (String list : old) {
            if (!now.contains(list)) {
                changes.add(new Unlisted(list, message.sequenceNumber()));
            }
        }
        for (String list : now) {
            if (!old.contains(list)) {
                changes.add(new Listed(list, message.sequenceNumber(), message));
            }
        }
        return changes;
    }

    private static NavigableSet<String> lists(@Nullable Mentions mentions, String senderId) {
        NavigableSet<String> lists = new TreeSet<>();
        if (mentions != null && mentions.getAll()) {
            lists.add(Ids.MENTIONS_OF_ALL);
        } else if (mentions != null) {
            mentions.getUserIds().stream()
                    .filter(userId -> !userId.equals(senderId))
                    .map(Ids::mentionsOf)
                    .forEach(lists::add);
        }
        return lists;
    }
}
