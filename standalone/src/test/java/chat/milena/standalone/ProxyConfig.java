package chat.milena.standalone;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The configuration of `deploy/nginx.conf`, changed only in what belongs to a machine: ports, certificate, and where
/// nginx writes.
public final class ProxyConfig {
    private static final Path DEPLOY = SourceFiles.ROOT.resolve("deploy");

    private ProxyConfig() {}

    /// Writes it into a folder, for any user to run. Leaves the test out if nginx or openssl is not installed.
    ///
    /// @param port where it listens
    /// @param gatewayPort of the gateway behind it, on this machine
    /// @return the command that runs it
    public static List<String> in(Path folder, int port, int gatewayPort) throws IOException, InterruptedException {
        for (String program : List.of("nginx", "openssl")) {
            assumeThat(isInstalled(program)).as(program + " is installed").isTrue();
        }
        Path script = Files.copy(DEPLOY.resolve("secrets.sh"), folder.resolve("secrets.sh"));
        Process secrets = new ProcessBuilder("sh", script.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("secrets.out").toFile())
                .start();
        if (!secrets.waitFor(60, TimeUnit.SECONDS) || secrets.exitValue() != 0) {
            throw new IOException(Files.readString(folder.resolve("secrets.out")));
        }
        String written = "http {\n";
        for (String path : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
            written += "    %s_temp_path %s;\n".formatted(path, folder.resolve(path));
        }
        String config = Files.readString(DEPLOY.resolve("nginx.conf"))
                .replaceFirst("http \\{\n", written)
                .replaceAll("gateway-[0-9]:8080", "127.0.0.1:" + gatewayPort)
                .replace("listen 8443", "listen 127.0.0.1:" + port)
                .replace("/dev/stdout", folder.resolve("access.log").toString())
                .replace("/run/secrets/", folder.resolve("secrets") + "/");
        Path file = Files.writeString(folder.resolve("nginx.conf"), config);
        return List.of(
                "nginx",
                "-p",
                folder.toString(),
                "-c",
                file.toString(),
                "-g",
                "daemon off; pid %s; error_log %s;".formatted(folder.resolve("pid"), folder.resolve("error.log")));
    }

    /// Whether a program is on the path, or where Debian has those of administrators.
    public static boolean isInstalled(String program) {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":", -1)), Stream.of("/usr/sbin"))
                .map(Path::of)
                .anyMatch(path -> Files.isExecutable(path.resolve(program)));
    }
}
