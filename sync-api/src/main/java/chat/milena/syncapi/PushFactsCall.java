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
import chat.milena.syncapi.http.SyncHttp;
import chat.milena.syncapi.http.SyncLimits;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer.Answered;
import chat.milena.syncapi.read.ReadAnswer.FollowedList;
import chat.milena.syncapi.read.ReadAnswer.UserIds;
import chat.milena.syncapi.read.Reads;
import chat.milena.syncapi.read.ReadsUnavailableException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Answers what push needs to know before it sends. Safe for all threads; waits for the views. Bounded in parallel
/// calls; beyond it the answer is [CallAnswer.Unavailable].
///
/// Each read is one that another call makes too, but for the messages. What costs most, the badge, is read last, and
/// only for a device that is registered and a user who is a member.
public final class PushFactsCall {
    private static final Duration RETRY_SOON = Duration.ofSeconds(1);

    private final Reads reads;
    private final SyncLimits limits;
    private final SyncHttp calls;
    private final Semaphore places;

    /// @param calls the calls that read names and the badge
    public PushFactsCall(Reads reads, SyncLimits limits, SyncHttp calls) {
        this.reads = reads;
        this.limits = limits;
        this.calls = calls;
        this.places = new Semaphore(limits.inProgress().callsMax());
    }

    /// The facts for a push to a device about messages of a conversation.
    ///
    /// @param after about those behind this number
    /// @param upTo up to this one
    public CallAnswer<PushFacts> facts(DeviceKey device, String conversationId, long after, long upTo) {
        if (!places.tryAcquire()) {
            return new CallAnswer.Unavailable<>("too many lookups in progress", RETRY_SOON);
        }
        try {
            return new CallAnswer.Answered<>(
                    of(device, new ConversationKey(device.user().tenant(), conversationId), after, upTo));
        } catch (ReadsUnavailableException e) {
            return CallAnswer.of(e);
        } finally {
            places.release();
        }
    }

    private PushFacts of(DeviceKey device, ConversationKey conversation, long after, long upTo)
            throws ReadsUnavailableException {
        UserKey user = device.user();
        DeviceRecords.Kept kept = answered(new Read.DeviceOf(user, device.deviceId()));
        Notifiable there = kept == null || kept.push() == null
                ? null
                : answered(new Read.NotifiableIn(conversation, user.userId(), after, upTo, PushFacts.MESSAGES_MAX));
        ConversationNotifications level =
                there == null ? null : answered(new Read.LevelOf(user, conversation.conversationId()));
        if (there == null || level == null) {
            return new PushFacts(registration(kept), null, PushFacts.Settings.USUAL, List.of(), 0);
        }
        UserNotifications settings = answered(new Read.SettingsOf(user));
        return new PushFacts(
                registration(kept),
                new PushFacts.Conversation(
                        there.direct(), there.name(), level.muted(), level.level(), there.readUpTo()),
                settings == null ? PushFacts.Settings.USUAL : settings(settings),
                messages(user, conversation.conversationId(), there.messages()),
                calls.unread(user).totals().messages());
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

    private static PushFacts.@Nullable Registration registration(DeviceRecords.@Nullable Kept kept) {
        DeviceRecords.Registration push = kept == null ? null : kept.push();
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

    private List<PushFacts.Message> messages(UserKey user, String conversationId, List<Notifiable.Line> lines)
            throws ReadsUnavailableException {
        Set<String> senders = lines.stream().map(Notifiable.Line::senderId).collect(Collectors.toSet());
        senders.remove(user.userId());
        if (senders.isEmpty()) {
            return List.of();
        }
        Map<String, UserView> named = calls.profiles(user.tenant(), senders);
        UserIds blocked = answered(new Read.Blocking(user, List.copyOf(senders)));
        Set<String> followed = followed(user, conversationId, lines);
        return lines.stream()
                .map(line -> {
                    UserView profile = named.get(line.senderId());
                    Notifiable.Reply thread = line.thread();
                    return new PushFacts.Message(
                            line.sequenceNumber(),
                            line.messageId(),
                            line.timestamp(),
                            new PushFacts.Sender(
                                    line.senderId(),
                                    profile == null ? null : profile.name(),
                                    blocked != null && blocked.userIds().contains(line.senderId())),
                            new PushFacts.Content(line.type(), line.text()),
                            new PushFacts.Standing(
                                    line.mentioned(),
                                    thread == null || !thread.alone() || followed.contains(thread.rootId()),
                                    line.deleted(),
                                    line.expiresAt()),
                            thread == null ? null : thread.rootId());
                })
                .toList();
    }

    /// The threads of the conversation that the user follows, as far as they matter here.
    private Set<String> followed(UserKey user, String conversationId, List<Notifiable.Line> lines)
            throws ReadsUnavailableException {
        Set<String> followed = new HashSet<>();
        if (lines.stream()
                .anyMatch(line -> line.thread() != null && line.thread().alone())) {
            FollowedList list =
                    answered(new Read.FollowedBy(user, limits.pages().membershipsMax()));
            if (list != null) {
                list.threads().stream()
                        .filter(thread -> thread.conversationId().equals(conversationId))
                        .forEach(thread -> followed.add(thread.rootId()));
            }
        }
        return followed;
    }
}
