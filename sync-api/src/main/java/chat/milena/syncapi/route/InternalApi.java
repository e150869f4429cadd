package chat.milena.syncapi.route;

import chat.milena.runtime.http.HttpAnswer;
import chat.milena.syncapi.barrier.Deadline;
import chat.milena.syncapi.read.Read;
import chat.milena.syncapi.read.ReadAnswer;
import chat.milena.syncapi.read.ReadsUnavailableException;
import chat.milena.syncapi.route.CopyReads.Attempt;
import chat.milena.syncapi.view.ViewCopies;
import chat.milena.syncapi.view.ViewCopy;
import chat.milena.syncapi.view.ViewName;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Calls between instances, on a listener of its own that clients do not reach: reads of users who were
/// authenticated where their call came in, and the steps of a rebuild.
///
/// | call | what |
/// | --- | --- |
/// | `POST /internal/v1/reads` with `X-Milena-Views` | reads that this instance owns in that version: 200, else 409 |
/// | `POST /internal/v1/reads` without | reads of any owner in this instance's copy: 200, or 503 |
/// | `GET /internal/v1/views` | the versions here, and their progress |
/// | `POST /internal/v1/views/begin`, `/switch`, `/retire` | the steps of a rebuild: 200, or 409 in the wrong state |
public final class InternalApi implements InternalGate.Calls {
    /// The beginning of all paths.
    public static final String PREFIX = "/internal/v1";

    static final String READS = PREFIX + "/reads";
    static final String VIEWS = "X-Milena-Views";
    static final String LEFT_MILLIS = "X-Milena-Left-Millis";

    private static final String REBUILD = PREFIX + "/views";

    /// The paths that it answers.
    static final List<String> PATHS = Stream.concat(
                    Stream.of(READS, REBUILD), RebuildSteps.NAMES.stream().map(step -> REBUILD + "/" + step))
            .toList();

    private final ViewCopies copies;
    private final CopyReads owners;
    private final RoutedReads routed;
    private final RebuildSteps rebuild;
    private final Duration within;

    /// @param within maximum time of a read, whatever the caller requests
    InternalApi(ViewCopies copies, CopyReads owners, RoutedReads routed, RebuildSteps rebuild, Duration within) {
        this.copies = copies;
        this.owners = owners;
        this.routed = routed;
        this.rebuild = rebuild;
        this.within = within;
    }

    @Override
    public HttpAnswer answer(HttpServerExchange exchange, byte[] body) throws InterruptedException {
        HttpString method = exchange.getRequestMethod();
        String path = exchange.getRequestPath();
        if (path.equals(READS) && method.equals(Methods.POST)) {
            return reads(exchange, body);
        }
        if (path.equals(REBUILD) && method.equals(Methods.GET)) {
            return rebuild.status();
        }
        if (path.startsWith(REBUILD + "/") && method.equals(Methods.POST)) {
            return rebuild.step(path.substring(REBUILD.length() + 1));
        }
        return InternalGate.status(StatusCodes.NOT_FOUND);
    }

    private HttpAnswer reads(HttpServerExchange exchange, byte[] body) throws InterruptedException {
        List<Read<?>> reads;
        Optional<ViewCopy> asked;
        String views = exchange.getRequestHeaders().getFirst(VIEWS);
        Deadline deadline;
        try {
            reads = ReadCodec.readReads(body);
            asked = views == null ? Optional.empty() : copies.named(ViewName.parse(views));
            deadline = deadline(exchange.getRequestHeaders().getFirst(LEFT_MILLIS));
        } catch (IOException | IllegalArgumentException e) {
            return InternalGate.status(StatusCodes.BAD_REQUEST);
        }
        if (views == null) {
            try {
                return HttpAnswer.of(StatusCodes.OK, ReadCodec.writeAnswers(routed.askThisCopy(reads, deadline)));
            } catch (ReadsUnavailableException e) {
                return InternalGate.status(StatusCodes.SERVICE_UNAVAILABLE);
            }
        }
        if (asked.isEmpty()) {
            return InternalGate.status(StatusCodes.CONFLICT);
        }
        Attempt attempt = owners.attemptHere(asked.get(), reads, deadline);
        if (attempt.answers().contains(null)) {
            return InternalGate.status(StatusCodes.CONFLICT);
        }
        List<ReadAnswer<?>> answers = new ArrayList<>();
        attempt.answers().forEach(answer -> answers.add(Objects.requireNonNull(answer)));
        return HttpAnswer.of(StatusCodes.OK, ReadCodec.writeAnswers(answers));
    }

    private Deadline deadline(@Nullable String leftMillis) {
        Duration left = leftMillis == null ? within : Duration.ofMillis(Long.parseLong(leftMillis));
        return Deadline.in(left.compareTo(within) < 0 ? left : within);
    }
}
