package chat.milena.syncapi.http;

import chat.milena.protocol.call.DeviceRecords.Kept;
import chat.milena.protocol.call.DeviceRecords.Registered;
import chat.milena.protocol.call.Notifications;
import chat.milena.protocol.conversation.ConversationView;
import chat.milena.protocol.read.Devices;
import chat.milena.runtime.http.HttpCall;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.syncapi.person.DeviceList;
import chat.milena.syncapi.person.SeenDevice;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.read.Reads;
import chat.milena.syncapi.read.ReadsUnavailableException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/// Answers calls about devices, and questions of gateways about one. Safe for all threads; waits for the views and for
/// Redis. Bounded in parallel questions; beyond it the answer is [CallAnswer.Unavailable].
public final class DevicesCall {
    private final Reads reads;
    private final Function<UserKey, Optional<List<SeenDevice>>> presence;
    private final Semaphore places;

    /// @param presence the devices of a user that were seen; empty while that is not known
    DevicesCall(Reads reads, Function<UserKey, Optional<List<SeenDevice>>> presence, SyncLimits limits) {
        this.reads = reads;
        this.presence = presence;
        this.places = new Semaphore(limits.inProgress().callsMax());
    }

    /// `GET /api/v1/devices`.
    CallAnswer<Devices> answer(HttpCall call) throws ReadsUnavailableException {
        UserKey user = user(call);
        return switch (one(new Read.DevicesOf(user))) {
            case ReadAnswer.Answered<Registered>(var registered) ->
                new CallAnswer.Answered<>(
                        DeviceList.of(registered.devices(), presence.apply(user).orElse(null)));
            case ReadAnswer.Refused<Registered>(var code, var reason) -> new CallAnswer.Refused<>(code, reason);
        };
    }

    /// `GET /api/v1/users/me/notifications`.
    CallAnswer<Notifications.UserNotifications> settings(HttpCall call) throws ReadsUnavailableException {
        return CallAnswer.of(one(new Read.SettingsOf(user(call))));
    }

    /// `GET /api/v1/conversations/{id}/notifications`.
    CallAnswer<Notifications.ConversationNotifications> level(HttpCall call) throws ReadsUnavailableException {
        return ofMember(user(call), call.pathPart(ConversationCalls.CONVERSATION));
    }

    /// What is kept of a device.
    public CallAnswer<Kept> device(UserKey user, String deviceId) {
        return inItsPlace(() -> CallAnswer.of(one(new Read.DeviceOf(user, deviceId))));
    }

    /// A registered device as its user sees it.
    public CallAnswer<Devices.DeviceLine> line(UserKey user, String deviceId) {
        return inItsPlace(() -> switch (one(new Read.DeviceOf(user, deviceId))) {
            case ReadAnswer.Answered<Kept>(var kept)
            when kept.createdAt() != null ->
                new CallAnswer.Answered<>(
                        DeviceList.of(List.of(kept), presence.apply(user).orElse(null)).devices().stream()
                                .filter(line -> line.deviceId().equals(deviceId))
                                .findFirst()
                                .orElseThrow());
            case ReadAnswer.Answered<Kept> gone ->
                new CallAnswer.Unavailable<>("the device has changed meanwhile", PeopleCall.RETRY_SOON);
            case ReadAnswer.Refused<Kept>(var code, var reason) -> new CallAnswer.Refused<>(code, reason);
        });
    }

    /// What a user is notified of in a conversation.
    public CallAnswer<Notifications.ConversationNotifications> level(UserKey user, String conversationId) {
        return inItsPlace(() -> ofMember(user, conversationId));
    }

    /// Outsiders are answered as for every read of the conversation.
    private CallAnswer<Notifications.ConversationNotifications> ofMember(UserKey user, String conversationId)
            throws ReadsUnavailableException {
        ConversationKey conversation = new ConversationKey(user.tenant(), conversationId);
        return switch (one(new Read.Describe(conversation, user.userId()))) {
            case ReadAnswer.Answered<ConversationView> member ->
                CallAnswer.of(one(new Read.LevelOf(user, conversationId)));
            case ReadAnswer.Refused<ConversationView>(var code, var reason) -> new CallAnswer.Refused<>(code, reason);
        };
    }

    private <T extends Record> ReadAnswer<T> one(Read<T> read) throws ReadsUnavailableException {
        return reads.<T>ask(List.of(read)).getFirst();
    }

    /// Reads the views.
    @FunctionalInterface
    private interface Question<T extends Record> {
        CallAnswer<T> ask() throws ReadsUnavailableException;
    }

    private <T extends Record> CallAnswer<T> inItsPlace(Question<T> question) {
        if (!places.tryAcquire()) {
            return new CallAnswer.Unavailable<>("too many lookups in progress", PeopleCall.RETRY_SOON);
        }
        try {
            return question.ask();
        } catch (ReadsUnavailableException e) {
            return CallAnswer.of(e);
        } finally {
            places.release();
        }
    }

    private static UserKey user(HttpCall call) {
        return new UserKey(call.token().tenant(), call.token().userId());
    }
}
