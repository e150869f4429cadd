package chat.milena.bench.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusReaderTest {
    private static final String ANSWERS =
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 413 Too Large\r\nX: HHTTP/1\r\n\r\nbody HTTP/1.x 200HTTP/1.0 200 OK\r\n\r\n";

    @Test
    void findsStatusesInWhateverPiecesTheyCome() {
        for (int piece = 1; piece <= ANSWERS.length(); piece++) {
            List<Integer> statuses = new ArrayList<>();
            StatusReader reader = new StatusReader();
            byte[] bytes = Requests.bytes(ANSWERS);
            for (int from = 0; from < bytes.length; from += piece) {
                reader.read(ByteBuffer.wrap(bytes, from, Math.min(piece, bytes.length - from)), statuses::add);
            }
            assertThat(statuses).as("pieces of %d", piece).containsExactly(100, 413, 200);
        }
    }
}
