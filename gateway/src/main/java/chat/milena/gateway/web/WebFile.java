package chat.milena.gateway.web;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.ETag;
import io.undertow.util.ETagUtils;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import chat.milena.runtime.http.HttpAnswer;
import chat.milena.schemas.word.ErrorCode;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;

/// Something that does not change while the process runs, served from memory to `GET` and `HEAD`: whole, or not at all
/// where the browser has it already (`ETag`).
final class WebFile implements HttpHandler {
    /// Kept, and asked about before each use.
    static final String NO_CACHE = "no-cache";

    /// Kept for a year: its name changes with its content.
    static final String IMMUTABLE = "max-age=31536000, immutable";

    private static final int TAG_CHARS = 32;
    private static final String METHODS = "GET, HEAD";

    private final byte[] bytes;
    private final String contentType;
    private final String caching;
    private final Consumer<HeaderMap> heads;
    private final ETag tag;

    /// @param caching what is said to those that keep it
    /// @param heads adds further heads to each answer
    WebFile(byte[] bytes, String contentType, String caching, Consumer<HeaderMap> heads) {
        this.bytes = bytes;
        this.contentType = contentType;
        this.caching = caching;
        this.heads = heads;
        this.tag = new ETag(false, hash(bytes));
    }

    private static String hash(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(hash).substring(0, TAG_CHARS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        boolean head = exchange.getRequestMethod().equals(Methods.HEAD);
        HeaderMap answer = exchange.getResponseHeaders();
        heads.accept(answer);
        if (!head && !exchange.getRequestMethod().equals(Methods.GET)) {
            answer.put(Headers.ALLOW, METHODS);
            HttpAnswer.error(StatusCodes.METHOD_NOT_ALLOWED, ErrorCode.INVALID_REQUEST, "must be " + METHODS)
                    .send(exchange);
            return;
        }
        if (!exchange.isRequestComplete()) {
            // A body that nobody asked for is not read.
            exchange.setPersistent(false);
        }
        answer.put(Headers.CACHE_CONTROL, caching);
        answer.put(Headers.ETAG, tag.toString());
        if (!ETagUtils.handleIfNoneMatch(exchange, tag, true)) {
            exchange.setStatusCode(StatusCodes.NOT_MODIFIED);
            exchange.endExchange();
            return;
        }
        answer.put(Headers.CONTENT_TYPE, contentType);
        if (head) {
            answer.put(Headers.CONTENT_LENGTH, bytes.length);
            exchange.endExchange();
        } else {
            exchange.getResponseSender().send(ByteBuffer.wrap(bytes));
        }
    }
}
