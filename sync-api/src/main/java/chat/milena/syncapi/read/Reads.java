package chat.milena.syncapi.read;

import java.util.List;

/// Answers reads wherever their keys are, all of them after the read barrier: an answer includes everything that
/// was committed before the call. Safe for all threads; waits, up to a deadline of its own.
public interface Reads {
    /// The answers, in the order of the reads.
    ///
    /// @throws ReadsUnavailableException if one of them cannot be answered in time; then none is
    <T extends Record> List<ReadAnswer<T>> ask(List<? extends Read<T>> reads) throws ReadsUnavailableException;
}
