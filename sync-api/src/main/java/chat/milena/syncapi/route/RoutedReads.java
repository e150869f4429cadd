package chat.milena.syncapi.route;

import chat.milena.syncapi.barrier.Deadline;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.read.Reads;
import chat.milena.syncapi.read.ReadsUnavailableException;
import chat.milena.syncapi.route.CopyReads.Attempt;
import chat.milena.syncapi.view.ViewCopies;
import chat.milena.syncapi.view.ViewCopy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers reads wherever their keys are: by the owners in this instance's copy of the views and, for reads that
/// they leave unanswered, by other copies. Retries the rest until the deadline. Safe for all threads; waits.
public final class RoutedReads implements Reads {
    private static final Logger LOG = LoggerFactory.getLogger(RoutedReads.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final int PAUSE_MILLIS_MIN = 10;
    private static final int PAUSE_MILLIS_MAX = 50;

    private final ViewCopies copies;
    private final CopyReads owners;
    private final RemoteReads remote;
    private final List<URI> peers;
    private final Duration within;

    /// @param peers instances of other copies, in the order of attempts
    /// @param within how long a read may take
    RoutedReads(ViewCopies copies, CopyReads owners, RemoteReads remote, List<URI> peers, Duration within) {
        this.copies = copies;
        this.owners = owners;
        this.remote = remote;
        this.peers = List.copyOf(peers);
        this.within = within;
    }

    @Override
    public List<ReadAnswer<?>> askAny(List<? extends Read<?>> reads) throws ReadsUnavailableException {
        return reads.isEmpty() ? List.of() : ask(reads, Deadline.in(within), peers);
    }

    /// Reads only this instance's copy, for another copy.
    List<ReadAnswer<?>> askThisCopy(List<? extends Read<?>> reads, Deadline deadline) throws ReadsUnavailableException {
        return ask(reads, deadline, List.of());
    }

    private List<ReadAnswer<?>> ask(List<? extends Read<?>> reads, Deadline deadline, List<URI> others)
            throws ReadsUnavailableException {
        @Nullable ReadAnswer<?>[] answers = new ReadAnswer<?>[reads.size()];
        String reason = "the views are not started";
        try {
            do {
                Optional<ViewCopy> copy = copies.serving();
                if (copy.isPresent()) {
                    // The other copies need time as well: this one gets half of the rest.
                    Deadline first = others.isEmpty()
                            ? deadline
                            : Deadline.in(deadline.left().dividedBy(2));
                    reason = attempt(copy.get(), reads, answers, first);
                }
                for (URI peer : others) {
                    reason = isWhole(answers) ? reason : attempt(peer, reads, answers, deadline);
                }
                if (isWhole(answers)) {
                    return Arrays.stream(answers)
                            .<ReadAnswer<?>>map(Objects::requireNonNull)
                            .toList();
                }
                pause(deadline);
            } while (!deadline.isOver());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReadsUnavailableException("interrupted", RETRY_AFTER);
        }
        LOG.warn("A read was not answered within {} ms: {}", within.toMillis(), reason);
        throw new ReadsUnavailableException(String.valueOf(reason), RETRY_AFTER);
    }

    /// @return why reads are still open
    private @Nullable String attempt(
            ViewCopy copy, List<? extends Read<?>> reads, @Nullable ReadAnswer<?>[] answers, Deadline deadline)
            throws InterruptedException {
        List<Integer> open = open(answers);
        Attempt attempt = owners.attempt(copy, open.stream().map(reads::get).toList(), deadline);
        for (int i = 0; i < open.size(); i++) {
            answers[open.get(i)] = attempt.answers().get(i);
        }
        return attempt.reason();
    }

    private @Nullable String attempt(
            URI peer, List<? extends Read<?>> reads, @Nullable ReadAnswer<?>[] answers, Deadline deadline)
            throws InterruptedException {
        List<Integer> open = open(answers);
        try {
            List<ReadAnswer<?>> theirs =
                    remote.ofPeer(peer, open.stream().map(reads::get).toList(), deadline);
            for (int i = 0; i < open.size(); i++) {
                answers[open.get(i)] = theirs.get(i);
            }
            return null;
        } catch (UnansweredException e) {
            return e.getMessage();
        }
    }

    private static List<Integer> open(@Nullable ReadAnswer<?>[] answers) {
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < answers.length; i++) {
            if (answers[i] == null) {
                open.add(i);
            }
        }
        return open;
    }

    private static boolean isWhole(@Nullable ReadAnswer<?>[] answers) {
        return Arrays.stream(answers).allMatch(Objects::nonNull);
    }

    private static void pause(Deadline deadline) throws InterruptedException {
        long pauseMillis = ThreadLocalRandom.current().nextLong(PAUSE_MILLIS_MIN, PAUSE_MILLIS_MAX);
        Thread.sleep(Math.min(pauseMillis, deadline.left().toMillis()));
    }
}
