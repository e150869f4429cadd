package chat.milena.gateway.rest;

import chat.milena.gateway.rest.CommandCall.UnansweredException;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Which call answers which method of which path. Pure.
final class RestRoutes {
    private static final String CONVERSATION = "/api/v1/conversations/(?<conversation>[^/]+)";

    private final List<Route> routes;

    /// One call.
    ///
    /// @param hasBody whether there must be a JSON object in its body; otherwise the body is passed over
    record Route(HttpString method, Pattern path, boolean hasBody, Action action) {
        private Route(HttpString method, String path, boolean hasBody, Action action) {
            this(method, Pattern.compile(path), hasBody, action);
        }
    }

    /// What a call does.
    @FunctionalInterface
    interface Action {
        RestAnswer answer(RestCall call) throws UnansweredException;
    }

    /// What there is at a path.
    sealed interface Found {}

    /// A call, and the ids that its path names; empty where it names none.
    record Call(Route route, String conversationId, String memberId) implements Found {}

    /// Only other methods, as the head `Allow` lists them.
    record OtherMethods(String allowed) implements Found {}

    /// Nothing.
    record NoPath() implements Found {}

    RestRoutes(RestWrites writes, RestChanges changes) {
        this.routes = List.of(
                new Route(Methods.POST, "/api/v1/conversations", true, writes::createDirect),
                new Route(Methods.POST, "/api/v1/groups", true, writes::createGroup),
                new Route(Methods.POST, CONVERSATION + "/messages", true, writes::send),
                new Route(Methods.PATCH, CONVERSATION, true, changes::update),
                new Route(Methods.POST, CONVERSATION + "/members", true, changes::add),
                new Route(Methods.DELETE, CONVERSATION + "/members/(?<member>[^/]+)", false, changes::remove),
                new Route(Methods.PATCH, CONVERSATION + "/members/(?<member>[^/]+)", true, changes::changeRole));
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
                .<Found>map(route -> call(route, path))
                .findFirst()
                .orElseGet(() -> new OtherMethods(
                        here.stream().map(route -> route.method().toString()).collect(Collectors.joining(", "))));
    }

    private static Call call(Route route, String path) {
        Matcher matcher = route.path().matcher(path);
        if (!matcher.matches()) {
            throw new IllegalStateException("A path that matched matches no longer");
        }
        return new Call(route, named(matcher, "conversation"), named(matcher, "member"));
    }

    private static String named(Matcher matcher, String name) {
        return matcher.namedGroups().containsKey(name) ? matcher.group(name) : "";
    }
}
