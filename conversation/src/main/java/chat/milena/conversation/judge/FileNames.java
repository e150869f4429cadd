package chat.milena.conversation.judge;

import java.nio.charset.StandardCharsets;

/// The names of the files that addresses of media end with. Pure.
final class FileNames {
    private FileNames() {}

    /// The last part of the path, decoded; empty if there is none.
    static String of(String address) {
        int scheme = address.indexOf("://");
        int host = scheme < 0 ? 0 : scheme + 3;
        int end = address.length();
        for (int i = host; i < address.length(); i++) {
            if (address.charAt(i) == '?' || address.charAt(i) == '#') {
                end = i;
                break;
            }
        }
        int slash = address.lastIndexOf('/', end - 1);
        return slash < host ? "" : decoded(address.substring(slash + 1, end));
    }

    /// An escape that is none stays as it is written.
    private static String decoded(String part) {
        byte[] escaped = part.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[escaped.length];
        int size = 0;
        for (int i = 0; i < escaped.length; i++) {
            int high = i + 2 < escaped.length && escaped[i] == '%' ? Character.digit(escaped[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(escaped[i + 2], 16);
            if (low < 0) {
                bytes[size++] = escaped[i];
            } else {
                bytes[size++] = (byte) (high << 4 | low);
                i += 2;
            }
        }
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }
}
