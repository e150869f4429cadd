package chat.milena.push.policy;

import chat.milena.protocol.call.PushFacts;
import chat.milena.push.policy.Decision.Cancel;
import chat.milena.push.policy.Decision.Reason;
import chat.milena.push.policy.Decision.Send;
import chat.milena.protocol.call.PushFacts.Conversation;
import chat.milena.protocol.call.PushFacts.Message;
import chat.milena.protocol.call.PushFacts.Registration;
import chat.milena.push.provider.Notification;
import chat.milena.push.provider.Notification.Alert;
import chat.milena.push.provider.Notification.Handling;
import chat.milena.push.provider.Notification.Preview;
import chat.milena.push.provider.Notification.Subject;
import chat.milena.schemas.avro.PushIntent;
import chat.milena.schemas.word.ConversationType;
import chat.milena.schemas.word.NotificationLevel;
import chat.milena.schemas.word.PushKind;
import chat.milena.schemas.word.PushPreview;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Decides whether a device is sent a push, and with which words. Pure.
///
/// An intent covers a range of messages. Each of them passes or not; the newest one that passes is shown, and those
/// that pass are counted. So a message that the user does not want hides none that the user wants.
public final class PushPolicy {
    private static final String CONVERSATION = "{conversationId}";

    private final Rules rules;

    /// What is the same for all pushes.
    ///
    /// @param previews how much is shown, by tenant
    /// @param title what stands in the place of names that are not shown
    /// @param life how old a push may become
    /// @param navigate what a click opens, with `{conversationId}` in it; null for nothing
    public record Rules(
            PreviewRules previews,
            String title,
            Duration life,
            @Nullable String navigate) {}

    public PushPolicy(Rules rules) {
        this.rules = rules;
    }

    /// Decides for a device that is not connected.
    ///
    /// @param collapseKey of the conversation
    public Decision decide(PushIntent intent, PushFacts facts, String collapseKey, Instant now) {
        Instant end = intent.getTimestamp().plus(rules.life());
        Registration registration = facts.registration();
        Conversation conversation = facts.conversation();
        if (!now.isBefore(end)) {
            return new Cancel(Reason.TOO_OLD);
        }
        if (registration == null || !registration.platform().equals(intent.getPlatform())) {
            return new Cancel(Reason.NO_REGISTRATION);
        }
        if (PushKind.TEST.is(intent.getKind())) {
            return new Send(test(intent, collapseKey, end));
        }
        if (conversation == null) {
            return new Cancel(Reason.NOT_MEMBER);
        }
        if (PushKind.READ.is(intent.getKind())) {
            return new Send(new Notification.Read(
                    intent.getUserId(), intent.getConversationId(), intent.getSequenceNumber(), facts.unread(), end));
        }
        if (conversation.muted()) {
            return new Cancel(Reason.MUTED);
        }
        if (QuietTime.contains(facts.settings().quietHours(), registration.zone(), now)) {
            return new Cancel(Reason.QUIET_HOURS);
        }
        String level = conversation.level() == null ? facts.settings().level() : conversation.level();
        if (level.equals(NotificationLevel.NONE.word())) {
            return new Cancel(Reason.LEVEL);
        }
        return messages(intent, facts, conversation, registration, level, collapseKey, now, end);
    }

    /// About no conversation; a click opens the page.
    private Notification test(PushIntent intent, String collapseKey, Instant end) {
        String page = rules.navigate();
        return new Notification.Message(
                intent.getUserId(),
                new Subject(
                        "",
                        ConversationType.DIRECT.word(),
                        PushKind.TEST.word(),
                        0,
                        intent.getTimestamp().toEpochMilli(),
                        null),
                Preview.NONE,
                new Alert(
                        rules.title(),
                        "A test: notifications reach this device",
                        "en",
                        page == null ? null : page.substring(0, Math.max(0, page.indexOf('#')))),
                1,
                1,
                new Handling(collapseKey, true, end));
    }

    private Decision messages(
            PushIntent intent,
            PushFacts facts,
            Conversation conversation,
            Registration registration,
            String level,
            String collapseKey,
            Instant now,
            Instant end) {
        List<Message> passing = facts.messages().stream()
                .filter(message -> reason(message, intent, conversation, level, now) == null)
                .toList();
        if (passing.isEmpty()) {
            Reason why = facts.messages().isEmpty()
                    ? null
                    : reason(facts.messages().getFirst(), intent, conversation, level, now);
            return new Cancel(
                    why != null
                            ? why
                            : intent.getSequenceNumber() <= conversation.readUpTo() ? Reason.READ : Reason.HIDDEN);
        }
        Message newest = passing.getFirst();
        // Beyond the messages that are looked at, the count of the intent is the best one.
        boolean cut = facts.messages().size() == PushFacts.MESSAGES_MAX;
        int count = cut ? Math.max(passing.size(), intent.getCount()) : passing.size();
        boolean urgent = conversation.direct()
                || passing.stream().anyMatch(message -> message.standing().mentioned());
        Long expiresAt = newest.standing().expiresAt();
        return new Send(new Notification.Message(
                intent.getUserId(),
                new Subject(
                        intent.getConversationId(),
                        conversation.direct() ? ConversationType.DIRECT.word() : ConversationType.GROUP.word(),
                        newest.messageId(),
                        newest.sequenceNumber(),
                        newest.timestamp(),
                        newest.threadOf()),
                preview(intent, facts, conversation, newest),
                alert(intent, facts, conversation, registration, newest, count),
                count,
                facts.unread(),
                new Handling(collapseKey, urgent, earlier(expiresAt, end))));
    }

    private static Instant earlier(@Nullable Long expiresAt, Instant end) {
        return expiresAt != null && expiresAt < end.toEpochMilli() ? Instant.ofEpochMilli(expiresAt) : end;
    }

    /// Why a message is not shown; null if it is.
    private static @Nullable Reason reason(
            Message message, PushIntent intent, Conversation conversation, String level, Instant now) {
        // Who has read beyond a message that waited for a moderator has not seen it.
        Long notice = message.standing().noticeSequence();
        if ((notice == null ? message.sequenceNumber() : notice) <= conversation.readUpTo()
                || message.sender().userId().equals(intent.getUserId())) {
            return Reason.READ;
        }
        if (message.standing().deleted()) {
            return Reason.DELETED;
        }
        Long expiresAt = message.standing().expiresAt();
        if (expiresAt != null && expiresAt <= now.toEpochMilli()) {
            return Reason.EXPIRED;
        }
        if (message.sender().blocked()) {
            return Reason.BLOCKED;
        }
        if (message.standing().mentioned()) {
            return null;
        }
        if (level.equals(NotificationLevel.MENTIONS.word())) {
            return Reason.LEVEL;
        }
        return message.standing().followed() ? null : Reason.THREAD_NOT_FOLLOWED;
    }

    private PushPreview shown(PushIntent intent, PushFacts facts) {
        return rules.previews().of(intent.getTenant(), facts.settings().preview());
    }

    private Preview preview(PushIntent intent, PushFacts facts, Conversation conversation, Message newest) {
        PushPreview shown = shown(intent, facts);
        return shown == PushPreview.NONE
                ? Preview.NONE
                : new Preview(
                        newest.sender().userId(),
                        newest.sender().name(),
                        conversation.name(),
                        shown == PushPreview.FULL ? newest.content().text() : null);
    }

    /// One message: who wrote it, and what. Several: how many, and the newest.
    private Alert alert(
            PushIntent intent,
            PushFacts facts,
            Conversation conversation,
            Registration registration,
            Message newest,
            int count) {
        PushWords words = PushWords.of(registration.locale());
        PushPreview shown = shown(intent, facts);
        String name = newest.sender().name();
        String sender = name == null || name.isBlank() ? newest.sender().userId() : name;
        String group = conversation.direct() ? null : conversation.name();
        String navigate = navigate(registration, intent.getConversationId());
        if (shown == PushPreview.NONE) {
            return new Alert(rules.title(), words.messages(count), words.language(), navigate);
        }
        boolean full = shown == PushPreview.FULL;
        boolean several = count > 1;
        String title = group == null ? sender : several ? group : words.inGroup(sender, group);
        String body = full ? words.body(newest.content()) : words.messages(count);
        return new Alert(
                full && several ? String.format(Locale.ROOT, "%s (%d)", title, count) : title,
                full && several && group != null ? sender + ": " + body : body,
                words.language(),
                navigate);
    }

    /// An id needs no percent-encoding.
    private @Nullable String navigate(Registration registration, String conversationId) {
        String page = registration.navigate() == null ? rules.navigate() : registration.navigate();
        return page == null ? null : page.replace(CONVERSATION, conversationId);
    }
}
