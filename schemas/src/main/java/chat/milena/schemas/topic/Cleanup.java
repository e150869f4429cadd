package chat.milena.schemas.topic;

/// What Kafka does with old records of a topic.
public enum Cleanup {
    DELETE("delete"),
    COMPACT("compact"),
    COMPACT_AND_DELETE("compact,delete");

    private final String policy;

    Cleanup(String policy) {
        this.policy = policy;
    }

    /// The value of the topic's `cleanup.policy`.
    public String policy() {
        return policy;
    }
}
