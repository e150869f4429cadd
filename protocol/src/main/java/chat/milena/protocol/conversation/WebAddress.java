package chat.milena.protocol.conversation;

import java.net.IDN;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Recognizes addresses that a browser opens: absolute `http` and `https` URLs as the URL Standard of the WHATWG
/// reads them. Pure.
///
/// It checks only what decides whether a text is an address, and changes nothing. Browsers accept more than RFC
/// 3986 allows: underscores and letters of any script in a host, and any character in a path or a query. Unlike
/// browsers, this class rejects control characters, surrounding spaces, and addresses without two slashes.
public final class WebAddress {
    /// A backslash ends the host as a slash does.
    private static final Pattern URL =
            Pattern.compile("https?:[/\\\\]{2}(?<authority>[^/\\\\?#]*).*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern AUTHORITY =
            Pattern.compile("(?:.*@)?(?<host>\\[.*]|[^:\\[\\]]*)(?::(?<port>[0-9]*))?");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0[xX][0-9a-fA-F]*");
    private static final String FORBIDDEN = " #%/:<>?@[\\]^|";
    private static final int PORT_MAX = 65_535;
    private static final int PORT_DIGITS_MAX = 9;
    private static final int LABELS_OF_IPV4 = 4;

    private WebAddress() {}

    /// Whether a browser opens this text.
    public static boolean opens(String text) {
        Matcher url = URL.matcher(text);
        if (!url.matches() || text.codePoints().anyMatch(Character::isISOControl) || text.endsWith(" ")) {
            return false;
        }
        Matcher authority = AUTHORITY.matcher(url.group("authority"));
        return authority.matches() && isPort(authority.group("port")) && isHost(authority.group("host"));
    }

    private static boolean isPort(@Nullable String port) {
        if (port == null || port.isEmpty()) {
            return true;
        }
        String digits = port.replaceFirst("^0+(?=.)", "");
        return digits.length() <= PORT_DIGITS_MAX && Integer.parseInt(digits) <= PORT_MAX;
    }

    private static boolean isHost(String host) {
        try {
            if (host.startsWith("[")) {
                return host.indexOf('%') < 0 && isIpv6(host);
            }
            String decoded = URLDecoder.decode(host.replace("+", "%2B"), StandardCharsets.UTF_8);
            // Another form of a character, such as a wide slash, is that character in a host.
            String domain = IDN.toASCII(Normalizer.normalize(decoded, Normalizer.Form.NFKC), IDN.ALLOW_UNASSIGNED);
            return !domain.isEmpty() && domain.chars().noneMatch(WebAddress::isForbidden) && isNoBrokenIpv4(domain);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// Checks only the form of a host in brackets, and resolves no name.
    private static boolean isIpv6(String bracketed) {
        try {
            return InetAddress.getByName(bracketed) instanceof Inet6Address;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static boolean isForbidden(int character) {
        return character < ' ' || character == '\u007f' || FORBIDDEN.indexOf(character) >= 0;
    }

    /// A host that ends with a number must be an IPv4 address.
    private static boolean isNoBrokenIpv4(String domain) {
        String whole = domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
        List<String> labels = List.of(whole.split("\\.", -1));
        if (!NUMBER.matcher(labels.get(labels.size() - 1)).matches()) {
            return true;
        }
        return labels.size() <= LABELS_OF_IPV4
                && labels.stream().allMatch(label -> NUMBER.matcher(label).matches())
                && labels.subList(0, labels.size() - 1).stream().allMatch(label -> number(label) <= 0xff)
                && number(labels.get(labels.size() - 1)) < 1L << (8 * (1 + LABELS_OF_IPV4 - labels.size()));
    }

    private static long number(String label) {
        if (label.length() > 2 * PORT_DIGITS_MAX) {
            return Long.MAX_VALUE;
        }
        if (label.startsWith("0x") || label.startsWith("0X")) {
            return label.length() == 2 ? 0 : Long.parseLong(label.substring(2), 16);
        }
        return label.startsWith("0") ? Long.parseLong(label, 8) : Long.parseLong(label);
    }
}
