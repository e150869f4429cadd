package chat.milena.push.classify;

import chat.milena.protocol.call.ClassifierBody;
import chat.milena.schemas.avro.ModerationClassifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    /// Also of an address that may not be called: scheme, host and port.
    private static final Pattern ORIGIN = Pattern.compile("([^:]*)://([^/?#]*?)(:[0-9]*)?(?=[/?#]|\\z)");

    private static final Map<String, String> DEFAULT_PORTS = Map.of("https", ":443", "http", ":80");

    /// @param neighbor of the version before or after it; null without one. While a secret replaces another, the host
    ///     checks signatures by one of them.
    static Classifier of(long version, ModerationClassifier record, @Nullable ModerationClassifier neighbor) {
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
                origin(record.getUrl()),
                Duration.ofMillis(record.getDeadlineMillis()),
                record.getOnFailure().equals(ClassifierBody.FLAG),
                new Signer(secrets));
    }

    /// The same with the port that the scheme means, and without one.
    private static String origin(String url) {
        Matcher parts = ORIGIN.matcher(url.toLowerCase(Locale.ROOT));
        if (!parts.lookingAt()) {
            return "";
        }
        String scheme = parts.group(1);
        String port = parts.group(3);
        boolean isDefault = port == null || port.equals(":") || port.equals(DEFAULT_PORTS.get(scheme));
        return scheme + "://" + parts.group(2) + (isDefault ? "" : port);
    }

    private static void add(String secret, List<byte[]> secrets) {
        byte[] bytes = ClassifierBody.secretBytes(secret);
        if (bytes != null) {
            secrets.add(bytes);
        }
    }
}
