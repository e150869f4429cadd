package chat.milena.schemas.wire;

import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// The header that says when a gateway took the command that a record comes from, by the clock of that gateway: eight
/// bytes, milliseconds since 1970. Records are whole without it; it measures how long a delivery takes.
public final class AcceptedAt {
    /// In place of a time that is not known.
    public static final long UNKNOWN = -1;

    private static final String NAME = "accepted";

    private AcceptedAt() {}

    /// The headers of records that come from a command of this time.
    public static Headers headers(long epochMillis) {
        byte[] value = ByteBuffer.allocate(Long.BYTES).putLong(epochMillis).array();
        return new RecordHeaders(new Header[] {new RecordHeader(NAME, value)});
    }

    /// The headers of records that come from this record.
    public static Headers passedOn(Headers from) {
        Header header = from.lastHeader(NAME);
        return header == null ? new RecordHeaders() : new RecordHeaders(new Header[] {header});
    }

    /// The time that these headers say; below 0 if they say none.
    public static long millis(Headers headers) {
        Header header = headers.lastHeader(NAME);
        byte[] value = header == null ? null : header.value();
        return value == null || value.length != Long.BYTES
                ? UNKNOWN
                : ByteBuffer.wrap(value).getLong();
    }
}
