package chat.milena.gateway.web;

import chat.milena.runtime.http.HttpAnswer;
import chat.milena.schemas.word.ErrorCode;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.ETag;
import io.undertow.util.ETagUtils;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// Content that does not change while the process runs, served from memory to `GET` and `HEAD`: whole, or not at
/// all if the browser has it (`ETag`). Compressed for clients that accept gzip, if that makes it smaller.
final class WebFile implements HttpHandler {
    /// Cached, and revalidated before each use.
    static final String NO_CACHE = "no-cache";

    /// Cached for a year: its name changes with its content.
    static final String IMMUTABLE = "max-age=31536000, immutable";

    private static final int TAG_CHARS = 32;
    private static final String METHODS = "GET, HEAD";

    private static final String GZIP = "gzip";
    private static final Pattern TAKES_GZIP =
            Pattern.compile("(?:^|,)\\s*gzip\\s*(?:,|;(?!\\s*q=0(?:\\.0*)?\\s*(?:,|$))|$)");

    private final Form plain;
    private final @Nullable Form compressed;
    private final String contentType;
    private final String caching;
    private final Consumer<HeaderMap> heads;

    /// The bytes to send, and their tag.
    private record Form(ByteBuffer bytes, ETag tag, boolean isCompressed) {
        Form(byte[] bytes, boolean isCompressed) {
            this(ByteBuffer.wrap(bytes).asReadOnlyBuffer(), new ETag(false, hash(bytes)), isCompressed);
        }
    }

    /// @param caching the `Cache-Control` of the answer
    /// @param heads adds further headers to each answer
    WebFile(byte[] bytes, String contentType, String caching, Consumer<HeaderMap> heads) {
        byte[] smaller = gzip(bytes);
        this.plain = new Form(bytes, false);
        this.compressed = smaller.length < bytes.length ? new Form(smaller, true) : null;
        this.contentType = contentType;
        this.caching = caching;
        this.heads = heads;
    }

    private static String hash(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(hash).substring(0, TAG_CHARS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("Memory takes whatever is written", e);
        }
        return out.toByteArray();
    }

    private Form form(HttpServerExchange exchange) {
        HeaderValues taken = exchange.getRequestHeaders().get(Headers.ACCEPT_ENCODING);
        boolean takesGzip =
                taken != null && TAKES_GZIP.matcher(String.join(",", taken)).find();
        return compressed != null && takesGzip ? compressed : plain;
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
            // An unexpected body is not read.
            exchange.setPersistent(false);
        }
        Form form = form(exchange);
        answer.put(Headers.CACHE_CONTROL, caching);
        answer.put(Headers.ETAG, form.tag().toString());
        if (compressed != null) {
            answer.add(Headers.VARY, Headers.ACCEPT_ENCODING_STRING);
        }
        if (!ETagUtils.handleIfNoneMatch(exchange, form.tag(), true)) {
            exchange.setStatusCode(StatusCodes.NOT_MODIFIED);
            exchange.endExchange();
            return;
        }
        answer.put(Headers.CONTENT_TYPE, contentType);
        if (form.isCompressed()) {
            answer.put(Headers.CONTENT_ENCODING, GZIP);
        }
        if (head) {
            answer.put(Headers.CONTENT_LENGTH, form.bytes().remaining());
            exchange.endExchange();
        } else {
            exchange.getResponseSender().send(form.bytes().duplicate());
        }
    }
}
