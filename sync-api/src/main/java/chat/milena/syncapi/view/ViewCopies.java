package chat.milena.syncapi.view;

import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.Readiness;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The versions of the views of this instance: one that serves and, during a rebuild, one more.
///
/// ```text
///   serving v1 ──begin──▶ serving v1, building v2 ──switch──▶ serving v2, retiring v1 ──retire──▶ serving v2
/// ```
///
/// Reads are answered throughout, and by both versions while there are two: instances need not switch at the same
/// moment. The number of the serving version is kept on disk. Safe for all threads; steps of a rebuild run one at
/// a time.
public final class ViewCopies implements Component {
    private static final Logger LOG = LoggerFactory.getLogger(ViewCopies.class);
    private static final int FIRST_VERSION = 1;

    private final String copy;
    private final Path versionFile;
    private final Function<ViewName, ViewCopy> maker;
    private final Predicate<ViewName> forgetGroup;
    private final Readiness readiness;
    private volatile @Nullable ViewCopy serving;
    private volatile @Nullable ViewCopy beside;

    /// A step that is not possible in the present state of the views; the message is for the operator.
    public static final class WrongStateException extends Exception {
        private static final long serialVersionUID = 1L;

        WrongStateException(String message) {
            super(message);
        }
    }

    /// @param copy the name of this instance's copy
    /// @param folder where the version is kept
    /// @param maker makes a version, not started
    /// @param forgetGroup deletes the group of a retired version at the brokers, if it has no members any longer
    /// @param readiness set by the versions, each under its own name
    public ViewCopies(
            String copy,
            Path folder,
            Function<ViewName, ViewCopy> maker,
            Predicate<ViewName> forgetGroup,
            Readiness readiness) {
        this.copy = copy;
        this.versionFile = folder.resolve("views-" + copy + ".version");
        this.maker = maker;
        this.forgetGroup = forgetGroup;
        this.readiness = readiness;
    }

    @Override
    public String name() {
        return "views";
    }

    /// Starts the version that served last.
    @Override
    public synchronized void start() throws IOException, InterruptedException, TimeoutException {
        ViewCopy first = maker.apply(new ViewName(copy, version()));
        first.start();
        serving = first;
    }

    @Override
    public synchronized void stop(Duration within) {
        running().forEach(version -> version.stop(within.dividedBy(2)));
        serving = null;
        beside = null;
    }

    /// The serving version; empty before the start and after the stop.
    public Optional<ViewCopy> serving() {
        return Optional.ofNullable(serving);
    }

    /// The version of this name, if this instance has it.
    public Optional<ViewCopy> named(ViewName name) {
        return running().stream()
                .filter(version -> version.viewName().equals(name))
                .findFirst();
    }

    /// All versions that this instance has, the serving one first.
    public List<ViewCopy> running() {
        ViewCopy first = serving;
        ViewCopy second = beside;
        return first == null ? List.of() : second == null ? List.of(first) : List.of(first, second);
    }

    /// Starts to build the next version; returns when this instance's part is being filled.
    public synchronized ViewName begin() throws WrongStateException, InterruptedException, TimeoutException {
        ViewCopy now = started();
        if (beside != null) {
            throw new WrongStateException("a rebuild is in progress: " + beside.name() + " is beside " + now.name());
        }
        ViewCopy next = maker.apply(now.viewName().next());
        // The rest of an earlier attempt would not be a rebuild.
        next.delete();
        next.start();
        beside = next;
        LOG.info("{} is being built beside {}", next.name(), now.name());
        return next.viewName();
    }

    /// Serves from the version that was built. The caller has seen that its lag is zero.
    public synchronized void switchOver(ViewName to) throws WrongStateException, IOException {
        ViewCopy now = started();
        ViewCopy next = beside;
        if (next == null
                || !next.viewName().equals(to)
                || to.version() <= now.viewName().version()) {
            throw new WrongStateException(to.application() + " is not being built here");
        }
        write(to.version());
        serving = next;
        beside = now;
        LOG.info("{} serves, no longer {}", next.name(), now.name());
    }

    /// Stops and deletes the version that is not serving: the previous one after a switch, the next one before it.
    public synchronized void retire(Duration within) throws WrongStateException {
        started();
        ViewCopy gone = beside;
        if (gone == null) {
            throw new WrongStateException("there is only one version");
        }
        beside = null;
        gone.stop(within);
        gone.delete();
        readiness.forget(gone.name());
        boolean forgotten = forgetGroup.test(gone.viewName());
        LOG.info("{} is gone{}", gone.name(), forgotten ? "" : "; the brokers still have its group");
    }

    private ViewCopy started() throws WrongStateException {
        ViewCopy now = serving;
        if (now == null) {
            throw new WrongStateException("the views are not started");
        }
        return now;
    }

    private int version() throws IOException {
        try {
            return Integer.parseInt(
                    Files.readString(versionFile, StandardCharsets.US_ASCII).strip());
        } catch (NoSuchFileException e) {
            return FIRST_VERSION;
        } catch (NumberFormatException e) {
            throw new IOException(versionFile + " does not hold a version's number", e);
        }
    }

    private void write(int version) throws IOException {
        Files.createDirectories(versionFile.getParent());
        Path written = versionFile.resolveSibling(versionFile.getFileName() + ".new");
        Files.writeString(written, version + "\n", StandardCharsets.US_ASCII);
        try {
            Files.move(written, versionFile, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(written, versionFile, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
