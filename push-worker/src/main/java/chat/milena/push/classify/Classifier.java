package chat.milena.push.classify;

import chat.milena.protocol.call.ClassifierBody;
import chat.milena.schemas.avro.ModerationClassifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The classifier of a tenant, in one version of its rules. Immutable.
///
/// @param version of the rules
/// @param origin of its address: tenants may share it
/// @param deadline for all attempts at one question
/// @param flagsOnFailure whether a message is flagged when there is no answer
/// @param signer of questions
record Classifier(long version, String url, String origin, Duration deadline, boolean flagsOnFailure, Signer signer) {
    /// Also of an address that may not be called.
    private static final Pattern ORIGIN = Pattern.compile("[^:]*://[^/?#]*");

    /// @param neighbor of the version before or after it; null without one. While a secret replaces another, the host
    ///     checks signatures by one of them.
    static Classifier of(long version, ModerationClassifier record, @Nullable ModerationClassifier neighbor) {
        Matcher origin = ORIGIN.matcher(record.getUrl());
        List<byte[]> secrets = new ArrayList<>();
        add(record.getSecret(), secrets);
        if (neighbor != null
                && neighbor.getUrl().equals(record.getUrl())
                && !neighbor.getSecret().equals(record.getSecret())) {
            add(neighbor.getSecret(), secrets);
        }
        return new Classifier(
                version,
                record.getUrl(),
                origin.lookingAt() ? origin.group().toLowerCase(Locale.ROOT) : "",
                Duration.ofMillis(record.getDeadlineMillis()),
                record.getOnFailure().equals(ClassifierBody.FLAG),
                new Signer(secrets));
    }

    private static void add(String secret, List<byte[]> secrets) {
        byte[] bytes = ClassifierBody.secretBytes(secret);
        if (bytes != null) {
            secrets.add(bytes);
        }
    }
}
