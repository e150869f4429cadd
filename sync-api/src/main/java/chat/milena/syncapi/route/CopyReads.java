package chat.milena.syncapi.route;

import chat.milena.syncapi.barrier.Deadline;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.view.ViewCopy;
import chat.milena.syncapi.view.ViewCopy.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/// Answers reads from one copy of the views: local ones from the stores, the others by the instances that own
/// them, all at the same time. One attempt: failed reads stay unanswered. Safe for all threads; waits.
final class CopyReads {
    private final LocalReads local;
    private final RemoteReads remote;
    private final Supplier<HostInfo> self;
    private final ExecutorService threads;

    /// @param self this instance's address
    /// @param threads virtual ones
    CopyReads(LocalReads local, RemoteReads remote, Supplier<HostInfo> self, ExecutorService threads) {
        this.local = local;
        this.remote = remote;
        this.self = self;
        this.threads = threads;
    }

    /// The result of an attempt.
    ///
    /// @param answers in the order of the reads; null if unanswered
    /// @param reason of the last unanswered one
    record Attempt(
            List<@Nullable ReadAnswer<?>> answers, @Nullable String reason) {}

    /// Where one group of reads is answered.
    private sealed interface Where {}

    private record Here(Task task) implements Where {}

    private record There(HostInfo owner) implements Where {}

    private record Nowhere() implements Where {}

    /// Answers one group.
    @FunctionalInterface
    private interface Ask {
        List<ReadAnswer<?>> ask(List<? extends Read<?>> group) throws UnansweredException, InterruptedException;
    }

    /// Sends each part to its owner.
    Attempt attempt(ViewCopy copy, List<? extends Read<?>> reads, Deadline deadline) throws InterruptedException {
        // Once a task: a sync reads hundreds of conversations of few tasks.
        Map<Task, Where> places = new HashMap<>();
        Function<Read<?>, Where> placeOf =
                read -> places.computeIfAbsent(local.taskOf(read), task -> where(copy, task));
        return gather(reads, groups(reads, placeOf), where -> switch (where) {
            case Here(var task) -> group -> local.answer(copy, task, group, deadline);
            case There(var owner) -> group -> remote.ofOwner(owner, copy.viewName(), group, deadline);
            case Nowhere() ->
                group -> {
                    throw new UnansweredException("the partition has no owner now");
                };
        });
    }

    /// Reads only this instance: another one has found that it owns the partitions.
    Attempt attemptHere(ViewCopy copy, List<? extends Read<?>> reads, Deadline deadline) throws InterruptedException {
        return gather(reads, groups(reads, local::taskOf), task -> group -> local.answer(copy, task, group, deadline));
    }

    private Where where(ViewCopy copy, Task task) {
        Optional<HostInfo> owner = copy.owner(task);
        if (owner.isEmpty()) {
            return new Nowhere();
        }
        return owner.get().equals(self.get()) ? new Here(task) : new There(owner.get());
    }

    private static <G> Map<G, List<Integer>> groups(List<? extends Read<?>> reads, Function<Read<?>, G> groupOf) {
        Map<G, List<Integer>> groups = new LinkedHashMap<>();
        for (int i = 0; i < reads.size(); i++) {
            groups.computeIfAbsent(groupOf.apply(reads.get(i)), group -> new ArrayList<>())
                    .add(i);
        }
        return groups;
    }

    private <G> Attempt gather(List<? extends Read<?>> reads, Map<G, List<Integer>> groups, Function<G, Ask> askOf)
            throws InterruptedException {
        @Nullable ReadAnswer<?>[] answers = new ReadAnswer<?>[reads.size()];
        Map<List<Integer>, Future<List<ReadAnswer<?>>>> asked = new LinkedHashMap<>();
        String reason = null;
        try {
            for (Map.Entry<G, List<Integer>> group : groups.entrySet()) {
                List<? extends Read<?>> own =
                        group.getValue().stream().map(reads::get).toList();
                Ask ask = askOf.apply(group.getKey());
                if (groups.size() == 1) {
                    fill(answers, group.getValue(), ask.ask(own));
                } else {
                    asked.put(group.getValue(), threads.submit(() -> ask.ask(own)));
                }
            }
        } catch (UnansweredException e) {
            reason = e.getMessage();
        }
        for (Map.Entry<List<Integer>, Future<List<ReadAnswer<?>>>> group : asked.entrySet()) {
            try {
                fill(answers, group.getKey(), group.getValue().get());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnansweredException)) {
                    throw new IllegalStateException("Reading failed", e.getCause());
                }
                reason = e.getCause().getMessage();
            }
        }
        return new Attempt(Arrays.asList(answers), reason);
    }

    private static void fill(@Nullable ReadAnswer<?>[] answers, List<Integer> places, List<ReadAnswer<?>> own) {
        for (int i = 0; i < places.size(); i++) {
            answers[places.get(i)] = own.get(i);
        }
    }
}
