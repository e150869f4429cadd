package chat.milena.schemas.key;

import java.util.Arrays;
import java.util.HexFormat;

/// The unchanged key of a record that became a dead letter.
public final class RawKey implements LogKey {
    private final byte[] bytes;

    /// A key of a copy of these bytes.
    public RawKey(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    @Override
    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public int partition(int partitions) {
        return KeyBytes.partition(bytes, partitions);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RawKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
