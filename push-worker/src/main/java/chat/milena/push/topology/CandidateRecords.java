package chat.milena.push.topology;

import chat.milena.push.pending.Candidate;
import chat.milena.push.pending.Candidate.Earlier;
import chat.milena.push.pending.HeldMessage;
import chat.milena.push.pending.PendingMessage;
import chat.milena.push.pending.Progress;
import chat.milena.push.pending.Progress.Mark;
import chat.milena.push.pending.Target;
import chat.milena.schemas.avro.PushCandidate;
import chat.milena.schemas.avro.PushHeld;
import chat.milena.schemas.avro.PushPending;
import chat.milena.schemas.avro.PushProgress;
import chat.milena.schemas.avro.PushTarget;
import chat.milena.schemas.avro.PushTargets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns the state of the rules into records and back. Pure.
final class CandidateRecords {
    private CandidateRecords() {}

    static Candidate candidate(PushCandidate stored) {
        return new Candidate(
                stored.getDirect(),
                stored.getLastSequence(),
                stored.getReadUpTo(),
                stored.getMessages().stream().map(CandidateRecords::message).toList(),
                new Earlier(
                        stored.getEarlier(),
                        stored.getEarlierUpTo(),
                        stored.getEarlierSince(),
                        stored.getEarlierMentioned()),
                stored.getDevices().stream().map(CandidateRecords::progress).toList(),
                stored.getHeld().stream().map(CandidateRecords::held).toList());
    }

    static PushCandidate record(Candidate candidate, @Nullable Instant wakeAt) {
        Earlier earlier = candidate.earlier();
        PushCandidate stored = new PushCandidate();
        stored.setDirect(candidate.direct());
        stored.setLastSequence(candidate.lastSequence());
        stored.setReadUpTo(candidate.readUpTo());
        stored.setMessages(
                candidate.messages().stream().map(CandidateRecords::record).toList());
        stored.setEarlier(earlier.count());
        stored.setEarlierUpTo(earlier.upTo());
        stored.setEarlierSince(earlier.since());
        stored.setEarlierMentioned(earlier.mentioned());
        stored.setDevices(
                candidate.devices().stream().map(CandidateRecords::record).toList());
        stored.setWakeAt(wakeAt);
        stored.setHeld(candidate.held().stream().map(CandidateRecords::record).toList());
        return stored;
    }

    static List<Target> targets(@Nullable PushTargets stored) {
        return stored == null
                ? List.of()
                : stored.getTargets().stream()
                        .map(target -> new Target(
                                target.getDeviceId(), target.getPlatform(), target.getSince(), target.getReadAt()))
                        .toList();
    }

    static PushTargets record(List<Target> targets) {
        return new PushTargets(targets.stream()
                .map(target -> new PushTarget(target.deviceId(), target.platform(), target.since(), target.readAt()))
                .toList());
    }

    private static PendingMessage message(PushPending stored) {
        return new PendingMessage(
                stored.getSequenceNumber(),
                stored.getMessageId(),
                stored.getSenderId(),
                stored.getTimestamp(),
                stored.getMentioned(),
                stored.getExpiresAt(),
                stored.getDevices());
    }

    private static PushPending record(PendingMessage message) {
        return new PushPending(
                message.sequenceNumber(),
                message.messageId(),
                message.senderId(),
                message.timestamp(),
                message.mentioned(),
                message.expiresAt(),
                message.deviceIds());
    }

    private static HeldMessage held(PushHeld stored) {
        return new HeldMessage(
                stored.getSequenceNumber(), stored.getMessageId(), stored.getSince(), stored.getDevices());
    }

    private static PushHeld record(HeldMessage held) {
        return new PushHeld(held.sequenceNumber(), held.messageId(), held.since(), held.deviceIds());
    }

    private static Progress progress(PushProgress stored) {
        return new Progress(
                stored.getDeviceId(),
                stored.getPlatform(),
                stored.getSettledUpTo(),
                mark(stored.getShownUpTo(), stored.getShownAt()),
                stored.getDueAt(),
                stored.getAttempt(),
                mark(stored.getOutstanding(), stored.getOutstandingSince()),
                stored.getReadDueAt());
    }

    private static PushProgress record(Progress progress) {
        PushProgress stored = new PushProgress();
        stored.setDeviceId(progress.deviceId());
        stored.setPlatform(progress.platform());
        stored.setSettledUpTo(progress.settledUpTo());
        Mark shown = progress.shown();
        stored.setShownUpTo(shown == null ? 0 : shown.upTo());
        stored.setShownAt(shown == null ? null : shown.since());
        stored.setDueAt(progress.dueAt());
        stored.setAttempt(progress.attempt());
        Mark outstanding = progress.outstanding();
        stored.setOutstanding(outstanding == null ? 0 : outstanding.upTo());
        stored.setOutstandingSince(outstanding == null ? null : outstanding.since());
        stored.setReadDueAt(progress.readDueAt());
        return stored;
    }

    private static @Nullable Mark mark(long upTo, @Nullable Instant since) {
        return since == null ? null : new Mark(upTo, since);
    }
}
