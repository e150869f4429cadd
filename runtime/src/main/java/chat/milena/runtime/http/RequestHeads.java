package chat.milena.runtime.http;

import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Rules for the headers of a request, so that every reader on its way understands them alike (RFC 9112, section
/// 6). Undertow counts a length modulo 2^64 and takes any transfer coding for `chunked`: a proxy in front of it
/// would see other requests in the same bytes. Pure.
final class RequestHeads {
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final List<HttpString> GIVEN_ONCE = List.of(
            Headers.CONTENT_LENGTH,
            Headers.TRANSFER_ENCODING,
            Headers.AUTHORIZATION,
            new HttpString("Idempotency-Key"));

    private RequestHeads() {}

    /// Why these headers are rejected; null if they are not.
    static @Nullable String fault(HeaderMap heads) {
        for (HttpString name : GIVEN_ONCE) {
            HeaderValues values = heads.get(name);
            if (values != null && values.size() > 1) {
                return name + ": is given twice";
            }
        }
        String length = heads.getFirst(Headers.CONTENT_LENGTH);
        if (length != null && !LENGTH.matcher(length).matches()) {
            return "Content-Length: must be a number of at most 18 digits";
        }
        String coding = heads.getFirst(Headers.TRANSFER_ENCODING);
        if (coding != null && !coding.equalsIgnoreCase("chunked")) {
            return "Transfer-Encoding: must be chunked";
        }
        return null;
    }
}
