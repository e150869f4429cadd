package chat.milena.standalone;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// The samples of `deploy/` for proxies, changed only in what belongs to a machine: ports, certificate, and where
/// a proxy writes.
public enum ProxyConfig {
    NGINX("nginx.conf"),
    HAPROXY("haproxy.cfg");

    private static final Path DEPLOY = SourceFiles.ROOT.resolve("deploy");

    private final String file;

    ProxyConfig(String file) {
        this.file = file;
    }

    private String program() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Makes the secrets of `deploy/` in a folder; without a certificate if openssl is not installed.
    ///
    /// @return the folder with them
    public static Path secrets(Path folder) throws IOException, InterruptedException {
        Path script = folder.resolve("secrets.sh");
        Files.copy(DEPLOY.resolve("secrets.sh"), script, StandardCopyOption.REPLACE_EXISTING);
        Process secrets = new ProcessBuilder("sh", script.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("secrets.out").toFile())
                .start();
        if (!secrets.waitFor(60, TimeUnit.SECONDS) || secrets.exitValue() != 0) {
            throw new IOException(Files.readString(folder.resolve("secrets.out")));
        }
        return folder.resolve("secrets");
    }

    /// Writes it into a folder, for any user to run. Leaves the test out if the proxy or openssl is not installed.
    ///
    /// @param port where it listens
    /// @param addresses a text with the addresses of gateways as they are on this machine
    /// @return the command that runs it
    public List<String> in(Path folder, int port, UnaryOperator<String> addresses)
            throws IOException, InterruptedException {
        for (String needed : List.of(program(), "openssl")) {
            assumeThat(isInstalled(needed)).as(needed + " is installed").isTrue();
        }
        Path secrets = secrets(folder);
        String config = addresses.apply(Files.readString(DEPLOY.resolve(file))).replace("/run/secrets/", secrets + "/");
        return this == NGINX ? nginx(folder, port, config) : haproxy(folder, port, config, secrets);
    }

    private static List<String> nginx(Path folder, int port, String config) throws IOException {
        String written = "http {\n";
        for (String path : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
            written += "    %s_temp_path %s;\n".formatted(path, folder.resolve(path));
        }
        Path file = Files.writeString(
                folder.resolve("nginx.conf"),
                config.replaceFirst("http \\{\n", written)
                        .replace("listen 8443", "listen 127.0.0.1:" + port)
                        .replace("/dev/stdout", folder.resolve("access.log").toString()));
        return List.of(
                "nginx",
                "-p",
                folder.toString(),
                "-c",
                file.toString(),
                "-g",
                "daemon off; pid %s; error_log %s;".formatted(folder.resolve("pid"), folder.resolve("error.log")));
    }

    private static List<String> haproxy(Path folder, int port, String config, Path secrets) throws IOException {
        Files.copy(secrets.resolve("tls.key"), secrets.resolve("tls.crt.key"), StandardCopyOption.REPLACE_EXISTING);
        Path file = Files.writeString(
                folder.resolve("haproxy.cfg"), config.replace("bind :8443", "bind 127.0.0.1:" + port));
        return List.of("haproxy", "-db", "-f", file.toString());
    }

    /// Starts it.
    public Process start(Path folder, int port, UnaryOperator<String> addresses)
            throws IOException, InterruptedException {
        return new ProcessBuilder(in(folder, port, addresses))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(program() + ".out").toFile())
                .start();
    }

    /// Whether a program is on the path, or where Debian has those of administrators.
    public static boolean isInstalled(String program) {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":", -1)), Stream.of("/usr/sbin"))
                .map(Path::of)
                .anyMatch(path -> Files.isExecutable(path.resolve(program)));
    }
}
