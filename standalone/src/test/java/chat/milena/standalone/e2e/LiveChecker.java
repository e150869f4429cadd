package chat.milena.standalone.e2e;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What was promised to everybody in one run: acks, confirmed receipts and what the query side said of receipts; and in
/// the end, whether every device has all of it. Pure; safe for all threads.
final class LiveChecker {
    private final Violations violations = new Violations();
    private final Set<String> sent = new HashSet<>();
    private final Map<String, TreeMap<Long, String>> acked = new HashMap<>();
    private final Map<String, Long> numbers = new HashMap<>();
    private final Map<Mark, Long> confirmed = new HashMap<>();
    private final Map<Mark, Long> queried = new HashMap<>();

    private record Mark(String conversationId, String userId, String kind) {}

    Violations violations() {
        return violations;
    }

    synchronized void sent(String conversationId, String messageId) {
        sent.add(conversationId + " " + messageId);
    }

    synchronized void acked(String conversationId, long number, String messageId) {
        Long before = numbers.putIfAbsent(conversationId + " " + messageId, number);
        if (before != null && before != number) {
            violations.add(
                    Violations.Kind.RENUMBERED,
                    "%s of %s was acked as %d and as %d".formatted(messageId, conversationId, before, number));
        }
        String other =
                acked.computeIfAbsent(conversationId, none -> new TreeMap<>()).putIfAbsent(number, messageId);
        if (other != null && !other.equals(messageId)) {
            violations.add(
                    Violations.Kind.RENUMBERED,
                    "%s %d was acked for %s and %s".formatted(conversationId, number, other, messageId));
        }
    }

    /// How many messages were acked.
    synchronized int acked() {
        return numbers.size();
    }

    /// The server confirmed a receipt.
    synchronized void confirmed(String conversationId, String userId, String kind, long upTo) {
        confirmed.merge(new Mark(conversationId, userId, kind), upTo, Math::max);
    }

    /// The query side said how far somebody is.
    ///
    /// @param last the end of the conversation, asked for afterwards
    synchronized void queried(String conversationId, String userId, long delivered, long read, long last) {
        if (read < 0 || read > delivered || delivered > last) {
            violations.add(
                    Violations.Kind.RECEIPT_RANGE,
                    "%s in %s: read %d, delivered %d, last %d"
                            .formatted(userId, conversationId, read, delivered, last));
        }
        queried(new Mark(conversationId, userId, "delivered"), delivered);
        queried(new Mark(conversationId, userId, "read"), read);
    }

    private void queried(Mark mark, long upTo) {
        Long before = queried.put(mark, upTo);
        if (before != null && upTo < before) {
            violations.add(
                    Violations.Kind.RECEIPT_BACK,
                    "the query side went from %d to %d for %s".formatted(before, upTo, mark));
        }
    }

    /// Nothing happens any longer, all devices are up to date, and the query side was asked of everybody.
    ///
    /// @param members of each conversation: the records of all of their devices
    synchronized void end(Map<String, ? extends Collection<DeviceRecord>> members) {
        sent.removeAll(numbers.keySet());
        if (!sent.isEmpty()) {
            violations.add(Violations.Kind.LOST, "%d messages were never acked: %s".formatted(sent.size(), sent));
        }
        members.forEach((conversationId, devices) -> {
            TreeMap<Long, String> all = new TreeMap<>();
            devices.forEach(device -> device.known(conversationId).forEach(all::putIfAbsent));
            TreeMap<Long, String> promised = acked.getOrDefault(conversationId, new TreeMap<>());
            promised.forEach(all::putIfAbsent);
            for (DeviceRecord device : devices) {
                compare(conversationId, device, all, promised);
                endOfReceipts(conversationId, device);
            }
        });
        confirmed.forEach((mark, upTo) -> {
            long at = queried.getOrDefault(mark, 0L);
            if (at < upTo) {
                violations.add(
                        Violations.Kind.RECEIPT_BACK,
                        "%s was confirmed up to %d and is at %d".formatted(mark, upTo, at));
            }
        });
    }

    private void compare(
            String conversationId, DeviceRecord device, Map<Long, String> all, Map<Long, String> promised) {
        Map<Long, String> known = device.known(conversationId);
        all.forEach((number, what) -> {
            String has = known.get(number);
            if (has == null) {
                Violations.Kind kind = promised.containsKey(number) ? Violations.Kind.LOST : Violations.Kind.GAP;
                violations.add(kind, "%s lacks %s %d".formatted(device.name(), conversationId, number));
            } else if (!has.equals(what) || !has.equals(promised.getOrDefault(number, has))) {
                violations.add(
                        Violations.Kind.RENUMBERED,
                        "%s has %s %d as %s; others have %s, acked was %s"
                                .formatted(device.name(), conversationId, number, has, what, promised.get(number)));
            }
        });
        if (device.upTo(conversationId) != all.size()) {
            violations.add(
                    Violations.Kind.GAP,
                    "%s has %s up to %d of %d"
                            .formatted(device.name(), conversationId, device.upTo(conversationId), all.size()));
        }
    }

    /// What a device was told must not be more than there is.
    private void endOfReceipts(String conversationId, DeviceRecord device) {
        queried.forEach((mark, upTo) -> {
            if (mark.conversationId().equals(conversationId)) {
                long told = device.receipt(conversationId, mark.userId(), mark.kind());
                if (told > upTo) {
                    violations.add(
                            Violations.Kind.RECEIPT_BACK,
                            "%s was told %d of %s, which is at %d".formatted(device.name(), told, mark, upTo));
                }
            }
        });
    }
}
