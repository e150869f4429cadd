package chat.milena.gateway.resume;

/// A queue of ascending offsets that can be searched, and whose memory follows its size: a delivery is in the queues of
/// all of its recipients, and takes eight bytes in each. At least a quarter of the room of a queue is used, except for
/// the smallest. Not thread-safe.
final class OffsetQueue {
    private static final int LENGTH_MIN = 2;

    private long[] ring = new long[LENGTH_MIN];
    private int first;
    private int size;

    /// @param offset after all that are here
    void addLast(long offset) {
        makeRoom();
        ring[place(size)] = offset;
        size++;
    }

    /// @param offset before all that are here
    void addFirst(long offset) {
        makeRoom();
        first = place(ring.length - 1);
        ring[first] = offset;
        size++;
    }

    /// Removes the first.
    ///
    /// @return its offset
    long removeFirst() {
        long offset = get(0);
        first = place(1);
        size--;
        if (ring.length > LENGTH_MIN && size < ring.length / 4) {
            move(ring.length / 2);
        }
        return offset;
    }

    int size() {
        return size;
    }

    /// @param index of it, from 0
    long get(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException(index);
        }
        return ring[place(index)];
    }

    /// How many are before this offset, and so the index of the first that is not.
    int before(long offset) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (get(middle) < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int place(int index) {
        // A power of two.
        return (first + index) & (ring.length - 1);
    }

    private void makeRoom() {
        if (size == ring.length) {
            move(2 * size);
        }
    }

    private void move(int length) {
        long[] other = new long[length];
        for (int i = 0; i < size; i++) {
            other[i] = ring[place(i)];
        }
        ring = other;
        first = 0;
    }
}
