package chat.milena.push.topology;

import chat.milena.push.pending.CandidateRules.Intent;
import chat.milena.push.pending.CandidateRules.Result;
import chat.milena.push.policy.Decision.Reason;
import chat.milena.schemas.avro.PushIntent;
import chat.milena.schemas.avro.PushResult;
import chat.milena.schemas.key.DeviceKey;
import chat.milena.schemas.key.MembershipKey;
import chat.milena.schemas.word.PushKind;
import chat.milena.schemas.word.PushOutcome;
import chat.milena.schemas.word.Word;
import java.time.Instant;
import java.util.List;

/// Turns intents into records, and records into results. Pure.
public final class IntentRecords {
    private IntentRecords() {}

    /// An intent of kind test, which is about no conversation.
    public static PushIntent test(DeviceKey device, String platform, Instant now) {
        PushIntent record = new PushIntent();
        record.setTenant(device.user().tenant());
        record.setUserId(device.user().userId());
        record.setDeviceId(device.deviceId());
        record.setPlatform(platform);
        record.setConversationId("");
        record.setKind(PushKind.TEST.word());
        record.setTimestamp(now);
        record.setSince(now);
        record.setReleases(List.of());
        return record;
    }

    static PushIntent of(MembershipKey key, Intent intent) {
        PushIntent record = new PushIntent();
        record.setTenant(key.user().tenant());
        record.setUserId(key.user().userId());
        record.setConversationId(key.conversationId());
        record.setDeviceId(intent.device().deviceId());
        record.setPlatform(intent.device().platform());
        switch (intent) {
            case Intent.Messages messages -> {
                record.setKind(PushKind.MESSAGE.word());
                record.setSequenceNumber(messages.newest().sequenceNumber());
                record.setAfterSequence(messages.afterSequence());
                record.setMessageId(messages.newest().messageId());
                record.setSenderId(messages.newest().senderId());
                record.setCount(messages.count());
                record.setMentioned(messages.mentioned());
                record.setTimestamp(messages.newest().timestamp());
                record.setSince(messages.since());
                record.setAttempt(messages.attempt());
                record.setReleases(messages.releases());
            }
            case Intent.Read read -> {
                record.setKind(PushKind.READ.word());
                record.setSequenceNumber(read.upTo());
                record.setAttempt(1);
                record.setTimestamp(read.at());
                record.setSince(read.at());
                record.setReleases(List.of());
            }
        }
        return record;
    }

    /// An outcome of a later version ends the intent.
    static Result result(PushResult record) {
        return switch (Word.parse(PushOutcome.class, record.getOutcome()).orElse(PushOutcome.REFUSED)) {
            case ACCEPTED -> new Result.Accepted();
            case RETRY -> new Result.Retry(record.getRetryAt());
            case GONE -> new Result.Gone();
            case CANCELLED ->
                Reason.NO_REGISTRATION.word().equals(record.getReason()) ? new Result.Gone() : new Result.Dropped();
            case REFUSED -> new Result.Dropped();
        };
    }
}
