package chat.milena.standalone.service;

import chat.milena.runtime.config.InvalidSettingsException;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.http.HttpFront;
import chat.milena.runtime.http.OperatorListener;
import chat.milena.runtime.kafka.BrokersWatch;
import chat.milena.runtime.kafka.TopicAccess;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.FolderSize;
import chat.milena.runtime.lifecycle.ForegroundRun;
import chat.milena.runtime.lifecycle.HostProcess;
import chat.milena.runtime.lifecycle.Metrics;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.runtime.lifecycle.StartException;
import chat.milena.runtime.lifecycle.StopSignal;
import chat.milena.runtime.lifecycle.Traces;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.standalone.CommandContext;
import chat.milena.standalone.up.DataFolderException;
import chat.milena.standalone.up.Exposure;
import chat.milena.standalone.up.UpOptions;
import chat.milena.topology.TopicsReady;
import io.micrometer.core.instrument.binder.system.DiskSpaceMetrics;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One service as a process of its own: what every such process has, from its settings to its stop. Used once.
///
/// ```text
/// [listener for clients] ─▶ listener for operators ─▶ keys of tokens ─▶ schemas ─▶ topics ─▶ brokers ─▶ the service
/// ```
final class ServiceProcess {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceProcess.class);
    private static final Duration NOTICE = Duration.ofSeconds(5);

    final Settings options;
    final Settings environment;
    final Installation installation;
    private final Readiness readiness = new Readiness();
    private final Metrics metrics = new Metrics();
    private final StopSignal stop = new StopSignal();
    private final CommandContext context;
    private final String name;
    private @Nullable OperatorListener operators;
    private Duration notice = Duration.ZERO;
    private List<TopicSpec<?, ?>> reads = List.of();

    /// Reads the settings that all services have; errors are noted there.
    ServiceProcess(String name, CommandContext context, Settings options) throws DataFolderException {
        this.name = name;
        this.context = context;
        this.options = options;
        this.environment = context.settings();
        this.installation = Installation.of(environment, ServiceOptions.data(options), context.clock());
    }

    /// Ends the reading of settings, for a service with clients. Before the stop its proxies notice that it leaves.
    void check(int port, InetAddress bind) throws InvalidSettingsException {
        notice = environment.duration("MILENA_DRAIN_NOTICE", NOTICE, Duration.ZERO, Duration.ofMinutes(5));
        check(port);
        Exposure.warning(bind, environment.has("MILENA_ORIGINS")).ifPresent(LOG::warn);
    }

    /// Ends the reading of settings, for a service without clients.
    void check() throws InvalidSettingsException {
        check(0);
    }

    private void check(int port) throws InvalidSettingsException {
        operators = new OperatorListener(
                environment.text("MILENA_OPERATOR_BIND", "127.0.0.1"),
                UpOptions.operatorPort(environment, port),
                readiness,
                metrics::scrape,
                installation.schemas().calls(installation.topics()));
        Settings.checkRead(options, environment);
        environment.unknown().forEach(unknown -> LOG.warn("{} is set but means nothing", unknown));
    }

    /// Reads where its state is, and measures that disk.
    ///
    /// @param usual the folder without a setting
    Path state(String usual) {
        Path folder = ServiceOptions.state(options, environment, usual);
        new DiskSpaceMetrics(folder.toFile()).bindTo(metrics.registry());
        FolderSize.bind(usual, folder, metrics.registry());
        return folder;
    }

    /// What it offers to its service.
    HostProcess host() {
        return new HostProcess(readiness, metrics.registry(), context.clock(), stop::fail);
    }

    /// Checks that the topics are as the service needs them.
    TopicsReady checked(TopicAccess access) {
        reads = installation.topics().all().stream()
                .filter(topic -> access.reads().contains(topic.name()))
                .toList();
        return TopicsReady.checking(installation.topics(), installation.clients(), access);
    }

    /// Runs until a stop is requested.
    ///
    /// @param front the listener for clients; null without one
    /// @param service started once the topics are ready
    /// @return the exit code
    int run(@Nullable HttpFront front, TopicsReady topics, List<Component> service)
            throws StartException, InterruptedException {
        OperatorListener listener = Objects.requireNonNull(operators, "the settings are checked first");
        List<Component> components = new ArrayList<>();
        Traces traces = installation.clients().traces();
        if (traces != null) {
            components.add(traces);
        }
        if (front != null) {
            components.add(front);
        }
        components.add(listener);
        components.add(installation.tokens().keys());
        components.addAll(installation.schemas().components());
        components.add(topics);
        components.add(installation.schemas().check(reads, installation.clients()));
        components.add(new BrokersWatch(installation.clients(), readiness));
        components.addAll(service);
        return new ForegroundRun(components, readiness, stop, notice)
                .run(() -> context.say(where(front, listener)), () -> context.say(name + " stops"));
    }

    private String where(@Nullable HttpFront front, OperatorListener listener) {
        String clients = front == null ? "" : String.format(Locale.ROOT, " on port %d", front.port());
        return String.format(Locale.ROOT, "%s%s, operators on port %d", name, clients, listener.port());
    }
}
