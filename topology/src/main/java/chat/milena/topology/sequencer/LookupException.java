package chat.milena.topology.sequencer;

/// A look-up in a store failed while a command was decided. Not the fault of that command: the task must stop, by the
/// failure itself.
final class LookupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final RuntimeException failure;

    LookupException(RuntimeException failure) {
        super(failure);
        this.failure = failure;
    }

    RuntimeException failure() {
        return failure;
    }
}
