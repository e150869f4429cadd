package chat.milena.push.classify;

import chat.milena.push.classify.Question.Asked;
import chat.milena.push.classify.Question.Place;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ModerationClassifier;
import chat.milena.schemas.key.ConversationKey;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.TopicPartition;

/// Questions of tests.
final class Questions {
    static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private Questions() {}

    static Question of(String tenant, String url, Duration deadline, int partition, long offset, int bytes) {
        Classifier classifier =
                Classifier.of(7, new ModerationClassifier(url, deadline.toMillis(), "flag", SECRET), null);
        Content content = new Content("image", "look", "https://media.example/a/cat%20photo.jpg?x=1", null, null);
        Asked asked = new Asked(
                new ConversationKey(tenant, "c1"), "m" + offset, offset, "bob", NOON, 2, NOON.plusSeconds(1), content);
        return new Question(
                classifier, asked, new Place(new TopicPartition("t", partition), offset, 1, bytes), System.nanoTime());
    }
}
