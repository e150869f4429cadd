package chat.milena.push.send;

import chat.milena.push.courier.Backoff;
import chat.milena.push.courier.Verdict;
import chat.milena.push.policy.Decision;
import chat.milena.push.policy.Decision.Reason;
import chat.milena.push.policy.FactsQuery;
import chat.milena.protocol.call.PushFacts.Registration;
import chat.milena.push.policy.PushPolicy;
import chat.milena.push.provider.Destination;
import chat.milena.push.provider.Notification;
import chat.milena.push.provider.Platform;
import chat.milena.push.provider.Provider;
import chat.milena.push.topology.IntentRecords;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.secret.PushKeys;
import chat.milena.schemas.avro.PushIntent;
import chat.milena.schemas.avro.PushResult;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.PushKind;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Handles one intent: who is connected, what is known, what the policy says, and what the provider says. Safe for all
/// threads; each call waits on its own one.
///
/// The query side away: it is asked again, and the intent waits without a result. Redis away: the device counts as not
/// connected.
final class IntentHandler {
    private static final Duration ASK_AGAIN_MAX = Duration.ofSeconds(10);
    private static final int COLLAPSE_KEY_CHARS = 24;
    private static final String FAULT = "fault";

    private final Parts parts;
    private final ResultLog results;
    private final SenderMeters meters;
    private final Clock clock;

    /// What it asks.
    ///
    /// @param keys of registrations
    record Parts(DevicePresence presence, FactsQuery facts, PushPolicy policy, PushKeys keys, Provider provider) {}

    IntentHandler(Parts parts, ResultLog results, SenderMeters meters, Clock clock) {
        this.parts = parts;
        this.results = results;
        this.meters = meters;
        this.clock = clock;
    }

    /// An intent and its place in the log.
    private record Job(PushIntent intent, DeviceKey device, long offset, LongConsumer written) {}

    /// Handles an intent.
    ///
    /// @param written takes the offset of its result
    /// @throws InterruptedException if the process stops first; the intent then has no result
    void handle(PushIntent intent, long offset, LongConsumer written) throws InterruptedException {
        DeviceKey device = new DeviceKey(new UserKey(intent.getTenant(), intent.getUserId()), intent.getDeviceId());
        Job job = new Job(intent, device, offset, written);
        if (!PushKind.TEST.is(intent.getKind())
                && parts.presence().connected(device) == DevicePresence.Connected.ONLINE) {
            cancel(job, Reason.CONNECTED);
            return;
        }
        FactsQuery.Question question = new FactsQuery.Question(
                device, intent.getConversationId(), intent.getAfterSequence(), intent.getSequenceNumber());
        while (true) {
            switch (parts.facts().facts(question)) {
                case FactsQuery.Unavailable(var retryAfter) -> {
                    meters.factsUnavailable();
                    Thread.sleep(retryAfter.compareTo(ASK_AGAIN_MAX) < 0 ? retryAfter : ASK_AGAIN_MAX);
                }
                case FactsQuery.Known(var facts) -> {
                    Decision decision =
                            parts.policy().decide(intent, facts, false, collapseKey(intent), clock.instant());
                    switch (decision) {
                        case Decision.Cancel(var reason) -> cancel(job, reason);
                        case Decision.Send(var notification) -> send(job, facts.registration(), notification);
                    }
                    return;
                }
            }
        }
    }

    /// Gives up on an intent that our own code fails on.
    void refuse(PushIntent intent, long offset, LongConsumer written) {
        DeviceKey device = new DeviceKey(new UserKey(intent.getTenant(), intent.getUserId()), intent.getDeviceId());
        end(new Job(intent, device, offset, written), IntentRecords.REFUSED, FAULT, null);
    }

    private String collapseKey(PushIntent intent) {
        return parts.keys()
                .index(intent.getTenant(), intent.getUserId(), intent.getConversationId())
                .substring(0, COLLAPSE_KEY_CHARS);
    }

    private void send(Job job, @Nullable Registration registration, Notification notification) {
        Optional<Destination> destination = registration == null ? Optional.empty() : destination(job, registration);
        if (registration == null || destination.isEmpty()) {
            cancel(job, Reason.UNKNOWN_KEY);
            return;
        }
        var _ = parts.provider()
                .send(destination.get(), notification)
                .thenAccept(verdict -> answered(job, registration, verdict));
    }

    private Optional<Destination> destination(Job job, Registration registration) {
        String aad = PushKeys.aad(
                job.intent.getTenant(), job.intent.getUserId(), job.intent.getDeviceId(), registration.platform());
        Platform platform = parts.provider().platform();
        return parts.keys()
                .open(
                        registration.address().keyId(),
                        Base64.getDecoder().decode(registration.address().encrypted()),
                        aad)
                .map(plain -> new Destination(
                        platform,
                        new Secret(new String(plain, StandardCharsets.UTF_8)),
                        registration.appId(),
                        registration.environment(),
                        registration.vapidKey()));
    }

    private void answered(Job job, Registration registration, Verdict verdict) {
        Instant now = clock.instant();
        switch (verdict) {
            case Verdict.Accepted accepted -> {
                meters.accepted(Duration.between(job.intent.getSince(), now));
                end(job, IntentRecords.ACCEPTED, null, null);
            }
            case Verdict.Refused(var reason) -> end(job, IntentRecords.REFUSED, reason, null);
            case Verdict.Retry retry -> {
                Instant at = Backoff.STANDARD.next(
                        now, job.intent.getAttempt(), retry.notBefore(), ThreadLocalRandom.current());
                end(job, IntentRecords.RETRY, retry.reason(), at);
            }
            // First the command: after a crash in between the provider says so again.
            case Verdict.Gone(var since) ->
                results.unregister(
                        job.device,
                        earlier(
                                since,
                                Instant.ofEpochMilli(registration.address().registeredAt())),
                        () -> end(job, IntentRecords.GONE, null, null));
        }
    }

    /// One that was registered again after this one stays.
    private static Instant earlier(@Nullable Instant since, Instant registeredAt) {
        return since != null && since.isBefore(registeredAt) ? since : registeredAt;
    }

    private void cancel(Job job, Reason reason) {
        end(job, IntentRecords.CANCELLED, reason.word(), null);
    }

    private void end(Job job, String outcome, @Nullable String reason, @Nullable Instant retryAt) {
        meters.result(outcome, reason == null ? "" : reason);
        PushIntent intent = job.intent;
        PushResult result = new PushResult();
        result.setTenant(intent.getTenant());
        result.setUserId(intent.getUserId());
        result.setDeviceId(intent.getDeviceId());
        result.setPlatform(intent.getPlatform());
        result.setConversationId(intent.getConversationId());
        result.setKind(intent.getKind());
        result.setSequenceNumber(intent.getSequenceNumber());
        result.setAttempt(intent.getAttempt());
        result.setIntentOffset(job.offset);
        result.setOutcome(outcome);
        result.setReason(reason);
        result.setTimestamp(clock.instant());
        result.setRetryAt(retryAt);
        results.result(job.device, result, job.written);
    }
}
