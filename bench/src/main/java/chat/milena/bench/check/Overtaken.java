package chat.milena.bench.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Numbers of resent messages whose duplicate ack came before the first one on the same socket. In a large group that
/// is allowed once, since the first ack comes with the event and the duplicate one directly; elsewhere it is not.
///
/// Where nobody says that a group is large, its gathered reactions show it, which may come later: it is judged at the
/// end. Not thread-safe.
final class Overtaken {
    private final NumberLog log;
    private final Set<Long> byDuplicates = new HashSet<>();
    private final List<Long> cameAfter = new ArrayList<>();

    Overtaken(NumberLog log) {
        this.log = log;
    }

    /// A duplicate ack brought this number first.
    void add(long number) {
        byDuplicates.add(number);
    }

    /// Whether a duplicate ack brought this number, which now comes itself.
    boolean was(long number) {
        boolean was = byDuplicates.remove(number);
        if (was && !log.isLarge()) {
            cameAfter.add(number);
        }
        return was;
    }

    /// The socket is gone; what was sent on it comes no more.
    void away() {
        byDuplicates.clear();
    }

    /// The numbers that came twice although the group is not large; each is returned once.
    List<Long> doubled() {
        List<Long> doubled = log.isLarge() ? List.of() : List.copyOf(cameAfter);
        cameAfter.clear();
        return doubled;
    }
}
