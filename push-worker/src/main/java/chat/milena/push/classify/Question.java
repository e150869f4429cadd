package chat.milena.push.classify;

import chat.milena.schemas.avro.Content;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.EventKey;
import java.time.Instant;
import org.apache.kafka.common.TopicPartition;

/// One revision of a message that a classifier is asked about.
///
/// @param message what is asked about
/// @param place where its record is
/// @param readNanos when it was read, by a time that never goes back
record Question(Classifier classifier, Asked message, Place place, long readNanos) {

    /// What is asked about.
    ///
    /// @param sequenceNumber of the message
    /// @param writtenAt when its record was written: with an edit again
    record Asked(
            ConversationKey conversation,
            String messageId,
            long sequenceNumber,
            String senderId,
            Instant sentAt,
            long revision,
            Instant writtenAt,
            Content content) {}

    /// A record of the log.
    ///
    /// @param lane the assignment of the partition that it was read under
    /// @param bytes its size
    record Place(TopicPartition partition, long offset, long lane, int bytes) {}

    /// The message. Each of its revisions has a question of its own.
    EventKey key() {
        return new EventKey(message.conversation(), message.sequenceNumber());
    }

    String tenant() {
        return message.conversation().tenant();
    }
}
