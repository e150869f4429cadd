package chat.milena.gateway.edge;

import chat.milena.gateway.device.PushSetup;
import chat.milena.runtime.config.OutsideEndpoints;
import chat.milena.runtime.config.PushKeys;
import chat.milena.runtime.config.VapidKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/// All platforms of push, with keys that are made for a test.
final class PushFiles {
    private PushFiles() {}

    static PushSetup setup() {
        try {
            Path folder = Files.createTempDirectory("push");
            Path keys = folder.resolve("keys");
            Path index = folder.resolve("index");
            Path vapid = folder.resolve("vapid");
            PushSetup setup = new PushSetup(
                    PushKeys.loadOrCreate(keys, index),
                    Set.of("org.example.app"),
                    Set.of("one", "two"),
                    VapidKeys.loadOrCreate(vapid),
                    OutsideEndpoints.parse("http://127.0.0.1:8091"));
            for (Path file : new Path[] {keys, index, vapid, folder}) {
                Files.delete(file);
            }
            return setup;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
