package chat.milena.syncapi;

import chat.milena.syncapi.ViewsClient.RefusedException;
import chat.milena.syncapi.ViewsClient.Status;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A rebuild of all instances of one copy of the views: the next version is built beside the serving one, and
/// serves once it has caught up everywhere. Stateless: an interrupted rebuild can be resumed.
public final class ViewsRebuild {
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    /// A lag this small is what arrives between two checks; a read waits for it at the barrier.
    private static final long CAUGHT_UP = 1_000;

    private final List<ViewsClient> instances;
    private final PrintStream out;

    /// @param instances all of the copy
    /// @param out where progress is printed
    public ViewsRebuild(List<ViewsClient> instances, PrintStream out) {
        this.instances = List.copyOf(instances);
        this.out = out;
    }

    /// Returns when the new version serves and the old one is gone.
    public void run() throws IOException, RefusedException, InterruptedException {
        long began = System.nanoTime();
        for (ViewsClient instance : instances) {
            if (instance.status().versions().size() == 1) {
                instance.step("begin");
            }
        }
        awaitCaughtUp(began);
        for (ViewsClient instance : instances) {
            instance.step("switch");
        }
        for (ViewsClient instance : instances) {
            instance.step("retire");
        }
        String views = instances.getFirst().status().versions().getFirst().views();
        out.printf(Locale.ROOT, "%s serves after %.1f s%n", views, seconds(began));
        out.flush();
    }

    private void awaitCaughtUp(long began) throws IOException, RefusedException, InterruptedException {
        while (true) {
            List<Status> all = new ArrayList<>();
            for (ViewsClient instance : instances) {
                all.add(instance.status());
            }
            int serving = all.stream()
                    .mapToInt(status -> status.versions().getFirst().partitions())
                    .sum();
            int built = all.stream()
                    .mapToInt(status -> status.versions().getLast().partitions())
                    .sum();
            long lag = all.stream()
                    .mapToLong(status -> status.versions().getLast().lag())
                    .sum();
            boolean known =
                    all.stream().allMatch(status -> status.versions().getLast().lag() >= 0);
            out.printf(
                    Locale.ROOT,
                    "%.1f s: %s, %d of %d partitions, %s%n",
                    seconds(began),
                    all.getFirst().versions().getLast().views(),
                    built,
                    serving,
                    known ? lag + " behind" : "starting");
            out.flush();
            if (known && built == serving && lag <= CAUGHT_UP) {
                return;
            }
            Thread.sleep(LOOK_EVERY);
        }
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
    }
}
