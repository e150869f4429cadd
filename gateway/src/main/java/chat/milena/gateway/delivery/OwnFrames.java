package chat.milena.gateway.delivery;

import chat.milena.protocol.frame.FromServer;
import chat.milena.protocol.frame.SafetyFrames;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.schemas.avro.ChangeBan;
import chat.milena.schemas.avro.ChangedBlock;
import chat.milena.schemas.avro.ChangedDevice;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.avro.FollowedThread;
import chat.milena.schemas.avro.ShownPersonal;
import chat.milena.schemas.avro.User;
import chat.milena.schemas.avro.Warning;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The frames of changes of a user's own state, which all devices of the user get. The same live, after a resume
/// and in a poll.
public final class OwnFrames {
    private OwnFrames() {}

    /// The frame of such a change, to be encoded; null if the delivery holds none.
    public static @Nullable Supplier<ServerFrame> of(Delivery delivery) {
        User user = delivery.getUser();
        if (user != null) {
            // One change is never of both: a profile is delivered without the settings of notifications.
            return user.getNotifications() == null
                    ? () -> ServerFrames.userUpdated(user)
                    : () -> FromServer.NotificationsUpdated.of(user.getNotifications());
        }
        ChangedDevice device = delivery.getDevice();
        if (device != null) {
            return () -> ServerFrames.deviceUpdated(device);
        }
        ChangedBlock block = delivery.getBlock();
        if (block != null) {
            return () -> SafetyFrames.of(block);
        }
        ChangeBan ban = delivery.getBan();
        if (ban != null) {
            return () -> SafetyFrames.of(ban);
        }
        Warning warning = delivery.getWarning();
        if (warning != null) {
            return () -> SafetyFrames.of(warning);
        }
        ShownPersonal personal = delivery.getPersonal();
        if (personal != null && personal.getNotificationLevel() != null) {
            return () ->
                    FromServer.NotificationsUpdated.of(delivery.getConversationId(), personal.getNotificationLevel());
        }
        if (personal != null) {
            return () -> ServerFrames.conversationPersonal(delivery.getConversationId(), personal);
        }
        FollowedThread thread = delivery.getThread();
        return thread == null ? null : () -> ServerFrames.threadUpdated(thread);
    }
}
