package chat.milena.bench.reads;

import chat.milena.bench.answer.PagePosition;
import chat.milena.bench.answer.ReadClient;
import chat.milena.bench.call.RestClient;
import chat.milena.bench.check.Examples;
import chat.milena.bench.load.RatePlan;
import chat.milena.bench.report.Progress;
import chat.milena.bench.report.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/// Reads pages of one conversation, position after position: first in a closed loop, then at rates.
public final class History {
    private static final Duration FIRST_PATIENCE = Duration.ofSeconds(5);
    private static final Duration REST_PATIENCE = Duration.ofSeconds(30);
    private static final int HALVINGS = 3;

    private History() {}

    public static HistoryResult run(HistorySettings settings, Progress progress) throws InterruptedException {
        RestClient.requireServer(settings.server(), FIRST_PATIENCE);
        long lastSequence;
        try (RestClient rest = new RestClient(settings.server(), settings.tokens(), REST_PATIENCE)) {
            lastSequence = ConversationEnd.of(rest, settings.userId(), settings.conversationId());
        }
        List<HistoryResult.AtPosition> positions = new ArrayList<>();
        Examples examples = new Examples();
        // As many connections as readers in all, spread over the instances.
        int each = Math.ceilDiv(settings.readers(), settings.origins().size());
        try (ReadClient reads = new ReadClient(
                settings.origins(),
                settings.tokens(),
                each,
                settings.eventLoopThreads(),
                settings.callPatience(),
                settings.callPatience())) {
            for (PagePosition at : settings.positions()) {
                PageLoad load = new PageLoad(reads, settings, at, lastSequence, examples);
                positions.add(read(load, settings, at, progress));
            }
        }
        progress.end();
        return new HistoryResult(
                settings.conversationId(),
                lastSequence,
                settings.readers(),
                settings.limit(),
                settings.seed(),
                positions,
                examples.list());
    }

    private static HistoryResult.AtPosition read(
            PageLoad load, HistorySettings settings, PagePosition at, Progress progress) throws InterruptedException {
        String where = at.name().toLowerCase(Locale.ROOT);
        progress.print(where + ": " + settings.readers() + " readers");
        ReadStep closed = load.closed(settings.warmup(), settings.duration());
        List<ReadStep> steps = new ArrayList<>();
        List<RatePlan.Step> outcomes = new ArrayList<>();
        for (RatePlan plan : plans(settings, closed)) {
            List<RatePlan.Step> done = new ArrayList<>();
            for (OptionalDouble rate = plan.next(done); rate.isPresent(); rate = plan.next(done)) {
                progress.print(where + " at " + Table.decimal(rate.getAsDouble(), 0) + "/s");
                ReadStep step = load.rated(rate.getAsDouble(), settings.settle(), settings.duration());
                steps.add(step);
                done.add(new RatePlan.Step(step.rate(), step.holds(settings.bound())));
            }
            outcomes.addAll(done);
        }
        return new HistoryResult.AtPosition(at, closed, steps, RatePlan.held(outcomes));
    }

    private static List<RatePlan> plans(HistorySettings settings, ReadStep closed) {
        List<RatePlan> plans = new ArrayList<>();
        if (!settings.rates().isEmpty()) {
            plans.add(new RatePlan.Fixed(settings.rates()));
        }
        Double from = settings.searchFrom();
        if (settings.search()) {
            plans.add(new RatePlan.FindMax(
                    from == null ? Math.max(1, Math.rint(closed.perSecond() / 2)) : from, HALVINGS));
        }
        return plans;
    }
}
