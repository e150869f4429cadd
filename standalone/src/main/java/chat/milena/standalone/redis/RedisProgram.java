package chat.milena.standalone.redis;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.embedded.core.ExecutableProvider;

/// The Redis program to run: the one installed on this machine, which its administrator keeps up to date, or else
/// the older bundled one.
final class RedisProgram {
    private static final Logger LOG = LoggerFactory.getLogger(RedisProgram.class);
    private static final String NAME = "redis-server";
    private static final int MAJOR_MIN = 7;
    private static final Duration ASKED_WITHIN = Duration.ofSeconds(5);
    private static final Pattern VERSION = Pattern.compile("\\bv=([0-9]{1,4})\\.");

    private RedisProgram() {}

    /// @param folder the folder for the bundled program
    static String find(Path folder) throws IOException, InterruptedException {
        String path = System.getenv("PATH");
        for (String place : path == null ? new String[0] : path.split(File.pathSeparator, -1)) {
            Path program = Path.of(place).resolve(NAME);
            if (program.isAbsolute() && Files.isExecutable(program) && isNewEnough(program)) {
                LOG.debug("Redis is {}", program);
                return program.toString();
            }
        }
        return ExecutableProvider.newJarResourceProvider(folder.toFile()).get().toString();
    }

    /// The major version in the output of `redis-server --version`. Pure.
    static OptionalInt major(String said) {
        Matcher version = VERSION.matcher(said);
        return version.find() ? OptionalInt.of(Integer.parseInt(version.group(1))) : OptionalInt.empty();
    }

    private static boolean isNewEnough(Path program) throws InterruptedException {
        try {
            Process asked = new ProcessBuilder(program.toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
            if (!asked.waitFor(ASKED_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                asked.destroyForcibly();
                return false;
            }
            String said = new String(asked.getInputStream().readNBytes(1_000), StandardCharsets.UTF_8);
            return major(said).orElse(0) >= MAJOR_MIN;
        } catch (IOException e) {
            LOG.debug("{} does not report its version", program, e);
            return false;
        }
    }
}
