package chat.milena.runtime.http;

import chat.milena.runtime.token.VerifiedToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.undertow.util.HeaderMap;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One authenticated call: who asks, and what for. For the thread that answers it.
///
/// @param token who asks
/// @param path the parts that the route's path names, not yet checked
/// @param query what stands behind the path, not yet checked
/// @param head the request's head
/// @param body a JSON object; empty where the route has no body
public record HttpCall(
        VerifiedToken token,
        Map<String, String> path,
        Map<String, Deque<String>> query,
        HeaderMap head,
        JsonNode body) {

    /// A part of the path; empty if the route names no such part.
    public String pathPart(String name) {
        return path.getOrDefault(name, "");
    }

    /// A query parameter; where it is given several times, the first.
    public @Nullable String parameter(String name) {
        Deque<String> values = query.get(name);
        return values == null ? null : values.peekFirst();
    }

    /// How often a query parameter is given.
    public int parameterCount(String name) {
        Deque<String> values = query.get(name);
        return values == null ? 0 : values.size();
    }

    /// A line of the head.
    public @Nullable String header(String name) {
        return head.getFirst(name);
    }
}
