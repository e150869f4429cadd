package chat.milena.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/// The version of this program.
public final class Version implements IVersionProvider {
    /// Maven puts it into the jar.
    private static final String RESOURCE = "/META-INF/maven/chat.milena/milena-standalone/pom.properties";

    /// The version number, or a placeholder if the classes are not in a jar.
    public static String number() {
        try (InputStream jar = Version.class.getResourceAsStream(RESOURCE)) {
            Properties properties = new Properties();
            if (jar != null) {
                properties.load(jar);
            }
            return properties.getProperty("version", "(not packaged)");
        } catch (IOException e) {
            return "(unreadable)";
        }
    }

    @Override
    public String[] getVersion() {
        return new String[] {"milena " + number()};
    }
}
