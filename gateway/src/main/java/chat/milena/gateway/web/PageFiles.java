package chat.milena.gateway.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The files of the chat page, by the paths at which they are served: a closed list, which the build writes beside
/// them (`/milena-web/files`, a name a line). No path of a request becomes the path of a file. Immutable.
///
/// @param byPath empty if the page is not built
public record PageFiles(Map<String, byte[]> byPath) {
    private static final String FOLDER = "/milena-web/";
    private static final String LIST = "files";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*(\\.[A-Za-z0-9_-]+)+");

    public PageFiles {
        byPath = Map.copyOf(byPath);
    }

    /// The files of this build.
    ///
    /// @throws UncheckedIOException if a listed file cannot be read
    public static PageFiles ofBuild() {
        try {
            byte[] list = read(LIST);
            Map<String, byte[]> files = new TreeMap<>();
            for (String name : new String(list, StandardCharsets.UTF_8).lines().toList()) {
                if (!NAME.matcher(name).matches()) {
                    throw new IOException("the chat page lists a file that may not be served: " + name);
                }
                files.put(name.equals("index.html") ? "/" : "/" + name, read(name));
            }
            return new PageFiles(files);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @return null without a list
    private static byte[] read(String name) throws IOException {
        try (InputStream in = PageFiles.class.getResourceAsStream(FOLDER + name)) {
            if (in == null && !name.equals(LIST)) {
                throw new IOException("a file of the chat page is missing: " + name);
            }
            return in == null ? new byte[0] : in.readAllBytes();
        }
    }

    /// Whether there is a page to serve.
    public boolean built() {
        return byPath.containsKey("/");
    }

    /// The media type of a path.
    static String contentType(String path) {
        String ending = path.substring(path.lastIndexOf('.') + 1);
        return switch (ending) {
            case "/", "html" -> "text/html; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "json", "map" -> "application/json";
            case "webmanifest" -> "application/manifest+json";
            case "svg" -> "image/svg+xml";
            case "png" -> "image/png";
            case "woff2" -> "font/woff2";
            default -> "application/octet-stream";
        };
    }
}
