package chat.milena.bench.reads;

import chat.milena.bench.call.RestClient;
import chat.milena.bench.client.ChatClient;
import chat.milena.bench.client.ClientOptions;
import chat.milena.bench.client.Connection;
import chat.milena.bench.client.Futures;
import chat.milena.bench.report.MachineUse;
import chat.milena.bench.report.Progress;
import chat.milena.bench.report.Table;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Fills one conversation with messages, for later reads.
///
/// One user sends over several connections and a second one never connects, so that each message costs as few
/// deliveries as possible. Both have the same names in every run: an interrupted fill continues in the same
/// conversation, by its id.
public final class Fill {
    public static final String USER = "fill";
    public static final String READER = "fill-reader";
    private static final Duration FIRST_PATIENCE = Duration.ofSeconds(5);
    private static final Duration RESEND_AFTER = Duration.ofSeconds(20);
    private static final long POLL_MILLIS = 1000;

    private Fill() {}

    public static FillResult run(FillSettings settings, Clock clock, Progress progress) throws InterruptedException {
        RestClient.requireServer(settings.server(), FIRST_PATIENCE);
        ClientOptions options = ClientOptions.of(settings.server())
                .withInFlightMax(settings.window())
                .withReconnect(true, settings.giveUpAfter())
                .withRetryRefusedFor(settings.giveUpAfter())
                .withResendAfter(RESEND_AFTER);
        String given = settings.conversationId();
        try (ChatClient client = new ChatClient(options, settings.tokens(), clock);
                RestClient rest = new RestClient(settings.server(), settings.tokens(), settings.giveUpAfter())) {
            String conversationId = given == null ? rest.createGroup(USER, settings.name(), List.of(READER)) : given;
            progress.print("filling " + conversationId);
            // Number 1 is the creation of the conversation.
            long there = given == null ? 0 : ConversationEnd.of(rest, USER, given) - 1;
            long wanted = Math.max(0, settings.messages() - there);
            Filler filler = new Filler(wanted, settings.payloadBytes(), settings.giveUpAfter());
            List<Connection> connections = connect(client, filler, settings.connections());
            MachineUse.Reading reading = MachineUse.start(null);
            long startNanos = System.nanoTime();
            send(filler, connections, conversationId, wanted, progress);
            double seconds = Math.max(1e-9, (System.nanoTime() - startNanos) / 1e9);
            MachineUse machine = reading.untilNow();
            filler.end();
            progress.end();
            return new FillResult(
                    conversationId,
                    USER,
                    READER,
                    wanted,
                    filler.acked(),
                    seconds,
                    filler.acked() / seconds,
                    filler.firstNumber(),
                    filler.lastNumber(),
                    filler.ack(),
                    machine,
                    filler.stopped(),
                    filler.notices().counts());
        }
    }

    private static List<Connection> connect(ChatClient client, Filler filler, int count) throws InterruptedException {
        List<CompletableFuture<Connection>> opening = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            opening.add(client.connect(USER, "fill-" + i, filler));
        }
        List<Connection> connections = new ArrayList<>();
        Duration patience = client.options().recovery().giveUpAfter().plusSeconds(10);
        for (CompletableFuture<Connection> one : opening) {
            connections.add(Futures.await(one, patience, "cannot connect"));
        }
        return connections;
    }

    private static void send(
            Filler filler, List<Connection> connections, String conversationId, long wanted, Progress progress) {
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> sending = new ArrayList<>();
            for (Connection connection : connections) {
                sending.add(senders.submit(() -> {
                    filler.send(connection, conversationId);
                    return null;
                }));
            }
            try {
                long before = filler.acked();
                while (!sending.stream().allMatch(Future::isDone)) {
                    waitFor(sending);
                    long acked = filler.acked();
                    progress.print("acked " + Table.count(acked) + " of " + Table.count(wanted) + ", "
                            + Table.count((acked - before) * 1000 / POLL_MILLIS) + "/s");
                    before = acked;
                }
                for (Future<?> one : sending) {
                    one.get();
                }
            } catch (InterruptedException e) {
                filler.stop("interrupted");
                senders.shutdownNow();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    /// Until the next line of progress, or until the first sending thread has ended.
    private static void waitFor(List<Future<?>> sending) throws InterruptedException, ExecutionException {
        for (Future<?> one : sending) {
            if (!one.isDone()) {
                try {
                    one.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    // It is time for the next line.
                }
                return;
            }
        }
    }
}
