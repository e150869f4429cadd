package chat.milena.push.classify;

import chat.milena.protocol.json.Json;
import chat.milena.push.classify.ClassifierAnswer.Answered;
import chat.milena.push.courier.HttpCarrier;
import chat.milena.push.courier.HttpLimits;
import chat.milena.push.courier.Reasons;
import chat.milena.push.courier.Verdict;
import chat.milena.runtime.config.OutsideEndpoints;
import chat.milena.schemas.avro.Content;
import chat.milena.schemas.word.RuleAction;
import chat.milena.schemas.word.Word;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One attempt at a question: a signed POST of JSON to the address of the classifier, and its answer. For all threads.
///
/// The answer is `{"action": "pass" | "flag" | "remove", "label"?}`; a label that is not short and plain is left out.
final class ClassifierCall implements AutoCloseable {
    /// The type of the question, after Standard Webhooks.
    static final String TYPE = "message.classify";

    /// Bytes of an answer.
    static final int ANSWER_BYTES_MAX = 4_096;

    /// For answers of other statuses than 200 to 299.
    static final String STATUS = "status";

    private static final String PASS = "pass";
    private static final int SUCCESS = 200;
    private static final int REDIRECTS = 300;

    /// A label is kept in the audit, which outlives messages, so it must not be able to hold a text of a user.
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.:/ -]{0,39}");

    private final HttpCarrier carrier;
    private final OutsideEndpoints endpoints;
    private final Clock clock;

    ClassifierCall(HttpLimits limits, OutsideEndpoints endpoints, Clock clock) {
        this.carrier = new HttpCarrier(limits, endpoints, null, clock);
        this.endpoints = endpoints;
        this.clock = clock;
    }

    /// Starts an attempt.
    ///
    /// @param within how long it may take
    /// @param answer takes the answer before the verdict says that there is one
    CompletableFuture<Verdict> start(Question question, Duration within, Consumer<Answered> answer) {
        Classifier classifier = question.classifier();
        if (endpoints.problem(classifier.url()) != null) {
            return CompletableFuture.completedFuture(new Verdict.Refused(Reasons.ADDRESS));
        }
        byte[] body = body(question);
        return carrier.post(
                        URI.create(classifier.url()),
                        classifier.signer().heads(id(question), clock.instant(), body),
                        body)
                .orTimeout(Math.max(1, within.toNanos()), TimeUnit.NANOSECONDS)
                .handle((response, failure) ->
                        response == null ? HttpCarrier.failed(failure) : verdict(response, answer));
    }

    private static Verdict verdict(HttpCarrier.Answer response, Consumer<Answered> answer) {
        Verdict common = response.common();
        if (common != null) {
            return common;
        }
        if (response.status() < SUCCESS || response.status() >= REDIRECTS) {
            return new Verdict.Refused(STATUS);
        }
        if (!response.whole()) {
            return response.body().isEmpty()
                    ? new Verdict.Retry(Reasons.UNREACHABLE)
                    : new Verdict.Refused(Reasons.TOO_LARGE);
        }
        Answered read = answered(response.body());
        if (read == null) {
            return new Verdict.Refused(Reasons.NONSENSE);
        }
        answer.accept(read);
        return new Verdict.Accepted();
    }

    private static @Nullable Answered answered(String body) {
        Optional<JsonNode> json = Json.parse(body);
        if (json.isEmpty() || !json.get().path("action").isTextual()) {
            return null;
        }
        String word = json.get().get("action").textValue();
        Optional<RuleAction> action = Word.parse(RuleAction.class, word);
        if (action.isEmpty() && !word.equals(PASS)) {
            return null;
        }
        String label = json.get().path("label").textValue();
        return new Answered(
                action.orElse(null), label != null && LABEL.matcher(label).matches() ? label : null);
    }

    /// The same for each attempt, by whatever process.
    private static String id(Question question) {
        Question.Asked message = question.message();
        String name = String.join(
                "\0",
                question.tenant(),
                message.conversation().conversationId(),
                message.messageId(),
                Long.toString(message.revision()),
                Long.toString(question.classifier().version()));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return "msg_" + Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static byte[] body(Question question) {
        Question.Asked message = question.message();
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("type", TYPE);
            json.writeStringField("timestamp", message.writtenAt().toString());
            json.writeObjectFieldStart("data");
            json.writeStringField("tenant", question.tenant());
            json.writeStringField("conversationId", message.conversation().conversationId());
            json.writeStringField("messageId", message.messageId());
            json.writeNumberField("sequenceNumber", message.sequenceNumber());
            json.writeNumberField("revision", message.revision());
            json.writeStringField("senderId", message.senderId());
            json.writeNumberField("sentAt", message.sentAt().toEpochMilli());
            json.writeNumberField("rulesVersion", question.classifier().version());
            write(json, message.content());
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, Content content) throws IOException {
        json.writeObjectFieldStart("content");
        json.writeStringField("type", content.getType());
        if (content.getText() != null) {
            json.writeStringField("text", content.getText());
        }
        if (content.getMediaUrl() != null) {
            json.writeStringField("mediaUrl", content.getMediaUrl());
            json.writeStringField("fileName", fileName(content.getMediaUrl()));
        }
        json.writeEndObject();
    }

    /// The last part of the path; empty without one.
    private static String fileName(String mediaUrl) {
        try {
            String path = new URI(mediaUrl).getPath();
            return path == null ? "" : path.substring(path.lastIndexOf('/') + 1);
        } catch (URISyntaxException e) {
            return "";
        }
    }

    @Override
    public void close() {
        carrier.close();
    }
}
