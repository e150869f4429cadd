package chat.milena.push.topology;

import chat.milena.push.pending.CandidateRules.Intent;
import chat.milena.push.pending.CandidateRules.Result;
import chat.milena.schemas.avro.PushIntent;
import chat.milena.schemas.avro.PushResult;
import chat.milena.schemas.key.MembershipKey;

/// Turns intents into records, and records into results. Pure.
public final class IntentRecords {
    /// The kinds of intents.
    public static final String MESSAGE = "message";

    public static final String READ = "read";

    /// The outcomes of intents.
    public static final String ACCEPTED = "accepted";

    public static final String CANCELLED = "cancelled";
    public static final String REFUSED = "refused";
    public static final String GONE = "gone";
    public static final String RETRY = "retry";

    private IntentRecords() {}

    static PushIntent of(MembershipKey key, Intent intent) {
        PushIntent record = new PushIntent();
        record.setTenant(key.user().tenant());
        record.setUserId(key.user().userId());
        record.setConversationId(key.conversationId());
        record.setDeviceId(intent.device().deviceId());
        record.setPlatform(intent.device().platform());
        switch (intent) {
            case Intent.Messages messages -> {
                record.setKind(MESSAGE);
                record.setSequenceNumber(messages.newest().sequenceNumber());
                record.setAfterSequence(messages.afterSequence());
                record.setMessageId(messages.newest().messageId());
                record.setSenderId(messages.newest().senderId());
                record.setCount(messages.count());
                record.setMentioned(messages.mentioned());
                record.setTimestamp(messages.newest().timestamp());
                record.setSince(messages.since());
                record.setAttempt(messages.attempt());
            }
            case Intent.Read read -> {
                record.setKind(READ);
                record.setSequenceNumber(read.upTo());
                record.setAttempt(1);
                record.setTimestamp(read.at());
                record.setSince(read.at());
            }
        }
        return record;
    }

    /// An outcome of a later version ends the intent.
    static Result result(PushResult record) {
        return switch (record.getOutcome()) {
            case ACCEPTED -> new Result.Accepted();
            case RETRY -> new Result.Retry(record.getRetryAt());
            default -> new Result.Dropped();
        };
    }
}
