package chat.milena.gateway.query;

import chat.milena.gateway.device.DeviceQuery;
import chat.milena.gateway.live.PeopleQuery;
import chat.milena.gateway.live.SyncQuery;
import chat.milena.runtime.http.AllowedOrigins;
import chat.milena.runtime.http.HttpFront;
import chat.milena.runtime.lifecycle.Component;
import chat.milena.runtime.token.TokenVerifier;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The query side of a gateway whose process has none: its questions, and the reads of its clients, go to sync
/// APIs. A start fails if one of them rejects the secret of this process: resume tokens and ids of groups then
/// differ between gateways. Sync APIs that cannot be reached delay nothing.
public final class RemoteQueries implements Component {
    private final SyncApisConfig config;
    private final AllowedOrigins origins;
    private final TokenVerifier verifier;
    private final HttpFront front;
    private final SyncApis apis;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("reads-", 0).factory());

    /// @param front where the calls of clients come in
    public RemoteQueries(SyncApisConfig config, AllowedOrigins origins, TokenVerifier verifier, HttpFront front) {
        this.config = config;
        this.origins = origins;
        this.verifier = verifier;
        this.front = front;
        this.apis = new SyncApis(config);
    }

    /// Answers the frame `sync`.
    public SyncQuery sync() {
        return new RemoteSync(apis);
    }

    /// Says who may see whom.
    public PeopleQuery people() {
        return new RemotePeople(apis);
    }

    /// Says what is kept of a device.
    public DeviceQuery devices() {
        return new RemoteDevices(apis);
    }

    @Override
    public String name() {
        return "queries";
    }

    @Override
    public void start() throws InterruptedException {
        URI rejecting = apis.rejecting();
        if (rejecting != null) {
            throw new IllegalStateException("the sync API at " + rejecting + " rejects the secret of this process:"
                    + " MILENA_OPERATOR_SECRET must be the same in all processes");
        }
        front.mountElsewhere(PassedReads.of(apis, config, origins, verifier, front.budgets(), threads));
    }

    @Override
    public void stop(Duration within) {
        front.unmountElsewhere();
        threads.shutdownNow();
        apis.close();
    }
}
