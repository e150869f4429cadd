package chat.milena.protocol.documents;

import chat.milena.protocol.frame.FromClient;
import chat.milena.protocol.frame.FromServer;
import chat.milena.protocol.frame.PresenceStatus;
import chat.milena.protocol.read.SyncQuestion;
import chat.milena.protocol.timeline.MessageContent;
import chat.milena.schemas.topic.Sizing;
import chat.milena.schemas.topic.TopicCatalogue;
import chat.milena.schemas.topic.TopicSpec;
import chat.milena.schemas.wire.AvroSerde;
import chat.milena.schemas.wire.ShippedSchemas;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.apache.avro.Schema;

/// The AsyncAPI 3 document of all frames, and of all topics with the schemas of their values.
final class AsyncApi {
    private static final String PREFIX = "#/components/schemas/";
    private static final String AVRO = "application/vnd.apache.avro+json;version=1.12.0";

    /// One of each frame of clients, in an order in which they can be sent. `0198-example` stands for a conversation
    /// that the client is in.
    static final List<FromClient> EXAMPLES = List.of(
            new FromClient.Heartbeat(),
            new FromClient.MessageSend(
                    "0198-example",
                    "0198-example-m1",
                    new MessageContent("text", "hello", null, null, null),
                    null,
                    null,
                    null,
                    null),
            new FromClient.MessageDelivered("0198-example", 2L, null),
            new FromClient.MessageRead("0198-example", null, List.of("0198-example-m1"), null, null),
            new FromClient.MessageEdit(
                    "0198-example", "0198-example-m1", new MessageContent("text", "hello again", null, null, null), 0L),
            new FromClient.MessageReact("0198-example", "0198-example-m1", "\uD83D\uDC4D", null),
            new FromClient.MessagePin("0198-example", "0198-example-m1", null),
            new FromClient.MessageDelete("0198-example", "0198-example-m1", "sent by mistake"),
            new FromClient.TypingStart("0198-example"),
            new FromClient.TypingStop("0198-example"),
            new FromClient.PresenceSubscribe(List.of("bob")),
            new FromClient.PresenceUnsubscribe(List.of("bob")),
            new FromClient.PresenceSet(PresenceStatus.AWAY, "phone"),
            new FromClient.Sync(new SyncQuestion(List.of(new SyncQuestion.Known("0198-example", 0)), 100, null)),
            new FromClient.TokenRefresh("a fresh token"));

    private final ObjectNode document = Schemas.JSON.createObjectNode();
    private final Schemas schemas;

    private AsyncApi(SourceDocs docs) {
        this.schemas = new Schemas(docs, PREFIX);
    }

    static ObjectNode document(SourceDocs docs) throws JsonProcessingException {
        return new AsyncApi(docs).made();
    }

    private ObjectNode made() throws JsonProcessingException {
        document.put("asyncapi", "3.0.0");
        document.putObject("info")
                .put("title", "Milena")
                .put("version", "v1")
                .put("description", "Frames for clients, and the topics of an installation. See protocol.md.");
        document.put("defaultContentType", "application/json");
        ObjectNode channels = document.putObject("channels");
        ObjectNode operations = document.putObject("operations");
        ObjectNode components = document.putObject("components");
        ObjectNode messages = components.putObject("messages");
        ObjectNode socket = channels.putObject("socket")
                .put("address", "/ws")
                .put("description", "A WebSocket; both sides send frames as text.");
        ObjectNode events = channels.putObject("events")
                .put("address", "/events")
                .put("description", "The same frames of the server as events of a stream (SSE).");
        socket.putObject("messages");
        events.putObject("messages");
        ArrayNode sent = operation(operations, "sendToClient", "send", "socket");
        ArrayNode streamed = operation(operations, "streamToClient", "send", "events");
        ArrayNode received = operation(operations, "receiveFromClient", "receive", "socket");
        for (Class<?> type : Schemas.leaves(FromServer.class)) {
            message(messages, type);
            reference(socket, sent, "socket", type);
            reference(events, streamed, "events", type);
        }
        for (FromClient example : EXAMPLES) {
            Class<?> type = example.getClass();
            message(messages, type);
            example(messages.withObject("/" + Schemas.name(type)), example);
            reference(socket, received, "socket", type);
        }
        for (TopicSpec<?, ?> topic : new TopicCatalogue(Sizing.EMBEDDED, ShippedSchemas.load()).all()) {
            topic(channels, topic);
        }
        components.set("schemas", schemas.definitions());
        return document;
    }

    private static ArrayNode operation(ObjectNode operations, String name, String action, String channel) {
        ObjectNode operation = operations.putObject(name).put("action", action);
        operation.putObject("channel").put("$ref", "#/channels/" + channel);
        return operation.putArray("messages");
    }

    private void message(ObjectNode messages, Class<?> type) {
        messages.putObject(Schemas.name(type)).put("name", Frames.word(type)).set("payload", schemas.of(type));
    }

    private static void example(ObjectNode message, FromClient example) {
        ObjectNode frame = message.putArray("examples").addObject().putObject("payload");
        frame.put("type", example.type().word()).put("id", "1");
        if (example.getClass().getRecordComponents().length > 0) {
            frame.set("payload", OpenApi.json((Record) example));
        }
    }

    private static void reference(ObjectNode channel, ArrayNode operation, String channelName, Class<?> type) {
        String name = Schemas.name(type);
        channel.withObject("/messages").putObject(name).put("$ref", "#/components/messages/" + name);
        operation.addObject().put("$ref", "#/channels/" + channelName + "/messages/" + name);
    }

    private static void topic(ObjectNode channels, TopicSpec<?, ?> topic) throws JsonProcessingException {
        Schema schema = ((AvroSerde<?>) topic.values()).schema();
        ObjectNode channel = channels.putObject(topic.name()).put("address", topic.name());
        channel.put("description", "A topic; its values are " + schema.getName() + " in the Confluent wire format.");
        ObjectNode message = channel.putObject("messages").putObject(schema.getName());
        message.putObject("payload").put("schemaFormat", AVRO).set("schema", Schemas.JSON.readTree(schema.toString()));
    }
}
