package chat.milena.push.classify;

import chat.milena.schemas.word.RuleAction;
import org.jspecify.annotations.Nullable;

/// What became of a question.
sealed interface ClassifierAnswer {

    /// The classifier answered.
    ///
    /// @param action null if the message passes
    /// @param label what the classifier calls it; null without one
    record Answered(@Nullable RuleAction action, @Nullable String label) implements ClassifierAnswer {}

    /// There is no answer.
    ///
    /// @param cause a word: a label of metrics
    record Failed(String cause) implements ClassifierAnswer {}
}
