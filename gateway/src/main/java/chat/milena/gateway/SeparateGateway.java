package chat.milena.gateway;

import chat.milena.gateway.GatewayService.Dependencies;
import chat.milena.gateway.GatewayService.Keys;
import chat.milena.gateway.GatewayService.Queries;
import chat.milena.gateway.device.PushSetup;
import chat.milena.gateway.query.RemoteQueries;
import chat.milena.gateway.query.SyncApisConfig;
import chat.milena.gateway.rest.GroupIds;
import chat.milena.gateway.resume.ResumeTokens;
import chat.milena.runtime.config.Secret;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.http.HttpConfig;
import chat.milena.runtime.http.HttpFront;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.kafka.LogStarts;
import chat.milena.runtime.kafka.TopicAccess;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.lifecycle.Deferred;
import chat.milena.runtime.lifecycle.HostProcess;
import chat.milena.runtime.token.TokenSecret;
import chat.milena.runtime.token.TokenVerifier;
import chat.milena.schemas.topic.TopicCatalogue;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A gateway as a process of its own: its settings, and the components that they make. The query side is in other
/// processes.
public final class SeparateGateway {
    private final GatewayConfig config;
    private final SyncApisConfig queries;
    private final ChatPage page;
    private final PushSetup push;
    private final @Nullable TokenSecret operatorSecret;
    private final HostProcess host;
    private final HttpFront front;

    /// The secrets of the installation, as far as they are known.
    ///
    /// @param operator resume tokens and ids of groups depend on it
    /// @param internal authenticates processes to each other, unless a setting says otherwise
    public record Secrets(
            @Nullable TokenSecret operator, @Nullable Secret internal) {}

    /// Reads the settings, and notes errors there.
    ///
    /// @param version of this software
    public SeparateGateway(
            Settings environment, InetAddress bind, int port, String version, Secrets secrets, HostProcess host) {
        this.host = host;
        GatewayConfig given = GatewayConfig.of(environment);
        HttpConfig http = ClientListener.of(bind, port, environment, given);
        page = ChatPage.of(environment, false, false, version, () -> port);
        config = ClientListener.withinHandles(given).withOrigins(given.origins().withOurs(page.publicUrl()::origins));
        queries = SyncApisConfig.of(environment, secrets.internal());
        push = PushSetup.of(environment, PushSetup.UsualKeys.NONE);
        operatorSecret = secrets.operator();
        if (operatorSecret == null) {
            environment.refuse("MILENA_OPERATOR_SECRET must be set, the same in all processes");
        }
        front = new HttpFront(http, host.readiness(), config.origins(), host.meters());
    }

    /// The listener for clients, which starts first.
    public HttpFront front() {
        return front;
    }

    /// What a gateway does with the topics.
    public static TopicAccess access(TopicCatalogue topics) {
        return TopicAccess.of(
                Set.of(topics.deliveries().name(), LogStarts.TOPIC),
                Set.of(topics.inbound().name(), topics.userCommands().name()));
    }

    /// The components that start once the topics are checked.
    ///
    /// @param readLimits limits of reads, by name
    public List<Component> components(
            TopicCatalogue topics, KafkaClients clients, TokenVerifier verifier, Map<String, Long> readLimits) {
        if (operatorSecret == null) {
            throw new IllegalStateException("The settings were not checked");
        }
        page.mount(front, config, readLimits, push.shown(), null, host.clock());
        RemoteQueries remote = new RemoteQueries(queries, config.origins(), verifier, front);
        Keys keys = new Keys(
                verifier,
                operatorSecret.derived(ResumeTokens.SECRET_PURPOSE),
                operatorSecret.derived(GroupIds.SECRET_PURPOSE),
                push);
        Dependencies dependencies = new Dependencies(
                new GatewayService.Platform(
                        front,
                        host.readiness(),
                        host.meters(),
                        host.clock(),
                        cause -> host.onFailure().run()),
                new GatewayService.Log(topics, clients, () -> true),
                new Queries(remote.sync(), remote.people(), remote.devices()),
                keys);
        return List.of(remote, new Deferred<>("gateway", () -> new GatewayService(config, dependencies)));
    }
}
