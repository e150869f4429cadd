package chat.milena.push.send;

import chat.milena.protocol.call.PushFacts;
import chat.milena.protocol.call.PushFacts.Registration;
import chat.milena.push.courier.Backoff;
import chat.milena.push.courier.Verdict;
import chat.milena.push.policy.Decision;
import chat.milena.push.policy.Decision.Reason;
import chat.milena.push.policy.FactsQuery;
import chat.milena.push.policy.PushPolicy;
import chat.milena.push.provider.Destination;
import chat.milena.push.provider.Notification;
import chat.milena.push.provider.Provider;
import chat.milena.runtime.config.PushKeys;
import chat.milena.runtime.config.Secret;
import chat.milena.schemas.avro.PushIntent;
import chat.milena.schemas.avro.PushResult;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.PushKind;
import chat.milena.schemas.word.PushOutcome;
import chat.milena.schemas.word.PushPlatform;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Handles one intent: who is connected, what is known, what the policy says, and what the provider says. Safe for all
/// threads; each call waits on its own one.
///
/// The query side away: it is asked again for 30 seconds, then the intent is retried later. Redis away: the device
/// counts as not connected.
final class IntentHandler {
    private static final Logger LOG = LoggerFactory.getLogger(IntentHandler.class);
    private static final Duration ASK_AGAIN_MAX = Duration.ofSeconds(10);
    private static final int COLLAPSE_KEY_CHARS = 24;
    private static final String FAULT = "fault";
    private static final String FACTS = "facts";
    /// How long the query side is asked; then the intent is retried later.
    private static final Duration ASKED_FOR = Duration.ofSeconds(30);
    /// How many pages of messages are looked at.
    private static final int PAGES_MAX = 10;

    private final Parts parts;
    private final Results results;
    private final SenderMeters meters;
    private final Clock clock;
    private final Executor threads;

    /// What it asks.
    ///
    /// @param keys of registrations
    record Parts(DeviceConnections presence, FactsQuery facts, PushPolicy policy, PushKeys keys, Provider provider) {}

    /// Where results go. Does not wait.
    interface Results {
        /// Writes a result.
        ///
        /// @param written takes its offset
        void result(DeviceKey device, PushResult result, LongConsumer written);

        /// Takes back the registration of a device, unless it was registered again later.
        ///
        /// @param upTo until when it was registered at the latest
        void unregister(DeviceKey device, Instant upTo, Runnable written);
    }

    IntentHandler(Parts parts, Results results, SenderMeters meters, Clock clock, Executor threads) {
        this.parts = parts;
        this.results = results;
        this.meters = meters;
        this.clock = clock;
        this.threads = threads;
    }

    /// Where an intent is in the log, and who may end it.
    ///
    /// @param claims whether it may be sent or ended here; asked once, immediately before
    /// @param written takes the offset of its result
    record Place(long offset, BooleanSupplier claims, LongConsumer written) {}

    private record Job(PushIntent intent, DeviceKey device, Place place) {}

    /// Handles an intent.
    ///
    /// @throws InterruptedException if the process stops first; the intent then has no result
    void handle(PushIntent intent, Place place) throws InterruptedException {
        Job job = new Job(intent, device(intent), place);
        Instant end = clock.instant().plus(ASKED_FOR);
        FactsQuery.Question question = new FactsQuery.Question(
                job.device,
                intent.getConversationId(),
                intent.getAfterSequence(),
                intent.getSequenceNumber(),
                intent.getReleases());
        for (int page = 1; ; ) {
            // Before the facts, which cost more.
            if (!PushKind.TEST.is(intent.getKind())
                    && parts.presence().connected(job.device) == DeviceConnections.Connected.ONLINE) {
                cancel(job, Reason.CONNECTED);
                return;
            }
            switch (parts.facts().facts(question)) {
                case FactsQuery.Unavailable(var retryAfter) -> {
                    meters.factsUnavailable();
                    if (clock.instant().isAfter(end)) {
                        retry(job, FACTS, null);
                        return;
                    }
                    Thread.sleep(retryAfter.compareTo(ASK_AGAIN_MAX) < 0 ? retryAfter : ASK_AGAIN_MAX);
                }
                case FactsQuery.Known(var facts) -> {
                    Decision decision = parts.policy().decide(intent, facts, collapseKey(intent), clock.instant());
                    if (decision instanceof Decision.Cancel(var reason)
                            && isOfMessages(reason, intent)
                            && facts.messages().size() == PushFacts.MESSAGES_MAX
                            && page++ < PAGES_MAX) {
                        question = question.before(facts.messages().getLast().sequenceNumber());
                        continue;
                    }
                    switch (decision) {
                        case Decision.Cancel(var reason) -> cancel(job, reason);
                        case Decision.Send(var notification) -> send(job, facts.registration(), notification);
                    }
                    return;
                }
            }
        }
    }

    /// Whether an older message may be wanted although these are not, such as a mention.
    private static boolean isOfMessages(Reason reason, PushIntent intent) {
        return switch (reason) {
            case BLOCKED, THREAD_NOT_FOLLOWED, DELETED, EXPIRED -> true;
            case LEVEL -> intent.getMentioned();
            default -> false;
        };
    }

    /// Gives up on an intent that our own code fails on.
    void refuse(PushIntent intent, Place place) {
        Job job = new Job(intent, device(intent), place);
        // One that failed while it was sent is claimed already.
        var _ = place.claims().getAsBoolean();
        end(job, PushOutcome.REFUSED, FAULT, null);
    }

    private static DeviceKey device(PushIntent intent) {
        return new DeviceKey(new UserKey(intent.getTenant(), intent.getUserId()), intent.getDeviceId());
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
        if (job.place.claims().getAsBoolean()) {
            // The threads of providers must not wait for the log.
            var _ = sent(destination.get(), notification)
                    .whenCompleteAsync((verdict, failure) -> ended(job, registration, verdict, failure), threads);
        }
    }

    private CompletableFuture<Verdict> sent(Destination destination, Notification notification) {
        try {
            return parts.provider().send(destination, notification);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void ended(Job job, Registration registration, @Nullable Verdict verdict, @Nullable Throwable failure) {
        try {
            if (verdict == null) {
                LOG.error("A provider failed", failure);
                end(job, PushOutcome.REFUSED, FAULT, null);
            } else {
                answered(job, registration, verdict);
            }
        } catch (RuntimeException e) {
            LOG.error("The answer to the intent at {} failed", job.place.offset(), e);
            end(job, PushOutcome.REFUSED, FAULT, null);
        }
    }

    private Optional<Destination> destination(Job job, Registration registration) {
        String aad = PushKeys.aad(
                job.intent.getTenant(), job.intent.getUserId(), job.intent.getDeviceId(), registration.platform());
        PushPlatform platform = parts.provider().platform();
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
                end(job, PushOutcome.ACCEPTED, null, null);
            }
            case Verdict.Refused(var reason) -> end(job, PushOutcome.REFUSED, reason, null);
            case Verdict.Retry retry -> end(job, PushOutcome.RETRY, retry.reason(), again(job, retry.notBefore()));
            // First the command: after a crash in between the provider says so again.
            case Verdict.Gone(var since) ->
                results.unregister(
                        job.device,
                        earlier(
                                since,
                                Instant.ofEpochMilli(registration.address().registeredAt())),
                        () -> end(job, PushOutcome.GONE, null, null));
        }
    }

    /// One that was registered again after this one stays.
    private static Instant earlier(@Nullable Instant since, Instant registeredAt) {
        return since != null && since.isBefore(registeredAt) ? since : registeredAt;
    }

    private void cancel(Job job, Reason reason) {
        if (job.place.claims().getAsBoolean()) {
            end(job, PushOutcome.CANCELLED, reason.word(), null);
        }
    }

    private void retry(Job job, String reason, @Nullable Instant notBefore) {
        if (job.place.claims().getAsBoolean()) {
            end(job, PushOutcome.RETRY, reason, again(job, notBefore));
        }
    }

    private Instant again(Job job, @Nullable Instant notBefore) {
        return Backoff.STANDARD.next(clock.instant(), job.intent.getAttempt(), notBefore, ThreadLocalRandom.current());
    }

    private void end(Job job, PushOutcome outcome, @Nullable String reason, @Nullable Instant retryAt) {
        meters.result(outcome.word(), reason == null ? "" : reason);
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
        result.setIntentOffset(job.place.offset());
        result.setOutcome(outcome.word());
        result.setReason(reason);
        result.setTimestamp(clock.instant());
        result.setRetryAt(retryAt);
        results.result(job.device, result, job.place.written());
    }
}
