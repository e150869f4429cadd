package chat.milena.push.pending;

import chat.milena.push.pending.Candidate.Earlier;
import chat.milena.push.pending.Candidate.Unsettled;
import chat.milena.push.pending.Progress.Mark;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Decides when which device is to be notified of which messages of a conversation. Pure.
///
/// - A message waits for a short time: a receipt, a deletion or its end cancels it meanwhile.
/// - A message that an edit holds for a moderator meanwhile is for the same devices when it is released, under the
///   number of its release.
/// - A device has at most one outstanding intent in a conversation. What comes meanwhile goes into the next one, and so
///   do messages whose attempt failed. So the intents of a device, except for failed attempts, cover disjoint ranges.
/// - A message is for the devices that were registered when it was sent.
public final class CandidateRules {
    private static final String WEB_PUSH = "webpush";

    /// The wait for another registration doubles with each attempt, from a second to 17 minutes.
    private static final Duration REGISTRATION_PAUSE = Duration.ofSeconds(1);

    private static final int DOUBLINGS_MAX = 10;

    private final Times times;

    /// The times that they keep.
    ///
    /// @param hold how long each message waits
    /// @param collapse the shortest time between two notifications of a device, except urgent ones
    /// @param life how old a message may become before it is dropped
    /// @param readEvery the shortest time between two intents of kind read for a device
    public record Times(Duration hold, Duration collapse, Duration life, Duration readEvery) {}

    public CandidateRules(Times times) {
        this.times = times;
    }

    /// What happened to an intent.
    public sealed interface Result {
        /// The provider has it.
        record Accepted() implements Result {}

        /// It was not sent, and will not be.
        record Dropped() implements Result {}

        /// It is to be attempted again.
        ///
        /// @param at null for immediately
        record Retry(@Nullable Instant at) implements Result {}

        /// The registration that it was for has gone. A device that is still registered has another one, or its
        /// removal is on its way.
        record Gone() implements Result {}
    }

    /// What is to be sent to a device.
    public sealed interface Intent {
        Progress device();

        /// Messages.
        ///
        /// @param afterSequence up to which number nothing is covered
        record Messages(
                Progress device,
                long afterSequence,
                PendingMessage newest,
                int count,
                boolean mentioned,
                Instant since,
                int attempt,
                List<Long> releases)
                implements Intent {}

        /// How far the user has read elsewhere.
        record Read(Progress device, long upTo, Instant at) implements Intent {}
    }

    /// What time brought.
    ///
    /// @param tooOld messages that were dropped
    /// @param unanswered intents without a result
    public record Step(Candidate candidate, List<Intent> intents, int tooOld, int unanswered) {}

    public Times times() {
        return times;
    }

    /// A message of somebody else came.
    ///
    /// @param before null for the first one
    /// @param targets all devices of the user
    public Candidate onMessage(
            @Nullable Candidate before, PendingMessage message, boolean direct, List<Target> targets, Instant now) {
        Candidate candidate = before == null ? Candidate.empty(direct) : before;
        if (message.sequenceNumber() <= candidate.lastSequence()) {
            return candidate;
        }
        List<Progress> devices = new ArrayList<>(candidate.devices());
        for (Target target : targets) {
            boolean known =
                    devices.stream().anyMatch(device -> device.deviceId().equals(target.deviceId()));
            if (!known && !target.since().isAfter(message.timestamp())) {
                devices.add(Progress.beginning(target, message.sequenceNumber() - 1));
            }
        }
        boolean urgent = candidate.isUrgent(message.mentioned());
        Instant held = held(message, now);
        return candidate
                .with(message)
                .withDevices(devices)
                .each(device -> {
                    Instant due = due(device, held, urgent);
                    return !message.isFor(device) || device.outstanding() != null || due.equals(device.dueAt())
                            ? device
                            : device.due(due, device.attempt());
                })
                .pruned();
    }

    /// The end of its hold. A clock that ran ahead makes it no longer.
    private Instant held(PendingMessage message, Instant now) {
        Instant end = message.timestamp().plus(times.hold());
        Instant latest = now.plus(times.hold());
        return end.isBefore(now) ? now : end.isAfter(latest) ? latest : end;
    }

    private Instant due(Progress device, Instant held, boolean urgent) {
        if (device.dueAt() != null) {
            // An attempt that failed waits as long as it must.
            return urgent && device.attempt() == 1 && held.isBefore(device.dueAt()) ? held : device.dueAt();
        }
        Instant next = device.shown() == null ? held : device.shown().since().plus(times.collapse());
        return urgent || next.isBefore(held) ? held : next;
    }

    /// The user has read up to a number, on any device, or sent the message with that number.
    public Candidate onRead(Candidate before, long upTo, Instant now) {
        if (upTo <= before.readUpTo()) {
            return before;
        }
        Candidate candidate = before.read(upTo);
        return unscheduled(candidate.each(device -> readElsewhere(device.settled(upTo), upTo, now)));
    }

    private static Progress readElsewhere(Progress device, long upTo, Instant now) {
        Mark shown = device.shown();
        if (shown == null) {
            return device;
        }
        Progress next = shown.upTo() <= upTo ? device.shown(null) : device;
        return next.readDueAt() == null ? next.readDue(readDue(device, now)) : next;
    }

    /// A page or its next start updates what Web Push has shown: browsers punish silent pushes.
    private static @Nullable Instant readDue(Progress device, Instant now) {
        return device.platform().equals(WEB_PUSH) ? null : now;
    }

    /// One device has got the messages up to a number over its own connection.
    public Candidate onDelivered(Candidate before, String deviceId, long upTo) {
        return unscheduled(before.each(device -> device.deviceId().equals(deviceId) ? device.settled(upTo) : device));
    }

    /// A message was deleted.
    public Candidate onDeletion(Candidate before, String messageId) {
        return unscheduled(before.withMessages(
                        before.messages().stream()
                                .filter(message -> !message.messageId().equals(messageId))
                                .toList(),
                        before.earlier())
                .withHeld(before.held().stream()
                        .filter(message -> !message.messageId().equals(messageId))
                        .toList()));
    }

    /// A message is held for a moderator since an edit.
    public Candidate onHold(Candidate before, String messageId, Instant now) {
        for (PendingMessage message : before.messages()) {
            if (message.messageId().equals(messageId)) {
                List<HeldMessage> held = new ArrayList<>(before.held());
                held.add(HeldMessage.of(message, before.devices(), now));
                return onDeletion(before, messageId).withHeld(held);
            }
        }
        return before;
    }

    /// A held message is released that others were shown before. It is for the devices that were not notified of it.
    ///
    /// @param message under the number of the release
    public Candidate onRelease(Candidate before, PendingMessage message, Instant now) {
        for (HeldMessage held : before.held()) {
            if (held.messageId().equals(message.messageId())) {
                List<String> devices = before.devices().stream()
                        .filter(held::isFor)
                        .map(Progress::deviceId)
                        .toList();
                Candidate candidate = onDeletion(before, message.messageId());
                return devices.isEmpty()
                        ? candidate
                        : onMessage(candidate, message.onlyFor(devices), candidate.direct(), List.of(), now);
            }
        }
        return before;
    }

    /// A message was edited.
    ///
    /// @param mentioned whether it mentions the user now
    public Candidate onEdit(Candidate before, String messageId, boolean mentioned) {
        return before.withMessages(
                before.messages().stream()
                        .map(message ->
                                message.messageId().equals(messageId) ? message.withMentioned(mentioned) : message)
                        .toList(),
                before.earlier());
    }

    /// The registrations of the user changed.
    public Candidate onDevices(Candidate before, List<Target> targets) {
        Map<String, Target> byId = targets.stream().collect(Collectors.toMap(Target::deviceId, Function.identity()));
        List<Progress> left = new ArrayList<>();
        for (Progress device : before.devices()) {
            Target target = byId.get(device.deviceId());
            if (target != null) {
                Progress next = device.on(target.platform());
                left.add(target.platform().equals(WEB_PUSH) ? next.readDue(null) : next);
            }
        }
        return before.withDevices(left).pruned();
    }

    /// The result of an intent of kind message. That of an intent that is not outstanding changes nothing.
    ///
    /// @param upTo the newest message that it covered
    public Candidate onResult(Candidate before, String deviceId, long upTo, int attempt, Result result, Instant now) {
        Progress asked = before.devices().stream()
                .filter(device -> device.deviceId().equals(deviceId)
                        && device.outstanding() != null
                        && device.outstanding().upTo() == upTo
                        && device.attempt() == attempt)
                .findFirst()
                .orElse(null);
        if (asked == null) {
            return before;
        }
        Candidate candidate =
                before.each(device -> device.equals(asked) ? answered(before, device, upTo, result, now) : device);
        return unscheduled(
                result instanceof Result.Accepted
                        ? candidate.withHeld(candidate.held().stream()
                                .map(held -> held.taken(asked))
                                .toList())
                        : candidate);
    }

    private Progress answered(Candidate candidate, Progress device, long upTo, Result result, Instant now) {
        return switch (result) {
            case Result.Retry(Instant at) -> device.due(retryAt(at, now), device.attempt() + 1);
            case Result.Gone gone -> {
                long pauses = 1L << Math.min(device.attempt() - 1, DOUBLINGS_MAX);
                yield device.due(now.plus(REGISTRATION_PAUSE.multipliedBy(pauses)), device.attempt() + 1);
            }
            case Result.Dropped dropped -> next(candidate, device.settled(upTo), now);
            case Result.Accepted accepted -> {
                boolean read = upTo <= candidate.readUpTo();
                Progress next = next(candidate, device.settled(upTo), now);
                yield read
                        ? next.readDue(readDue(device, now))
                        : next.readDue(null).shown(new Mark(upTo, now));
            }
        };
    }

    private Instant retryAt(@Nullable Instant at, Instant now) {
        Instant latest = now.plus(times.life());
        return at == null || at.isBefore(now) ? now : at.isAfter(latest) ? latest : at;
    }

    /// What came while an intent was outstanding follows after a pause.
    private Progress next(Candidate candidate, Progress device, Instant now) {
        return device.due(
                candidate
                        .unsettled(device)
                        .map(open -> now.plus(candidate.isUrgent(open.mentioned()) ? times.hold() : times.collapse()))
                        .orElse(null),
                1);
    }

    /// Time has passed.
    ///
    /// @param targets all devices of the user
    public Step onTime(Candidate before, List<Target> targets, Instant now) {
        Candidate candidate = unscheduled(lasting(before, now));
        int tooOld = countTooOld(before, now);
        List<Intent> intents = new ArrayList<>();
        List<Progress> devices = new ArrayList<>();
        int unanswered = 0;
        for (Progress device : candidate.devices()) {
            Progress next = device;
            if (isOver(next.shown(), now)) {
                next = next.shown(null);
            }
            Mark outstanding = next.outstanding();
            if (outstanding != null && isOver(outstanding, now)) {
                unanswered++;
                next = next(candidate, next.settled(outstanding.upTo()), now);
            }
            next = send(candidate, next, intents, now);
            devices.add(sendRead(candidate, next, targets, intents, now));
        }
        return new Step(candidate.withDevices(devices).pruned(), intents, tooOld, unanswered);
    }

    private Progress send(Candidate candidate, Progress device, List<Intent> intents, Instant now) {
        Optional<Unsettled> open = candidate.unsettled(device);
        if (device.dueAt() == null || device.dueAt().isAfter(now) || open.isEmpty()) {
            return device;
        }
        Unsettled covered = open.get();
        intents.add(new Intent.Messages(
                device,
                device.settledUpTo(),
                covered.newest(),
                covered.count(),
                covered.mentioned(),
                covered.since(),
                device.attempt(),
                covered.releases()));
        return device.sent(covered.newest().sequenceNumber(), now);
    }

    private Progress sendRead(
            Candidate candidate, Progress device, List<Target> targets, List<Intent> intents, Instant now) {
        Instant due = device.readAt();
        if (due == null || due.isAfter(now)) {
            return device;
        }
        Instant allowed = targets.stream()
                .filter(target -> target.deviceId().equals(device.deviceId()))
                .map(Target::readAt)
                .filter(last -> last != null)
                .map(last -> last.plus(times.readEvery()))
                .findFirst()
                .orElse(now);
        if (allowed.isAfter(now)) {
            return device.readDue(allowed);
        }
        intents.add(new Intent.Read(device, candidate.readUpTo(), now));
        return device.readDue(null);
    }

    /// Without messages that expired or are too old.
    private Candidate lasting(Candidate candidate, Instant now) {
        Earlier earlier = candidate.earlier();
        return candidate.withMessages(
                candidate.messages().stream()
                        .filter(message -> !isTooOld(message.timestamp(), now)
                                && (message.expiresAt() == null
                                        || message.expiresAt().isAfter(now)))
                        .toList(),
                earlier.since() != null && isTooOld(earlier.since(), now) ? Earlier.NONE : earlier);
    }

    private int countTooOld(Candidate candidate, Instant now) {
        return (int) candidate.messages().stream()
                .filter(message -> isTooOld(message.timestamp(), now))
                .count();
    }

    private boolean isTooOld(Instant timestamp, Instant now) {
        return !timestamp.plus(times.life()).isAfter(now);
    }

    private boolean isOver(@Nullable Mark mark, Instant now) {
        return mark != null && !mark.since().plus(times.life()).isAfter(now);
    }

    /// A device without open messages waits for nothing.
    private static Candidate unscheduled(Candidate candidate) {
        return candidate
                .each(device ->
                        device.dueAt() != null && candidate.unsettled(device).isEmpty() ? device.due(null, 1) : device)
                .pruned();
    }
}
