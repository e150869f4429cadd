package chat.milena.bench.reads;

import chat.milena.bench.answer.ReadClient;
import chat.milena.bench.answer.ReadCounts;
import chat.milena.bench.call.RestClient;
import chat.milena.bench.check.Examples;
import chat.milena.bench.client.ChatClient;
import chat.milena.bench.client.ClientOptions;
import chat.milena.bench.client.Connection;
import chat.milena.bench.client.Futures;
import chat.milena.bench.report.Latencies;
import chat.milena.bench.report.MachineUse;
import chat.milena.bench.report.Notices;
import chat.milena.bench.report.Progress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Measures how long a client that was away takes to receive all missed messages.
///
/// One member of a group sends while the other is away. The other then syncs over a new connection of its own
/// until there is no more, and its entries are compared with every ack. Used once, by one thread.
public final class Return {
    private static final Duration FIRST_PATIENCE = Duration.ofSeconds(5);
    private static final Duration CALL_PATIENCE = Duration.ofSeconds(5);

    private final ReturnSettings settings;
    private final String speakerId;
    private final String returnerId;
    private final String conversationId;
    private final Latencies complete = new Latencies();
    private final Latencies first = new Latencies();
    private final Examples examples = new Examples();
    private ReadCounts counts = ReadCounts.NONE;
    private long last;
    private int returned;
    private long misses;
    private long wrong;
    private long requests;

    private Return(ReturnSettings settings, String run, String conversationId) {
        this.settings = settings;
        this.speakerId = speaker(run);
        this.returnerId = returner(run);
        this.conversationId = conversationId;
    }

    public static ReturnResult run(ReturnSettings settings, Clock clock, Progress progress)
            throws InterruptedException {
        RestClient.requireServer(settings.server(), FIRST_PATIENCE);
        ClientOptions options = ClientOptions.of(settings.server())
                .withInFlightMax(settings.window())
                .withReconnect(true, settings.patience())
                .withRetryRefusedFor(settings.patience());
        String run = UUID.randomUUID().toString().substring(0, 8);
        Notices notices = new Notices();
        try (ChatClient client = new ChatClient(options, settings.tokens(), clock);
                RestClient rest = new RestClient(settings.server(), settings.tokens(), settings.patience())) {
            String conversationId = rest.createGroup(speaker(run), "return-" + run, List.of(returner(run)));
            Speaker speaker = new Speaker(conversationId, settings.payloadBytes(), settings.patience(), notices);
            Return returns = new Return(settings, run, conversationId);
            Connection connection = Futures.await(
                    client.connect(returns.speakerId, "return", speaker),
                    settings.patience(),
                    "cannot connect to " + settings.server());
            MachineUse.Reading reading = MachineUse.start(null);
            for (int i = 1; i <= settings.times(); i++) {
                progress.print("away " + i + " of " + settings.times());
                returns.comeBack(speaker.say(connection, settings.missed()));
            }
            progress.end();
            return returns.result(reading.untilNow(), notices);
        }
    }

    private static String speaker(String run) {
        return "return-" + run + "-speaker";
    }

    private static String returner(String run) {
        return "return-" + run;
    }

    private void comeBack(Map<Long, String> acked) throws InterruptedException {
        try (ReadClient reads =
                new ReadClient(settings.origins(), settings.tokens(), 1, 1, CALL_PATIENCE, settings.patience())) {
            CatchUp catchUp = new CatchUp(reads, returnerId, conversationId, last, settings.limit());
            long startNanos = System.nanoTime();
            Optional<String> fault = catchUp.run();
            long nanos = System.nanoTime() - startNanos;
            requests += catchUp.requests();
            last = catchUp.last();
            counts = counts.plus(reads.counts());
            long missing = acked.entrySet().stream()
                    .filter(one -> !one.getValue().equals(catchUp.messages().get(one.getKey())))
                    .count();
            misses += missing;
            if (fault.isPresent()) {
                wrong++;
                example(fault.get());
            }
            if (missing > 0) {
                example(missing + " of " + acked.size() + " acked messages were not there up to " + last);
            }
            if (fault.isEmpty() && missing == 0) {
                returned++;
                complete.record(nanos);
                first.record(catchUp.firstNanos());
            }
        }
    }

    private void example(String text) {
        examples.add(conversationId + ": " + text);
    }

    private ReturnResult result(MachineUse machine, Notices notices) {
        return new ReturnResult(
                settings.missed(),
                settings.times(),
                returned,
                misses,
                wrong,
                requests,
                complete.summary(),
                first.summary(),
                counts,
                machine,
                examples.list(),
                notices.counts());
    }
}
