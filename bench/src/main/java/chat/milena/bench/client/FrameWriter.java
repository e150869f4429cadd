package chat.milena.bench.client;

import chat.milena.bench.frame.About;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/// Encodes the frames that a client sends, directly into Netty's buffers.
final class FrameWriter {
    private static final JsonFactory JSON = new JsonFactory();

    private FrameWriter() {}

    static ByteBuf send(ByteBufAllocator allocator, SentMessage message) {
        return switch (message.what()) {
            case Outgoing.Message(String text, About about) ->
                frame(allocator, "message.send", message, text.length(), json -> {
                    content(json, text);
                    if (about != null) {
                        json.writeStringField(about.inThread() ? "threadOf" : "replyTo", about.messageId());
                    }
                });
            case Outgoing.Edit(String text) ->
                frame(allocator, "message.edit", message, text.length(), json -> content(json, text));
            case Outgoing.Deletion() -> frame(allocator, "message.delete", message, 0, json -> {});
            case Outgoing.Reaction(String emoji, boolean removed) ->
                frame(allocator, "message.react", message, emoji.length(), json -> {
                    json.writeStringField("emoji", emoji);
                    json.writeBooleanField("remove", removed);
                });
        };
    }

    private static ByteBuf frame(
            ByteBufAllocator allocator, String type, SentMessage message, int characters, Fields fields) {
        return write(allocator, 256 + characters, json -> {
            json.writeStringField("type", type);
            json.writeStringField("id", Long.toString(message.ordinal()));
            json.writeObjectFieldStart("payload");
            json.writeStringField("messageId", message.messageId());
            json.writeStringField("conversationId", message.conversationId());
            fields.write(json);
            json.writeEndObject();
        });
    }

    private static void content(JsonGenerator json, String text) throws IOException {
        json.writeObjectFieldStart("content");
        json.writeStringField("type", "text");
        json.writeStringField("text", text);
        json.writeEndObject();
    }

    static ByteBuf heartbeat(ByteBufAllocator allocator, long timestamp) {
        return write(allocator, 64, json -> {
            json.writeStringField("type", "heartbeat");
            json.writeNumberField("timestamp", timestamp);
        });
    }

    static ByteBuf tokenRefresh(ByteBufAllocator allocator, String token) {
        return write(allocator, 64 + token.length(), json -> {
            json.writeStringField("type", "token.refresh");
            json.writeObjectFieldStart("payload");
            json.writeStringField("token", token);
            json.writeEndObject();
        });
    }

    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    private static ByteBuf write(ByteBufAllocator allocator, int sizeHint, Fields fields) {
        ByteBuf buffer = allocator.buffer(sizeHint);
        try (JsonGenerator json = JSON.createGenerator((OutputStream) new ByteBufOutputStream(buffer))) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            buffer.release();
            throw new UncheckedIOException("a text that JSON cannot carry", e);
        }
        return buffer;
    }
}
