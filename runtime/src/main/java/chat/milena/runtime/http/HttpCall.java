package chat.milena.runtime.http;

import chat.milena.runtime.token.VerifiedToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.undertow.util.HeaderMap;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One authenticated call. For the thread that answers it.
///
/// @param token the checked token of the caller
/// @param path the values of the path's parameters, not yet checked
/// @param target the path, decoded but for encoded slashes, question marks and percent signs
/// @param query the query parameters, not yet checked
/// @param head the headers of the request
/// @param body a JSON object; empty if the route has no body
public record HttpCall(
        VerifiedToken token,
        String target,
        Map<String, String> path,
        Map<String, Deque<String>> query,
        HeaderMap head,
        JsonNode body) {

    /// A parameter of the path; empty if the route has no such parameter.
    public String pathPart(String name) {
        return path.getOrDefault(name, "");
    }

    /// A query parameter; the first if it is given several times.
    public @Nullable String parameter(String name) {
        Deque<String> values = query.get(name);
        return values == null ? null : values.peekFirst();
    }

    /// How often a query parameter is given.
    public int parameterCount(String name) {
        Deque<String> values = query.get(name);
        return values == null ? 0 : values.size();
    }

    /// A header of the request.
    public @Nullable String header(String name) {
        return head.getFirst(name);
    }
}
