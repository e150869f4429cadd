package chat.milena.bench.report;

import chat.milena.bench.client.UsageFailure;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The resources of a server's process on this machine at one moment.
///
/// @param memory null if it was not read, since that collects garbage
/// @param handles open file handles, sockets among them
/// @param sockets of them
public record ServerVitals(@Nullable ServerMemory memory, long residentBytes, long handles, long sockets) {

    /// Reads all values, after a garbage collection.
    public static ServerVitals read(long pid) throws InterruptedException {
        ServerMemory memory = ServerMemory.read(pid);
        ServerVitals glance = glance(pid);
        return new ServerVitals(memory, memory.residentBytes(), glance.handles, glance.sockets);
    }

    /// Reads the values that cost the server nothing.
    public static ServerVitals glance(long pid) {
        long handles = 0;
        long sockets = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path entry : entries) {
                handles++;
                if (isSocket(entry)) {
                    sockets++;
                }
            }
        } catch (IOException e) {
            throw new UsageFailure("cannot read the file handles of process " + pid + " from /proc: has it ended?");
        }
        return new ServerVitals(null, ServerMemory.residentBytes(pid), handles, sockets);
    }

    private static boolean isSocket(Path entry) {
        try {
            return Files.readSymbolicLink(entry).toString().startsWith("socket:");
        } catch (IOException e) {
            return false;
        }
    }
}
