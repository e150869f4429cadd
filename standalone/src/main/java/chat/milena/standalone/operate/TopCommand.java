package chat.milena.standalone.operate;

import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.limit.WholeAnswer;
import chat.milena.standalone.CommandContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `top`: shows rates, lags and latencies of running processes, from their `/metrics`.
@Command(
        name = "top",
        mixinStandardHelpOptions = true,
        description = "Shows rates, lags and latencies of running processes every few seconds, until Ctrl-C.")
public final class TopCommand implements Callable<Integer> {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
    private static final int PAGE_BYTES_MAX = 16 << 20;
    private static final double NANOS = 1e9;
    private static final int OK = 200;
    private static final int FAILED = 1;

    private final CommandContext context;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The operators' listener of a process; once for each (default: http://127.0.0.1:8090).")
    private List<URI> urls = List.of(URI.create("http://127.0.0.1:8090"));

    @Option(
            names = "--every",
            paramLabel = "DURATION",
            defaultValue = "2s",
            description = "From one display to the next, 100ms to 1m (default: 2s).")
    private String every = "2s";

    @Option(names = "--count", paramLabel = "COUNT", defaultValue = "0", description = "How many (default: no end).")
    private int count;

    public TopCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InvalidSettingsException, InterruptedException {
        Settings options = Settings.ofOptions(Map.of("--every", every));
        Duration interval =
                options.duration("--every", Duration.ofSeconds(2), Duration.ofMillis(100), Duration.ofMinutes(1));
        for (URI url : urls) {
            if (url.getHost() == null || !List.of("http", "https").contains(url.getScheme())) {
                options.refuse("--url must be an http or https URL");
            }
        }
        options.check();
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(ANSWER_WITHIN)
                .build()) {
            return show(http, interval);
        }
    }

    private int show(HttpClient http, Duration interval) throws InterruptedException {
        Pages before = pages(http);
        for (int shown = 0; count == 0 || shown < count; shown++) {
            TimeUnit.NANOSECONDS.sleep(interval.toNanos());
            Pages now = pages(http);
            say("");
            say(context.clock().instant().truncatedTo(ChronoUnit.SECONDS) + "  " + now.answered() + " of " + urls.size()
                    + " processes");
            now.faults().forEach(this::say);
            if (now.answered() > 0) {
                TopView.of(before.sum(), now.sum(), (now.nanos() - before.nanos()) / NANOS)
                        .lines()
                        .forEach(this::say);
            }
            before = now;
        }
        return before.answered() > 0 ? 0 : FAILED;
    }

    /// The pages of all processes at one time.
    ///
    /// @param faults of those that did not answer
    private record Pages(MetricsPage sum, int answered, List<String> faults, long nanos) {}

    private Pages pages(HttpClient http) throws InterruptedException {
        MetricsPage sum = new MetricsPage(Map.of());
        List<String> faults = new ArrayList<>();
        for (URI url : urls) {
            try {
                HttpResponse<byte[]> answer = WholeAnswer.of(
                        http, HttpRequest.newBuilder(url.resolve("/metrics")).build(), ANSWER_WITHIN, PAGE_BYTES_MAX);
                if (answer.statusCode() == OK) {
                    sum = sum.plus(MetricsPage.parse(new String(answer.body(), StandardCharsets.UTF_8)));
                } else {
                    faults.add(url + " returned status " + answer.statusCode());
                }
            } catch (IOException e) {
                faults.add(url + " does not answer: " + e.getClass().getSimpleName());
            }
        }
        return new Pages(sum, urls.size() - faults.size(), faults, System.nanoTime());
    }

    private void say(String line) {
        context.out().println(line);
        context.out().flush();
    }
}
