package chat.milena.bench.hostile;

import chat.milena.bench.report.Notices;

/// Counts the actions of a flood and the answers to them. For the swarm's thread.
final class FloodTally {
    private final String name;
    private final Notices met = new Notices();
    private long opened;
    private long writes;
    private long bytesWritten;
    private long bytesRead;
    private long held;
    private int openMost;

    FloodTally(String name) {
        this.name = name;
    }

    void opened(int openNow) {
        opened++;
        openMost = Math.max(openMost, openNow);
    }

    void wrote(long bytes) {
        bytesWritten += bytes;
    }

    /// An opening, or one `more`, was written to its end.
    void wroteAll() {
        writes++;
    }

    void read(long bytes) {
        bytesRead += bytes;
    }

    /// An answer, or the end of a connection.
    void met(String what) {
        met.add(what);
    }

    /// The connection was still open when the flood ended.
    void held() {
        held++;
    }

    HostileResult.Attack counts() {
        return new HostileResult.Attack(name, opened, openMost, writes, bytesWritten, bytesRead, held, met.counts());
    }
}
