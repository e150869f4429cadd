package chat.milena.syncapi.read;

import java.util.ArrayList;
import java.util.List;

/// Answers reads wherever their keys are, all of them after the read barrier: an answer includes everything that
/// was committed before the call. Safe for all threads; waits, up to a deadline of its own.
public interface Reads {
    /// The answers, in the order of the reads.
    ///
    /// @throws ReadsUnavailableException if one of them cannot be answered in time; then none is
    default <T extends Record> List<ReadAnswer<T>> ask(List<? extends Read<T>> reads) throws ReadsUnavailableException {
        List<ReadAnswer<?>> answers = askAny(reads);
        List<ReadAnswer<T>> narrowed = new ArrayList<>(answers.size());
        for (int i = 0; i < answers.size(); i++) {
            narrowed.add(reads.get(i).narrow(answers.get(i)));
        }
        return narrowed;
    }

    /// The same for reads of several types, which the caller narrows.
    List<ReadAnswer<?>> askAny(List<? extends Read<?>> reads) throws ReadsUnavailableException;
}
