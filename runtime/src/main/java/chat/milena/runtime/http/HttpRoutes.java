package chat.milena.runtime.http;

import io.undertow.util.HttpString;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which call answers which method of which path. Immutable.
public final class HttpRoutes {
    private static final Pattern PART = Pattern.compile("\\{(\\w+)}");

    private final List<Route> routes;

    /// One call.
    ///
    /// @param hasBody whether there must be a JSON object in its body; otherwise the body is passed over
    /// @param bodyBytesMax the longest body where it may be longer than others, else 0
    /// @param answerBytesMax how long its answer may become, about
    /// @param cost what it takes from its user's rate of calls
    public record Route(
            HttpString method,
            Pattern path,
            boolean hasBody,
            int bodyBytesMax,
            int answerBytesMax,
            int cost,
            Action action) {
        private static final int ANSWER_BYTES_USUAL = 16 * 1024;

        /// A call at a path such as `/api/v1/conversations/{conversation}/members`.
        public static Route of(HttpString method, String path, boolean hasBody, Action action) {
            Pattern pattern = Pattern.compile(PART.matcher(path).replaceAll("(?<$1>[^/]+)"));
            return new Route(method, pattern, hasBody, 0, ANSWER_BYTES_USUAL, 1, action);
        }

        /// The same call with bodies of up to so many bytes, if that is more than others may have.
        public Route withBodyBytesMax(int bytesMax) {
            return new Route(method, path, hasBody, bytesMax, answerBytesMax, cost, action);
        }

        /// The same call with answers of up to this many bytes.
        public Route withAnswerBytesMax(int bytesMax) {
            return new Route(method, path, hasBody, bodyBytesMax, bytesMax, cost, action);
        }

        /// The same call, which takes this much from its user's rate of calls.
        public Route withCost(int taken) {
            return new Route(method, path, hasBody, bodyBytesMax, answerBytesMax, taken, action);
        }
    }

    /// What a call does; on a thread that may wait. What it throws is answered 503.
    @FunctionalInterface
    public interface Action {
        HttpAnswer answer(HttpCall call);
    }

    /// What there is at a path.
    sealed interface Found {}

    /// A call, and the parts that its path names.
    record Match(Route route, Map<String, String> path) implements Found {}

    /// Only other methods, in the order of their routes.
    record OtherMethods(List<HttpString> allowed) implements Found {}

    /// Nothing.
    record NoPath() implements Found {}

    public HttpRoutes(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    Found find(HttpString method, String path) {
        List<Route> here = routes.stream()
                .filter(route -> route.path().matcher(path).matches())
                .toList();
        if (here.isEmpty()) {
            return new NoPath();
        }
        return here.stream()
                .filter(route -> route.method().equals(method))
                .<Found>map(route -> new Match(route, parts(route, path)))
                .findFirst()
                .orElseGet(
                        () -> new OtherMethods(here.stream().map(Route::method).toList()));
    }

    private static Map<String, String> parts(Route route, String path) {
        Matcher matcher = route.path().matcher(path);
        if (!matcher.matches()) {
            throw new IllegalStateException("A path that matched matches no longer");
        }
        Map<String, String> parts = new LinkedHashMap<>();
        matcher.namedGroups().keySet().forEach(name -> parts.put(name, matcher.group(name)));
        return parts;
    }
}
