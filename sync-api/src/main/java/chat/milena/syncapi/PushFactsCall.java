package chat.milena.syncapi;

import chat.milena.protocol.call.DeviceRecords;
import chat.milena.protocol.call.Notifiable;
import chat.milena.protocol.call.Notifications.ConversationNotifications;
import chat.milena.protocol.call.Notifications.UserNotifications;
import chat.milena.protocol.call.PushFacts;
import chat.milena.protocol.conversation.UserView;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.http.CallAnswer;
import chat.milena.syncapi.http.SyncLimits;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer.Answered;
import chat.milena.syncapi.read.ReadAnswer.Notified;
import chat.milena.syncapi.read.Reads;
import chat.milena.syncapi.read.ReadsUnavailableException;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Answers what push needs to know before it sends. Safe for all threads; waits for the views. Bounded in parallel
/// calls; beyond it the answer is [CallAnswer.Unavailable].
///
/// Each question for the views costs a barrier, so there are few: the messages where their conversation is, everything
/// else about the user where the user is, the names of the senders, and the badge. What costs most, the badge, is read
/// last, and only for a device that is registered and a user who is a member.
public final class PushFactsCall {
    private static final Duration RETRY_SOON = Duration.ofSeconds(1);

    private final Reads reads;
    private final Names names;
    private final Badge badge;
    private final Semaphore places;

    /// Reads the profiles of users, by user id, without users who have none.
    @FunctionalInterface
    public interface Names {
        Map<String, UserView> of(String tenant, Collection<String> userIds) throws ReadsUnavailableException;
    }

    /// Counts the unread messages of a user, in conversations that are not muted.
    @FunctionalInterface
    public interface Badge {
        long of(UserKey user) throws ReadsUnavailableException;
    }

    public PushFactsCall(Reads reads, SyncLimits limits, Names names, Badge badge) {
        this.reads = reads;
        this.names = names;
        this.badge = badge;
        this.places = new Semaphore(limits.inProgress().callsMax());
    }

    /// The facts for a push to a device about messages of a conversation.
    ///
    /// @param after about those behind this number
    /// @param upTo up to this one
    /// @param releases the numbers among them of releases that are to notify although the message was shown before
    public CallAnswer<PushFacts> facts(
            DeviceKey device, String conversationId, long after, long upTo, List<Long> releases) {
        if (!places.tryAcquire()) {
            return new CallAnswer.Unavailable<>("too many lookups in progress", RETRY_SOON);
        }
        try {
            return new CallAnswer.Answered<>(of(
                    device,
                    new Read.NotifiableIn(
                            new ConversationKey(device.user().tenant(), conversationId),
                            device.user().userId(),
                            after,
                            upTo,
                            releases,
                            PushFacts.MESSAGES_MAX)));
        } catch (ReadsUnavailableException e) {
            return CallAnswer.of(e);
        } finally {
            places.release();
        }
    }

    private PushFacts of(DeviceKey device, Read.NotifiableIn range) throws ReadsUnavailableException {
        UserKey user = device.user();
        Notifiable there = answered(range);
        List<Notifiable.Line> lines = there == null ? List.of() : there.messages();
        Set<String> senders = lines.stream().map(Notifiable.Line::senderId).collect(Collectors.toSet());
        senders.remove(user.userId());
        Set<String> roots = lines.stream()
                .map(Notifiable.Line::thread)
                .filter(thread -> thread != null && thread.alone())
                .map(Notifiable.Reply::rootId)
                .collect(Collectors.toSet());
        Notified here = Objects.requireNonNull(answered(new Read.NotifiedUser(
                user,
                device.deviceId(),
                range.conversation().conversationId(),
                List.copyOf(senders),
                List.copyOf(roots))));
        PushFacts.Registration registration = registration(here.device().push());
        ConversationNotifications level = here.level();
        if (registration == null || there == null || level == null) {
            return new PushFacts(registration, null, PushFacts.Settings.USUAL, List.of(), 0);
        }
        Map<String, UserView> named = senders.isEmpty() ? Map.of() : names.of(user.tenant(), senders);
        return new PushFacts(
                registration,
                new PushFacts.Conversation(
                        there.direct(), there.name(), level.muted(), level.level(), there.readUpTo()),
                settings(here.settings()),
                lines.stream().map(line -> message(line, here, named)).toList(),
                badge.of(user));
    }

    private <T extends Record> @Nullable T answered(Read<T> read) throws ReadsUnavailableException {
        return reads.<T>ask(List.of(read)).getFirst() instanceof Answered<T>(var value) ? value : null;
    }

    private static PushFacts.Settings settings(UserNotifications settings) {
        return new PushFacts.Settings(
                settings.level(),
                settings.preview(),
                settings.quietHours() == null
                        ? null
                        : new PushFacts.QuietHours(
                                settings.quietHours().from(),
                                settings.quietHours().to(),
                                settings.quietHours().timeZone()));
    }

    private static PushFacts.@Nullable Registration registration(DeviceRecords.@Nullable Registration push) {
        return push == null
                ? null
                : new PushFacts.Registration(
                        push.shown().platform(),
                        new PushFacts.Address(
                                push.keyId(), Base64.getEncoder().encodeToString(push.address()), push.registeredAt()),
                        push.shown().appId(),
                        push.shown().environment(),
                        push.shown().locale(),
                        push.shown().timeZone(),
                        push.vapidKey(),
                        push.navigate());
    }

    private static PushFacts.Message message(Notifiable.Line line, Notified here, Map<String, UserView> named) {
        UserView profile = named.get(line.senderId());
        Notifiable.Reply thread = line.thread();
        return new PushFacts.Message(
                line.sequenceNumber(),
                line.messageId(),
                line.timestamp(),
                new PushFacts.Sender(
                        line.senderId(),
                        profile == null ? null : profile.name(),
                        here.blockedIds().contains(line.senderId())),
                new PushFacts.Content(line.type(), line.text()),
                new PushFacts.Standing(
                        line.mentioned(),
                        thread == null || !thread.alone() || here.followedIds().contains(thread.rootId()),
                        line.deleted(),
                        line.noticeSequence(),
                        line.expiresAt()),
                thread == null ? null : thread.rootId());
    }
}
