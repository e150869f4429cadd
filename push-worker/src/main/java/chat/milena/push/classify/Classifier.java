package chat.milena.push.classify;

import chat.milena.protocol.call.ClassifierBody;
import chat.milena.schemas.avro.ModerationClassifier;
import java.time.Duration;

/// The classifier of a tenant, in one version of its rules. Immutable.
///
/// @param version of the rules
/// @param deadline for all attempts at one question
/// @param flagsOnFailure whether a message is flagged when there is no answer
/// @param signer of questions
record Classifier(long version, String url, Duration deadline, boolean flagsOnFailure, Signer signer) {

    static Classifier of(long version, ModerationClassifier record) {
        return new Classifier(
                version,
                record.getUrl(),
                Duration.ofMillis(record.getDeadlineMillis()),
                record.getOnFailure().equals(ClassifierBody.FLAG),
                new Signer(ClassifierBody.secretBytes(record.getSecret())));
    }
}
