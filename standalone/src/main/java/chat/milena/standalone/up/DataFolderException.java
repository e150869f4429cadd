package chat.milena.standalone.up;

/// A data folder that cannot be used; the message is one line for the user and names the folder.
public final class DataFolderException extends Exception {
    private static final long serialVersionUID = 1L;

    public DataFolderException(String message) {
        super(message);
    }

    public DataFolderException(String message, Throwable cause) {
        super(message, cause);
    }
}
