package chat.milena.push.pending;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What one user's devices may still be notified of in one conversation. Immutable; [CandidateRules] change it.
///
/// @param direct whether it is a direct conversation
/// @param lastSequence the newest message that came
/// @param readUpTo how far the user has read
/// @param messages the newest ones, at most [#MESSAGES_MAX], oldest first
/// @param earlier those before them
/// @param devices the registered ones that messages came for
/// @param held the newest ones that wait for a moderator, at most [#MESSAGES_MAX], oldest first
public record Candidate(
        boolean direct,
        long lastSequence,
        long readUpTo,
        List<PendingMessage> messages,
        Earlier earlier,
        List<Progress> devices,
        List<HeldMessage> held) {
    /// Of older messages only the number is kept. A deletion does not change that number; the sender counts again.
    public static final int MESSAGES_MAX = 20;

    public Candidate {
        messages = List.copyOf(messages);
        devices = List.copyOf(devices);
        held = List.copyOf(held);
    }

    static Candidate empty(boolean direct) {
        return new Candidate(direct, 0, 0, List.of(), Earlier.NONE, List.of(), List.of());
    }

    /// Messages that are counted only.
    ///
    /// @param upTo the newest of them
    /// @param since when the oldest was sent; null without one
    public record Earlier(int count, long upTo, @Nullable Instant since, boolean mentioned) {
        /// No messages.
        public static final Earlier NONE = new Earlier(0, 0, null, false);

        private Earlier plus(PendingMessage message) {
            return new Earlier(
                    count + 1,
                    message.sequenceNumber(),
                    since == null ? message.timestamp() : since,
                    mentioned || message.mentioned());
        }
    }

    /// What one device was not notified of.
    ///
    /// @param since when the oldest message was sent
    /// @param releases the numbers of those that were held before this device was notified of them
    record Unsettled(PendingMessage newest, int count, boolean mentioned, Instant since, List<Long> releases) {}

    /// The messages that a device is still to be notified of; empty if there are none.
    Optional<Unsettled> unsettled(Progress device) {
        List<PendingMessage> open =
                messages.stream().filter(message -> message.isFor(device)).toList();
        if (open.isEmpty()) {
            return Optional.empty();
        }
        boolean more = earlier.upTo() > device.settledUpTo() && earlier.since() != null;
        return Optional.of(new Unsettled(
                open.getLast(),
                open.size() + (more ? earlier.count() : 0),
                (more && earlier.mentioned()) || open.stream().anyMatch(PendingMessage::mentioned),
                more && earlier.since() != null
                        ? earlier.since()
                        : open.getFirst().timestamp(),
                open.stream()
                        .filter(message -> !message.deviceIds().isEmpty())
                        .map(PendingMessage::sequenceNumber)
                        .toList()));
    }

    /// Whether a message of it is to interrupt: all those of a direct conversation are.
    boolean isUrgent(boolean mentioned) {
        return direct || mentioned;
    }

    /// Whether nothing about it must be remembered.
    public boolean isOver() {
        return held.isEmpty() && devices.stream().allMatch(Progress::isIdle);
    }

    /// When it must be looked at again; null for never.
    public @Nullable Instant wakeAt(CandidateRules.Times times) {
        Instant wake = null;
        for (Progress device : devices) {
            wake = earlier(wake, device.dueAt());
            wake = earlier(wake, device.readAt());
            wake = earlier(wake, over(device.outstanding(), times));
            wake = earlier(wake, over(device.shown(), times));
        }
        return wake;
    }

    private static @Nullable Instant over(Progress.@Nullable Mark mark, CandidateRules.Times times) {
        return mark == null ? null : mark.since().plus(times.life());
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        return one == null || (other != null && other.isBefore(one)) ? other : one;
    }

    Candidate with(PendingMessage message) {
        List<PendingMessage> all = new ArrayList<>(messages);
        all.add(message);
        Earlier before = earlier;
        while (all.size() > MESSAGES_MAX) {
            before = before.plus(all.removeFirst());
        }
        return new Candidate(direct, message.sequenceNumber(), readUpTo, all, before, devices, held);
    }

    Candidate withMessages(List<PendingMessage> left, Earlier before) {
        return new Candidate(direct, lastSequence, readUpTo, left, before, devices, held);
    }

    Candidate withDevices(List<Progress> now) {
        return new Candidate(direct, lastSequence, readUpTo, messages, earlier, now, held);
    }

    Candidate withHeld(List<HeldMessage> now) {
        List<HeldMessage> newest = now.subList(Math.max(0, now.size() - MESSAGES_MAX), now.size());
        return new Candidate(direct, lastSequence, readUpTo, messages, earlier, devices, newest);
    }

    Candidate each(UnaryOperator<Progress> change) {
        return withDevices(devices.stream().map(change).toList());
    }

    Candidate read(long upTo) {
        return new Candidate(direct, lastSequence, Math.max(readUpTo, upTo), messages, earlier, devices, held);
    }

    /// Without the messages that no device is to be notified of.
    Candidate pruned() {
        long settled = devices.stream().mapToLong(Progress::settledUpTo).min().orElse(Long.MAX_VALUE);
        return withMessages(
                        messages.stream()
                                .filter(message -> devices.stream().anyMatch(message::isFor))
                                .toList(),
                        earlier.upTo() > settled ? earlier : Earlier.NONE)
                .withHeld(held.stream()
                        .map(message -> message.among(devices))
                        .filter(message -> !message.deviceIds().isEmpty())
                        .toList());
    }
}
