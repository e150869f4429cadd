package chat.milena.bench.answer;

import java.util.List;
import java.util.Optional;

/// Decides whether a read contains an acked message under its acked number. Pure.
final class AckRules {
    private AckRules() {}

    /// The result of a read for an ack.
    sealed interface Verdict {
        record Held() implements Verdict {}

        /// Retention has already removed the number.
        record Expired() implements Verdict {}

        /// The message is missing, or not under its number.
        record Missed(String reason) implements Verdict {}

        /// The message is present, but the answer breaks a rule.
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
        // The newest page no longer reaches back to it: other messages have arrived since.
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
