package chat.milena.runtime.token;

import chat.milena.protocol.frame.CloseCode;

/// A token that does not prove who its bearer is. The message gives the reason and holds nothing of the token, so
/// it may be logged and sent to the client.
public class InvalidTokenException extends Exception {
    private static final long serialVersionUID = 1L;

    public InvalidTokenException(String reason) {
        super(reason);
    }

    /// How a connection with this token is closed. Its reason is what programs are sent.
    public CloseCode closeCode() {
        return CloseCode.TOKEN_BAD;
    }

    /// A token from before its device was signed out.
    public static final class SignedOutException extends InvalidTokenException {
        private static final long serialVersionUID = 1L;

        SignedOutException() {
            super("the device was signed out");
        }

        @Override
        public CloseCode closeCode() {
            return CloseCode.SIGNED_OUT;
        }
    }

    /// A token that did prove who its bearer is, until its time was over.
    public static final class ExpiredException extends InvalidTokenException {
        private static final long serialVersionUID = 1L;

        ExpiredException() {
            super("token has expired");
        }

        @Override
        public CloseCode closeCode() {
            return CloseCode.TOKEN_EXPIRED;
        }
    }
}
