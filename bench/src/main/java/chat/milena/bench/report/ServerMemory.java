package chat.milena.bench.report;

import chat.milena.bench.client.UsageFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The memory of a server's JVM on this machine at one moment.
///
/// @param residentBytes memory of the process, from `/proc`: heap, stacks, buffers, code
/// @param heapBytes used heap right after a full collection, which reading it causes
public record ServerMemory(long residentBytes, long heapBytes) {
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final Pattern USED = Pattern.compile("used (\\d+)([KMG])");
    private static final long PATIENCE_SECONDS = 60;

    /// Collects all garbage of a JVM of the same user, and reads the remaining memory. Takes about a second, in
    /// which that JVM may stand still.
    public static ServerMemory read(long pid) throws InterruptedException {
        jcmd(pid, "GC.run");
        String heap = jcmd(pid, "GC.heap_info");
        return new ServerMemory(residentBytes(pid), usedHeap(heap));
    }

    /// The heap from `GC.heap_info`: one part or several, by collector, followed by other memory.
    static long usedHeap(String heapInfo) {
        int end = heapInfo.indexOf("Metaspace");
        Matcher used = USED.matcher(end < 0 ? heapInfo : heapInfo.substring(0, end));
        long bytes = 0;
        while (used.find()) {
            bytes += Long.parseLong(used.group(1)) * unit(used.group(2));
        }
        if (bytes == 0) {
            throw new UsageFailure("`jcmd GC.heap_info` does not say how much heap is used");
        }
        return bytes;
    }

    private static long unit(String letter) {
        return switch (letter.toUpperCase(Locale.ROOT)) {
            case "K" -> 1L << 10;
            case "M" -> 1L << 20;
            default -> 1L << 30;
        };
    }

    static long residentBytes(long pid) {
        try {
            Matcher resident = RESIDENT.matcher(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
            if (resident.find()) {
                return Long.parseLong(resident.group(1)) * 1024;
            }
        } catch (IOException e) {
            // The same as any other unknown value.
        }
        throw new UsageFailure("cannot read the memory of --server-pid " + pid + " from /proc: has it ended?");
    }

    private static String jcmd(long pid, String command) throws InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home", "")).resolve("bin").resolve("jcmd");
        String failure =
                "cannot run `" + jcmd + " " + pid + " " + command + "`: --server-pid must name a JVM of the same user";
        try {
            // To a file, since a pipe would have to be read while it runs.
            Path answer = Files.createTempFile("jcmd", ".txt");
            try {
                Process process = new ProcessBuilder(List.of(jcmd.toString(), Long.toString(pid), command))
                        .redirectErrorStream(true)
                        .redirectOutput(answer.toFile())
                        .start();
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new UsageFailure(failure);
                }
                if (process.exitValue() != 0) {
                    throw new UsageFailure(failure);
                }
                return Files.readString(answer, StandardCharsets.UTF_8);
            } finally {
                Files.deleteIfExists(answer);
            }
        } catch (IOException e) {
            throw new UsageFailure(failure);
        }
    }
}
