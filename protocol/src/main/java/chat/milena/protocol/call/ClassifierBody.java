package chat.milena.protocol.call;

import chat.milena.protocol.json.Fields;
import chat.milena.schemas.avro.ModerationClassifier;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The classifier of a tenant as JSON, within its rules. Pure.
///
/// Whether its address may be called is decided by the processes that call it.
public final class ClassifierBody {
    /// The name by which flags and the audit name it, as if it was a rule.
    public static final String RULE = "classifier";

    /// Where a message stays as it is when there is no answer; the default.
    public static final String PASS = "pass";

    /// Where it is flagged.
    public static final String FLAG = "flag";

    /// What a secret begins with, as in the specification of Standard Webhooks.
    public static final String SECRET_PREFIX = "whsec_";

    static final Set<String> NAMES = Set.of("url", "deadline", "onFailure", "secret");

    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final Duration DEADLINE_MIN = Duration.ofMillis(100);

    /// How long one question may take at most.
    public static final Duration DEADLINE_MAX = Duration.ofSeconds(10);

    private static final int SECRET_BYTES_MIN = 24;
    private static final int SECRET_BYTES_MAX = 64;

    private ClassifierBody() {}

    static ModerationClassifier read(Fields fields) {
        String url = fields.text("url");
        long deadline = fields.has("deadline") ? RulesBody.millis(fields, "deadline") : DEADLINE.toMillis();
        if (deadline < DEADLINE_MIN.toMillis() || deadline > DEADLINE_MAX.toMillis()) {
            fields.refuse("deadline", "must be " + DEADLINE_MIN.toMillis() + "ms to " + DEADLINE_MAX.toSeconds() + "s");
        }
        String onFailure = fields.optionalText("onFailure");
        if (onFailure != null && !onFailure.equals(PASS) && !onFailure.equals(FLAG)) {
            fields.refuse("onFailure", "must be pass or flag");
        }
        String secret = fields.optionalText("secret");
        if (secret != null && secretBytes(secret) == null) {
            fields.refuse(
                    "secret",
                    "must be " + SECRET_PREFIX + " and Base64 of " + SECRET_BYTES_MIN + " to " + SECRET_BYTES_MAX
                            + " bytes");
        }
        return new ModerationClassifier(
                url, deadline, onFailure == null ? PASS : onFailure, secret == null ? "" : secret);
    }

    /// The bytes that sign questions; null if it is no secret.
    public static byte @Nullable [] secretBytes(String secret) {
        if (!secret.startsWith(SECRET_PREFIX)) {
            return null;
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(secret.substring(SECRET_PREFIX.length()));
            return bytes.length < SECRET_BYTES_MIN || bytes.length > SECRET_BYTES_MAX ? null : bytes;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// Without the secret.
    static void write(JsonGenerator json, ModerationClassifier classifier) throws IOException {
        json.writeObjectFieldStart("classifier");
        json.writeStringField("url", classifier.getUrl());
        json.writeStringField("deadline", RulesBody.time(classifier.getDeadlineMillis()));
        json.writeStringField("onFailure", classifier.getOnFailure());
        json.writeEndObject();
    }
}
