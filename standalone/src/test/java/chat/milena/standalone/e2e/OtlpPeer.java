package chat.milena.standalone.e2e;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A collector of traces, which takes OTLP over HTTP in its binary form and keeps what it needs
/// (https://opentelemetry.io/docs/specs/otlp/).
final class OtlpPeer implements AutoCloseable {
    private final HttpServer server;
    private final Queue<Span> spans = new ConcurrentLinkedQueue<>();

    /// A step of a trace.
    ///
    /// @param service of its process
    /// @param parentId empty for the first one
    record Span(String service, String name, String traceId, String spanId, String parentId, long nanos) {}

    OtlpPeer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            try (exchange) {
                read(exchange.getRequestBody().readAllBytes());
                exchange.sendResponseHeaders(200, -1);
            }
        });
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces");
    }

    List<Span> spans() {
        return List.copyOf(spans);
    }

    private void read(byte[] request) {
        for (byte[] ofResource : Fields.of(request).bytes(1)) {
            Fields resource = Fields.of(ofResource);
            String service = resource.bytes(1).stream()
                    .flatMap(one -> Fields.of(one).bytes(1).stream())
                    .map(Fields::of)
                    .filter(attribute -> attribute.text(1).equals("service.name"))
                    .map(attribute -> Fields.of(attribute.bytes(2).getFirst()).text(1))
                    .findFirst()
                    .orElse("");
            for (byte[] ofScope : resource.bytes(2)) {
                for (byte[] span : Fields.of(ofScope).bytes(2)) {
                    spans.add(span(service, Fields.of(span)));
                }
            }
        }
    }

    private static Span span(String service, Fields span) {
        return new Span(
                service, span.text(5), span.digits(1), span.digits(2), span.digits(4), span.number(8) - span.number(7));
    }

    /// The fields of a message in the form of Protocol Buffers.
    private record Fields(Map<Integer, List<byte[]>> all) {
        static Fields of(byte[] message) {
            Map<Integer, List<byte[]>> all = new TreeMap<>();
            ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
            while (in.hasRemaining()) {
                int tag = (int) varint(in);
                byte[] value = new byte
                        [switch (tag & 7) {
                            case 1 -> Long.BYTES;
                            case 2 -> (int) varint(in);
                            case 5 -> Integer.BYTES;
                            default -> 0;
                        }];
                if ((tag & 7) == 0) {
                    varint(in);
                }
                in.get(value);
                all.computeIfAbsent(tag >>> 3, field -> new ArrayList<>()).add(value);
            }
            return new Fields(all);
        }

        private static long varint(ByteBuffer in) {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = in.get();
                value |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }

        List<byte[]> bytes(int field) {
            return all.getOrDefault(field, List.of());
        }

        private byte[] first(int field) {
            return bytes(field).isEmpty() ? new byte[0] : bytes(field).getFirst();
        }

        String text(int field) {
            return new String(first(field), StandardCharsets.UTF_8);
        }

        String digits(int field) {
            return HexFormat.of().formatHex(first(field));
        }

        long number(int field) {
            return ByteBuffer.wrap(first(field)).order(ByteOrder.LITTLE_ENDIAN).getLong();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
