package chat.milena.schemas.word;

/// The kind of a watermark.
public enum ReceiptKind implements Word {
    /// The messages are on a device.
    DELIVERED("delivered"),
    /// The messages were read, and so are delivered too.
    READ("read");

    private final String word;

    ReceiptKind(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
