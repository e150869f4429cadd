package chat.milena.push.classify;

import chat.milena.push.classify.ClassifierAnswer.Answered;
import chat.milena.push.courier.Verdict;
import chat.milena.runtime.config.OutsideEndpoints;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.avro.ModerationClassifier;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.word.RuleAction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Asks a classifier one time, for an operator who tries it.
public final class ClassifierTrial {
    private static final String NOBODY = "trial";

    private ClassifierTrial() {}

    /// One line that says what it answered, or why there is no answer. Waits for as long as the deadline.
    ///
    /// @param text of the message; null without one
    /// @param mediaUrl of the message; null without one
    /// @param endpoints the addresses that may be called
    public static String ask(
            ModerationClassifier record,
            @Nullable String text,
            @Nullable String mediaUrl,
            OutsideEndpoints endpoints,
            Clock clock) {
        Instant now = clock.instant();
        Classifier classifier = Classifier.of(0, record, null);
        Content content = new Content(mediaUrl == null ? "text" : "image", text, mediaUrl, null, null);
        Question.Asked message =
                new Question.Asked(new ConversationKey(NOBODY, NOBODY), NOBODY, 1, NOBODY, now, 0, now, content);
        Question question =
                new Question(classifier, message, new Question.Place(new TopicPartition(NOBODY, 0), 0, 0, 0), 0);
        AtomicReference<Answered> answer = new AtomicReference<>();
        try (ClassifierCall call = new ClassifierCall(Classification.HTTP, endpoints, clock)) {
            Duration deadline = classifier.deadline();
            Verdict verdict = call.start(question, deadline, answer::set).join();
            return verdict instanceof Verdict.Accepted
                    ? "the classifier answered " + said(Objects.requireNonNull(answer.get()))
                    : "the classifier has not answered: " + verdict.reason();
        }
    }

    private static String said(Answered answer) {
        RuleAction action = answer.action();
        String word = action == null ? "pass" : action.word();
        return answer.label() == null ? word : word + ", " + answer.label();
    }
}
