package chat.milena.push.classify;

import chat.milena.push.classify.ClassifierAnswer.Answered;
import chat.milena.push.classify.ClassifierAnswer.Failed;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Names the tenants whose classifiers fail, which metrics do not: at most once a tenant and minute. For one thread.
///
/// **Bound:** the latest [#TENANTS_MAX] of them; the log may name others more often.
final class FailureLog {
    private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final int TENANTS_MAX = 1_000;

    private final Map<String, Instant> named = new LinkedHashMap<>();

    void noted(String tenant, ClassifierAnswer outcome, Instant now) {
        switch (outcome) {
            case Answered _ -> {}
            case Failed(String cause) -> {
                Instant last = named.get(tenant);
                if (last == null || Duration.between(last, now).abs().compareTo(PAUSE) > 0) {
                    named.remove(tenant);
                    named.put(tenant, now);
                    LOG.warn("The classifier of tenant {} has not answered: {}", tenant, cause);
                    if (named.size() > TENANTS_MAX) {
                        named.remove(named.keySet().iterator().next());
                    }
                }
            }
        }
    }
}
