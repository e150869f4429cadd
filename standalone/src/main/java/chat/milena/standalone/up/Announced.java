package chat.milena.standalone.up;

import chat.milena.runtime.lifecycle.Component;
import chat.milena.syncapi.SyncApiService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// The sync API of a run. Its internal address is in the data folder while it runs, so that the operator's tools
/// find it.
record Announced(SyncApiService service, Path file) implements Component {

    @Override
    public String name() {
        return service.name();
    }

    @Override
    public void start() throws Exception {
        service.start();
        Files.writeString(file, service.internalUrl() + "\n");
    }

    @Override
    public void stop(Duration within) throws InterruptedException, IOException {
        Files.deleteIfExists(file);
        service.stop(within);
    }
}
