package chat.milena.gateway.resume;

import chat.milena.gateway.delivery.DeliveryCodec;
import chat.milena.protocol.frame.ServerFrame;
import chat.milena.protocol.frame.ServerFrames;
import chat.milena.schemas.avro.Delivery;
import chat.milena.schemas.key.ShardKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.TopicSpec;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// What a gateway sends a client that resumes.
public final class ResumedFrames {
    private ResumedFrames() {}

    /// The frames of what a user missed, as JSON.
    ///
    /// @param deliveries all that the log has after the position of the client
    public static List<byte[]> of(
            UserKey user, List<Delivery> deliveries, TopicSpec<ShardKey, Delivery> topic, Clock clock) {
        DeliveryCodec codec = new DeliveryCodec(topic);
        Missed missed =
                new Missed(user, ResumeConfig.DEFAULT.missed(), new AtomicLong(), delivery -> delivery.decoded(codec));
        for (int offset = 0; offset < deliveries.size(); offset++) {
            byte[] value = topic.values().serializer().serialize(topic.name(), deliveries.get(offset));
            missed.add(codec.decode(0, offset, clock.millis(), value));
        }
        Replay replay = new Replay(ServerFrames.ok(null), missed, user.userId(), clock);
        replay.next();
        List<byte[]> frames = new ArrayList<>();
        for (ServerFrame frame = replay.next(); frame != null; frame = replay.next()) {
            byte[] json = new byte[frame.bytes()];
            frame.buffer().get(json);
            frames.add(json);
        }
        return frames;
    }
}
