package chat.milena.runtime.http;

import io.undertow.util.HttpString;
import io.undertow.util.PathTemplateMatcher;
import io.undertow.util.PathTemplateMatcher.PathMatchResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The calls of all services of a process, by path and method. Immutable.
final class RouteTable {
    private static final Found NOTHING = new Found(Map.of(), Map.of());

    private final PathTemplateMatcher<Map<HttpString, Served>> paths = new PathTemplateMatcher<>();

    /// A call and the service that answers it.
    ///
    /// @param name such as `GET /api/v1/users`
    record Served(Route route, HttpApi api, String name) {}

    /// What a path serves.
    ///
    /// @param methods the methods that are served, in the order of their routes; empty if the path is unknown
    /// @param parts the values of the path's parameters
    record Found(Map<HttpString, Served> methods, Map<String, String> parts) {}

    RouteTable(List<HttpApi> apis) {
        Map<String, Map<HttpString, Served>> byPath = new LinkedHashMap<>();
        for (HttpApi api : apis) {
            for (Route route : api.routes()) {
                byPath.computeIfAbsent(route.path(), path -> new LinkedHashMap<>())
                        .put(route.method(), new Served(route, api, route.method() + " " + route.path()));
            }
        }
        byPath.forEach(paths::add);
    }

    /// @param path as [RequestTarget] leaves it
    Found find(String path) {
        // The matcher accepts empty parts and a trailing slash.
        if (path.contains("//") || path.endsWith("/")) {
            return NOTHING;
        }
        PathMatchResult<Map<HttpString, Served>> match = paths.match(path);
        if (match == null) {
            return NOTHING;
        }
        match.getParameters().replaceAll((name, part) -> RequestTarget.part(part));
        return new Found(match.getValue(), match.getParameters());
    }
}
