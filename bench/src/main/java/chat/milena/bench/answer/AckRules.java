package chat.milena.bench.answer;

import java.util.List;
import java.util.Optional;

/// Whether what was read holds an acked message under its acked number. Pure.
final class AckRules {
    private AckRules() {}

    /// What a read says about an ack.
    sealed interface Verdict {
        record Held() implements Verdict {}

        /// Retention has taken the number already.
        record Expired() implements Verdict {}

        /// The message is not there, or not under its number.
        record Missed(String reason) implements Verdict {}

        /// The message is there, but the answer breaks a rule.
        record Wrong(String reason) implements Verdict {}
    }

    static Verdict ofSync(SyncAnswer answer, String conversationId, long lastSequence, String messageId, long number) {
        Optional<SyncedConversation> synced = answer.conversation(conversationId);
        if (synced.isEmpty()) {
            return new Verdict.Missed(
                    answer.denied().contains(conversationId) ? "the conversation is denied" : "no such conversation");
        }
        SyncedConversation conversation = synced.get();
        return verdict(
                conversation.messages(),
                conversation.expired(),
                SyncRules.fault(conversation, lastSequence),
                messageId,
                number);
    }

    static Verdict ofPage(PageAsk ask, Page page, String messageId, long number) {
        Optional<String> fault = PageRules.fault(ask, page, number);
        boolean passed = ask instanceof PageAsk.Newest
                && fault.isEmpty()
                && !page.messages().isEmpty()
                && page.messages().getLast().sequenceNumber() > number;
        // The newest page no longer reaches back to it: other messages have come since.
        return passed ? new Verdict.Held() : verdict(page.messages(), page.expired(), fault, messageId, number);
    }

    private static Verdict verdict(
            List<TimelineEntry> entries,
            List<NumberRange> expired,
            Optional<String> fault,
            String messageId,
            long number) {
        for (TimelineEntry entry : entries) {
            if (entry.sequenceNumber() == number) {
                if (!entry.isMessage(messageId)) {
                    return new Verdict.Missed("another entry has its number: " + entry);
                }
                return fault.<Verdict>map(Verdict.Wrong::new).orElseGet(Verdict.Held::new);
            }
        }
        if (NumberRange.cover(expired, number, number)) {
            return new Verdict.Expired();
        }
        return new Verdict.Missed(
                entries.isEmpty()
                        ? "the answer is empty"
                        : "the answer goes from " + entries.getFirst().sequenceNumber() + " to "
                                + entries.getLast().sequenceNumber());
    }
}
