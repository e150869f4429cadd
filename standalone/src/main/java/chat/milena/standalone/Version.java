package chat.milena.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/// Which version this is.
public final class Version implements IVersionProvider {
    /// Put into the jar by Maven.
    private static final String RESOURCE = "/META-INF/maven/chat.milena/milena-standalone/pom.properties";

    /// The version's number; of classes that are in no jar, a word for that.
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
