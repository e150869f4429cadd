package chat.milena.syncapi.http;

import chat.milena.protocol.call.GatewayQuestion;
import chat.milena.protocol.call.PushFacts;
import chat.milena.protocol.json.RecordJson;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.runtime.http.HttpFront;
import chat.milena.schemas.key.ConversationKey;
import chat.milena.schemas.key.UserKey;
import chat.milena.schemas.word.ErrorCode;
import chat.milena.syncapi.read.ReadAnswer.UserIds;
import io.undertow.server.HttpHandler;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/// Answers what gateways in other processes ask, as it answers the gateway of its own process. Safe for all
/// threads; waits for the views.
public final class GatewayCalls {
    private final SyncCall sync;
    private final PeopleCall people;
    private final DevicesCall devices;
    private final ModerationCalls moderation;
    private final Function<GatewayQuestion.Push, CallAnswer<PushFacts>> push;

    /// @param push answers push
    public GatewayCalls(
            SyncCall sync,
            PeopleCall people,
            DevicesCall devices,
            ModerationCalls moderation,
            Function<GatewayQuestion.Push, CallAnswer<PushFacts>> push) {
        this.push = push;
        this.sync = sync;
        this.people = people;
        this.devices = devices;
        this.moderation = moderation;
    }

    /// Serves the questions.
    ///
    /// @param gate lets in only the processes of this installation
    public void mount(HttpFront front, HttpHandler gate) {
        List.of(
                        GatewayQuestion.SHARING,
                        GatewayQuestion.BLOCKING,
                        GatewayQuestion.TYPING,
                        GatewayQuestion.SYNC,
                        GatewayQuestion.DEVICE,
                        GatewayQuestion.DEVICE_LINE,
                        GatewayQuestion.LEVEL,
                        GatewayQuestion.WARNINGS,
                        GatewayQuestion.MESSAGE,
                        GatewayQuestion.PUSH)
                .forEach(path -> front.mount(path, gate));
    }

    /// The answer to the question at this path.
    public HttpAnswer answer(String path, byte[] body) {
        try {
            return switch (read(path, body)) {
                case GatewayQuestion.Sharing q ->
                    people(people.sharing(new UserKey(q.tenant(), q.userId()), q.userIds()));
                case GatewayQuestion.Blocking q ->
                    people(people.blocking(new UserKey(q.tenant(), q.userId()), q.userIds()));
                case GatewayQuestion.Typing q ->
                    people(people.typingAudience(
                            new UserKey(q.tenant(), q.userId()),
                            new ConversationKey(q.tenant(), q.conversationId()),
                            q.limit()));
                case GatewayQuestion.Sync q ->
                    record(sync.answer(new UserKey(q.tenant(), q.userId()), q.body(), "payload.", q.bytesMax()));
                case GatewayQuestion.Device q ->
                    record(devices.device(new UserKey(q.tenant(), q.userId()), q.deviceId()));
                case GatewayQuestion.DeviceLine q ->
                    record(devices.line(new UserKey(q.tenant(), q.userId()), q.deviceId()));
                case GatewayQuestion.Level q ->
                    record(devices.level(new UserKey(q.tenant(), q.userId()), q.conversationId()));
                case GatewayQuestion.OneMessage q ->
                    record(moderation.message(new UserKey(q.tenant(), q.userId()), q.conversationId(), q.messageId()));
                case GatewayQuestion.PendingWarned q ->
                    record(moderation.warnings(new UserKey(q.tenant(), q.userId())));
                case GatewayQuestion.Push q -> record(push.apply(q));
            };
        } catch (IOException e) {
            return HttpAnswer.error(ErrorCode.INVALID_REQUEST, "not a question of this version");
        }
    }

    private static GatewayQuestion read(String path, byte[] body) throws IOException {
        return switch (path) {
            case GatewayQuestion.SHARING -> RecordJson.read(body, GatewayQuestion.Sharing.class);
            case GatewayQuestion.BLOCKING -> RecordJson.read(body, GatewayQuestion.Blocking.class);
            case GatewayQuestion.TYPING -> RecordJson.read(body, GatewayQuestion.Typing.class);
            case GatewayQuestion.SYNC -> RecordJson.read(body, GatewayQuestion.Sync.class);
            case GatewayQuestion.DEVICE -> RecordJson.read(body, GatewayQuestion.Device.class);
            case GatewayQuestion.DEVICE_LINE -> RecordJson.read(body, GatewayQuestion.DeviceLine.class);
            case GatewayQuestion.LEVEL -> RecordJson.read(body, GatewayQuestion.Level.class);
            case GatewayQuestion.MESSAGE -> RecordJson.read(body, GatewayQuestion.OneMessage.class);
            case GatewayQuestion.WARNINGS -> RecordJson.read(body, GatewayQuestion.PendingWarned.class);
            case GatewayQuestion.PUSH -> RecordJson.read(body, GatewayQuestion.Push.class);
            default -> throw new IOException("no question");
        };
    }

    private static HttpAnswer people(CallAnswer<UserIds> answer) {
        return answer instanceof CallAnswer.Answered<UserIds>(var ids)
                ? HttpAnswer.of(StatusCodes.OK, RecordJson.bytes(new GatewayQuestion.People(ids.userIds())))
                : answer.toHttp();
    }

    /// As a record: the gateway makes a frame or an answer of it.
    private static <T extends Record> HttpAnswer record(CallAnswer<T> answer) {
        return answer instanceof CallAnswer.Answered<T>(var result)
                ? HttpAnswer.of(StatusCodes.OK, RecordJson.bytes(result))
                : answer.toHttp();
    }
}
