package chat.milena.standalone.e2e;

import chat.milena.ephemeral.redis.RedisConfig;
import chat.milena.gateway.GatewayConfig;
import chat.milena.gateway.GatewayService;
import chat.milena.gateway.GatewayService.Dependencies;
import chat.milena.gateway.GatewayService.Keys;
import chat.milena.gateway.GatewayService.Queries;
import chat.milena.gateway.device.DeviceQuery;
import chat.milena.gateway.device.PushSetup;
import chat.milena.gateway.live.PeopleQuery;
import chat.milena.gateway.live.SyncQuery;
import chat.milena.gateway.rest.GroupIds;
import chat.milena.gateway.resume.ResumeTokens;
import chat.milena.protocol.call.DeviceRecords;
import chat.milena.protocol.call.Notifications;
import chat.milena.protocol.frame.SafetyFrames.PendingWarnings;
import chat.milena.protocol.read.Devices;
import chat.milena.protocol.timeline.Entry;
import chat.milena.runtime.config.Settings;
import chat.milena.runtime.http.AllowedOrigins;
import chat.milena.runtime.http.HttpConfig;
import chat.milena.runtime.http.HttpFront;
import chat.milena.runtime.kafka.KafkaClients;
import chat.milena.runtime.lifecycle.Readiness;
import chat.milena.runtime.token.ClaimRules;
import chat.milena.runtime.token.Exemptions;
import chat.milena.runtime.token.PublicKeys;
import chat.milena.runtime.token.SignedTokenVerifier;
import chat.milena.runtime.token.TokenSecret;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.wire.ShippedSchemas;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Another gateway over the broker and the Redis of a [RunningMilena], in this JVM. Its query side lets everybody see
/// everybody, keeps nothing of devices, and answers no sync.
final class SecondGateway implements AutoCloseable {
    private static final Duration WITHIN = Duration.ofSeconds(20);

    private final HttpFront front;
    private final GatewayService service;
    private final Readiness readiness = new Readiness();

    /// Where it stands.
    ///
    /// @param port 0 for any
    /// @param settings as of the environment
    record Place(int port, KafkaClients kafka, Path data, String redisUrl, Map<String, String> settings) {}

    /// @param members of every conversation
    SecondGateway(RunningMilena milena, String redisUrl, Set<String> members) throws Exception {
        this(milena, redisUrl, members, Map.of());
    }

    /// @param settings of its own, as in the environment
    SecondGateway(RunningMilena milena, String redisUrl, Set<String> members, Map<String, String> settings)
            throws Exception {
        this(new Place(0, milena.kafka(), milena.data(), redisUrl, settings), members);
    }

    /// @param members of every conversation
    SecondGateway(Place place, Set<String> members) throws Exception {
        front = new HttpFront(
                HttpConfig.of("127.0.0.1", place.port()), readiness, AllowedOrigins.ANY, new SimpleMeterRegistry());
        TokenSecret ofHosts = TokenSecret.loadOrCreate(place.data().resolve("token.secret"));
        TokenSecret ofOperator = TokenSecret.loadOrCreate(place.data().resolve("operator.secret"));
        GatewayConfig config = GatewayConfig.of(Settings.ofEnvironment(place.settings()));
        service = new GatewayService(
                config.withPresence(config.presence().withRedis(RedisConfig.url(place.redisUrl()))),
                new Dependencies(
                        new GatewayService.Platform(
                                front, readiness, new SimpleMeterRegistry(), Clock.systemUTC(), cause -> {}),
                        new GatewayService.Log(
                                new TopicCatalogue(Sizing.EMBEDDED, ShippedSchemas.load()), place.kafka(), () -> true),
                        new Queries(SyncQuery.NONE, everybody(members), nothingKept()),
                        new Keys(
                                new SignedTokenVerifier(
                                        List.of(ofHosts),
                                        PublicKeys.NONE,
                                        new Exemptions(List.of(ofOperator), Set.of()),
                                        ClaimRules.DEFAULT,
                                        Clock.systemUTC()),
                                ofOperator.derived(ResumeTokens.SECRET_PURPOSE),
                                ofOperator.derived(GroupIds.SECRET_PURPOSE),
                                PushSetup.NONE)));
        front.start();
        service.start();
        readiness.set(Readiness.START, true, "");
    }

    private static DeviceQuery nothingKept() {
        return new DeviceQuery() {
            @Override
            public DeviceQuery.Answer<DeviceRecords.Kept> device(UserKey user, String deviceId) {
                return new Found<>(DeviceRecords.Kept.nothing(deviceId));
            }

            @Override
            public DeviceQuery.Answer<Devices.DeviceLine> line(UserKey user, String deviceId) {
                return NONE.line(user, deviceId);
            }

            @Override
            public DeviceQuery.Answer<Notifications.ConversationNotifications> notifications(
                    UserKey user, String conversationId) {
                return NONE.notifications(user, conversationId);
            }

            @Override
            public Answer<Entry.Message> message(UserKey user, String conversationId, String messageId) {
                return NONE.message(user, conversationId, messageId);
            }

            @Override
            public Answer<PendingWarnings> warnings(UserKey user) {
                return new Found<>(new PendingWarnings(List.of(), List.of()));
            }
        };
    }

    private static PeopleQuery everybody(Set<String> members) {
        return new PeopleQuery() {
            @Override
            public PeopleQuery.Answer sharing(UserKey asker, List<String> userIds) {
                return new People(new HashSet<>(userIds));
            }

            @Override
            public PeopleQuery.Answer blocking(UserKey asker, List<String> userIds) {
                return new People(Set.of());
            }

            @Override
            public PeopleQuery.Answer typingAudience(UserKey asker, ConversationKey conversation, int limit) {
                return new People(members);
            }
        };
    }

    /// One line a component.
    String readiness() {
        return readiness.describe();
    }

    int port() {
        return front.port();
    }

    @Override
    public void close() {
        try {
            service.stop(WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            front.stop(WITHIN);
        }
    }
}
