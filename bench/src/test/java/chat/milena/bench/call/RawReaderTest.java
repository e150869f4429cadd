package chat.milena.bench.call;

import static org.assertj.core.api.Assertions.assertThat;

import chat.milena.bench.client.CloseReason;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawReaderTest {
    private static final String UPGRADED = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";

    private final List<String> heard = new ArrayList<>();
    private final RawReader.Sink sink = new RawReader.Sink() {
        @Override
        public void refused(int status, @Nullable Duration retryAfter) {
            heard.add("refused " + status + " " + retryAfter);
        }

        @Override
        public void text(byte[] utf8) {
            heard.add("text " + new String(utf8, StandardCharsets.UTF_8).length());
        }

        @Override
        public void ping(byte[] pongFrame) {
            heard.add("ping");
        }

        @Override
        public void closed(CloseReason reason) {
            heard.add(reason.toString());
        }

        @Override
        public void broken(String why) {
            heard.add("broken");
        }
    };

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100, 1_000_000})
    void readsFramesInWhateverPiecesTheyCome(int piece) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        wire.writeBytes(UPGRADED.getBytes(StandardCharsets.US_ASCII));
        wire.writeBytes(frame(0x81, 5));
        wire.writeBytes(frame(0x89, 0));
        wire.writeBytes(frame(0x81, 126));
        wire.writeBytes(frame(0x81, 70_000));
        wire.writeBytes(new byte[] {(byte) 0x88, 5, (byte) (1013 >> 8), (byte) 1013, 'b', 'y', 'e'});
        wire.writeBytes(frame(0x81, 1));
        byte[] bytes = wire.toByteArray();
        RawReader reader = new RawReader();

        for (int from = 0; from < bytes.length; from += piece) {
            reader.read(ByteBuffer.wrap(bytes, from, Math.min(piece, bytes.length - from)), sink);
        }

        assertThat(heard).containsExactly("text 5", "ping", "text 126", "text 70000", "closed with 1013 bye");
    }

    @Test
    void tellsARefusalAndWhenToComeAgain() {
        read("HTTP/1.1 429 Too Many Requests\r\nretry-after: 45\r\nContent-Length: 2\r\n\r\n{}");
        read("HTTP/1.1 503 Service Unavailable\r\n\r\n");

        assertThat(heard).containsExactly("refused 429 PT45S", "refused 503 null");
    }

    @Test
    void whatIsNoWebSocketIsTold() {
        read("SSH-2.0-x\r\n\r\n");
        read(UPGRADED + "\u0001\u0005hello");

        assertThat(heard).containsExactly("broken", "broken");
    }

    private void read(String bytes) {
        new RawReader().read(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)), sink);
    }

    private static byte[] frame(int first, int length) {
        ByteBuffer frame = ByteBuffer.allocate(length + 10);
        frame.put((byte) first);
        if (length < 126) {
            frame.put((byte) length);
        } else if (length < 65_536) {
            frame.put((byte) 126).putShort((short) length);
        } else {
            frame.put((byte) 127).putLong(length);
        }
        for (int i = 0; i < length; i++) {
            frame.put((byte) 'x');
        }
        byte[] bytes = new byte[frame.position()];
        frame.flip().get(bytes);
        return bytes;
    }
}
