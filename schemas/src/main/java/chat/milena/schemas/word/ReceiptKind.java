package chat.milena.schemas.word;

/// What a receipt says of the messages up to its watermark.
public enum ReceiptKind implements Word {
    /// They are on a device.
    DELIVERED("delivered"),
    /// They were looked at, and so are delivered too.
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
