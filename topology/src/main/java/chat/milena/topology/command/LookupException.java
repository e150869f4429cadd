package chat.milena.topology.command;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A lookup in a store failed while a command was decided. The command is not at fault: the task must stop with
/// the failure itself.
public final class LookupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final RuntimeException failure;

    /// By this failure.
    public LookupException(RuntimeException failure) {
        super(failure);
        this.failure = failure;
    }

    RuntimeException failure() {
        return failure;
    }

    /// What was looked up.
    ///
    /// @throws LookupException if that fails
    public static <T extends @Nullable Object> T checked(Supplier<T> lookup) {
        try {
            return lookup.get();
        } catch (RuntimeException e) {
            throw new LookupException(e);
        }
    }
}
