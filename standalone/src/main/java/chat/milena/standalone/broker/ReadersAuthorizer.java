package chat.milena.standalone.broker;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Endpoint;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.server.authorizer.AclCreateResult;
import org.apache.kafka.server.authorizer.AclDeleteResult;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;
import org.apache.kafka.server.authorizer.Authorizer;
import org.apache.kafka.server.authorizer.AuthorizerServerInfo;

/// Permits the login of readers to read the topics of the catalogue, in groups of their own, and nothing else. The
/// login of the services may do everything. Kafka creates this class by its name. Immutable, safe for all threads.
public final class ReadersAuthorizer implements Authorizer {
    private static final String CATALOGUE = "chat.";
    private static final String OURS = "milena-";
    private static final Set<AclOperation> READS =
            Set.of(AclOperation.READ, AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS);

    /// Whether readers may do it. Pure.
    static boolean isPermitted(AclOperation operation, ResourcePattern to) {
        boolean isTheirs = switch (to.resourceType()) {
            case TOPIC -> to.name().startsWith(CATALOGUE);
            case GROUP -> !to.name().startsWith(OURS);
            default -> false;
        };
        return isTheirs && to.patternType() == PatternType.LITERAL && READS.contains(operation);
    }

    @Override
    public List<AuthorizationResult> authorize(AuthorizableRequestContext context, List<Action> actions) {
        boolean isService = isService(context);
        return actions.stream()
                .map(action -> isService || isPermitted(action.operation(), action.resourcePattern())
                        ? AuthorizationResult.ALLOWED
                        : AuthorizationResult.DENIED)
                .toList();
    }

    /// Without rules by name there is nothing that readers may do with some resource of a kind, but read.
    @Override
    public AuthorizationResult authorizeByResourceType(
            AuthorizableRequestContext context, AclOperation operation, ResourceType type) {
        return isService(context) ? AuthorizationResult.ALLOWED : AuthorizationResult.DENIED;
    }

    private static boolean isService(AuthorizableRequestContext context) {
        return context.principal().getName().equals(BrokerLogin.USER);
    }

    @Override
    public Map<Endpoint, ? extends CompletionStage<Void>> start(AuthorizerServerInfo server) {
        Map<Endpoint, CompletionStage<Void>> ready = new HashMap<>();
        server.endpoints().forEach(endpoint -> ready.put(endpoint, CompletableFuture.completedFuture(null)));
        return ready;
    }

    @Override
    public void configure(Map<String, ?> settings) {
        // There is nothing to set.
    }

    @Override
    public List<? extends CompletionStage<AclCreateResult>> createAcls(
            AuthorizableRequestContext context, List<AclBinding> bindings) {
        throw noRules();
    }

    @Override
    public List<? extends CompletionStage<AclDeleteResult>> deleteAcls(
            AuthorizableRequestContext context, List<AclBindingFilter> filters) {
        throw noRules();
    }

    @Override
    public Iterable<AclBinding> acls(AclBindingFilter filter) {
        throw noRules();
    }

    private static SecurityDisabledException noRules() {
        return new SecurityDisabledException("the embedded broker has no rules that can be changed");
    }

    @Override
    public void close() {
        // There is nothing to close.
    }
}
