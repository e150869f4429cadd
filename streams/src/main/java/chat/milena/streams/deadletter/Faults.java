package chat.milena.streams.deadletter;

/// Says what failed and where in our code, without the data: the message of an exception may quote a record. Pure.
public final class Faults {
    private Faults() {}

    /// The kind of the failure and the line that threw it.
    public static String describe(RuntimeException failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        String kind = failure.getClass().getSimpleName();
        return trace.length == 0 ? kind : kind + " at " + trace[0];
    }
}
