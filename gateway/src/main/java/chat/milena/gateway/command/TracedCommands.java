package chat.milena.gateway.command;

import chat.milena.runtime.lifecycle.TraceHop;
import chat.milena.runtime.lifecycle.TraceStep;
import chat.milena.schemas.avro.InboundCommand;
import chat.milena.schemas.key.LogKey;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/// A producer of commands with which traces begin: at the acceptance of a command, up to its append.
final class TracedCommands extends KafkaProducer<LogKey, InboundCommand> {
    private final TraceHop hop;

    TracedCommands(
            TraceHop hop, Map<String, Object> properties, Serializer<LogKey> keys, Serializer<InboundCommand> values) {
        super(properties, keys, values);
        this.hop = hop;
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<LogKey, InboundCommand> record, @Nullable Callback callback) {
        InboundCommand command = record.value();
        TraceStep step = hop.begin(command.getKind(), command.getAcceptedAt());
        if (step == null) {
            return super.send(record, callback);
        }
        step.tag(record.headers());
        return super.send(record, (metadata, failure) -> {
            if (failure == null) {
                step.note(metadata.topic(), metadata.partition(), metadata.offset());
            }
            step.end(failure);
            if (callback != null) {
                callback.onCompletion(metadata, failure);
            }
        });
    }
}
